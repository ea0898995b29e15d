"""The rooms of the project stay separate: imports go one way, files stay short, links are valid."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "corpora": ("hexapla_corpora", ("hexapla", "hexapla_models")),
    "models": ("hexapla_models", ("hexapla", "hexapla_corpora")),
    "pipeline": ("hexapla", ()),
}
VOCABULARY = (
    "errors",
    "lazy_module",
    "progress",
    "text",
    "inputs",
    "rows",
    "units",
    "unit_table",
    "unit_records",
)
DIRECTIONS: dict[str, tuple[str, ...]] = {
    "errors": (),
    "lazy_module": (),
    "progress": (),
    "text": (),
    "inputs": (),
    "rows": (),
    "units": ("errors",),
    "unit_table": ("units",),
    "unit_records": ("rows", "units"),
    "compare": VOCABULARY,
    "alignment": VOCABULARY,
    "matches": (*VOCABULARY, "compare"),
    "pretranslation": (*VOCABULARY, "matches"),
    "formats.protocols": VOCABULARY,
    "formats.io": (*VOCABULARY, "formats.protocols"),
    "formats": (*VOCABULARY, "compare", "matches", "pretranslation", "formats.protocols", "formats.io"),
    "memory.storage": (*VOCABULARY,),
    "memory.index": (*VOCABULARY, "compare", "memory.storage"),
    "memory.search": (*VOCABULARY, "compare", "matches", "memory.storage", "memory.index"),
    "memory.cleaning": (*VOCABULARY, "alignment"),
    "memory.additions": (*VOCABULARY, "alignment", "formats", "memory.storage"),
    "memory": (
        *VOCABULARY,
        *("alignment", "compare", "matches", "formats"),
        *("memory.storage", "memory.index", "memory.search", "memory.cleaning", "memory.additions"),
    ),
    "review": (*VOCABULARY, "formats", "memory"),
    "pretranslate": (*VOCABULARY, "compare", "matches", "pretranslation", "formats", "memory"),
    "batch": (*VOCABULARY, "alignment", "formats", "memory"),
    "api": (
        *VOCABULARY,
        "alignment",
        "matches",
        "pretranslation",
        "formats",
        "memory",
        "review",
        "pretranslate",
    ),
    "cli": (
        *VOCABULARY,
        "alignment",
        "compare",
        "matches",
        "formats",
        "memory",
        "review",
        "pretranslate",
        "batch",
        "api",
    ),
}
"""What each room of the pipeline may import besides itself; a room named without its folders includes them."""

LONGEST_FILE, LONGEST_FUNCTION = 500, 80
SHORT = 60  # lines below which a module should have more than one importer
MODULE_NAME = re.compile(r"hexapla(\.\w+)+(:\w+)?")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

CODE = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
OTHER_CODE = [
    path for room in ("tests", "benchmarks", "docs") for path in sorted((ROOT / room).rglob("*.py"))
]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def modules_of(room: str) -> dict[str, Path]:
    """Return the modules of a source root by their dotted names."""
    root = ROOT / room
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(root.rglob("*.py"))
    }


MODULES = {name: path for room in ROOMS for name, path in modules_of(room).items()}


def named_in(path: Path) -> Iterator[str]:
    """Return modules of the project that a module imports anywhere, or names as text for a lazy import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "") in MODULES:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (members & MODULES.keys()) or {str(node.module)}
        elif isinstance(node, ast.Constant) and MODULE_NAME.fullmatch(str(node.value)):
            yield from {str(node.value).partition(":")[0]} & MODULES.keys()


IMPORTS = {name: frozenset(named_in(path)) - {name} for name, path in MODULES.items()}


def room_of(module: str) -> str:
    """Return the room of a module of the pipeline, as DIRECTIONS names it."""
    place = module.removeprefix("hexapla.")
    return max((room for room in DIRECTIONS if f"{place}.".startswith(f"{room}.")), key=len)


def allows(room: str, other: str) -> bool:
    """Return whether a room may import another one."""
    return any(f"{other}.".startswith(f"{name}.") for name in (room, *DIRECTIONS[room]))


def imported(tree: ast.AST) -> Iterator[str]:
    """Return the packages that a module imports, including imports inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_one_package(room: str) -> None:
    """A source root holds exactly one import package and no module beside it."""
    package, _ = ROOMS[room]
    assert [path.parent.name for path in (ROOT / room).glob("*/__init__.py")] == [package]
    assert list((ROOT / room).glob("*.py")) == []


@pytest.mark.parametrize("room", ["corpora", "models"])
def test_imports_go_one_way(room: str) -> None:
    """The rooms of documents and of models import neither the pipeline nor each other."""
    _, forbidden = ROOMS[room]
    found = {
        (named(path), package)
        for path in (ROOT / room).rglob("*.py")
        for package in imported(ast.parse(path.read_text(encoding="utf-8")))
        if package in forbidden
    }
    assert found == set()


PIPELINE = [name for name in MODULES if name.startswith("hexapla.") and name != "hexapla.__main__"]


@pytest.mark.parametrize("module", PIPELINE)
def test_imports_run_downwards(module: str) -> None:
    """A module of the pipeline imports, at once or lazily, only what its room may import."""
    room = room_of(module)
    found = {each for each in IMPORTS[module] if each.startswith("hexapla.") and each != "hexapla"}
    assert {each for each in found if not allows(room, room_of(each))} == set()


def test_the_table_of_directions_has_no_cycle() -> None:
    """Every room comes after all rooms that it may import, so that no cycle is possible."""
    seen: set[str] = set()
    for room, others in DIRECTIONS.items():
        assert set(others) <= seen, room
        seen.add(room)


def test_no_cycle_of_modules() -> None:
    """No module imports itself through others, lazily or not."""
    left = {name: set(others) for name, others in IMPORTS.items() if MODULES[name].name != "__init__.py"}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(left) == []


def test_short_modules_have_several_importers() -> None:
    """A module of under 60 lines that one other module imports belongs in that one."""
    importers = {name: [each for each, others in IMPORTS.items() if name in others] for name in MODULES}
    found = {
        name
        for name, path in MODULES.items()
        if path.name != "__init__.py"
        and len(path.read_text(encoding="utf-8").splitlines()) < SHORT
        and len(importers[name]) == 1
    }
    assert found == set()


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in (ROOT / "tests").rglob("test_*.py")}), ids=named
)
def test_tests_mirror_the_tree(folder: Path) -> None:
    """Every folder of tests mirrors a room: tests/pipeline/memory/search tests pipeline/hexapla/memory/search."""
    place = folder.relative_to(ROOT / "tests")
    if place.parts and place.parts[0] in ROOMS:
        package, _ = ROOMS[place.parts[0]]
        assert (ROOT / place.parts[0] / package / Path(*place.parts[1:])).is_dir()
    else:
        assert place.parts in ((), ("contract",), ("fuzz",))


@pytest.mark.parametrize("path", [*CODE, *OTHER_CODE], ids=named)
def test_files_and_functions_stay_short(path: Path) -> None:
    """No file has more than 500 lines and no function more than 80."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    functions = (
        n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = {f.name for f in functions if (f.end_lineno or f.lineno) - f.lineno >= LONGEST_FUNCTION}
    assert long == set()


@pytest.mark.parametrize("path", CODE, ids=named)
def test_every_module_has_a_docstring(path: Path) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_are_valid(page: Path) -> None:
    """Every relative link of a page leads to a file of the project."""
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = {link.split("#")[0] for link in LINK.findall(text) if not re.match(r"[a-z]+:|#", link)}
    assert {target for target in targets if not (page.parent / target).exists()} == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=named)
def test_every_page_of_the_manual_is_in_its_index(page: Path) -> None:
    """The manual's index leads to every page."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert page.name == "index.md" or f"]({page.name})" in index
