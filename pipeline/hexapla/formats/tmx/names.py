"""Names of the properties under which a TMX file keeps what a unit has and TMX has no place for.

The reader gives them back to the unit; all other properties are foreign, and come out of a memory as they came in.
"""

from __future__ import annotations

ID = "x-hexapla-id"
"""Identifier of a unit whose tuid is that of another tool; without it the tuid is the identifier."""

PROPERTIES = "x-hexapla-properties"
"""Properties that are none of TMX, as a JSON object."""

DOCUMENT, SYMBOL, KIND, NUMBER, POSITION = "x-document", "x-symbol", "x-kind", "x-number", "x-position"
PROBABILITY, STATUS, MOVED = "x-probability", "x-status", "x-moved"
MODEL, MODEL_HASH, ALIGNER = "x-model", "x-model-hash", "x-aligner"
SOURCE = "x-source"
"""A further document that the unit stood in; once for each."""

ORIGINAL, SEGMENTS, BLOCK, FILE = "x-original", "x-segments", "x-block", "x-file"
"""Of a variant: segments are numbers with spaces between."""

CONTEXT_BEFORE, CONTEXT_AFTER = "x-context-pre", "x-context-post"
"""Of the source variant: the source texts of the neighbours. The writer makes them of the units before and behind, so
they are no property of a unit that comes from a file whose creationtool is CREATION_TOOL."""

ORIGIN = "x-origin"
"""Of a unit that no memory holds yet: that it was aligned."""

CREATION_TOOL = "hexapla"
YES = "yes"
