"""Sentence splitting; in the tables, a bar separates two sentences."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hexapla_corpora.document import Block, BlockKind, Document, Segment
from hexapla_corpora.sentences import split_document, split_sentences

ENGLISH = [
    "See art. 5, para. 2, and paras. 7 and 8 of the plan.|The Board agreed.",
    "Report No. 5 was late.|Nos. 6 and 7 came in time.",
    "Mr. Smith and Ms. Jones met Dr. J. K. Brown.|They spoke of bridges.",
    "It lists tools, e.g. hammers, i.e. simple ones.|It ends there.",
    "The U.N. Office wrote to the U.S.|The answer came in May.",
    "Bring lamps, ropes, etc.|The boat leaves at noon.",
    "See Sales No. E.96.IV.13, chap. I, resolution 1, annexes I and II.|It is out of print.",
    "It grew by 1.5 per cent.|In A/AC.1/L.5 more is said.",
    "The bridge was closed.¹|It was opened again.²|Nobody crossed it.[3]",
    "He asked: “Is it safe?”|She said “It is.”|They went on.",
    "“Why?” he asked.|“No!” she said.",
    "Wait... what?|So it ends...|Or does it?!|It does.",
    "1. Decides to build; requests help: the stones are heavy.",
    "(a) To build a bridge.|(b) To paint it.",
    "See annex B.|The text by A. Smith is in annex C.",
    "The answer was no.|The end.",
    "See vol. II, pp. 4–5, ed. Miller (3rd ed., 2031).|It is long.",
    "They met at 3 p.m.|The room was cold.",
    "The tower leans (see fig. 3).|It may fall.|(It did.)|It was rebuilt.",
    "Article 5. Everyone may cross.|Nobody may stop.",
    "Cf. Smith v. Jones, p. 12; Brown et al. Bridges, vol. 3.",
    "I. Introduction",
    "See https://example.org/a.b?c=1.|It is online.",
    "See para. 2.|5 States agreed.",
    "They came . . . and left. . . .|Nobody knows.|( Nobody asked. )|It is so.",
]
FRENCH = [
    "Voir l’art. 5, par. 2, et les p. 3 et 4 du plan.|Le Comité a approuvé.",
    "M. Dupont et Mme Durand ont parlé à MM. Petit et Roy.|Ils sont partis.",
    "Il cite des outils, p. ex. Paris en vend, c.-à-d. des marteaux.|C’est tout.",
    "« Est-ce vrai ? » demanda-t-il.|« Oui ! »|Elle partit.",
    "Il a dit : « Oui. »|Puis il est parti.",
    "Le rapport no 5 est long.|Le no 6 est court.|Voir vol. II, chap. 3.",
    "La résolution dispose ; elle décide : le pont sera peint.",
    "Le pont date de 50 av. J.-C.|Il tient encore.",
    "Le pont est fermé.¹|Il rouvrira…|Bientôt… peut-être.",
    "Des pierres, des cordes, etc.|Les lampes manquent.",
    "J.-P. Martin arrive.|Il repart.",
    "Voir annexe A.|Le texte de A. Martin suit.",
    "1. Décide de bâtir.|Elle le demande.",
    "Pourquoi ?!|Parce que.",
]
SPANISH = [
    "Véanse el párr. 3, los párrs. 4 y 5 y la pág. 4.|El Comité aprobó el plan.",
    "El Sr. Pérez y la Sra. Gómez vinieron.|Hablaron con el Dr. Ruiz.",
    "¿Qué puente?|¡Ese no!|¿Por qué?|Porque cayó.",
    "El informe núm. 5 es largo.|El n.º 7 es breve.|El resto falta.",
    "Dijo: «Sí.»|Luego salió.",
    "Piedras, cuerdas, etc.|Los faroles faltan.",
    "Hay herramientas, p. ej. Madrid vende martillos.|Nada más.",
    "El barco salió de los EE. UU.|El jueves llegó.",
    "1. Decide construir; pide ayuda: las piedras pesan.",
    "El puente se cerró.²|Se abrió otra vez.",
    "«¿Vienes?», preguntó.|«Sí», dijo ella.",
    "Se acabó...|Otra vez.|Se... fue.",
    "El art. 3.1 rige en las págs. 3 a 5.|Los arts. IV y V no rigen.",
    "Véase J. Ruiz, vol. 2, cap. IV.|Es largo.",
]
RUSSIAN = [
    "См. п. 3 и стр. 4 плана.|Совет согласился.",
    "Мост старый, т. е. каменный.|Это так.",
    "Камни, канаты и т. д.|Кроме того, фонари.",
    "В 1995 г. Генеральный план приняли.|В 1996 г.|В нем нашли ошибку.",
    "В 2030–2035 гг. Комитет строил мосты.|Потом он отдыхал.",
    "А. С. Иванов живет в г. Москве на ул. Садовой.|Он строит мосты.",
    "Ст. 5 и пп. 6 и 7 не действуют.|Это конец.",
    "«Почему?» — спросил он.|«Нет!»|Она ушла.",
    "В 50 г. до н. э. Рим строил мосты.|Они стоят.",
    "Он сказал: «Нет».|Потом он ушел.",
    "1. постановляет построить мост; просит помощи: камни тяжелы.",
    "Мост закрыт.³|Его откроют...|Или нет... никогда.",
    "Документ № 5 утерян.|См. Доклад о мостах, гл. II.",
    "Мост стоил 5 млн. долл. США.|Это много?!|Да.",
]
ARABIC = [
    "ما هذا الجسر؟|هذا جسر قديم؛ وهو مغلق.|انتهى.",
    "ما هذا؟|هذا جسر.",
    "انظر ص. 5 من التقرير.|ثم عد.",
    "قال: ”نعم.“|ثم خرج.",
    "جاء د. أحمد إلى الجسر.|وتحدث طويلا.",
    "بني الجسر في عام 1995 م.|وقد أغلق.",
    "تقرر بناء الجسر؛ وتطلب المساعدة: فالحجارة ثقيلة.",
    "أغلق الجسر.¹|ثم فتح.²",
    "حجارة وحبال إلخ.|وقد نفدت المصابيح.",
    "زاد بنسبة 1.5 في المائة.|انظر الوثيقة A/79/L.92.|وهي طويلة.",
    "١ - ترحب بالعمل.|وتطلب المزيد.",
    "هل سقط الجسر؟!|نعم.",
    "1. تقرر البناء.|وتشكر العمال.",
    "قال المهندس (انظر المرفق.)|ثم مضى.",
]
CHINESE = [
    "桥梁关闭了。|后来重新开放。",
    "他说：“好。”|然后走了。|第二句！",
    "（桥梁见附件。）|后面还有。",
    "真的？！|当然。|好吧……。|走。",
    "他问：「可以嗎？」|她答：「可以。」|結束。",
    "第一点是石桥；第二点是绳桥：都很长。",
    "桥梁完工。¹|无人通过。²",
    "1. 欢迎修建桥梁；",
    "一、导言。",
    '他说"好。"|然后走了。',
    "增长1.5%。|见 A/79/L.92。|完。",
    "“真的？”，他问。|“是的。”，她说。",
    "……好吧。|走。",
    "她说：“我不知道……”|他说：“我…… 我也不知道。”",
    "（一）石桥。|（二）绳桥。",
    "你好吗?|我很好!|那就好。",
    "见Smith, J.著《桥》，第 No. 5 号。|完。",
]
TABLES = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "ar": ARABIC, "zh": CHINESE}
CASES = [(language, case) for language, cases in TABLES.items() for case in cases]


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(("language", "case"), CASES)
def test_splits_sentences(language: str, case: str) -> None:
    """A paragraph is split at its bars and nowhere else."""
    expected = case.split("|")
    text = ("" if language == "zh" else " ").join(expected)

    assert sentences(text, language) == expected


def test_stop_may_touch_next_sentence_in_arabic() -> None:
    """An Arabic question mark ends a sentence even without a space after it."""
    assert sentences("ما هذا؟هذا جسر.", "ar") == ["ما هذا؟", "هذا جسر."]


@pytest.mark.parametrize(
    ("language", "case"),
    [
        ("zh-Hant", "橋樑關閉了。|後來開放。"),
        ("zh_CN", "桥梁关闭了。|后来开放。"),
        ("en-GB", "See No. 5. |It is long."),
        ("de", "Die Brücke ist alt, z. B. aus Stein.¹ |Sie steht."),
        ("hi", "पुल पुराना है। |वह बंद है।"),
        ("ja", "橋は古い。|閉まっている。"),
        ("und", "The bridge is old. |It stands."),
        ("x-klingon", "The bridge is old. |It stands."),
        ("", "The bridge is old. |It stands."),
    ],
)
def test_other_languages(language: str, case: str) -> None:
    """Other languages are split by the library, and unknown tags fall back on punctuation."""
    assert sentences(case.replace("|", ""), language) == [part.strip() for part in case.split("|")]


@pytest.mark.parametrize("text", ["2034", "12.", "* * *", "1.5 %", "…", "5. 6. 7."])
def test_paragraph_without_letters_is_one_segment(text: str) -> None:
    """A paragraph of only figures and signs stays whole."""
    assert sentences(text, "en") == [text]


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_empty_paragraph_has_no_sentences(text: str) -> None:
    """White space contains no sentence."""
    assert split_sentences(text, "en") == []


def test_number_inside_paragraph_belongs_to_next_sentence() -> None:
    """A typed number inside a paragraph belongs to the sentence after it."""
    assert sentences("It agreed. 2. Decides to build.", "en") == ["It agreed.", "2. Decides to build."]


@given(
    st.text(st.sampled_from("aBж桥د1٢ \t.。!?؟…;؛¹*“”\"'«»()（）「」,，:-–/[]\ud800"), max_size=60)
    | st.text(max_size=60),
    st.sampled_from(["en", "fr", "es", "ru", "ar", "zh", "de", "th", "und"]),
)
@example("桥؟:?¹。桥", "de")
def test_sentences_cover_any_text(text: str, language: str) -> None:
    """Sentences are in order, never overlap, and leave out only white space."""
    spans = split_sentences(text, language)
    gaps = zip([0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)], strict=True)

    assert all(start < end for start, end in spans)
    assert all(not text[start:end].strip() and start <= end for start, end in gaps)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(
    st.text(st.sampled_from("ab桥د1 .。!?؟¹*“”()"), max_size=40), st.sampled_from(["en", "ar", "zh", "de"])
)
def test_every_sentence_has_a_letter(text: str, language: str) -> None:
    """No sentence has only figures and signs if the paragraph has a letter."""
    found = sentences(text, language)

    assert all(any(map(str.isalpha, sentence)) for sentence in found) or not any(map(str.isalpha, text))


def test_splits_document() -> None:
    """The sentences of a document have their block and their offsets in it."""
    blocks = (Block(BlockKind.TITLE, "Bridges"), Block(BlockKind.PLAIN, "They stand. They fall."))

    assert split_document(Document("en", blocks)) == (
        Segment("Bridges", 0, 0, 7),
        Segment("They stand.", 1, 0, 11),
        Segment("They fall.", 1, 12, 22),
    )


def test_long_paragraph_is_split_like_a_short_one() -> None:
    """The window used for the library does not affect the sentences of a long paragraph."""
    assert sentences("Die alte Brücke steht. " * 2_000, "de") == ["Die alte Brücke steht."] * 2_000


def test_six_languages_need_no_library() -> None:
    """Splitting one of the six languages does not import the library."""
    code = (
        "import sys; from hexapla_corpora.sentences import split_sentences; split_sentences('A b.', 'en');"
        "sys.exit('sentencex' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
