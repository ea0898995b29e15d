"""Anchors and endings in six languages."""

from __future__ import annotations

import pytest

from hexapla.alignment.anchors import anchors, ending

ANCHORS = [
    # figures in the digits and with the separators of thousands of each language
    ("到 2030 年", {"2030"}),
    ("بحلول عام ٢٠٣٠", {"2030"}),
    ("تا سال ۲۰۳۰", {"2030"}),
    ("全角２０３０", {"2030"}),
    ("1,000 stations", {"1000"}),
    ("1\u202f000 stations", {"1000"}),
    ("1 000 stations", {"1000"}),
    ("1\u00a0000 станций", {"1000"}),
    ("1.000 estaciones", {"1000"}),
    ("1’000 Stationen", {"1000"}),
    ("1,250,000 dollars", {"1250000"}),
    ("11 565 500 dólares", {"11565500"}),
    ("١٬٢٥٠٬٠٠٠ دولار", {"1250000"}),
    ("in 2027 and 2028", {"2027", "2028"}),
    ("in 2027 300 stations", {"2027", "300"}),
    ("12345 678", {"12345", "678"}),
    ("2015–2030", {"2015", "2030"}),
    ("3.5 per cent", {"3", "5"}),
    ("3,5 %", {"3", "5"}),
    ("007", {"7"}),
    ("0", {"0"}),
    # symbols of documents, whatever stands beside them
    ("A/79/L.92", {"A/79/L.92"}),
    ("见 A/81/214 号文件", {"A/81/214"}),
    ("S/RES/2334(2016)", {"S/RES/2334(2016)"}),
    ("الوثيقة E/CN.4/2005/17", {"E/CN.4/2005/17"}),
    ("ST/SGB/2013/4", {"ST/SGB/2013/4"}),
    # marks of footnotes
    ("宣言，¹ 并回顾", {"^1"}),
    ("Declaration¹² and", {"^12"}),
    ("Viet Nam:* draft", {"^*"}),
    ("**bold**", set()),
    ("⁴ A/81/214, paras. 17 and 18.", {"^4", "A/81/214", "17", "18"}),
    # names in Latin capitals
    ("ЮНЕСКО и UNESCO", {"UNESCO"}),
    ("联合国 UNICEF", {"UNICEF"}),
    ("UNESCO-Preis", {"UNESCO"}),
    ("McDonald", {"McDonald"}),
    ("Member States", set()),
    ("", set()),
    ("第三章，一个人", {"3"}),
    ("二〇三〇年", {"2030"}),
]


@pytest.mark.parametrize(("text", "expected"), ANCHORS)
def test_anchors(text: str, expected: set[str]) -> None:
    """What a text prints alike in every language is found in its digits, separators and scripts."""
    assert anchors(text) == expected


def test_translations_share_their_anchors() -> None:
    """One clause in six languages prints the same anchors."""
    clauses = [
        "回顾 2019 年 3 月 1 日第 73/284 号决议，¹ 其中拨款 8,400 美元给 WMO，",
        "Recalling resolution 73/284 of 1 3 2019,¹ which allotted 8,400 dollars to WMO,",
        "Rappelant la résolution 73/284 du 1 3 2019¹, qui alloue 8\u202f400 dollars à WMO,",
        "Recordando la resolución 73/284 de 1 3 2019¹, que asigna 8.400 dólares a WMO,",
        "ссылаясь на резолюцию 73/284 от 1 3 2019 года¹, выделившую 8\u00a0400 долл. WMO,",
        "إذ تشير إلى القرار ٧٣/٢٨٤ المؤرخ ١ ٣ ٢٠١٩،¹ الذي خصص ٨٬٤٠٠ دولار إلى WMO،",
    ]
    found = [anchors(clause) for clause in clauses]
    assert all(each == found[0] for each in found)


ENDINGS = [
    (1, ["大会。", "The end.", "Et cetera…", "。", "یہ ہے۔", "结束．"]),
    (2, ["是吗？", "Is it?", "¿Es así?", "هل هذا صحيح؟"]),
    (3, ["好！", "¡Viva!", "Bravo !"]),
    (4, ["如下：", "as follows:", "comme suit :", "ما يلي:"]),
    (5, ["重申；", "Reaffirms;", "تؤكد؛", "大会，", "The Assembly,", "والجمعية،", "沙子、"]),
    (0, ["", " ", "Annex", "附件", "2030", "(a)", "”", "¹", "—"]),
]


@pytest.mark.parametrize(
    ("expected", "text"), [(expected, text) for expected, texts in ENDINGS for text in texts]
)
def test_ending(expected: int, text: str) -> None:
    """A mark at the end has the class of its meaning in the marks of every language."""
    assert ending(text) == expected


@pytest.mark.parametrize(
    "behind", ["”", "»", " »", "\u00a0»", "）", ")", "」", "》", "¹", "¹²", "*", ".)”¹ "]
)
@pytest.mark.parametrize(("mark", "expected"), [(".", 1), ("。", 1), ("؟", 2), ("；", 5)])
def test_quotes_brackets_and_marks_behind_an_ending_are_passed(mark: str, expected: int, behind: str) -> None:
    """What closes behind the last mark does not hide it."""
    if behind.startswith("."):
        expected = 1
    assert ending(f"x{mark}{behind}") == expected
