"""Rules of cleaning: which apply, how strict they are, and what is protected; read from a TOML file."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hexapla.errors import InvalidRules
from hexapla.units import Status
from hexapla_corpora.document import BlockKind

Allowed = tuple[float, float] | tuple[str, ...] | None
_RuleT = TypeVar("_RuleT", bound="Rule")
_TableT = TypeVar("_TableT", "Rule", "Protect")
_NumberT = TypeVar("_NumberT", int, float)


def _between(default: _NumberT, least: float, most: float) -> _NumberT:
    """Declare a field whose value is a number in a range."""
    return field(default=default, metadata={"allowed": (least, most)})


def _among(default: tuple[str, ...], allowed: Iterable[str]) -> tuple[str, ...]:
    """Declare a field whose value is a list of words."""
    return field(default=default, metadata={"allowed": tuple(allowed)})


@dataclass(frozen=True, slots=True)
class Protect:
    """Units that only the rules `empty` and `mojibake` remove.

    Attributes:
        kinds: protected kinds of units; footnotes are among them, since references are often the same in all languages.
        statuses: protected statuses; no rule at all removes what a person has read, nor what a person rejected, which
            would return when its document is added again.
        letters: units whose texts all have fewer letters, such as dates, numbers and item numbers, are protected; a
            Chinese character counts as four letters.
        numbered: whether numbered items are kept however improbable they are.
    """

    kinds: tuple[str, ...] = _among(
        ("masthead", "title", "heading", "footnote"), (kind.value for kind in BlockKind)
    )
    statuses: tuple[str, ...] = _among(
        ("approved", "edited", "rejected"), (status.value for status in Status)
    )
    letters: int = _between(20, 0, 1000)
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be switched off.

    Attributes:
        enabled: whether it applies.
    """

    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PairRule(Rule):
    """A rule on two languages of a unit.

    Attributes:
        pairs: other forms of the rule for some pairs of languages, by two primary subtags in alphabetical order.
    """

    pairs: Mapping[tuple[str, str], Any] = field(default_factory=lambda: MappingProxyType({}))

    def of(self: _RuleT, one: str, other: str) -> _RuleT:
        """Return the rule for two languages.

        Args:
            one: BCP 47 tag.
            other: BCP 47 tag.

        Returns:
            The rule.
        """
        found: _RuleT = getattr(self, "pairs", {}).get(pair_of(one, other), self)
        return found


@dataclass(frozen=True, slots=True)
class CopyRule(PairRule):
    """Two languages have the same text: it was not translated.

    Attributes:
        letters: texts with fewer letters may be names, and are kept.
    """

    letters: int = _between(20, 0, 1000)


@dataclass(frozen=True, slots=True)
class LanguageRule(Rule):
    """A text is certainly in another language than its tag says.

    Attributes:
        letters: texts with fewer letters are too short to be judged, and are kept; a Chinese character counts as four.
    """

    letters: int = _between(40, 20, 1000)


@dataclass(frozen=True, slots=True)
class LengthRule(PairRule):
    """Two texts are of very different lengths.

    Attributes:
        factor: how many times longer or shorter than usual for the languages.
    """

    factor: float = _between(2.5, 1.1, 100)


@dataclass(frozen=True, slots=True)
class NumbersRule(PairRule):
    """Each of two texts has a number that the other lacks.

    Attributes:
        smallest: smallest number that is compared; smaller ones are often words in one of the languages.
    """

    smallest: int = _between(13, 0, 1e12)


@dataclass(frozen=True, slots=True)
class ProbabilityRule(Rule):
    """The unit is probably misaligned.

    Attributes:
        minimum: units with a lower probability are removed.
    """

    minimum: float = _between(0.2, 0, 1)


@dataclass(frozen=True, slots=True)
class NearRule(Rule):
    """Units differ only in typography: case, spaces, punctuation, width, Arabic vowels.

    Attributes:
        similarity: least percentage of equal characters in every language, without typography; numbers must be the
            same.
    """

    similarity: float = _between(100.0, 80, 100)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of cleaning; without arguments, the default ones.

    Attributes:
        protect: what most rules leave alone.
        empty: fewer than two languages have text.
        mojibake: a text was decoded with the wrong character set.
        language: a text is in another language than its tag.
        copy: two languages have the same text.
        length: two texts are of very different lengths.
        numbers: two texts have different numbers.
        probability: the unit is probably misaligned.
        exact: several units have the same texts.
        near: several units have texts that are the same but for typography, or nearly the same.
    """

    protect: Protect = Protect()
    empty: Rule = Rule()
    mojibake: Rule = Rule()
    language: LanguageRule = LanguageRule()
    copy: CopyRule = CopyRule()
    length: LengthRule = LengthRule()
    numbers: NumbersRule = NumbersRule()
    probability: ProbabilityRule = ProbabilityRule()
    exact: Rule = Rule()
    near: NearRule = NearRule()


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Return the primary subtags of two language tags in alphabetical order."""
    first, second = sorted(tag.lower().split("-")[0] for tag in (one, other))
    return first, second


def read_rules(path: Path) -> Rules:
    """Read rules of cleaning.

    Args:
        path: TOML 1.0 file: a table for each rule that differs from the default, such as `[length]` with
            `factor = 2.5`, and within it one for each pair of languages for which it differs, such as `[length.zh-en]`.

    Returns:
        The rules; defaults apply to whatever the file does not set.

    Raises:
        InvalidRules: the file cannot be read, or has an unknown rule, key or value; the message says what is allowed.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidRules(
            f"{path} cannot be read ({error.strerror}): give the path of a TOML file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidRules(f"{path} is not a TOML file in UTF-8: {error}.") from error
    rules = Rules()
    for name, table in tables.items():
        _check_name(path, f"[{name}]", name, [each.name for each in fields(Rules)])
        if not isinstance(table, dict):
            raise InvalidRules(
                f"{path}: {name} = {_shown(table)}: {name} must be a table that begins with [{name}]."
            )
        rules = replace(rules, **{name: _read_rule(path, name, getattr(rules, name), table)})
    return rules


def _read_rule(path: Path, name: str, default: _TableT, table: Mapping[str, Any]) -> _TableT:
    """Return a rule with the values of a table, those for pairs of languages included."""
    nested = {key: value for key, value in table.items() if isinstance(value, dict)}
    if not isinstance(default, PairRule):
        return replace(default, **dict(_values(path, name, default, table)))
    own = {key: value for key, value in table.items() if key not in nested}
    rule = replace(default, **dict(_values(path, name, default, own)))
    pairs = {
        _pair(path, name, key): replace(rule, **dict(_values(path, f"{name}.{key}", rule, values)))
        for key, values in nested.items()
    }
    return replace(rule, pairs=MappingProxyType(pairs))


def _values(
    path: Path, table: str, rule: Rule | Protect, values: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Check the values of a table; yield them as arguments of a rule."""
    known = {each.name: each for each in fields(rule) if each.name != "pairs"}
    for key, value in values.items():
        _check_name(path, f"[{table}] {key} = {_shown(value)}", key, list(known))
        default, allowed = getattr(rule, key), known[key].metadata.get("allowed")
        wanted = _wrong(value, default, allowed)
        if wanted:
            raise InvalidRules(f"{path}: [{table}] {key} = {_shown(value)}: it must be {wanted}.")
        yield key, tuple(value) if isinstance(value, list) else type(default)(value)


def _wrong(value: object, default: object, allowed: Allowed) -> str | None:
    """Return what a value should be; None if it is right."""
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, tuple):
        fits = isinstance(value, list) and all(
            isinstance(each, str) and each in (allowed or ()) for each in value
        )
        return None if fits else f"a list of {', '.join(map(_shown, allowed or ()))}"
    least, most = allowed or (0, 0)
    whole = isinstance(default, int)
    if (isinstance(value, int) or (isinstance(value, float) and not whole)) and not isinstance(value, bool):
        return None if float(least) <= value <= float(most) else _range(whole, float(least), float(most))
    return _range(whole, float(least), float(most))


def _range(whole: bool, least: float, most: float) -> str:
    return f"a {'whole ' if whole else ''}number from {least:g} to {most:g}"


def _pair(path: Path, rule: str, key: str) -> tuple[str, str]:
    parts = key.split("-")
    if len(parts) != 2 or not all(part.isalpha() and 2 <= len(part) <= 3 for part in parts):
        raise InvalidRules(
            f"{path}: [{rule}.{key}] is not a pair of languages: join two primary subtags with a hyphen, as in "
            f"[{rule}.zh-en]."
        )
    return pair_of(*parts)


def _check_name(path: Path, entry: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise InvalidRules(f"{path}: {entry}: {name!r} is unknown; {meant}Allowed: {', '.join(known)}.")


def _shown(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{...}"
    return f'"{value}"' if isinstance(value, str) else str(value)
