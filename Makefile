# The two commands of Relecture: `make demo` to walk through it, `make test` to prove it.
PORT ?= 8000
SPEED ?= 480
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install demo demo-reset check test bench mutants lms-moodle coverage browser-ready lock clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

install: .venv/run ## The environment in .venv, from the locked list

demo: .venv/run ## Walk through the product on http://127.0.0.1:$(PORT) (PORT=, SPEED= learning seconds a second)
	@$(BIN)/relecture demo --port $(PORT) --speed $(SPEED)

demo-reset: .venv/run ## Forget the demo's data and start anew
	@$(BIN)/relecture demo --port $(PORT) --speed $(SPEED) --reset

check: .venv/test ## The fast half: lint, types, import contracts, packs, unit tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/relecture pack check content_packs/*
	$(BIN)/pytest -n auto --dist loadfile tests/unit

test: check browser-ready ## Everything: what `check` does, then integration, peer and browser tests
	$(BIN)/pytest -n auto --dist worksteal tests/integration tests/attack tests/peers
	$(BIN)/pytest -n auto --dist loadfile tests/browser

coverage: .venv/test ## How much of the code the tests run (browser tests aside); fails below 98 %
	$(BIN)/pytest -n auto --dist worksteal --cov tests/unit tests/integration tests/attack tests/peers

bench: .venv/test ## What things cost, against honest peers (ONLY=launch,touch; FULL=1 extrapolates nothing)
	@$(BIN)/python -m tests.bench.run

mutants: .venv/test ## Small changes to the deciders: does some test notice each? (ONLY=limits: one file)
	@$(BIN)/python -m tests.mutants.run $(ONLY)

lms-moodle: .venv/test ## Drive a Moodle that you installed for tests, and say what held (DIR= its code, URL= its address)
	@$(BIN)/python -m tests.lms.moodle "$(DIR)" "$(URL)"

browser-ready: .venv/test
	@$(BIN)/python tests/browser/chromium.py --install

lock: ## Write the pinned, hashed lists of dependencies anew
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --extra test pyproject.toml -o requirements/test.txt

.venv/bin/python:
	@sh tools/venv.sh $(PYTHON)

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Relecture needs (about half a minute, once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: requirements/test.txt .venv/run
	@echo "Installing what the tests need…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

clean: ## Forget the environment, caches and the demo's data
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
