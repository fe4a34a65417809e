# What can be done here; `make help` lists it. Needs python3, python3-venv and make, nothing else.
SHELL = /bin/sh
PY = .venv/bin/python
UV = 0.13.9
.DEFAULT_GOAL = help
.PHONY: help run install install-dev test test-pg lint journeys bench lock vendor clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-18s %s\n' "$$name" "$$text"; done

run: install ## start the site (PORT=8000, SAFEGRID_HOME=var); a demo city on the first start
	@exec $(PY) -m safegrid serve

install: # what the product needs
	@scripts/python.sh run

install-dev: # and what tests and checks need
	@scripts/python.sh dev

test: install-dev ## the test suite on SQLite, with coverage
	@echo "Running the tests on SQLite ..."
	@$(PY) -m pytest -q -n auto --cov=safegrid --cov-branch

test-pg: install-dev ## the same suite on PostgreSQL
	@echo "Running the tests on PostgreSQL ..."
	@scripts/postgres.sh $(PY) -m pytest -q -n auto

lint: install-dev ## style, types, import rules, templates, migrations, API description
	@echo "Style ..."
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "Run: $(PY) -m ruff format"; exit 1; }
	@echo "Types ..."
	@$(PY) -m mypy
	@echo "Import rules ..."
	@.venv/bin/lint-imports --no-logo
	@echo "Templates ..."
	@$(PY) -m djhtml --check --tabwidth 2 safegrid
	@echo "Migrations ..."
	@$(PY) -m safegrid manage makemigrations --check --dry-run
	@echo "API description ..."
	@$(PY) -m safegrid openapi --check
	@echo "Vendored files ..."
	@$(PY) scripts/vendor.py --check

journeys: install-dev ## the journeys in a real browser
	@echo "Running the browser journeys ..."
	@scripts/chromium.sh $(PY) -m pytest -q -m journey tests/journeys
	@scripts/chromium.sh $(PY) -m pytest -q -m journey safegrid

bench: install-dev ## the measurements
	@$(PY) -m bench

lock: ## refresh both lock files from requirements*.in
	@echo "Resolving the newest versions ..."
	@test -x var/uv/bin/uv || { python3 -m venv var/uv && var/uv/bin/pip install -q uv==$(UV); }
	@var/uv/bin/uv pip compile $(LOCK) requirements.in -o requirements.lock
	@var/uv/bin/uv pip compile $(LOCK) requirements-dev.in -c requirements.lock -o requirements-dev.lock

LOCK = --quiet --upgrade --generate-hashes --python-version 3.11 --only-binary :all: \
	--no-emit-index-url --custom-compile-command "make lock"

vendor: ## refresh the front-end libraries kept in the tree (needs npm)
	@python3 scripts/vendor.py

clean: ## remove what was built; the data in var/ stays
	@rm -rf .venv staticfiles htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
