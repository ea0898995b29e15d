"""What properties of a unit from outside must be like for writers to rely on them; see `hexapla.exchange.inline`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_REMARK = 3  # name, text and attributes


def check_properties(properties: Mapping[str, Any]) -> None:
    """Refuse properties that hexapla would not write.

    Args:
        properties: of a unit; keys that hexapla does not know may have any value that JSON has.

    Raises:
        ValueError: one is not what hexapla has under that name, or is no text.
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
