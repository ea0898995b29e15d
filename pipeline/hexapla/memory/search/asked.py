"""Texts that are asked for."""

from __future__ import annotations

from hexapla.errors import InputError


def encodable(text: str) -> str:
    """A text that was typed, if its bytes made text.

    Args:
        text: what was typed.

    Returns:
        The text.

    Raises:
        InputError: a byte of it stands for no character; Python has half of a surrogate pair in its place (PEP 383).
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"character {error.start + 1} of {text!r} is none: it was not typed in UTF-8. Set the terminal to UTF-8."
        ) from error
    return text
