"""What can go wrong with a document.

DocumentError              base; the message names the file, what is wrong and what to do
├── UnreadableDocument     missing, a directory, no permission, truncated, encrypted, too large
├── UnknownFormat          the content is of no kind that a reader knows
├── EmptyDocument          nothing to align in it (an empty file, a scan without a text layer)
└── UnknownLanguage        a tag that is not BCP 47, or a text whose language cannot be told
"""


class DocumentError(Exception):
    """A document cannot be used; the message names the file, what is wrong and what to do."""


class UnreadableDocument(DocumentError):
    """The file is missing, a directory, truncated, encrypted, too large or not permitted to be read."""


class UnknownFormat(DocumentError):
    """The file's content is of no kind that a reader knows."""


class EmptyDocument(DocumentError):
    """The file holds no text, for example a scanned PDF without a text layer."""


class UnknownLanguage(DocumentError):
    """A language tag is not BCP 47, or the language of a text cannot be told."""
