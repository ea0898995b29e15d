"""The language versions of a document, as they are added to a memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hexapla.alignment.align import check_languages, read_inputs
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.memory.additions.document_name import document_name, file_hash
from hexapla.memory.additions.document_record import DocumentRecord, RecordedVersion, first_numbers
from hexapla.progress import Progress
from hexapla_corpora.document import Document
from hexapla_corpora.languages import same_language


@dataclass(frozen=True, slots=True)
class LanguageVersions:
    """Language versions of a document.

    Attributes:
        name: what it is known by.
        documents: the versions.
        files: hash of the file of each, by language tag.
        said: tags of the languages that the user told; others were detected.
    """

    name: str
    documents: tuple[Document, ...]
    files: Mapping[str, str | None]
    said: frozenset[str]

    @classmethod
    def of(cls, documents: Sequence[Document], said: Sequence[bool] | None = None) -> LanguageVersions:
        """Language versions that were read.

        Args:
            documents: the versions.
            said: whether the user told the language of each; of all if None.

        Returns:
            The versions.
        """
        flags = said or [True] * len(documents)
        files = {document.language: file_hash(document.path) for document in documents}
        tags = frozenset(d.language for d, flag in zip(documents, flags, strict=True) if flag)
        return cls(document_name(documents), tuple(documents), files, tags)

    def named_as(self, record: DocumentRecord | None) -> LanguageVersions:
        """The same versions under the tags that a record has for their languages."""
        tags = {tag: self._tag(tag, record) for tag in self.files} if record else {}
        return replace(
            self,
            documents=tuple(replace(d, language=tags.get(d.language, d.language)) for d in self.documents),
            files={tags.get(tag, tag): file for tag, file in self.files.items()},
        )

    def _tag(self, tag: str, record: DocumentRecord) -> str:
        same = [known for known in record.versions if known.lower() == tag.lower()]
        alike = [known for known in record.versions if tag not in self.said and same_language(known, tag)]
        return next(iter((*same, *alike)), tag)

    def numbered(self, document: Document, segmented: bool) -> RecordedVersion:
        """One of the versions, its segments numbered from 0."""
        return first_numbers(document, segmented, self.files[document.language])

    def completed(self, record: DocumentRecord | None) -> LanguageVersions:
        """These versions, and those of a record in its other languages.

        Args:
            record: what the memory has of the document, or None.

        Returns:
            Two versions or more.

        Raises:
            InputError: there is only one.
        """
        before = record.versions if record else {}
        documents = {tag: version.document for tag, version in before.items()}
        documents |= {document.language: document for document in self.documents}
        if len(documents) < 2:
            raise InputError(
                f"{self.documents[0].path or self.name} is in one language ({self.documents[0].language}), and the "
                f"memory has no other version of {self.name!r}: name two files or more."
            )
        files = {tag: version.file for tag, version in before.items()} | dict(self.files)
        return replace(self, documents=tuple(documents.values()), files=files)


def read_versions(inputs: Sequence[Input], segmented: bool, progress: Progress) -> LanguageVersions:
    """Read the language versions of a document.

    Args:
        inputs: files.
        segmented: whether they hold one segment a line.
        progress: progress callback.

    Returns:
        The versions.

    Raises:
        InputError: there is none, or two are in one language.
        DocumentError: a file cannot be read.
    """
    if not inputs:
        raise InputError("no file was given to add: name the language versions of a document.")
    documents = read_inputs(inputs, segmented=segmented, progress=progress)
    said = [item.language is not None for item in inputs]
    check_languages(documents, said)
    return LanguageVersions.of(documents, said)
