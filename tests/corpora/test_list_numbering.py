"""Lists: the right reading of a number, and the depth of an item."""

from support_structure import recognise_lines


def test_neighbours_decide_between_roman_and_letter() -> None:
    """(i) after (h) is a letter if (j) follows and Roman if (ii) follows."""
    lines = ["List:", "(h) one:", "(i) two;", "(ii) three;", "(i) four;", "(j) five."]
    found = recognise_lines(lines)

    assert [(block.ordinal, block.level) for block in found.blocks[1:]] == [
        (8, 1),
        (1, 2),
        (2, 2),
        (9, 1),
        (10, 1),
    ]


def test_spanish_list_counts_enye() -> None:
    """After ñ, the letters of a Spanish list count one higher."""
    found = recognise_lines(["Lista:", "n) uno;", "ñ) dos;", "o) tres;", "p) cuatro."], "es")

    assert [block.ordinal for block in found.blocks[1:]] == [14, 15, 16, 17]
