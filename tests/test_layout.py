"""The rooms of the project keep their bounds: imports go one way, files stay short, links lead somewhere."""

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
LONGEST_FILE, LONGEST_FUNCTION = 500, 80
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

CODE = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
OTHER_CODE = [
    path for room in ("tests", "benchmarks", "docs") for path in sorted((ROOT / room).rglob("*.py"))
]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    """Packages that a module imports, those inside functions too."""
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
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file of the project."""
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = {link.split("#")[0] for link in LINK.findall(text) if not re.match(r"[a-z]+:|#", link)}
    assert {target for target in targets if not (page.parent / target).exists()} == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=named)
def test_every_page_of_the_manual_is_on_its_map(page: Path) -> None:
    """The manual's index leads to every page."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert page.name == "index.md" or f"]({page.name})" in index
