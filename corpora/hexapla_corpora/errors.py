"""Errors about documents.

DocumentError              base class; the message names the file and says what is wrong and what to do
├── UnreadableDocument     missing, a folder, no permission, truncated, encrypted, too large
├── UnknownFormat          no reader supports the content
├── EmptyDocument          there is nothing to align (an empty file, a scan without a text layer)
└── UnknownLanguage        a tag is not BCP 47, or the language of a text cannot be detected
"""


class DocumentError(Exception):
    """A document cannot be used; the message names the file and says what is wrong and what to do."""


class UnreadableDocument(DocumentError):
    """The file is missing, a folder, truncated, encrypted, too large, or may not be read."""


class UnknownFormat(DocumentError):
    """No reader supports the content of the file."""


class EmptyDocument(DocumentError):
    """The file holds no text, for example a scanned PDF without a text layer."""


class UnknownLanguage(DocumentError):
    """A language tag is not BCP 47, or the language of a text cannot be detected."""
