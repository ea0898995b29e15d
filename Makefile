# Two commands on a fresh clone: `make demo` and `make test`.
PYTHON ?= python3
PIP = .venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint format clean

demo: .venv/installed
	.venv/bin/hexapla demo -o demo

test: .venv/tested
	.venv/bin/pytest

lint: .venv/linted
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/pydoclint --quiet pipeline models corpora benchmarks
	.venv/bin/mypy

format: .venv/linted
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

clean:
	rm -rf .venv demo dist

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/pip pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/tested: .venv/installed
	$(PIP) --editable '.[test]'
	touch $@

.venv/linted: .venv/tested
	$(PIP) --editable '.[test,lint]'
	touch $@
