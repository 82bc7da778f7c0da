# Tahsil. `make` alone lists what there is. PORT, TAHSIL_HOME and DATABASE_URL are respected.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check bench docs screens clean format

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export TAHSIL_HOME ?= $(CURDIR)/home
export PORT ?= 8000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## a page to look at: environment, demo portfolio, today's run, server
	@$(BIN)/tahsil demo --if-new
	@$(BIN)/tahsil day
	@exec $(BIN)/tahsil serve

test: $(VENV)/.dev ## everything CI runs: SQLite, PostgreSQL, the browser
	@$(BIN)/python -m tests.everything

check: $(VENV)/.dev ## format, lint, types, import contracts, security, house style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -ll -s B608 -r tahsil
	$(BIN)/python -m pytest tests/tidy -q

bench: $(VENV)/.dev ## timings against the budgets; ARGS="--size 1m --db sqlite" for more
	$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/.dev ## the documentation, into site/
	$(BIN)/mkdocs build --strict

screens: $(VENV)/.dev ## the pictures of docs/, from the demo portfolio
	TAHSIL_SCREENS=1 $(BIN)/python -m pytest tests/e2e/test_screens.py -q

format: $(VENV)/.dev ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what is built; the data folder stays
	rm -rf $(VENV) site build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info

$(BIN)/python:
	@found=""; for each in python3.13 python3.12 python3.11 python3 python; do \
	  if command -v $$each >/dev/null && \
	     $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found=$$each; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "Tahsil needs Python 3.11 or later; none was found on the PATH." >&2; exit 1; fi; \
	$$found -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing packages; this takes a minute the first time."
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing packages; this takes a minute the first time."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
