"""What can go wrong, as one tree; the CLI prints each as one `Error: ...` line and exits with 1.

HexaplaError                    base of this package
├── InputError                  inputs that do not go together: one file only, two of one language
│   └── NotParallel             inputs that are not versions of one text
├── OutputError                 an output cannot be written: no folder, full disk, unknown suffix
└── InvalidTMX                  a TMX file breaks the DTD or the rules that tools rely on
hexapla_corpora.DocumentError   one document cannot be used (see hexapla_corpora.errors)
hexapla_models.EncoderError     an encoder cannot be loaded or used (see hexapla_models.errors)
"""


class HexaplaError(Exception):
    """Base of the errors of this package; the message says what, where and what to do."""


class InputError(HexaplaError):
    """The inputs do not go together."""


class NotParallel(InputError):
    """The inputs are not language versions of one text."""


class OutputError(HexaplaError):
    """An output cannot be written."""


class InvalidTMX(HexaplaError):
    """A TMX file breaks the DTD or the rules that tools rely on."""
