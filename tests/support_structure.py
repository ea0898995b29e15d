"""Helpers to recognise the structure of a few lines and to show the result."""

from collections.abc import Sequence

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.structure import Structure, recognise

M, T, H, P, OP, L, F, X = (
    BlockKind.MASTHEAD,
    BlockKind.TITLE,
    BlockKind.HEADING,
    BlockKind.PREAMBULAR,
    BlockKind.OPERATIVE,
    BlockKind.LIST_ITEM,
    BlockKind.FOOTNOTE,
    BlockKind.PLAIN,
)


def recognise_lines(lines: Sequence[str], language: str = "en") -> Structure:
    """Return the structure of a document with one paragraph per line."""
    return recognise([Paragraph(line) for line in lines], language)


def kinds(structure: Structure) -> list[BlockKind]:
    """Return the kinds of its blocks, in order."""
    return [block.kind for block in structure.blocks]


def texts(structure: Structure) -> list[str]:
    """Return the texts of its blocks, in order."""
    return [block.text for block in structure.blocks]


RESOLUTIONS = {
    "en": [
        (M, "Ninety-first session"),
        (M, "Agenda item 12"),
        (M, "Safety of bridges"),
        (M, "Ruritania and Syldavia:* draft resolution"),
        (T, "Safety of old bridges"),
        (P, "The General Assembly,"),
        (P, "Recalling its resolution 85/3 on stone bridges,¹ and noting the storms of recent years,"),
        (P, "Mindful of the river,"),
        (OP, "1. Calls upon all States:"),
        (L, "(a) To inspect their bridges;"),
        (L, "(b) To repair them;"),
        (OP, "2. Requests a report."),
        (F, "* The list of sponsors may still change."),
        (F, "¹ Resolution 85/3, annex."),
    ],
    "fr": [
        (M, "Quatre-vingt-onzième session"),
        (M, "Point 12 de l’ordre du jour"),
        (M, "Ruritanie et Syldavie* : projet de résolution"),
        (T, "Sécurité des vieux ponts"),
        (P, "L’Assemblée générale,"),
        (P, "Rappelant sa résolution 85/3 sur les ponts de pierre¹, et notant les tempêtes récentes,"),
        (P, "Consciente du fleuve,"),
        (OP, "1. Engage tous les États :"),
        (L, "a) À inspecter leurs ponts ;"),
        (L, "b) À les réparer ;"),
        (OP, "2. Demande un rapport."),
        (F, "* La liste des auteurs peut encore changer."),
        (F, "¹ Résolution 85/3, annexe."),
    ],
    "es": [
        (M, "Nonagésimo primer período de sesiones"),
        (M, "Tema 12 del programa"),
        (M, "Ruritania y Syldavia*: proyecto de resolución"),
        (T, "Seguridad de los puentes viejos"),
        (P, "La Asamblea General,"),
        (
            P,
            "Recordando su resolución 85/3 sobre los puentes de piedra¹, y observando las tormentas,",
        ),
        (P, "Consciente del río,"),
        (OP, "1. Exhorta a todos los Estados a que:"),
        (L, "a) Inspeccionen sus puentes;"),
        (L, "b) Los reparen;"),
        (OP, "2. Solicita un informe."),
        (F, "* La lista de patrocinadores aún puede cambiar."),
        (F, "¹ Resolución 85/3, anexo."),
    ],
    "ru": [
        (M, "Девяносто первая сессия"),
        (M, "Пункт 12 повестки дня"),
        (M, "Руритания и Сильдавия*: проект резолюции"),
        (T, "Безопасность старых мостов"),
        (P, "Генеральная Ассамблея,"),
        (P, "ссылаясь на свою резолюцию 85/3 о каменных мостах¹ и отмечая бури последних лет,"),
        (P, "памятуя о реке,"),
        (OP, "1. призывает все государства:"),
        (L, "a) осматривать свои мосты;"),
        (L, "b) чинить их;"),
        (OP, "2. просит представить доклад."),
        (F, "* Список авторов может еще измениться."),
        (F, "¹ Резолюция 85/3, приложение."),
    ],
    "ar": [
        (M, "الدورة الحادية والتسعون"),
        (M, "البند 12 من جدول الأعمال"),
        (M, "روريتانيا وسيلدافيا:* مشروع قرار"),
        (T, "سلامة الجسور القديمة"),
        (P, "إن الجمعية العامة،"),
        (P, "إذ تشير إلى قرارها 85/3 بشأن الجسور الحجرية¹، وإذ تلاحظ عواصف السنوات الأخيرة،"),
        (P, "وإذ تضع النهر في اعتبارها،"),
        (OP, "1 - تهيب بجميع الدول:"),
        (L, "(أ) أن تفحص جسورها؛"),
        (L, "(ب) أن تصلحها؛"),
        (OP, "2 - تطلب تقديم تقرير."),
        (F, "* قد تتغير قائمة مقدمي المشروع."),
        (F, "¹ القرار 85/3، المرفق."),
    ],
    "zh": [
        (M, "第九十一届会议"),
        (M, "议程项目 12"),
        (M, "卢里坦尼亚和西尔达维亚：* 决议草案"),
        (T, "旧桥梁的安全"),
        (P, "大会，"),
        (P, "回顾其关于石桥的第 85/3 号决议，¹ 并注意到近年来的风暴，"),
        (P, "铭记河流，"),
        (OP, "1. 促请所有国家："),
        (L, "(a) 检查桥梁；"),
        (L, "(b) 修理桥梁；"),
        (OP, "2. 请提交一份报告。"),
        (F, "* 提案国名单仍可能变动。"),
        (F, "¹ 第 85/3 号决议，附件。"),
    ],
}
