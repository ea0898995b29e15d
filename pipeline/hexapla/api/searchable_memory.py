"""The half of a memory that only reads: look-up, concordance, pretranslation and analysis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.api.alignment import levels_named
from hexapla.api.matches import Matches
from hexapla.errors import InputError
from hexapla.memory import memory as stored
from hexapla.memory.search.lookup import LIMIT, MINIMUM
from hexapla.memory.search.query import HITS, Matching
from hexapla.memory.selection import Selection
from hexapla.pretranslation import FILL, PretranslationSettings
from hexapla.pretranslation import LIMIT as OFFERED
from hexapla.pretranslation import MINIMUM as LEAST_OFFERED
from hexapla.progress import Progress, quiet
from hexapla_corpora.languages import normalise_tag

if TYPE_CHECKING:
    from hexapla.memory.search.hits import Hits
    from hexapla.pretranslate.analysis import Analysis
    from hexapla.pretranslate.files import PretranslatedFile


class SearchableMemory(stored.Memory):
    """A memory that is searched; see `hexapla.Memory`."""

    def lookup(  # type: ignore[override]
        self,
        text: str,
        *,
        source: str,
        target: str | Sequence[str] | None = None,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        previous: str | None = None,
        following: str | None = None,
        meaning: bool = True,
        subsegments: bool = True,
        level: str = "both",
        where: Sequence[str] = (),
    ) -> Matches:
        """Look up how a text was translated before.

        Args:
            text: the text to translate.
            source: tag of its language.
            target: tags of the languages wanted, one or several; all others if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: at most this many matches by percentage, as many of subsegments, and as many of the same meaning.
            previous: the text before it in its document, for matches in context; empty if it is the first.
            following: the text after it; empty if it is the last.
            meaning: whether to look for units of the same meaning too.
            subsegments: whether to look for stored texts, and parts of them, that stand in the text too.
            level: of the units: paragraph, sentence or both.
            where: conditions on the units, such as "document=A/79/L.92" or "fr~marégraphe".

        Returns:
            Matches by percentage, the best first, then those of subsegments and those of the same meaning.

        Raises:
            InputError: the text is empty, or minimum and limit make no sense.
            MissingLanguage: the memory has no text in a requested language.
            OtherEncoder: the encoder of the memory is not installed, and `meaning` is true.

        Example:
            memory.lookup("Decides to remain seized", source="en", target="fr")[0].target
        """
        found = super().lookup(
            text,
            source=normalise_tag(source),
            target=_tags(target),
            minimum=minimum,
            limit=limit,
            previous=previous,
            following=following,
            meaning=meaning,
            subsegments=subsegments,
            selection=Selection.of(where, levels_named(level)),
        )
        return Matches(text, found)

    def lookup_many(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str | Sequence[str] | None = None,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        meaning: bool = True,
        subsegments: bool = True,
        level: str = "both",
        where: Sequence[str] = (),
        progress: Progress = quiet,
    ) -> list[Matches]:
        """Look up many texts, each in the context of its neighbours; they are encoded in batches.

        Args:
            texts: consecutive segments of a document; an empty one has no match.
            source: tag of their language.
            target: tags of the languages wanted, one or several; all others if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: at most this many matches by percentage, as many of subsegments, and as many of the same meaning.
            meaning: whether to look for units of the same meaning too.
            subsegments: whether to look for stored texts, and parts of them, that stand in the text too.
            level: of the units: paragraph, sentence or both.
            where: conditions on the units.
            progress: progress callback.

        Returns:
            The matches of each text, in their order.

        Raises:
            InputError: minimum and limit make no sense.
            MissingLanguage: the memory has no text in a requested language.

        Example:
            [matches.query for matches in memory.lookup_many(texts, source="en", target="fr") if not matches]
        """
        found = self.search_many(
            texts,
            source=normalise_tag(source),
            target=_tags(target),
            minimum=minimum,
            limit=limit,
            meaning=meaning,
            subsegments=subsegments,
            selection=Selection.of(where, levels_named(level)),
            progress=progress,
        )
        return [Matches(text, each) for text, each in zip(texts, found, strict=True)]

    def concordance(  # type: ignore[override]
        self,
        words: str,
        *,
        language: str,
        target: str | Sequence[str] | None = None,
        match: str = "substring",
        limit: int | None = HITS,
        level: str = "both",
        where: Sequence[str] = (),
    ) -> Hits:
        """Find words in the texts, with their translations.

        Args:
            words: words that a text must have in any order, phrases in quotation marks, `*` for any letters of a
                word; or a regular expression.
            language: tag of the texts.
            target: tags of the languages to show, one or several; all others if None.
            match: what the words are: substring, word (whole words) or regex.
            limit: number of hits at most; None for all.
            level: of the units: paragraph, sentence or both.
            where: conditions on the units.

        Returns:
            Hits in the order of the units; their `total` is the number of all, and `by_rendering()` groups them by
            translation.

        Raises:
            InputError: there are no words, the limit makes no sense, or the regular expression is wrong.
            MissingLanguage: the memory has no text in a requested language.

        Example:
            memory.concordance("tide gauge", language="en", target="fr")
        """
        if match not in set(Matching):
            raise InputError(f"words cannot be matched by {match!r}: use one of {', '.join(Matching)}")
        return super().concordance(
            words,
            language=normalise_tag(language),
            target=_tags(target),
            how=Matching(match),
            limit=limit,
            selection=Selection.of(where, levels_named(level)),
        )

    def pretranslate(
        self,
        path: str | Path,
        *,
        source: str = "",
        target: str = "",
        minimum: int = LEAST_OFFERED,
        limit: int = OFFERED,
        fill: int = FILL,
        progress: Progress = quiet,
    ) -> PretranslatedFile:
        """Look up the segments of a file to translate.

        Args:
            path: .docx, .pdf, .html, .md or .txt, or an XLIFF file, of which only segments without a translation are
                filled.
            source: tag of its language; an XLIFF file may declare it.
            target: tag of the translation; an XLIFF file may declare it.
            minimum: percentage that a match must have to be offered.
            limit: number of matches of a segment at most.
            fill: percentage from which a match is put in as the translation: 101 in context, 100 for the same text, 99
                for all but placeables.
            progress: progress callback.

        Returns:
            The file with its matches; its `write` writes it.

        Raises:
            InputError: the file does not go with the languages, or cannot be read.
            MissingLanguage: the memory has no text in one of the languages.
            DocumentError: the document cannot be read.

        Example:
            memory.pretranslate("draft.docx", source="zh", target="en").write("draft.xlf")
        """
        from hexapla.pretranslate.files import pretranslate_file

        settings = PretranslationSettings(_tag(source), _tag(target), minimum, limit, fill)
        return pretranslate_file(self, Path(path), settings, progress)

    def analyse(
        self,
        paths: Sequence[str | Path],
        *,
        source: str = "",
        target: str = "",
        progress: Progress = quiet,
    ) -> Analysis:
        """Count how much of some files the memory has, in words and segments by match.

        Args:
            paths: files as for `pretranslate`, in the order in which repetitions are counted.
            source: tag of their language; XLIFF files may declare it.
            target: tag of the translation; XLIFF files may declare it.
            progress: progress callback.

        Returns:
            The analysis of each file, and of all together.

        Raises:
            InputError: a file does not go with the languages, or cannot be read.
            MissingLanguage: the memory has no text in one of the languages.

        Example:
            memory.analyse(["draft.docx"], source="zh", target="en").total().total.words
        """
        from hexapla.pretranslate.files import analyse_files

        settings = PretranslationSettings(_tag(source), _tag(target))
        return analyse_files(self, [Path(path) for path in paths], settings, progress)


def _tag(language: str) -> str:
    return normalise_tag(language) if language else ""


def _tags(target: str | Sequence[str] | None) -> str | list[str] | None:
    if target is None:
        return None
    return normalise_tag(target) if isinstance(target, str) else [normalise_tag(each) for each in target]
