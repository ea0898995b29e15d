"""Texts that are asked for."""

from __future__ import annotations

from hexapla.errors import InputError
from hexapla_corpora.text_encoding import LONE_SURROGATE


def encodable(text: str) -> str:
    """A text that was typed, if its bytes made text.

    Args:
        text: what was typed.

    Returns:
        The text.

    Raises:
        InputError: a byte of it stands for no character.
    """
    if found := LONE_SURROGATE.search(text):
        raise InputError(
            f"character {found.end()} of {text!r} is none: it was not typed in UTF-8. Set the terminal to UTF-8."
        )
    return text
