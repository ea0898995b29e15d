"""Printed numbers at the start of paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_corpora.numerals import ideograph_value, letter_label, letter_value, roman_label, roman_value
from hexapla_corpora.printed_numbers import NumberStyle, parse_number, readings

NUMBERS = [
    ("1. Welcomes", "1.", "1", 1, "decimal"),
    ("12) Welcomes", "12)", "12", 12, "decimal"),
    ("(3) Welcomes", "(3)", "3", 3, "decimal"),
    ("1 - ترحب", "1 -", "1", 1, "decimal"),
    ("١ - ترحب", "١ -", "1", 1, "decimal"),
    ("١٢ – ترحب", "١٢ –", "12", 12, "decimal"),
    ("1-ترحب", "1-", "1", 1, "decimal"),
    ("١. ترحب", "١.", "1", 1, "decimal"),
    ("1.欢迎", "1.", "1", 1, "decimal"),
    ("１．欢迎", "１．", "1", 1, "decimal"),
    ("3、欢迎", "3、", "3", 3, "decimal"),
    ("1º Décide", "1º", "1", 1, "decimal"),
    ("’٢‘ ترحب", "’٢‘", "2", 2, "decimal"),
    ("② 欢迎", "②", "2", 2, "decimal"),
    ("1.2 Means of work", "1.2", "1.2", 2, "decimal"),
    ("4.1.3. means", "4.1.3.", "4.1.3", 3, "decimal"),
    ("一、导言", "一、", "1", 1, "ideograph"),
    ("二十三、结论", "二十三、", "23", 23, "ideograph"),
    ("（二）桥梁", "（二）", "2", 2, "ideograph"),
    ("(三) 桥梁", "(三)", "3", 3, "ideograph"),
    ("㈡ 桥梁", "㈡", "2", 2, "ideograph"),
    ("(a) to build", "(a)", "a", 1, "letter"),
    ("b) construir", "b)", "b", 2, "letter"),
    ("（c）建造", "（c）", "c", 3, "letter"),
    ("(bb) to build", "(bb)", "bb", 28, "letter"),
    ("ñ) construir", "ñ)", "o", 15, "letter"),
    ("(أ) بناء", "(أ)", "a", 1, "letter"),
    ("ب) بناء", "ب)", "b", 2, "letter"),
    ("(هـ) بناء", "(هـ)", "e", 5, "letter"),
    ("а) строить", "а)", "a", 1, "letter"),
    ("в) строить", "в)", "c", 3, "letter"),
    ("A. Background", "A.", "A", 1, "letter"),
    ("C. Costs", "C.", "C", 3, "letter"),
    ("ألف - خلفية", "ألف -", "A", 1, "letter"),
    ("(i) lamps", "(i)", "i", 1, "roman"),
    ("iv) lampes", "iv)", "iv", 4, "roman"),
    ("I. Introduction", "I.", "I", 1, "roman"),
    ("XIV", "XIV", "XIV", 14, "roman"),
    ("أولا - مقدمة", "أولا -", "I", 1, "roman"),
    ("ثانياً: خاتمة", "ثانياً:", "II", 2, "roman"),
    ("Article 12", "Article 12", "12", 12, "article"),
    ("Article premier", "Article premier", "1", 1, "article"),
    ("ARTÍCULO 3", "ARTÍCULO 3", "3", 3, "article"),
    ("Статья 12. Мосты", "Статья 12.", "12", 12, "article"),
    ("المادة 12", "المادة 12", "12", 12, "article"),
    ("المادة الثانية عشرة", "المادة الثانية عشرة", "12", 12, "article"),
    ("第十二条", "第十二条", "12", 12, "article"),
    ("第 12 條 橋樑", "第 12 條", "12", 12, "article"),
    ("第一章 总则", "第一章", "1", 1, "chapter"),
    ("Глава II", "Глава II", "II", 2, "chapter"),
    ("Première partie", "Première partie", "1", 1, "part"),
    ("第三部分", "第三部分", "3", 3, "part"),
    ("Section B", "Section B", "B", 2, "section"),
    ("ſection 4.", "ſection 4.", "4", 4, "section"),
    ("Annex II", "Annex II", "II", 2, "annex"),
    ("附件二", "附件二", "2", 2, "annex"),
    ("附件A", "附件A", "A", 1, "annex"),
    ("المرفق الثاني", "المرفق الثاني", "2", 2, "annex"),
    ("Goal 4. Bridges for all", "Goal 4.", "4", 4, "goal"),
    ("目标 4. 桥梁", "目标 4.", "4", 4, "goal"),
]


@pytest.mark.parametrize(("text", "printed", "label", "ordinal", "style"), NUMBERS)
def test_reads_number(text: str, printed: str, label: str, ordinal: int, style: str) -> None:
    """A printed number is recognised in every convention of the six languages."""
    number = parse_number(text)

    assert number is not None
    assert (number.printed, number.label, number.ordinal, number.style) == (printed, label, ordinal, style)
    assert text[number.end :] == text[len(printed) :].lstrip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2030 Agenda for bridges",
        "1.5 degrees of warming",
        "1.5 مليون شخص",
        "20 years of peace",
        "1990",
        "12",
        "0. nothing",
        "A/79/L.92",
        "79/327. Safety of bridges",
        "I think so",
        "12 June 2031",
        "1-5 September",
        "1 – 5 September",
        "2-year plan",
        "p. 5 of the report",
        "v. the State",
        "(to) build",
        "(2016) was a year",
        "Article 12 of the Covenant",
        "Статья 5 Конвенции гласит иное.",
        "المادة 12 من العهد",
        "第十二条规定如下",
        "Annexes are long",
        "Annexe",
        "Parties",
        "Articles",
        "Goals",
        "部分桥梁",
        "¹ See the report.",
    ],
)
def test_other_beginnings_are_not_numbers(text: str) -> None:
    """Amounts, years, dates, symbols and words at the start of a paragraph are not printed numbers."""
    assert parse_number(text) is None


def test_one_letter_has_two_readings() -> None:
    """(i) is read as a Roman numeral first and as the ninth letter second."""
    assert [(found.style, found.ordinal) for found in readings("(i) lamps")] == [
        (NumberStyle.ROMAN, 1),
        (NumberStyle.LETTER, 9),
    ]


@pytest.mark.parametrize(
    ("text", "enclosed"), [("(a) x", True), ("a) x", True), ("1. x", False), ("㈠ x", True)]
)
def test_brackets_are_recognised(text: str, enclosed: bool) -> None:
    """A number with a closing bracket is distinguished from one with a full stop."""
    number = parse_number(text)

    assert number is not None
    assert number.enclosed is enclosed


@given(st.text(max_size=40))
def test_any_text_is_parsed(text: str) -> None:
    """Any text can be parsed, and the numbers found are at its start."""
    for number in readings(text):
        assert 0 < number.end <= len(text)
        assert text.lstrip().startswith(number.printed)
        assert number.ordinal > 0


@given(st.integers(1, 49))
def test_roman_round_trip(value: int) -> None:
    """A Roman label has the value from which it was made."""
    assert roman_value(roman_label(value)) == value


@given(st.integers(1, 52))
def test_letter_round_trip(value: int) -> None:
    """A letter label has the value from which it was made."""
    assert letter_value(letter_label(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十三", 23),
        ("一百零五", 105),
        ("二〇", 20),
        ("桥", None),
        ("", None),
    ],
)
def test_ideograph_value(text: str, value: int | None) -> None:
    """Chinese numerals are read with powers of ten and as digits."""
    assert ideograph_value(text) == value


@pytest.mark.parametrize("text", ["iiii", "vx", "Iv", "a", ""])
def test_bad_roman_numeral(text: str) -> None:
    """A malformed Roman numeral has no value."""
    assert roman_value(text) is None
