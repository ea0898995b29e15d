"""Types of the props that hold the attributes of a unit for which TMX has no element.

The reader turns them into attributes again. All other props belong to other tools, and are kept unchanged.
"""

from __future__ import annotations

ID = "x-hexapla-id"
"""Identifier of a unit whose tuid was given by another tool; without this prop the tuid is the identifier."""

PROPERTIES = "x-hexapla-properties"
"""Properties of the unit that do not come from TMX, as a JSON object."""

DOCUMENT, SYMBOL, KIND, NUMBER, POSITION = "x-document", "x-symbol", "x-kind", "x-number", "x-position"
PROBABILITY, STATUS, MOVED = "x-probability", "x-status", "x-moved"
MODEL, MODEL_HASH, ALIGNER = "x-model", "x-model-hash", "x-aligner"
SOURCE = "x-source"
"""A further document in which the unit occurs; one prop for each."""

ORIGINAL, SEGMENTS, BLOCK, FILE = "x-original", "x-segments", "x-block", "x-file"
"""Attributes of a variant; segments are numbers separated by spaces."""

CONTEXT_BEFORE, CONTEXT_AFTER = "x-context-pre", "x-context-post"
"""Props of the source variant: the source texts of the neighbours. The writer derives them from the units before and
after, so the reader drops them if the creationtool of the file is CREATION_TOOL."""

ORIGIN = "x-origin"
"""Status of a unit that is not in a memory yet: it was aligned."""

CREATION_TOOL = "hexapla"
YES = "yes"
