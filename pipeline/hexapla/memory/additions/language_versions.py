"""The language versions of a document to be added to a memory."""

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
        name: name of the document.
        documents: the versions.
        files: hash of the file of each version, by language tag.
        declared: language tags declared by the user; others were detected.
    """

    name: str
    documents: tuple[Document, ...]
    files: Mapping[str, str | None]
    declared: frozenset[str]

    @classmethod
    def of(cls, documents: Sequence[Document], declared: Sequence[bool] | None = None) -> LanguageVersions:
        """Make language versions from documents.

        Args:
            documents: the versions.
            declared: whether the user declared the language of each; None means all.

        Returns:
            The versions.
        """
        flags = declared or [True] * len(documents)
        files = {document.language: file_hash(document.path) for document in documents}
        tags = frozenset(d.language for d, flag in zip(documents, flags, strict=True) if flag)
        return cls(document_name(documents), tuple(documents), files, tags)

    def named_as(self, record: DocumentRecord | None) -> LanguageVersions:
        """Return the versions under the tags that a record has for their languages."""
        tags = {tag: self._tag(tag, record) for tag in self.files} if record else {}
        return replace(
            self,
            documents=tuple(replace(d, language=tags.get(d.language, d.language)) for d in self.documents),
            files={tags.get(tag, tag): file for tag, file in self.files.items()},
        )

    def _tag(self, tag: str, record: DocumentRecord) -> str:
        same = [known for known in record.versions if known.lower() == tag.lower()]
        alike = [known for known in record.versions if tag not in self.declared and same_language(known, tag)]
        return next(iter((*same, *alike)), tag)

    def numbered(self, document: Document, segmented: bool) -> RecordedVersion:
        """Return one of the versions with segments numbered from 0."""
        return first_numbers(document, segmented, self.files[document.language])

    def completed(self, record: DocumentRecord | None) -> LanguageVersions:
        """Add the versions of a record in other languages.

        Args:
            record: record of the document in the memory, or None.

        Returns:
            Two or more versions.

        Raises:
            InputError: there is only one version.
        """
        before = record.versions if record else {}
        documents = {tag: version.document for tag, version in before.items()}
        documents |= {document.language: document for document in self.documents}
        if len(documents) < 2:
            raise InputError(
                f"{self.documents[0].path or self.name} is in one language ({self.documents[0].language}), and the "
                f"memory has no other version of {self.name!r}: give at least two files."
            )
        files = {tag: version.file for tag, version in before.items()} | dict(self.files)
        return replace(self, documents=tuple(documents.values()), files=files)


def read_versions(inputs: Sequence[Input], segmented: bool, progress: Progress) -> LanguageVersions:
    """Read the language versions of a document.

    Args:
        inputs: files of the versions.
        segmented: whether each line is one segment.
        progress: progress callback.

    Returns:
        The versions.

    Raises:
        InputError: there is no file, or two files are in the same language.
        DocumentError: a file cannot be read.
    """
    if not inputs:
        raise InputError("there is no file to add: give the language versions of a document.")
    documents = read_inputs(inputs, segmented=segmented, progress=progress)
    declared = [item.language is not None for item in inputs]
    check_languages(documents, declared)
    return LanguageVersions.of(documents, declared)
