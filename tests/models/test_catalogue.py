"""Tests of the catalogue of models."""

from __future__ import annotations

from hexapla_models.catalogue import KNOWN


def test_the_catalogue_is_complete() -> None:
    """Every model has a dimension, a licence and languages, and the models that need a prompt have one."""
    for name, model in KNOWN.items():
        assert model.name == name
        assert model.dimension >= 256
        assert model.licence in ("Apache-2.0", "MIT")
        assert model.languages_known >= len(model.languages)
        assert bool(model.prompt) == name.startswith("multilingual-e5")
        assert {"zh", "en", "fr", "es", "ru", "ar"} <= model.languages or not model.languages
