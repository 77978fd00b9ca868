# Two commands: `make learn` opens the lessons, `make test` runs everything.
# Both make `.venv` first if need be, and again when pyproject.toml has changed.

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

.PHONY: help learn check test lint clean

help:
	@echo "make learn   open the lessons in the browser"
	@echo "make check   prove the playbooks"
	@echo "make test    run every check and every test"
	@echo "make clean   remove what make has made; records of answers stay"

learn: $(VENV)/.learn
	$(BIN)/kit learn

check: $(VENV)/.learn
	$(BIN)/kit check

test: lint
	$(BIN)/pytest -n 2

lint: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache

$(VENV)/.learn: pyproject.toml | $(BIN)/pip
	@echo "Installing what the lessons need. This takes a minute or two, once."
	@$(PIP) install --editable .
	@touch $@

# `--group` needs pip 25.1; a new environment has the pip that came with its Python.
$(VENV)/.test: pyproject.toml | $(BIN)/pip
	@echo "Installing what the tests need. This takes a minute or two, once."
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --editable . --group dev
	@touch $@ $(VENV)/.learn

# Also mends an environment without pip, such as one that uv has made.
$(BIN)/pip:
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv $(VENV) && exit 0; \
	    echo "$$python cannot make an environment here."; \
	    echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; \
	  fi; \
	done; \
	echo "aftersales-kit needs Python 3.11 or newer, and none was found."; \
	echo "Install it, or name the one to use: make learn PYTHON=python3.12"; exit 1
