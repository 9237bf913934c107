# Each target sets up what it needs in .venv by itself, and is quick the second time.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# The lock is complete: nothing is resolved, so that no version published since can break the set-up.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

# Tests and demos start hundreds of processes: without it, each would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup dist demo fleet test test-slow soak check format docs bench screenshots sandbox lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## install everything into .venv

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "trello-ops needs Python 3.11 or newer; say which with: make PYTHON=python3.12 …"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "Installing into .venv (half a minute, once) …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-build-isolation --editable .
	@$(BIN)/python -m pip check --disable-pip-version-check >&2
	@touch $@

dist: $(READY)  ## build the source archive and the wheel, as an index of packages takes them, into dist/
	@rm -rf dist && $(BIN)/python -m build --no-isolation

demo: $(READY)  ## live four weeks of the shop in a local Trello, reports in demo-out/ (or WORKSPACE=kpi, WEEKS=13, STORY=1)
	@$(BIN)/trello-ops demo $(if $(WORKSPACE),--pack $(WORKSPACE)) $(if $(WEEKS),--weeks $(WEEKS)) $(if $(STORY),--story)

fleet: $(READY)  ## live two weeks of fifty shops on three nodes, kill one, and compare with one calm process (ten minutes)
	@$(BIN)/python -m trello_ops.demo.fleet

test: $(READY)  ## run every test (COVERAGE=1 reports branch coverage, and takes longer)
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(if $(COVERAGE),--cov --cov-report=term)

test-slow: $(READY)  ## run what needs a browser, an index of packages or minutes
	@$(BIN)/python -m pytest -n auto --dist loadfile -m slow
	@$(BIN)/python -m pytest -n auto --hypothesis-profile thorough -m "hypothesis and not slow and not soak"

soak: $(READY)  ## kill real processes, tell hostile stories, look for new examples (an hour and a half)
	@$(BIN)/python tests/fuzz.py
	@$(BIN)/python tests/soak.py
	@$(BIN)/python -m pytest -q -n auto --hypothesis-profile search --timeout 0 tests/core tests/render tests/operations tests/adapters \
		tests/e2e/test_human_weeks.py tests/e2e/test_rules_oracle.py
	@$(BIN)/python -m pytest -q -n auto -m soak

check: $(READY)  ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy docs/site_hooks.py
	MYPYPATH=benchmarks $(BIN)/mypy benchmarks/*.py
	$(BIN)/mypy --config-file tests/mypy.ini tests/fuzz.py tests/soak.py $$(find tests/support -name '*.py' ! -name __init__.py)
	$(BIN)/lint-imports --no-logo

format: $(READY)  ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## build the documentation as a site in site/, with every link checked
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "Open site/index.html"

bench: $(READY)  ## measure issuing, calendars, signals, reports, sheets, polling, webhooks, pages, long histories, memory, fleets and the sandbox (an hour)
	@$(BIN)/python benchmarks/issue_cards.py
	@$(BIN)/python benchmarks/expansion.py
	@$(BIN)/python benchmarks/weekly_signal.py
	@$(BIN)/python benchmarks/weekly_report.py
	@$(BIN)/python benchmarks/rendering.py
	@$(BIN)/python benchmarks/sheets.py
	@$(BIN)/python benchmarks/polling.py
	@$(BIN)/python benchmarks/webhook.py
	@$(BIN)/python benchmarks/pages.py
	@$(BIN)/python benchmarks/ledger.py
	@$(BIN)/python benchmarks/memory.py
	@$(BIN)/python benchmarks/store_copy.py 20000
	@$(BIN)/python benchmarks/fleet.py
	@$(BIN)/python benchmarks/large_server.py
	@$(BIN)/python benchmarks/sandbox.py

screenshots: $(READY)  ## picture report, packs, sheets and pages in docs/img (needs Chromium, LibreOffice and poppler-utils)
	@PYTHONPATH=tests/support $(BIN)/python -m report_shots docs/img
	@PYTHONPATH=tests/support $(BIN)/python -m pack_shots docs/img
	@PYTHONPATH=tests/support $(BIN)/python -m sheet_shots docs/img
	@PYTHONPATH=tests/support $(BIN)/python -m site_shots docs/img

sandbox: $(READY)  ## start the local Trello on http://127.0.0.1:8910, with the shop's boards in it
	@$(BIN)/trello-ops sandbox --data sandbox-data/trello.json --apply

lock:  ## resolve the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --no-header --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --quiet pyproject.toml --group dev -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --no-header --quiet pyproject.toml --extra fleet -c requirements-dev.lock -o requirements-fleet.lock

clean:  ## remove what the targets made
	rm -rf .venv demo-out site build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache
