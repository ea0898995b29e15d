"""The front door: its names and signatures, its errors, and its cost to import."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hexapla
from hexapla.errors import HexaplaError
from support_cli import check_golden

NAMES = (
    "one file",
    "missing file",
    "empty file",
    "no language",
    "path for a list",
    "level",
    "encoder",
    "text for a list",
    "no memory yet",
    "unreadable units",
    "unknown suffix",
    "no language in look-up",
    "no frame",
    "one language",
    "a folder with something else",
    "no such version",
    "no document",
)
SIGNATURES = Path(__file__).parent / "signatures.txt"


def signatures() -> list[str]:
    """Every public function, class and public method with its signature."""
    lines = []
    for name in sorted(set(hexapla.__all__) - {"__version__"}):
        thing = getattr(hexapla, name)
        if inspect.isclass(thing) and issubclass(thing, Exception):
            lines.append(name)
            continue
        lines.append(f"{name}{signature_of(thing)}")
        if inspect.isclass(thing):
            lines += [f"  {line}" for line in members_of(thing)]
    return lines


def signature_of(thing: Callable[..., object]) -> str:
    """The signature of a function, with default functions given by name, and sets left out."""
    said = re.sub(r"<(?:function )?([\w.]+)(?: at \w+|: '[^']*')>", r"\1", str(inspect.signature(thing)))
    return re.sub(r"Selection\(.*?}\)\)", "Selection()", said)


def members_of(cls: type) -> list[str]:
    """Public members that the project defines."""
    names = [
        name
        for name in dir(cls)
        if not name.startswith("_")
        and any(name in vars(each) for each in cls.__mro__ if each.__module__.startswith("hexapla"))
    ]
    members = {name: inspect.getattr_static(cls, name) for name in names}
    return [
        f"{name}{signature_of(getattr(cls, name))}" if callable(getattr(cls, name)) else name
        for name in members
    ]


def test_names_and_signatures() -> None:
    """Names and signatures are those of the file next to this one; change both together."""
    check_golden(SIGNATURES, "\n".join(signatures()) + "\n")


def test_about_twenty_names() -> None:
    """All names can be imported and are listed by dir; no other name is found."""
    assert len(hexapla.__all__) == 21
    assert dir(hexapla) == sorted(hexapla.__all__)
    assert all(getattr(hexapla, name) is not None for name in hexapla.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'alignn'"):
        _ = hexapla.alignn


def test_importing_loads_nothing_heavy() -> None:
    """`import hexapla` loads no other module of the project, and none of its dependencies."""
    code = (
        "import sys; before = set(sys.modules); import hexapla; new = set(sys.modules) - before;"
        "print(sorted(name for name in new if name.split('.')[0] not in sys.stdlib_module_names))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "['hexapla']\n"


def bad_calls(folder: Path) -> dict[str, Callable[[], object]]:
    """Calls that fail in each room: documents, languages, encoders, formats and memories."""
    text = folder / "a.md"
    text.write_text("The Committee decides to remain seized of the matter.\n", encoding="utf-8")
    (folder / "empty.md").touch()
    (folder / "bad.tmx").write_text("<tmx>", encoding="utf-8")
    memory = hexapla.Memory(folder / "un.hexapla")
    return {
        "one file": lambda: hexapla.align([text]),
        "missing file": lambda: hexapla.align({"en": text, "fr": folder / "none.md"}),
        "empty file": lambda: memory.add({"en": text, "fr": folder / "empty.md"}),
        "no language": lambda: hexapla.align({"en": text, "klingonish": text}),
        "path for a list": lambda: hexapla.align(str(text)),
        "level": lambda: hexapla.align([text, text], level="word"),
        "encoder": lambda: hexapla.embed(["a"], model="babel"),
        "text for a list": lambda: hexapla.embed("a"),
        "no memory yet": lambda: memory.lookup("a", source="en"),
        "unreadable units": lambda: memory.import_file(folder / "bad.tmx"),
        "unknown suffix": lambda: memory.import_file(text),
        "no language in look-up": lambda: memory.lookup("a", source="klingonish"),
        "no frame": lambda: memory.add_pairs(7),
        "one language": lambda: memory.add_pairs({"en": ["a"], "note": ["b"]}),
        "a folder with something else": lambda: hexapla.Memory(folder),
        "no such version": lambda: hexapla.Memory.open(folder / "un.hexapla", at=3),
        "no document": lambda: memory.pretranslate(folder / "none.docx", source="en", target="fr"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_error_is_one_of_hexapla(tmp_path: Path, name: str) -> None:
    """Whatever goes wrong is a HexaplaError with a message that says more than its class."""
    with pytest.raises(HexaplaError, match=r"\w+ \w+ \w+"):
        bad_calls(tmp_path)[name]()
    assert not (tmp_path / "un.hexapla").exists()


def test_every_bad_call_is_tested(tmp_path: Path) -> None:
    """No bad call is left out."""
    assert tuple(bad_calls(tmp_path)) == NAMES


@pytest.mark.parametrize("cls", [hexapla.Alignment, hexapla.Matches, hexapla.Memory])
def test_every_public_method_has_an_example(cls: type) -> None:
    """The docstrings of a class and of each of its methods show how it is called."""
    methods = {name: getattr(cls, name) for name in dir(cls) if not name.startswith("_")}
    documented = [
        cls,
        *(each for each in methods.values() if inspect.isfunction(each) or inspect.ismethod(each)),
    ]
    ours = [each for each in documented if each.__module__.startswith("hexapla")]
    assert not [each.__qualname__ for each in ours if "Example:" not in (each.__doc__ or "")]
