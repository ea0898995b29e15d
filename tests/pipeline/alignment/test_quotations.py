"""Marks of quotation in the styles of several languages."""

from __future__ import annotations

import pytest

from hexapla.alignment.anchors import quotations

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
    """Opening and closing marks are told apart, and from apostrophes."""
    assert quotations(text) == (opened, closed)
