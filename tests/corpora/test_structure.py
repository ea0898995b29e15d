"""Kinds, numbers and levels of the blocks of United Nations documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.structure import Structure, recognise
from support_structure import OP, RESOLUTIONS, F, H, L, M, P, T, X, kinds, recognise_lines, texts


@pytest.mark.parametrize("language", RESOLUTIONS)
def test_resolution(language: str) -> None:
    """The kinds of a draft resolution are recognised in each language, and its footnotes come last."""
    expected = RESOLUTIONS[language]
    notes = [line for kind, line in expected if kind is F]
    body = [line for kind, line in expected if kind is not F]
    found = recognise_lines([*body[:7], *notes, *body[7:]], language)

    assert [(block.kind, block.text) for block in found.blocks] == expected
    assert found.symbol is None


@pytest.mark.parametrize("language", RESOLUTIONS)
def test_numbers_of_resolution(language: str) -> None:
    """Numbers, ordinals and levels are the same in all languages, whatever their conventions."""
    found = recognise_lines([line for _, line in RESOLUTIONS[language]], language)

    assert [(block.number, block.ordinal, block.level) for block in found.blocks if block.number] == [
        ("1", 1, 0),
        ("a", 1, 1),
        ("b", 2, 1),
        ("2", 2, 0),
        ("*", None, 0),
        ("1", 1, 0),
    ]


SECURITY_COUNCIL = [
    "United Nations S/RES/9999 (2031)",
    "Security Council",
    "Distr.: General",
    "3 March 2031",
    "31-01234 (E)    040331    050331",
    "*3101234*",
    "Resolution 9999 (2031)",
    "Adopted by the Security Council at its 9990th meeting, on 3 March 2031",
    "The Security Council,",
    "Recalling its resolution on the harbour, and noting the state of the lighthouse (S/2031/7),",
    "Acting under the rules of the port,",
    "1. Decides to repair the lighthouse, for which the harbour master shall buy those lamps that the",
    "S/RES/9999 (2031)",
    "2/3    31-01234",
    "Council has offered;",
    "2. Decides to remain seized of the matter.",
    "31-01234    3/3",
]


def test_security_council_resolution() -> None:
    """Furniture is removed, the paragraph that it cuts is joined, and the masthead gives title and symbol."""
    found = recognise_lines(SECURITY_COUNCIL)

    assert kinds(found) == [M, M, M, M, T, M, P, P, P, OP, OP]
    assert (found.symbol, found.title) == ("S/RES/9999 (2031)", "Resolution 9999 (2031)")
    assert found.blocks[-2].text.endswith("lamps that the Council has offered;")


REPORT = [
    (M, "United Nations"),
    (M, "A/91/150*"),
    (M, "General Assembly"),
    (M, "Distr.: General"),
    (M, "7 June 2036"),
    (M, "Original: English"),
    (M, "Ninety-first session"),
    (M, "Item 12 of the provisional agenda**"),
    (T, "Bridges and tunnels"),
    (H, "Report of the Secretary-General"),
    (H, "I. Introduction"),
    (X, "1. The present report describes the bridges of the world and how States look after them."),
    (X, "2. It covers all bridges, namely:"),
    (L, "(a) Stone bridges;"),
    (L, "(b) Rope bridges, which are:"),
    (L, "(i) Short;"),
    (L, "(ii) Long, namely:"),
    (L, "– Those above rivers;"),
    (L, "– Those above valleys;"),
    (L, "(c) Iron bridges."),
    (H, "A. Background"),
    (X, "3. Bridges are old. See S/2035/7 for details."),
    (H, "Annex I"),
    (H, "List of bridges"),
    (X, "There are too many bridges to list them here."),
    (F, "* Reissued for technical reasons on 9 June 2036."),
    (F, "** A/91/100."),
]


def test_report() -> None:
    """A report has a masthead, title, headings, numbered paragraphs and lists with three levels."""
    found = recognise_lines([line for _, line in REPORT])

    assert [(block.kind, block.text) for block in found.blocks] == REPORT
    assert (found.symbol, found.title) == ("A/91/150", "Bridges and tunnels")
    assert [(block.number, block.level) for block in found.blocks if block.kind is L] == [
        ("a", 1),
        ("b", 1),
        ("i", 2),
        ("ii", 2),
        (None, 3),
        (None, 3),
        ("c", 1),
    ]


def test_declaration() -> None:
    """Articles are headings with numbers, and the text between them is plain."""
    found = recognise_lines(
        [
            "Declaration on bridges",
            "Preamble",
            "Whereas bridges are common to all rivers and all people who cross them on foot or by cart,",
            "Now, therefore,",
            "The Assembly",
            "Proclaims this declaration on bridges as a rule for all.",
            "Article 1",
            "All bridges are open. Nobody shall close them.",
            "Article 2",
            "1. Bridges have names.",
            "2. The names are painted on them.",
        ]
    )

    assert kinds(found) == [T, H, X, X, H, X, H, X, H, X, X]
    assert [block.number for block in found.blocks if block.number] == ["1", "2", "1", "2"]


def test_resolution_without_numbers() -> None:
    """Operative paragraphs without numbers begin where the clauses no longer end with commas."""
    found = recognise_lines(
        [
            "Resolution on bridges",
            "The Conference of the Bridges,",
            "Recalling everything that it said,",
            "Mindful of the weather,",
            "Decides to meet again;",
            "Requests the secretariat to book a hall.",
        ]
    )

    assert kinds(found) == [T, P, P, P, OP, OP]


def test_two_resolutions_in_one_document() -> None:
    """Each line that opens a preamble opens a resolution; the line before the second is its heading."""
    first = ["Bridges", "The Council,", "Recalling bridges,", "1. Decides to build.", "2. Says so."]
    second = ["Tunnels", "The Council,", "Recalling tunnels,", "1. Decides to dig."]

    assert kinds(recognise_lines([*first, *second])) == [T, P, P, OP, OP, H, P, P, OP]


def test_annex_of_resolution() -> None:
    """After an annex heading, paragraphs are no longer operative."""
    lines = [
        "Bridges",
        "The Council,",
        "Recalling bridges,",
        "1. Decides to build.",
        "Annex",
        "Rules",
        "1. Use stones.",
    ]

    assert kinds(recognise_lines(lines)) == [T, P, P, OP, H, H, X]


def test_treaty() -> None:
    """A treaty has a preamble like a resolution's; the numbered paragraphs of its articles are plain."""
    found = recognise_lines(
        [
            "Convention on Bridges",
            "Preamble",
            "The States Parties to the present Convention,",
            "Considering the importance of bridges,",
            "Have agreed as follows:",
            "PART I",
            "Article 1",
            "1. For the purposes of the present Convention:",
            "(a) “Bridge” means any bridge.",
            "2. The Convention applies to all bridges.",
        ]
    )

    assert kinds(found) == [T, H, P, P, P, H, H, X, L, X]


@pytest.mark.parametrize(
    "opening",
    [
        "本公约缔约国，",
        "Государства — участники Конвенции,",
        "إن الدول الأطراف،",
        "Les Parties contractantes,",
    ],
)
def test_parties_open_a_preamble(opening: str) -> None:
    """The line that names the parties of a treaty opens its preamble in each language."""
    assert kinds(recognise_lines([opening, "1991:"]))[0] is P


def test_letter_is_not_a_resolution() -> None:
    """A salutation with a comma does not open a preamble."""
    lines = ["Dear Sir,", "I write to tell you that the bridge is closed.", "Please use the ferry."]

    assert kinds(recognise_lines(lines)) == [X, X, X]


def test_format_decides_kind() -> None:
    """A kind given by the format is kept; automatic numbers in a resolution make operative paragraphs."""
    table = BlockKind.TABLE_CELL
    found = recognise(
        [
            Paragraph("Safety of bridges", T),
            Paragraph("The General Assembly,"),
            Paragraph("Noting the bridges,"),
            Paragraph("Calls for care, namely:", L, 1, "1."),
            Paragraph("Of stones;", L, 2, "(a)"),
            Paragraph("Of ropes;", L, 2, "(b)"),
            Paragraph("Requests a report.", L, 1, "2"),
            Paragraph("12", table),
            Paragraph("Further reading", H, 2),
            Paragraph("¹ A book.", F),
        ],
        "en",
    )

    assert [(block.kind, block.number, block.level) for block in found.blocks] == [
        (T, None, 0),
        (P, None, 0),
        (P, None, 0),
        (OP, "1", 0),
        (L, "a", 2),
        (L, "b", 2),
        (OP, "2", 0),
        (table, None, 0),
        (H, None, 2),
        (F, "1", 0),
    ]


def test_only_first_level_heading_is_the_title() -> None:
    """A heading at the beginning is the title if it is the only one of the first level."""
    found = recognise(
        [Paragraph("Bridges", H, 1), Paragraph("Old ones", H, 2), Paragraph("They stand.")], "en"
    )

    assert (kinds(found), found.title) == ([T, H, X], "Bridges")


@pytest.mark.parametrize("paragraphs", [[], [Paragraph("")], [Paragraph(" \t")]])
def test_no_text_gives_no_blocks(paragraphs: list[Paragraph]) -> None:
    """A document without text has no blocks."""
    assert recognise(paragraphs, "en") == Structure(None, None, ())


PARAGRAPHS = st.builds(
    Paragraph,
    text=st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["", "", "1. ", "(a) ", "(i) ", "- ", "¹ ", "* ", "Article 2 ", "I. ", "一、", "The Council "]
        ),
        st.text(st.sampled_from("abBж桥د ,;¹*-"), min_size=1, max_size=80).map(lambda text: f"x{text}x"),
        st.sampled_from(["", ".", ",", ";", ":", "。", "¹", "* "]),
    ),
    kind=st.sampled_from([None, None, None, *BlockKind]),
    level=st.integers(0, 3),
    number=st.sampled_from([None, None, "1.", "(a)", "•", "iv"]),
    ends_page=st.booleans(),
)


@given(
    st.lists(PARAGRAPHS, max_size=12, unique_by=lambda paragraph: paragraph.text),
    st.sampled_from(["en", "ar", "zh", "ru"]),
)
def test_nothing_is_lost(paragraphs: list[Paragraph], language: str) -> None:
    """Every character of different paragraphs, hyphens and white space aside, is in exactly one block."""

    def letters(parts: list[str]) -> list[str]:
        return sorted("".join(parts).replace("-", "").replace(" ", ""))

    found = recognise(paragraphs, language)

    assert letters(texts(found)) == letters([paragraph.text for paragraph in paragraphs])
    assert all(block.text == block.text.strip() for block in found.blocks)
