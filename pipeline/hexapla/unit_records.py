"""Units as records of plain values: their one form for JSON, and the checks when records come from outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from hexapla.rows import Level
from hexapla.units import Status, Unit, Variant
from hexapla_corpora.document import BlockKind
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag, usual_case

RECORD = "document"
"""Level of the rows that are not units: the language versions of a document as they were last aligned, see
`hexapla.memory.additions.document_record`."""

ORDER = ("document", "level", "position", "id")
"""The columns by which units are sorted."""

_PLAIN = tuple(
    name
    for name in Unit.__dataclass_fields__
    if name not in ("variants", "properties", "sources", "status", "subset")
)
_OPTIONAL = ("symbol", "number", "model", "model_hash", "aligner", "author")
_ATTRIBUTES = frozenset(Unit.__dataclass_fields__)
_OF_VARIANT = frozenset(Variant.__dataclass_fields__)
_BY_LANGUAGE = {
    "originals": "original",
    "segments": "segments",
    "blocks": "block",
    "files": "file",
    "earlier": "earlier",
    "spans": "span",
}
"""Attributes of variants by their name in a record, where each is a value by language tag."""


def identifier_of(document: str, texts: Mapping[str, str]) -> str:
    """An identifier for a unit that comes without one: the same for the same texts of the same document.

    Args:
        document: what the document is known by.
        texts: by language tag.

    Returns:
        16 hexadecimal digits.
    """
    content = json.dumps([document, sorted(texts.items())], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def record_of(unit: Unit) -> dict[str, Any]:
    """Return a unit as JSON types: the one form of a unit in JSON lines, in --json and for programs.

    Args:
        unit: the unit.

    Returns:
        Its attributes by name, and its texts by language tag. Other attributes of its variants are by language tag too,
        as originals, segments, blocks, files, earlier and spans, where there are any; so is the subset of languages.
    """
    record: dict[str, Any] = {"id": unit.id, "texts": unit.texts}
    record |= {
        name: getattr(unit, name)
        for name in Unit.__dataclass_fields__
        if name not in ("id", "variants", "subset")
    }
    record |= {
        "status": unit.status.value,
        "created": unit.created and unit.created.isoformat(),
        "changed": unit.changed and unit.changed.isoformat(),
        "properties": dict(unit.properties),
        "sources": list(unit.sources),
    }
    if unit.subset:
        record["subset"] = list(unit.subset)
    for name, attribute in _BY_LANGUAGE.items():
        values = {variant.language: _plain(getattr(variant, attribute)) for variant in unit.variants}
        if known := {language: value for language, value in values.items() if value not in (None, [])}:
            record[name] = known
    return record


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def unit_of(record: Mapping[str, Any]) -> Unit:
    """The unit that a record from outside describes.

    Args:
        record: see `record_of`; the rows of an alignment have the same form, and earlier releases wrote a list of
            `variants`. What is missing is as in a new unit; None is taken as missing.

    Returns:
        The unit.

    Raises:
        ValueError: something is missing, of another type or out of range; says what, with the value.
    """
    record = {name: value for name, value in record.items() if value is not None}
    if unknown := sorted(record.keys() - _ATTRIBUTES - {"texts", *_BY_LANGUAGE}):
        raise ValueError(f"a unit has no attribute {unknown[0]!r}")
    variants = _variants(record)
    document = _text(record, "document", "")
    return Unit(
        id=_identifier(record) or identifier_of(document, {each.language: each.text for each in variants}),
        variants=variants,
        document=document,
        level=_one_of(Level, record, "level", Level.SENTENCE),
        kind=_one_of(BlockKind, record, "kind", BlockKind.PLAIN),
        position=_number(record, "position", 0.0),
        probability=_probability(record),
        status=Status(_one_of(Status, record, "status", Status.ALIGNED)),
        moved=_typed(record, "moved", bool, "true or false", False),
        created=_time(record, "created"),
        changed=_time(record, "changed"),
        properties=_properties(record),
        sources=tuple(_texts(record, "sources")),
        subset=tuple(_texts(record, "subset")),
        **{name: _text(record, name, "") or None for name in _OPTIONAL},
    )


def _properties(record: Mapping[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = _typed(record, "properties", dict, "an object", {})
    check_properties(properties)
    return properties


def _identifier(record: Mapping[str, Any]) -> str:
    identifier = _text(record, "id", "")
    if identifier != identifier.strip():
        raise ValueError(f"the identifier {shown(identifier)} has white space around it")
    return identifier


def _variants(record: Mapping[str, Any]) -> tuple[Variant, ...]:
    listed = "variants" in record
    records = _typed(record, "variants", list, "a list", []) if listed else _records_of_variants(record)
    variants = tuple(_variant(each) for each in records)
    tags = [variant.language.lower() for variant in variants]
    if twice := sorted({tag for tag in tags if tags.count(tag) > 1}):
        raise ValueError(f"the language {twice[0]} is there twice")
    return variants


def _records_of_variants(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The variants of a record that has its texts by language tag."""
    texts = _typed(record, "texts", dict, "an object", {})
    values = {name: _typed(record, name, dict, "an object", {}) for name in _BY_LANGUAGE}
    for name, known in values.items():
        if strange := sorted(known.keys() - texts.keys()):
            raise ValueError(f"{name} names the language {shown(strange[0])}, which texts does not have")
    others = {
        tag: {attribute: values[name].get(tag) for name, attribute in _BY_LANGUAGE.items()} for tag in texts
    }
    return [{"language": tag, "text": text, **others[tag]} for tag, text in texts.items()]


def _variant(record: object) -> Variant:
    if not isinstance(record, Mapping):
        raise ValueError(f"a variant is {shown(record)} and must be an object")
    record = {name: value for name, value in record.items() if value is not None}
    if unknown := sorted(record.keys() - _OF_VARIANT):
        raise ValueError(f"a variant has no attribute {unknown[0]!r}")
    text = _text(record, "text", "")
    tag = language_tag(_text(record, "language", ""))
    if not text.strip():
        raise ValueError(f"the text in {tag} is empty")
    return Variant(
        language=tag,
        text=text,
        original=_text(record, "original", "") if "original" in record else None,
        segments=tuple(
            _finite(value, "segments") for value in _typed(record, "segments", list, "a list", [])
        ),
        block=_number(record, "block", 0.0) if "block" in record else None,
        file=_text(record, "file", "") or None,
        earlier=tuple(_texts(record, "earlier")),
        span=_span(record),
    )


def _span(record: Mapping[str, Any]) -> tuple[int, int] | None:
    """The span of a variant: two numbers of characters, the smaller first."""
    span = _typed(record, "span", list, "a list", []) if "span" in record else None
    if span is None:
        return None
    numbers = [int(_finite(value, "span")) for value in span]
    if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1]:
        raise ValueError(f"span is {shown(span)} and must be a start and a later end")
    return numbers[0], numbers[1]


@lru_cache(maxsize=1000)
def language_tag(tag: str) -> str:
    """A language tag from outside, checked.

    Args:
        tag: of BCP 47.

    Returns:
        The tag with the letter case of BCP 47, so that EN and en are one language.

    Raises:
        ValueError: it is none.
    """
    try:
        return usual_case(normalise_tag(tag))
    except UnknownLanguage as error:
        raise ValueError(str(error).rstrip(".")) from error


def _text(record: Mapping[str, Any], name: str, default: str) -> str:
    text: str = _typed(record, name, str, "text", default)
    return text


def _texts(record: Mapping[str, Any], name: str) -> Sequence[str]:
    texts: list[Any] = _typed(record, name, list, "a list", [])
    return [_typed({name: text}, name, str, "text", "") for text in texts]


def _typed(record: Mapping[str, Any], name: str, kind: type, called: str, default: Any) -> Any:  # noqa: ANN401
    value = record.get(name, default)
    if not isinstance(value, kind):
        raise ValueError(f"{name} is {shown(value)} and must be {called}")
    return value


def _number(record: Mapping[str, Any], name: str, default: float) -> float:
    return _finite(record.get(name, default), name)


def _finite(value: object, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return float(value)
    raise ValueError(f"{name} is {shown(value)} and must be a number")


def _probability(record: Mapping[str, Any]) -> float:
    probability = _number(record, "probability", 1.0)
    if not 0 <= probability <= 1:
        raise ValueError(f"probability is {probability:g} and must be from 0 to 1")
    return probability


def _one_of(
    kinds: type[Level | BlockKind | Status], record: Mapping[str, Any], name: str, default: str
) -> str:
    value = _text(record, name, default)
    if value not in {kind.value for kind in kinds}:
        raise ValueError(
            f"{name} is {shown(value)} and must be one of {', '.join(kind.value for kind in kinds)}"
        )
    return value


def _time(record: Mapping[str, Any], name: str) -> datetime | None:
    value = record.get(name)
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
        if time is not None:
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, AttributeError) as error:
        raise ValueError(
            f"{name} is {shown(value)} and must be a time such as 2026-01-31T12:00:00+00:00"
        ) from error
    return None


def shown(value: object) -> str:
    """A value as a message shows it, not too long."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


_SHOWN = 60
_LARGEST = 1e15


_REMARK = 3  # name, text and attributes


def check_properties(properties: Mapping[str, Any]) -> None:
    """Refuse properties that hexapla would not write.

    Args:
        properties: of a unit; keys that hexapla does not know may have any value that JSON has.

    Raises:
        ValueError: a value is not valid for its name, or is not text.
    """
    json.dumps(properties, ensure_ascii=False).encode()  # a UnicodeEncodeError is a ValueError
    good = {
        "tmx": _is_remarked(properties.get("tmx", {}), "attributes", "header"),
        "tuv": isinstance(tuvs := properties.get("tuv", {}), dict)
        and all(_is_remarked(tuv, "attributes", "marks") for tuv in tuvs.values()),
        "comment": isinstance(properties.get("comment", ""), str),
    }
    if wrong := next((name for name, is_good in good.items() if not is_good), None):
        raise ValueError(
            f"the property {wrong!r} is {str(properties[wrong])[:40]!r}, not what hexapla has under that name: give "
            "it another one"
        )


def _is_remarked(value: object, *tables: str) -> bool:
    """Whether a value has texts in its tables, and remarks among its elements."""
    if not isinstance(value, dict) or not isinstance(value.get("lang", ""), str):
        return False
    remarks = value.get("elements", [])
    return all(_is_table(value.get(name, {})) for name in tables) and (
        isinstance(remarks, list) and all(map(_is_remark, remarks))
    )


def _is_remark(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == _REMARK
        and value[0] in ("note", "prop")
        and isinstance(value[1], str)
        and _is_table(value[2])
    )


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def unit_of_row(record: Mapping[str, Any]) -> Unit:
    """The unit of a row.

    Args:
        record: values by column, times as they are or in ISO 8601.

    Returns:
        The unit.
    """
    plain = {name: record[name] for name in _PLAIN if name not in ("created", "changed")}
    return Unit(
        **plain,
        created=_time_of_row(record["created"]),
        changed=_time_of_row(record["changed"]),
        status=Status(record["status"]),
        variants=tuple(_variant_of_row(variant) for variant in record["variants"]),
        properties=json.loads(record["properties"] or "{}"),
        sources=tuple(record["sources"] or ()),
        subset=tuple(record["subset"] or ()),
    )


def identity(id: str) -> int:
    """A hash of an identifier in 64 bits."""
    return int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest())


def _variant_of_row(fields: Mapping[str, Any]) -> Variant:
    lists = {name: tuple(fields[name] or ()) for name in ("segments", "earlier")}
    return Variant(**{**fields, **lists, "span": tuple(fields["span"]) if fields["span"] else None})


def _time_of_row(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
