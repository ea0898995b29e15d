# Two commands on a fresh clone: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
# What is installed: the sources as they are, or a wheel.
PACKAGE ?= .
INSTALL = $(PIP) $(if $(filter .,$(PACKAGE)),--editable)
# Some tests wait for other programs, so one worker more than cores keeps all cores busy.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
PIP = $(VENV)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTEST = $(VENV)/bin/pytest --numprocesses $(WORKERS) --dist worksteal
HEAVY = torch or ray or kill or libreoffice or chromium or omegat

.PHONY: demo test check lint wheel format clean

demo: $(VENV)/installed
	$(VENV)/bin/hexapla demo -o demo

test: $(VENV)/tested
	$(PYTEST)

# A worker a core and a file a worker: the fewest loads of encoders and models.
check: lint
	$(VENV)/bin/pytest --numprocesses logical --dist loadfile -m "not ($(HEAVY))"

lint: $(VENV)/linted
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/pydoclint --quiet pipeline models corpora benchmarks
	$(VENV)/bin/mypy

wheel: $(VENV)/bin/pip
	$(VENV)/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

format: $(VENV)/linted
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

clean:
	rm -rf .venv demo dist

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(INSTALL) '$(PACKAGE)'
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(INSTALL) '$(PACKAGE)[test]'
	touch $@

$(VENV)/linted: $(VENV)/tested
	$(INSTALL) '$(PACKAGE)[test,lint]'
	touch $@
