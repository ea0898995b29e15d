"""Typical mistakes in a command line, and the command that was probably meant.

When a command fails, its words are corrected by every rule below. If that changes them, the error ends with the
corrected command. A rule changes nothing that is right, so that a right command is never corrected.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

MEMORY = "un.hexapla"
"""Stands for a memory that was forgotten."""

_DOCUMENTS = (".docx", ".pdf", ".html", ".htm", ".md", ".txt")
_UNIT_FILES = (".tmx", ".tmx.gz", ".zip", ".xlf", ".xliff", ".jsonl", ".tsv", ".csv", ".xlsx", ".parquet")
_OUTPUTS = (*_UNIT_FILES, ".beads", ".moses", ".xces", ".html")
_XLIFF = (".xlf", ".xliff")
_TRANSLATED = (*_XLIFF, ".docx")
_PLACEHOLDERS = {"-o": "OUT.tmx"}
_COMMANDS: Mapping[str, str] = {
    "analyze": "analyse",
    "changes": "diff",
    "check": "validate",
    "clean": "filter",
    "convert": "align",
    "deduplicate": "dedupe",
    "find": "concordance",
    "grep": "concordance",
    "log": "history",
    "search": "lookup",
    "translate": "pretranslate",
    "undo": "restore",
}
_OPTIONS: Mapping[str, str] = {
    "--in": "--from",
    "--source": "--from",
    "--src": "--from",
    "--target": "--to",
    "--tgt": "--to",
    "--out": "-o",
    "--version": "--at",
    "--language": "--lang",
    "--minimum": "--min",
    "--filter": "--where",
    "--user": "--author",
}
_LANGUAGES: Mapping[str, str] = {
    "arabic": "ar",
    "chinese": "zh",
    "english": "en",
    "french": "fr",
    "german": "de",
    "russian": "ru",
    "spanish": "es",
}
_ALREADY_FIRST = ("align", "demo", "validate", "models", "calibrate")  # commands without a memory
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_COLON_INPUT = re.compile(rf"(?P<language>{_TAG.pattern}):(?P<path>[^\\/].*)", re.DOTALL)
_PAIR = re.compile(rf"(?P<source>{_TAG.pattern})\s*(?:[:,>/+]|->|to|\s)\s*(?P<target>{_TAG.pattern})")
_CONDITION = re.compile(r"(?P<field>\w+)\s*(?:==|:)\s*(?P<value>.+)")


@dataclass
class CommandLine:
    """The words of a command.

    Attributes:
        name: of the command.
        group: the commands that there are.
        words: its arguments, in their order.
        options: names and values of its options, in their order; None for a flag.
    """

    name: str
    group: click.Group
    words: list[str] = field(default_factory=list)
    options: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def command(self) -> click.Command | None:
        """The command of the name, or None."""
        return self.group.get_command(click.Context(self.group), self.name)

    @classmethod
    def of(cls, words: Sequence[str], group: click.Group) -> CommandLine:
        """Sort the words of a command line.

        Args:
            words: those after the name of the program.
            group: the commands that there are.

        Returns:
            The command line.
        """
        name, *rest = words
        line = cls(name, group)
        waiting = iter(rest)
        for word in waiting:
            if not word.startswith("-") or word == "-" or re.fullmatch(r"-\.\w+", word):
                line.words.append(word)
            elif "=" in word and word.startswith("--"):
                option, _, value = word.partition("=")
                line.options.append((option, value))
            else:
                line.options.append((word, next(waiting, None) if line.takes_value(word) else None))
        return line

    def takes_value(self, option: str) -> bool:
        """Return whether an option is followed by a value; most that are not known are."""
        known = [
            each
            for each in (self.command.params if self.command else ())
            if isinstance(each, click.Option) and {option, _OPTIONS.get(option)} & set(each.opts)
        ]
        return (
            not known[0].is_flag if known else option not in ("-h", "--help", "--verbose", "-v", "-q", "-y")
        )

    def __str__(self) -> str:
        """The command as it is typed."""
        options = [word for option, value in self.options for word in (option, value) if word is not None]
        return shlex.join(["hexapla", self.name, *self.words, *options])

    def parameter(self, option: str) -> click.Parameter | None:
        """Return the parameter that an option sets, or None."""
        params = self.command.params if self.command else ()
        return next((each for each in params if option in each.opts), None)

    def replace_values(self, options: Sequence[str], change: Callable[[str], str]) -> None:
        """Change the values of some options."""
        self.options = [
            (option, change(value) if option in options and value is not None else value)
            for option, value in self.options
        ]


def correction(words: Sequence[str], group: click.Group) -> str | None:
    """Return the command that was probably meant.

    Args:
        words: those after the name of the program.
        group: the commands that there are.

    Returns:
        The command; None if no mistake was recognised.
    """
    if not words or words[0].startswith("-"):
        return None
    line, before = CommandLine.of(words, group), CommandLine.of(words, group)
    for rule in _RULES:
        rule(line)
    return str(line) if str(line) != str(before) else None


def _name(line: CommandLine) -> None:
    """Another word for a command, or a slip of the finger."""
    if line.command is None:
        names = line.group.list_commands(click.Context(line.group))
        near = difflib.get_close_matches(line.name, names, n=1)
        line.name = _COMMANDS.get(line.name) or next(iter(near), line.name)


def _review(line: CommandLine) -> None:
    """`review --status` of earlier releases."""
    if line.name == "review":
        status = dict(line.options).get("--status")
        line.name = "reject" if status == "rejected" else "approve"
        line.options = [each for each in line.options if each[0] != "--status"]


def _option_names(line: CommandLine) -> None:
    """Options that have another name here."""
    renamed = {
        option: other
        for option, other in _OPTIONS.items()
        if line.parameter(option) is None and line.parameter(other) is not None
    }
    line.options = [(renamed.get(option, option), value) for option, value in line.options]


def _memory_option(line: CommandLine) -> None:
    """The memory given by -m or --memory."""
    for option, value in line.options:
        if option in ("-m", "--memory") and value is not None and line.parameter(option) is None:
            line.words.insert(1 if line.words[:1] == ["status"] else 0, value)
    line.options = [
        each
        for each in line.options
        if each[0] not in ("-m", "--memory") or line.parameter(each[0]) is not None
    ]


def _inputs(line: CommandLine) -> None:
    """`zh:a.docx` or `zh = a.docx` for `zh=a.docx`."""
    if line.name not in ("align", "add"):
        return
    joined = re.sub(r"\0?=\0?", "=", "\0".join(line.words)).split("\0")
    line.words = [
        f"{found['language']}={found['path']}"
        if (found := _COLON_INPUT.fullmatch(word)) and not Path(word).exists()
        else word
        for word in joined
    ]


def _memory_first(line: CommandLine) -> None:
    """A memory that was forgotten, or that does not come first."""
    if line.command is None or line.name in _ALREADY_FIRST or not line.words:
        return
    first = 1 if line.name == "batch" and line.words[0] == "status" else 0
    if line.words[first:] and is_memory(line.words[first]):
        return
    memories = [word for word in line.words[first:] if is_memory(word)]
    if memories:
        line.words.remove(memories[0])
        line.words.insert(first, memories[0])
    elif line.name in ("add", "import", "pretranslate", "analyse") and _is_input(line.words[0]):
        line.words.insert(0, MEMORY)


def is_memory(word: str) -> bool:
    """Return whether a word names a memory, by its file or by its suffix."""
    return word.endswith(".hexapla") or (Path(word) / "memory.json").exists()


def _is_input(word: str) -> bool:
    name = word.lower()
    tagged = re.fullmatch(rf"{_TAG.pattern}=.+", word, re.DOTALL)
    return bool(tagged) or name.endswith((*_DOCUMENTS, *_UNIT_FILES))


def _unit_file_as_memory(line: CommandLine) -> None:
    """A file of units where a memory is wanted: it is imported first."""
    wanted = line.command is not None and line.name not in (*_ALREADY_FIRST, "add", "import")
    if wanted and line.words and line.words[0].lower().endswith(_UNIT_FILES) and not is_memory(line.words[0]):
        line.name, line.words, line.options = "import", [MEMORY, line.words[0]], []


def _add_or_import(line: CommandLine) -> None:
    """Documents are added, and files of units are imported."""
    files = line.words[1:]
    if line.name == "add" and files and all(file.lower().endswith(_UNIT_FILES) for file in files):
        line.name, line.words = "import", [line.words[0], *(file.rpartition("=")[2] for file in files)]
    elif (
        line.name == "import" and len(files) > 1 and all(file.lower().endswith(_DOCUMENTS) for file in files)
    ):
        line.name = "add"


def _output(line: CommandLine) -> None:
    """An output without -o."""
    suffixes = {
        "export": _OUTPUTS,
        "align": (".tmx", ".tmx.gz", ".jsonl", ".beads"),
        "pretranslate": _TRANSLATED,
    }
    least = {"export": 1, "align": 2, "pretranslate": 2}.get(line.name)
    if least is None or any(option in ("-o", "--output") for option, _ in line.options):
        return
    while len(line.words) > least and line.words[-1].lower().endswith(suffixes[line.name]):
        line.options.insert(0, ("-o", line.words.pop()))


def _languages(line: CommandLine) -> None:
    """Names of languages for their tags, and several languages with spaces between."""
    tagged = ("--from", "--to", "--lang")
    line.replace_values(tagged, lambda value: ",".join(_tags_in(value)))
    most = sum(
        1 for each in (line.command.params if line.command else ()) if isinstance(each, click.Argument)
    )
    several = line.name in ("lookup", "concordance") and len(line.words) > most
    if several and all(_TAG.fullmatch(word) for word in line.words[most:]):
        extra, line.words = line.words[most:], line.words[:most]
        line.replace_values(("--to",), lambda value: ",".join((value, *extra)))


def _tags_in(value: str) -> Iterator[str]:
    for word in re.split(r"\s*[,;]\s*|\s+", value.strip()):
        yield _LANGUAGES.get(word.lower(), word)


def _pairs(line: CommandLine) -> None:
    """`zh:en` or `zh>en` for `zh-en`."""

    def right(value: str) -> str:
        named = re.sub(r"[A-Za-z]+", lambda word: _LANGUAGES.get(word[0].lower(), word[0]), value)
        found = _PAIR.fullmatch(named)
        return f"{found['source']}-{found['target']}" if found else named

    line.replace_values(("--pair",), right)


def _numbers(line: CommandLine) -> None:
    """A share for a percentage, or the other way round."""

    def percentage(value: str) -> str:
        number = value.rstrip("% ")
        return f"{float(number):.0%}"[:-1] if re.fullmatch(r"0?\.\d+", number) else number

    def share(value: str) -> str:
        number = value.rstrip("% ")
        large = re.fullmatch(r"\d+(\.\d+)?", number) and float(number) > 1
        return f"{float(number) / 100:g}" if large else number

    line.replace_values(("--min",), percentage)
    line.replace_values(("--min-probability",), share)


def _conditions(line: CommandLine) -> None:
    """`status:approved` or `status==approved` for `status=approved`."""

    def right(value: str) -> str:
        found = _CONDITION.fullmatch(value)
        return f"{found['field']}={found['value']}" if found else value

    line.replace_values(("--where",), right)


def _choices(line: CommandLine) -> None:
    """A slip of the finger, or another form, of one of few values."""
    for place, (option, value) in enumerate(line.options):
        kind = getattr(line.parameter(option), "type", None)
        if isinstance(kind, click.Choice) and value is not None and value not in kind.choices:
            near = difflib.get_close_matches(value.lower(), list(map(str, kind.choices)), n=1)
            line.options[place] = option, next(iter(near), value)


def _suffix(line: CommandLine) -> None:
    """An output without a suffix."""
    usual = {"align": ".tmx", "export": ".tmx", "pretranslate": ".xlf"}.get(line.name)
    if usual is not None:
        line.replace_values(
            ("-o", "--output"), lambda value: value if "." in value or value == "-" else f"{value}{usual}"
        )


def _missing(line: CommandLine) -> None:
    """A required parameter that was forgotten, with a placeholder for its value."""
    params = line.command.params if line.command else ()
    wanted = [each for each in params if isinstance(each, click.Argument) and each.required]
    for each in wanted[len(line.words) :]:
        metavar = each.make_metavar(click.Context(line.group)).strip("[].")
        line.words.append(MEMORY if metavar == "MEMORY" else metavar.partition(" ")[0].removesuffix("..."))
    given = {option for option, _ in line.options}
    needed = [
        each
        for each in params
        if isinstance(each, click.Option) and (each.required or _is_needed(line, each))
    ]
    for option in needed:
        if not given & set(option.opts):
            line.options.append(
                (option.opts[0], _PLACEHOLDERS.get(option.opts[0]) or option.metavar or "VALUE")
            )


def _is_needed(line: CommandLine, option: click.Option) -> bool:
    """Whether a document has to be translated, which does not declare its languages."""
    documents = line.name in ("pretranslate", "analyse") and line.words[1:]
    return bool(documents) and option.opts[0] in ("--from", "--to") and not line.words[1].endswith(_XLIFF)


_RULES = (
    _review,
    _name,
    _option_names,
    _memory_option,
    _inputs,
    _output,
    _memory_first,
    _unit_file_as_memory,
    _add_or_import,
    _languages,
    _pairs,
    _numbers,
    _conditions,
    _choices,
    _suffix,
    _missing,
)
