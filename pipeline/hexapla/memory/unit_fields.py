"""The fields of units on which conditions can be, and the values that a unit has in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hexapla.units import Unit
from hexapla_corpora.languages import same_language

TEXT, PROPERTY = "text", "property."
"""Field of the texts in all languages, and the beginning of the field of a property."""


def values_of(unit: Unit, field: str) -> tuple[Any, ...]:
    """Return the values of a unit in a field.

    Args:
        unit: the unit.
        field: status, probability, created, changed, document, symbol, author, text, property.NAME or a language tag.

    Returns:
        The values, of which a unit may have none; those of a language are its texts in all varieties that share the
        script.
    """
    if field == "document":  # a unit may be in several
        return tuple(name for name in (unit.document, unit.symbol, *unit.sources) if name)
    if field.startswith(PROPERTY):
        return tuple(property_values(unit.properties, field.removeprefix(PROPERTY)))
    if field in Unit.__dataclass_fields__:
        value = getattr(unit, field)
        return () if value is None else (value,)
    return tuple(each.text for each in unit.variants if each.text and is_of(each.language, field))


def is_of(language: str, field: str) -> bool:
    """Return whether texts in a language are in the field of a language or of all texts."""
    return field == TEXT or same_language(language, field)


def property_values(properties: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the values of a property, and those of the prop elements of a TMX unit and its variants with this type.

    Args:
        properties: properties of a unit.
        name: name of the property.

    Yields:
        The values; one that is not text as JSON.
    """
    import json

    if name in properties:
        value = properties[name]
        yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for owner in (properties.get("tmx", {}), *properties.get("tuv", {}).values()):
        for element, text, attributes in owner.get("elements", ()):
            if element == "prop" and attributes.get("type") == name:
                yield text
