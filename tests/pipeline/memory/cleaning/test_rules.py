"""Rules of cleaning, and the file from which they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import InvalidRules
from hexapla.memory.cleaning.rules import Rules, read_rules


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    """Defaults apply to whatever a file does not set."""
    assert read_rules(written(tmp_path, "")) == Rules()


def test_values_replace_defaults(tmp_path: Path) -> None:
    """Numbers, switches and lists of a file replace the defaults."""
    rules = read_rules(
        written(
            tmp_path,
            'copy.enabled = false\n[near]\nsimilarity = 95\n[protect]\nkinds = ["title"]\nletters = 5\n',
        )
    )
    assert (rules.copy.enabled, rules.near.similarity) == (False, 95.0)
    assert (rules.protect.kinds, rules.protect.letters) == (("title",), 5)
    assert rules.length == Rules().length


def test_pairs_of_languages_differ(tmp_path: Path) -> None:
    """A table for a pair applies to its two languages in either order and with any region."""
    rules = read_rules(written(tmp_path, "[length]\nfactor = 2\n[length.zh-en]\nfactor = 4\n"))
    assert rules.length.of("en-GB", "zh-Hant").factor == 4
    assert rules.length.of("en", "fr").factor == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[lenght]\nfactor = 2", ("[lenght]", "did you mean length?", "Allowed: protect, empty")),
        ("[length]\nfactr = 2", ("[length] factr = 2", "did you mean factor?", "Allowed: enabled, factor.")),
        ('[length]\nfactor = "2"', ('[length] factor = "2"', "a number from 1.1 to 100")),
        ("[length]\nfactor = 0", ("[length] factor = 0", "a number from 1.1 to 100")),
        ("[length]\nfactor = true", ("[length] factor = true", "a number from 1.1 to 100")),
        ("[length.zh-en]\nfactor = -1", ("[length.zh-en] factor = -1", "a number from 1.1 to 100")),
        ("[length.zhen]\nfactor = 2", ("[length.zhen]", "pair of languages", "[length.zh-en]")),
        ("[probability]\nminimum = nan", ("[probability] minimum = nan", "a number from 0 to 1")),
        ("[protect]\nletters = 2.5", ("[protect] letters = 2.5", "a whole number from 0 to 1000")),
        ('[protect]\nkinds = ["chapter"]', ("[protect] kinds = ", "chapter", '"heading"')),
        ("[copy]\nenabled = 1", ("[copy] enabled = 1", "true or false")),
        ("[empty.zh-en]\nenabled = true", ("[empty] zh-en = {...}", "Allowed: enabled.")),
        ("length = 3", ("length = 3", "[length]")),
        ("[length", ("not a TOML file",)),
    ],
)
def test_errors_name_file_key_value_and_what_is_allowed(
    tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    """Errors in a file of rules are described so that they can be fixed without the manual."""
    path = written(tmp_path, text)
    with pytest.raises(InvalidRules) as caught:
        read_rules(path)
    assert str(path) in str(caught.value)
    assert all(part in str(caught.value) for part in parts), str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """The error names the missing file."""
    with pytest.raises(InvalidRules, match=r"missing\.toml cannot be read"):
        read_rules(tmp_path / "missing.toml")
