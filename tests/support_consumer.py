"""The code of docs/python.md as a user's script, so that mypy checks the types of the front door."""

from __future__ import annotations

import polars as pl

import hexapla


def consume(frame: pl.DataFrame, texts: list[str]) -> None:
    """Everything on the page; tests/test_docs.py compares the two, and runs the page itself."""
    # fmt: off
    alignment = hexapla.align({"zh": "report.zh.docx", "en": "report.en.docx"})     # or ["report.zh.docx", "report.en.docx"]
    alignment.to_polars(level="sentence")                 # a row an aligned row: id, level, kind, number, probability, moved, and a column a language
    alignment.write("report.tmx", pair="zh-en")           # by suffix, as the command does

    memory = hexapla.Memory("un.hexapla")                 # opens it; a new one is made by the first write; Memory.open(path, at=3) for an old version
    memory.add({"zh": "report.zh.docx", "en": "report.en.docx"})
    memory.add_pairs(frame)                               # polars, pandas or Arrow; columns named by language tags, any others become properties
    memory.import_file("old.tmx")
    memory.export("un.tmx", pair="zh-en", profile="memoq")
    memory.lookup("Decides to remain seized", source="en", target="fr")             # a sequence of matches with .to_polars()
    memory.lookup_many(texts, source="en", target="fr")   # one result a text, encoded in batches; at least 1.5 times the speed of one by one
    memory.concordance("tide gauge", language="en", target="fr")
    memory.pretranslate("draft.docx", source="zh", target="en").write("draft.xlf")
    memory.units                                          # a lazy polars frame that add_units takes back
    hexapla.embed(["...", "..."])                         # (texts, dimension), unit vectors

    doubtful = [row for row in alignment.rows if row.probability < 0.8]
    for row in doubtful:
        print(row.id, row.level, row.number, row.probability, row.texts.get("zh"), row.texts.get("en"))

    units = memory.units.filter(pl.col("level") == "sentence")
    print(units.collect().height, memory.version)

    matches = memory.lookup("Decides to remain seized", source="en", target="fr", minimum=50)
    for match in matches:
        print(match.percentage, match.kind, match.source, match.target, match.unit.id)
    print(matches.to_polars().columns)

    vectors = hexapla.embed(["The vote was postponed.", "Голосование было отложено.", "The ship is old."])
    print(vectors @ vectors.T)

    try:
        hexapla.align(["report.en.docx", "missing.docx"])
    except hexapla.HexaplaError as error:
        print(error)
