"""The manual is correct: its commands are those of the program, and its examples run."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import click
import docx
import polars as pl
import pytest

import hexapla
from hexapla.memory.cleaning.rules import Rules, read_rules
from hexapla_corpora.sample import sample_files

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_cli", DOCS / "generate_cli.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = load_generator()
COMMANDS: dict[str, click.Command] = dict(GENERATOR.commands())


def test_the_page_of_commands_is_up_to_date() -> None:
    """docs/cli.md is what `python docs/generate_cli.py` writes."""
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == GENERATOR.render()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_it_understands(name: str) -> None:
    """The help of every command ends with an example, and the command line accepts its words."""
    example = GENERATOR.example(COMMANDS[name])
    assert example, f"{name} --help has no example"
    assert re.search(r"^ *Example:", GENERATOR.help_text(name, COMMANDS[name]), re.MULTILINE)
    program, *words = shlex.split(example)
    assert program == "hexapla"
    command = COMMANDS[f"hexapla {words[0]}"]
    assert [program, *words][: len(name.split())] == name.split()
    command.make_context(words[0], words[1:]).close()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the pages name, as the working folder."""
    for tag, path in sample_files().items():
        shutil.copy(path, tmp_path / f"resolution.{tag}{path.suffix}")
        write_docx(tmp_path / f"report.{tag}.docx", path.read_text(encoding="utf-8"))
    shutil.copy(tmp_path / "report.zh.docx", tmp_path / "draft.docx")
    monkeypatch.chdir(tmp_path)
    old = hexapla.Memory("old.hexapla")
    old.add_pairs({"en": ["Good morning."], "fr": ["Bonjour."]})
    old.export("old.tmx")
    return tmp_path


def write_docx(path: Path, text: str) -> None:
    """Write the paragraphs of a text as a Word file."""
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    document.save(str(path))


def python_of(page: str) -> str:
    """Return all Python code of a page."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("python.md", ["report.tmx", "un.tmx", "draft.xlf", "un.hexapla/memory.json"]),
        ("memory.md", ["un.hexapla/memory.json"]),
        ("exchange.md", ["small.tmx"]),
    ],
)
def test_the_examples_in_python_run(work: Path, page: str, made: list[str]) -> None:
    """The code of a page runs word for word, from top to bottom, and writes the files that it names."""
    given = {
        "frame": pl.DataFrame({"en": ["Thank you."], "fr": ["Merci."], "client": ["A"]}),
        "texts": ["The tide gauge was moved.", "Decides to remain seized of the matter."],
    }
    exec(compile(python_of(page), page, "exec"), given)
    assert all((work / name).stat().st_size for name in made)


def test_mypy_checks_the_code_of_the_page() -> None:
    """The script that mypy checks under --strict has every line of the page on Python, in its order."""
    script = (ROOT / "tests" / "support_consumer.py").read_text(encoding="utf-8").split("# fmt: off\n")[1]
    of_page = [line for line in python_of("python.md").splitlines() if not line.startswith("import ")]
    assert [line.strip() for line in script.splitlines() if line] == [
        line.strip() for line in of_page if line
    ]


def test_a_data_scientist_imports_two_packages() -> None:
    """The page on Python imports only hexapla and polars."""
    imported = [
        name.name
        for node in ast.walk(ast.parse(python_of("python.md")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    ]
    assert set(imported) == {"hexapla", "polars"}


def test_the_default_rules_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    """The TOML of docs/memory.md has every rule and every value, and they are the defaults."""
    text, *others = re.findall(
        r"```toml\n(.*?)```", (DOCS / "memory.md").read_text(encoding="utf-8"), re.DOTALL
    )
    path = tmp_path / "rules.toml"
    for each in (*others, text):
        path.write_text(each, encoding="utf-8")
        rules = read_rules(path)
    assert rules == Rules()
    said = {(name, key) for name, table in tomllib.loads(text).items() for key in table}
    every = {
        (rule.name, value.name)
        for rule in fields(Rules)
        for value in fields(getattr(rules, rule.name))
        if (rule.name, value.name) != ("protect", "enabled") and value.name != "pairs"
    }
    assert said == every


def test_commands_of_the_manual_are_understood() -> None:
    """The command line accepts every command that a page shows, apart from missing files."""
    pages = [*DOCS.glob("*.md"), ROOT / "README.md"]
    lines = [
        line
        for page in pages
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for line in block.replace("\\\n", " ").splitlines()
        if re.match(r"\$ (\.venv/bin/)?hexapla ", line)
    ]
    assert len(lines) > 20
    for line in lines:
        _, name, *words = shlex.split(line[2:])
        if not name.startswith("-") and words != ["--help"]:
            COMMANDS[f"hexapla {name}"].make_context(name, words).close()


def test_json_examples_are_json() -> None:
    """Every JSON example of the manual can be parsed."""
    pages = [*DOCS.glob("*.md"), ROOT / "benchmarks" / "README.md"]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    examples = [found for text in texts for found in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]
    assert all(json.loads(example) for example in examples)


def test_a_benchmark_runs_on_the_bundled_sample() -> None:
    """benchmarks/documents.py without data prints a table of both levels."""
    script = ROOT / "benchmarks" / "documents.py"
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=300)
    assert re.search(r"^\| paragraph \| 69 +\| \d+", result.stdout, re.MULTILINE)
    assert re.search(r"^\| sentence +\| \d+ +\| \d+", result.stdout, re.MULTILINE)
