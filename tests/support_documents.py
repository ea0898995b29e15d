"""A document written for the tests, in several languages, as files that can be changed and added again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hexapla.inputs import Input
from support_sentences import PASSAGES

Paragraphs = dict[str, list[str]]

CHANGED = {
    "zh": "灯塔看守人每天傍晚记录风向和气压。",
    "en": "The lighthouse keeper writes down the wind and the air pressure every evening.",
}
INSERTED = {
    "zh": "渡轮公司因浓雾取消了所有夜间航班。",
    "en": "The ferry company cancelled all night crossings because of thick fog.",
}


def paragraphs(languages: Sequence[str] = ("zh", "en")) -> Paragraphs:
    """Return the passages of `support_sentences`, one paragraph for each."""
    return {language: [passage[language] for passage in PASSAGES] for language in languages}


def with_paragraph(texts: Mapping[str, list[str]], place: int, change: Mapping[str, str]) -> Paragraphs:
    """Return versions in which one paragraph is replaced."""
    return {tag: [*each[:place], change[tag], *each[place + 1 :]] for tag, each in texts.items()}


def with_inserted(texts: Mapping[str, list[str]], place: int, change: Mapping[str, str]) -> Paragraphs:
    """Return versions in which a paragraph is inserted."""
    return {tag: [*each[:place], change[tag], *each[place:]] for tag, each in texts.items()}


def write_document(folder: Path, texts: Mapping[str, list[str]], name: str = "harbour") -> list[Input]:
    """Write versions as text files, harbour.zh.txt and so on."""
    folder.mkdir(exist_ok=True)
    inputs = []
    for language, each in texts.items():
        path = folder / f"{name}.{language}.txt"
        path.write_text("\n\n".join(each) + "\n", encoding="utf-8")
        inputs.append(Input(path, language))
    return inputs
