# Needs Debian's python3, python3-venv, make and git. Everything else comes into .venv.
# Give another interpreter with: make demo PYTHON=python3.13
export PORT BULLETINS PYTHON
PYTHON ?= python3
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo test lint format migrations-check clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Serve invented data on http://127.0.0.1:8000 (PORT=8010, BULLETINS=folder)
	@scripts/venv.sh requirements.txt
	@scripts/demo.sh

test: ## Run all tests: SQLite, PostgreSQL, Chromium (ARGS="-k wall" for pytest)
	@scripts/venv.sh requirements-dev.txt
	@scripts/run_tests.sh $(ARGS)

lint: ## Check format and style with ruff
	@scripts/venv.sh requirements-dev.txt
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

format: ## Format the code and mend what ruff can mend
	@scripts/venv.sh requirements-dev.txt
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

migrations-check: ## Fail if a model was changed without a migration
	@scripts/venv.sh requirements.txt
	TRACKER_DEBUG=true .venv/bin/python manage.py makemigrations --check --dry-run

clean: ## Remove the demo's data and what the tests leave behind
	rm -rf var/demo.sqlite3* staticfiles test-results .pytest_cache .ruff_cache
