"""The manual is true: its commands are those of the program, and its examples run."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import click
import pytest

from hexapla.memory.cleaning.rules import Rules, read_rules

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


def test_the_page_of_commands_is_fresh() -> None:
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


@pytest.mark.parametrize(
    ("page", "made"),
    [("python.md", "sample.tmx"), ("memory.md", "un.hexapla/memory.json"), ("exchange.md", "small.tmx")],
)
def test_the_examples_in_python_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, made: str
) -> None:
    """The code of a page runs from top to bottom and writes the memory that it names."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    exec(compile("\n".join(blocks), page, "exec"), {})
    assert (tmp_path / made).stat().st_size


def test_the_default_rules_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    """The TOML of docs/memory.md says every rule and every value, and they are the defaults."""
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
    """Every command that a page shows is one that the command line accepts, but for files that are not there."""
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
