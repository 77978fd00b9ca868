# Two commands: `make learn` opens the lessons, `make test` runs everything.
# Both make an environment first if need be, and again when what it holds has changed.
# Another Python, another environment: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
VENV := .venv
BIN := $(VENV)/bin
PINNED := pyproject.toml constraints.txt
INSTALL := $(BIN)/python tools/install.py --constraint constraints.txt
# To learn, to mark and to sign. Who only learns needs no extra: see README.md.
KIT := --editable ".[grade,sign]"

# Where it is set, every process of the kit would compile all of the kit again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help learn check test lint browser mutants constraints clean

help:
	@echo "make learn   open the lessons in the browser"
	@echo "make check   prove the playbooks"
	@echo "make test    run every check and every test"
	@echo "make mutants change the code in small ways, and name what no test notices"
	@echo "make clean   remove what make has made; records of answers stay"

learn: $(VENV)/.learn
	$(BIN)/kit learn

check: $(VENV)/.learn
	$(BIN)/kit check

test: lint browser
	@echo "All tests, two at a time. This takes some minutes."
	$(BIN)/pytest -n 2

lint: $(VENV)/.test
	@echo "The form and the types of the code. This takes half a minute, the first time."
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Here, because tests that run two at a time would both try to install it.
browser: $(VENV)/.test
	@echo "The browser for the tests of what people see."
	@$(BIN)/python tests/browser/chromium.py

# Not a part of `make test`: a survivor is something to look at, and no failure.
mutants: $(VENV)/.mutants
	@echo "Small changes in the code, and the tests near them. This takes up to 15 minutes."
	nice $(BIN)/python -m tools.mutants

# After a change of the dependencies, or for newer ones; needs uv.
constraints:
	uv pip compile pyproject.toml --group dev --group mutants --all-extras --universal \
	  --python-version 3.11 --upgrade --quiet --no-annotate \
	  --custom-compile-command "make constraints" --output-file constraints.txt

clean:
	rm -rf $(VENV) .venv-* build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache

$(VENV)/.learn: $(PINNED) | $(BIN)/pip
	@echo "Installing what the commands need, once. This takes a minute or two:"
	@$(INSTALL) $(KIT)
	@touch $@

# `--group` needs pip 25.1; a new environment has the pip that came with its Python.
$(VENV)/.test: $(PINNED) | $(BIN)/pip
	@echo "Installing what the tests need, once. This takes a minute or two:"
	@$(INSTALL) --upgrade "pip>=25.1"
	@$(INSTALL) $(KIT) --group dev
	@touch $@ $(VENV)/.learn

$(VENV)/.mutants: $(VENV)/.test
	@$(INSTALL) --group mutants
	@touch $@

# Also repairs an environment without pip, such as one that uv has made.
$(BIN)/pip:
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making an environment with $$($$python --version) in $(VENV)."; \
	    $$python -m venv $(VENV) && exit 0; \
	    echo "$$python cannot make an environment here; the lines above say why."; \
	    echo "If ensurepip is missing, on Debian and Ubuntu: apt install python3-venv"; \
	    exit 1; \
	  fi; \
	done; \
	echo "aftersales-kit needs Python 3.11 or newer, and none was found."; \
	echo "Install it, or name the one to use: make learn PYTHON=python3.12"; exit 1
