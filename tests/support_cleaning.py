"""Frames of units for tests of cleaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from hexapla.unit_table import frame_of
from hexapla.units import Unit
from hexapla_corpora.sample import gold_rows

ENGLISH = (
    "The Assembly requests the harbour authorities to publish the readings of the tide gauges every month."
)
FRENCH = "L’Assemblée prie les autorités portuaires de publier chaque mois les relevés des marégraphes."
SPANISH = "La Asamblea solicita a las autoridades portuarias que publiquen cada mes las lecturas de los mareógrafos."
RUSSIAN = "Ассамблея просит портовые власти ежемесячно публиковать показания приборов измерения уровня моря."
ARABIC = "تطلب الجمعية إلى سلطات الموانئ أن تنشر كل شهر قراءات أجهزة قياس المد والجزر."
CHINESE = "大会请港口当局每月公布验潮仪的读数，并将这些读数提供给所有沿岸国家。"
TEXTS = {"zh": CHINESE, "en": ENGLISH, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "ar": ARABIC}


def unit_of(id: str, texts: Mapping[str, str], **attributes: object) -> Unit:
    """Make a unit of a document named after the unit."""
    return Unit.of_texts(id, texts, **({"document": f"doc-{id}"} | attributes))


def frame_of_texts(each: Iterable[Mapping[str, str]], **attributes: object) -> pl.DataFrame:
    """Make units u0, u1, ... from texts by language, all with the same attributes."""
    return frame_of(unit_of(f"u{i}", texts, **attributes) for i, texts in enumerate(each))


def gold_frame(languages: Iterable[str] | None = None) -> pl.DataFrame:
    """Make units of the gold rows of the bundled sample and their sentences, in all or some of its languages."""
    wanted = None if languages is None else set(languages)
    units = []
    for row in gold_rows():
        for place, texts in enumerate([row.texts, *row.sentences]):
            kept = {tag: text for tag, text in texts.items() if wanted is None or tag in wanted}
            if len(kept) > 1:
                number = row.number if place < 2 else None
                units.append(unit_of(f"{row.id}.{place}", kept, kind=row.kind.value, number=number))
    return frame_of(units)
