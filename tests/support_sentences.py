"""Sentences in the six languages written for the tests, row by row, and segments made from them."""

from __future__ import annotations

from collections.abc import Sequence

from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.segments import Segments
from hexapla.alignment.windows import Span
from hexapla_corpora.sample import gold_rows
from hexapla_models.encoder import Encoder

LANGUAGES = ("zh", "en", "fr", "es", "ru", "ar")

PASSAGES: tuple[dict[str, str], ...] = (
    {
        "zh": "灯塔看守人每天早晨记录风向和气压。",
        "en": "The lighthouse keeper writes down the wind and the air pressure every morning.",
        "fr": "Le gardien du phare note chaque matin le vent et la pression de l’air.",
        "es": "El guardián del faro anota cada mañana el viento y la presión del aire.",
        "ru": "Смотритель маяка каждое утро записывает направление ветра и давление воздуха.",
        "ar": "يسجل حارس المنارة كل صباح اتجاه الريح وضغط الهواء.",
    },
    {
        "zh": "学校的新图书馆将于九月向所有学生开放。",
        "en": "The new library of the school will open to all pupils in September.",
        "fr": "La nouvelle bibliothèque de l’école ouvrira à tous les élèves en septembre.",
        "es": "La nueva biblioteca de la escuela abrirá a todos los alumnos en septiembre.",
        "ru": "Новая школьная библиотека откроется для всех учеников в сентябре.",
        "ar": "ستفتح مكتبة المدرسة الجديدة لجميع التلاميذ في أيلول/سبتمبر.",
    },
    {
        "zh": "由于大雪，去山村的公共汽车停运了三天。",
        "en": "Because of heavy snow, the bus to the mountain village did not run for three days.",
        "fr": "En raison de fortes neiges, le bus du village de montagne n’a pas circulé pendant trois jours.",
        "es": "Debido a la fuerte nevada, el autobús al pueblo de montaña no circuló durante tres días.",
        "ru": "Из-за сильного снегопада автобус в горную деревню не ходил три дня.",
        "ar": "بسبب الثلوج الكثيفة توقفت الحافلة إلى القرية الجبلية ثلاثة أيام.",
    },
    {
        "zh": "农民们在干旱之后要求减免水费。",
        "en": "After the drought the farmers asked for lower water charges.",
        "fr": "Après la sécheresse, les agriculteurs ont demandé une baisse du prix de l’eau.",
        "es": "Después de la sequía, los agricultores pidieron que se rebajara la tarifa del agua.",
        "ru": "После засухи фермеры попросили снизить плату за воду.",
        "ar": "بعد الجفاف طلب المزارعون تخفيض رسوم المياه.",
    },
    {
        "zh": "医院的护士教年轻母亲如何照顾新生儿。",
        "en": "The nurses of the hospital teach young mothers how to care for newborn children.",
        "fr": "Les infirmières de l’hôpital apprennent aux jeunes mères à soigner les nouveau-nés.",
        "es": "Las enfermeras del hospital enseñan a las madres jóvenes a cuidar a los recién nacidos.",
        "ru": "Медсёстры больницы учат молодых матерей ухаживать за новорождёнными детьми.",
        "ar": "تعلم ممرضات المستشفى الأمهات الشابات كيفية رعاية الأطفال حديثي الولادة.",
    },
    {
        "zh": "博物馆展出两百张关于老港口的照片。",
        "en": "The museum shows two hundred photographs of the old harbour.",
        "fr": "Le musée expose deux cents photographies du vieux port.",
        "es": "El museo expone doscientas fotografías del puerto viejo.",
        "ru": "В музее выставлено двести фотографий старого порта.",
        "ar": "يعرض المتحف مئتي صورة للميناء القديم.",
    },
    {
        "zh": "议会以多数票通过了关于渔业的法律。",
        "en": "The parliament adopted the law on fisheries by a majority of votes.",
        "fr": "Le parlement a adopté la loi sur la pêche à la majorité des voix.",
        "es": "El parlamento aprobó la ley de pesca por mayoría de votos.",
        "ru": "Парламент большинством голосов принял закон о рыболовстве.",
        "ar": "اعتمد البرلمان قانون مصائد الأسماك بأغلبية الأصوات.",
    },
    {
        "zh": "工程师检查了大坝，没有发现裂缝。",
        "en": "The engineers examined the dam and found no cracks.",
        "fr": "Les ingénieurs ont examiné le barrage et n’ont trouvé aucune fissure.",
        "es": "Los ingenieros examinaron la presa y no encontraron grietas.",
        "ru": "Инженеры осмотрели плотину и не обнаружили трещин.",
        "ar": "فحص المهندسون السد ولم يجدوا أي شقوق.",
    },
)  # fmt: skip


def passages() -> tuple[dict[str, str], ...]:
    """Return our passages, followed by the paragraphs of the bundled sample that all languages have."""
    sample = (dict(row.texts) for row in gold_rows() if len(row.texts) == len(LANGUAGES))
    return (*PASSAGES, *sample)


def make_segments(texts: Sequence[str], encoder: Encoder) -> Segments:
    """Encode each text as one segment."""
    return Segments(texts, encoder.read(texts), range(len(texts) + 1))


def spans_of(rows: Sequence[JointRow]) -> list[dict[int, Span]]:
    """Return the spans of rows, for comparison."""
    return [dict(row.spans) for row in rows]


def assert_partition(rows: Sequence[JointRow], ranges: Sequence[Span]) -> None:
    """Assert that the spans of each language follow one another in the order of the rows and cover its range."""
    for language, (start, end) in enumerate(ranges):
        spans = [row.spans[language] for row in rows if language in row.spans]
        assert all(a < b for a, b in spans)
        assert [start, *(b for _, b in spans)] == [*(a for a, _ in spans), end]
