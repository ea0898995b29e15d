"""The table of known models."""

from __future__ import annotations

from hexapla_models.catalogue import KNOWN


def test_the_table_is_whole() -> None:
    """Every model has a dimension, a licence and its languages, and none of those that need a prompt is without."""
    for name, model in KNOWN.items():
        assert model.name == name
        assert model.dimension >= 256
        assert model.licence in ("Apache-2.0", "MIT")
        assert model.languages_known >= len(model.languages)
        assert bool(model.prompt) == name.startswith("multilingual-e5")
        assert {"zh", "en", "fr", "es", "ru", "ar"} <= model.languages or not model.languages
