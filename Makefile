# The few commands of this project. Each makes .venv from requirements.lock where it is missing, and says so.
# The venv's stamp carries the lock, the interpreter and the folder in its name: change one, and it is made anew.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash

PYTHON ?= python3
BROWSER ?= 1
UV ?= uv

bin := .venv/bin
pip := $(bin)/python -m pip -qq --disable-pip-version-check
locked := .venv/locked-$(shell { cat requirements.lock; $(PYTHON) --version; pwd; } 2>&1 | git hash-object --stdin)
ready := .venv/ready-$(shell cat requirements.lock pyproject.toml | git hash-object --stdin)

# Where it is set, each of many processes would compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help site test test-slow bench bench-quick preview lab demonstration lock clean lint chromium

help: ## say what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 22

site: $(ready) ## check the data, run the notebooks, publish the site into build/site
	@echo "site: checking the data, running the notebooks, publishing into build/site"
	@$(bin)/reportkit build

test: lint chromium ## lint, types, layers, tests, notebooks, browser (BROWSER=0 leaves the browser out)
	@echo "test: running the tests and the notebooks"
	@REPORTKIT_BROWSER=$(BROWSER) $(bin)/python -m pytest -n 2 --nbval-lax --nbval-current-env -m "not slow"

test-slow: chromium ## the tests that take minutes, and those of the site with all its areas and enterprises
	@echo "test-slow: running the tests that take minutes"
	@REPORTKIT_BROWSER=$(BROWSER) $(bin)/python -m pytest -m slow
	@echo "test-slow: building and looking at the whole site"
	@REPORTKIT_BROWSER=$(BROWSER) REPORTKIT_WHOLE_SITE=1 $(bin)/python -m pytest -m "not slow" \
	  $(addprefix tests/site/test_,$(addsuffix .py,pages links search agreement plan browser))

preview: $(ready) ## show the site while it is being written, and what is saved a moment later
	@$(bin)/reportkit preview

bench: $(ready) ## measure against plain papermill and jupyter-book, write docs/performance.md (hours, alone on the machine)
	@echo "bench: measuring, every leg several times; nothing else should run meanwhile"
	@$(bin)/python tests/benchmark.py

bench-quick: $(ready) ## measure less, in minutes; numbers into build/bench-quick.json
	@echo "bench-quick: measuring small sites, some once"
	@$(bin)/python tests/benchmark.py --quick

lab: $(ready) ## open the notebooks in JupyterLab
	@echo "lab: opening the notebooks in JupyterLab, Ctrl-C ends it"
	@$(bin)/jupyter lab --notebook-dir=notebooks

demonstration: $(ready) ## write the invented measurements in data/ anew (same seed, same bytes)
	@echo "demonstration: writing the invented measurements in data/"
	@$(bin)/python -m reportkit.demonstration data

lock: ## resolve requirements.lock anew from pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo "lock: uv was not found; install it, or name it: make lock UV=…"; exit 1; }
	@echo "lock: resolving pyproject.toml into requirements.lock"
	@{ echo '# Every package of `make site` and `make test`, by hash, for Python 3.11 and later on any system. Made by `make lock`.'; \
	   $(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --generate-hashes \
	     --no-header --no-annotate --quiet; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean: ## remove what was generated: build/ and caches (.venv stays)
	@echo "clean: removing build/ and caches"
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

lint: $(ready)
	@echo "lint: style, types, layers"
	@$(bin)/ruff check --quiet .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo

# Installing may fail without harm: the tests that need a browser then say so themselves, and the rest runs.
chromium: $(ready)
	@if [ "$(BROWSER)" != 0 ] && ! $(bin)/python tests/chromium.py; then \
	  echo "chromium: none was found, installing one"; \
	  { [ "$$(id -u)" = 0 ] && apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null \
	    && $(bin)/python tests/chromium.py; } \
	  || $(bin)/playwright install chromium || echo "chromium: could not be installed, the rest runs without it"; \
	fi

$(locked):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "setup: Python 3.11 or later is needed and $(PYTHON) is not; name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "setup: $(PYTHON) has no venv; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "setup: making .venv and installing requirements.lock into it (one to three minutes, once)"
	@$(PYTHON) -m venv --clear .venv
	@$(pip) install --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

$(ready): $(locked)
	@$(pip) install --no-deps --no-build-isolation --editable .
	@rm -f .venv/ready-* && touch $@
