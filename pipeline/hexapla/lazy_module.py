"""A module that is imported when it is first used, so that commands which do not need it start sooner.

Where polars takes a third of the time of an exact look-up, this is how the memory imports it:

    if TYPE_CHECKING:
        import polars as pl
    else:
        pl = LazyModule("polars")

`importlib.util.LazyLoader` does the same, but is not safe in threads before Python 3.11.8 (python/cpython#114763).
"""

from __future__ import annotations

from importlib import import_module


class LazyModule:
    """Stands for a module until one of its attributes is used.

    Args:
        name: absolute name of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        """Import the module, and return an attribute of it."""
        return getattr(import_module(self._name), attribute)
