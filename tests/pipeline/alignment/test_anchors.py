"""Anchors, Chinese numerals, cognates, quotations and endings in many languages."""

from __future__ import annotations

import pytest

from hexapla.alignment.anchors import anchors, chinese_numbers, cognates, ending, quotations

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
    # document symbols, whatever is next to them
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
    """Anchors are found in the digits, separators and scripts of every language."""
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


NUMERALS = [
    ("第一条", {"1"}),
    ("第十条", {"10"}),
    ("第二十三条", {"23"}),
    ("二〇三〇年", {"2030"}),
    ("十二月十日", {"12"}),
    ("一百二十五个国家", {"125"}),
    ("一百零五", {"105"}),
    ("三千四百", {"3400"}),
    ("一万二千人", {"12000"}),
    ("两亿三千万", {"230000000"}),
    ("一个人和三只猫", set()),
    ("万里长城，千百年来", set()),
    ("", set()),
    ("Article 10", set()),
]


@pytest.mark.parametrize(("text", "expected"), NUMERALS)
def test_numerals(text: str, expected: set[str]) -> None:
    """Numerals with units or digit by digit have their value; single characters count only as ordinals."""
    assert chinese_numbers(text) == expected


def test_an_endless_numeral_is_read_in_pieces() -> None:
    """A numeral far longer than any number does not fail."""
    assert chinese_numbers("亿" * 3 + "三亿" * 9_000)


ALIKE = [
    ("commission", "Kommission", "comisión", "комиссия", "commissione"),
    ("Organisation", "organización", "организация", "organizações"),
    ("geography", "géographie", "geografía", "география", "Geografie"),
    ("Himalaya", "HIMALAYA", "Himálaya"),
    ("Theodore", "Teodoro", "Теодор"),
]


@pytest.mark.parametrize("words", ALIKE, ids=lambda words: str(words[0]))
def test_cognates_have_one_spelling(words: tuple[str, ...]) -> None:
    """Case, diacritics, script, double letters and endings make no difference."""
    assert len({cognates(word) for word in words}) == 1


def test_short_words_are_left_out() -> None:
    """Words of three letters are alike by chance."""
    assert cognates("Der See lag im Tal, 1234.") == frozenset()


@pytest.mark.parametrize("text", ["联合国大会通过决议", "テスト会議", "", "12 345", "การประชุม"])
def test_text_without_spaces_has_no_cognates(text: str) -> None:
    """Scripts without spaces between words, figures and empty texts have no cognates."""
    assert cognates(text) == frozenset()


def test_names_in_another_script_are_found() -> None:
    """Latin names inside a Chinese text count as words."""
    assert cognates("马丁·Schneider先生说") == cognates("schneider")


MARKS = [
    ("他说：“好。”", 1, 1),
    ("“你来吗？", 1, 0),
    ("我不知道。”她说，“也许。”", 1, 2),
    ("「はい」と言った。", 1, 1),
    ("« Bien », dit-elle.", 1, 1),
    ("„Gut‟, sagte er.", 2, 0),
    ('"Yes," he said. "Come in."', 2, 2),
    ("'Yes,' he said. 'Come in!'", 2, 2),
    ("‘Yes,’ he said.", 1, 1),
    ("'Why did you...?' she asked.", 1, 1),
    ("It isn't the boy's; it’s Paul’s.", 0, 0),
    ("the rabbits' den and the dogs’ bowl", 0, 0),
    ('He called it "a day".', 1, 1),
    ("", 0, 0),
    ("'", 0, 0),
    ("No speech here.", 0, 0),
]


@pytest.mark.parametrize(("text", "opened", "closed"), MARKS)
def test_quotations(text: str, opened: int, closed: int) -> None:
    """Opening and closing marks are distinguished from each other and from apostrophes."""
    assert quotations(text) == (opened, closed)


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
    """Closing marks with the same meaning are in one class in all languages."""
    assert ending(text) == expected


@pytest.mark.parametrize("after", ["”", "»", " »", "\u00a0»", "）", ")", "」", "》", "¹", "¹²", "*", ".)”¹ "])
@pytest.mark.parametrize(("mark", "expected"), [(".", 1), ("。", 1), ("؟", 2), ("；", 5)])
def test_quotes_brackets_and_marks_after_an_ending_are_skipped(mark: str, expected: int, after: str) -> None:
    """Closing quotes, brackets and footnote marks after the last mark do not hide it."""
    if after.startswith("."):
        expected = 1
    assert ending(f"x{mark}{after}") == expected
