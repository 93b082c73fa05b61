# The one command surface: people, hooks and CI call the same targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check

# Test processes side by side; each starts its own servers.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
PYTEST := $(PYTHON) -m pytest
# Where `make up` finds config/, rules/ and templates/.
INSTANCE ?= .
SOURCES := $(wildcard mailflow tests bench)

DEV_READY := $(VENV)/.dev-requirements
DEMO_READY := $(VENV)/.demo-requirements
PROJECT_READY := $(VENV)/.project

##@ Begin here
.PHONY: help
help: ## List what can be made
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(PROJECT_READY) ## Make .venv with everything for development, pinned by hash

.PHONY: demo
# A full environment serves the playground too; without one, a light one is enough.
demo: $(if $(wildcard $(DEV_READY)),$(DEV_READY),$(DEMO_READY)) ## The playground (ONCE=1: run through and end)
	@$(PYTHON) -m mailflow demo $(if $(ONCE),--once)

.PHONY: up
up: setup ## Run everything in one process on the instance in INSTANCE (default: here)
	@$(PYTHON) -m mailflow run --home $(INSTANCE)

##@ While working
.PHONY: check
check: format-check lint types imports unit ## What a change must pass before it is shown

.PHONY: format
format: setup ## Format the code and mend what can be mended by itself
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: format-check
format-check: setup ## Is every file formatted?
	@$(BIN)/ruff format --check .

.PHONY: lint
lint: setup ## Ruff, all rules
	@$(BIN)/ruff check .

.PHONY: types
types: setup ## Mypy, strict
	@$(BIN)/mypy $(SOURCES)

.PHONY: imports
imports: setup ## Do the floors of the house hold?
	@$(BIN)/lint-imports

.PHONY: unit
unit: setup ## Tests without servers
	@$(PYTEST) -q -n $(WORKERS) -m "not servers" tests/unit

.PHONY: migrations-check
migrations-check: setup servers ## Up, down, up, and no drift from the schema
	@$(PYTEST) -q tests/migrations

##@ Everything
.PHONY: servers
servers: ## Install Dovecot, Redis and PostgreSQL where missing, without starting them
	@scripts/install-test-servers.sh

.PHONY: test
test: setup servers ## All checks, all tests against real servers, the demo once
	@$(MAKE) format-check lint types imports
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal $(if $(COVERAGE),--cov --cov-report=) tests
	@scripts/run-demo-once.sh

.PHONY: test-all
test-all: ## test, and the coverage of branches that the house promises
	@$(MAKE) test COVERAGE=1
	@$(BIN)/coverage report --include='mailflow/core/*' --skip-covered --fail-under=100
	@$(BIN)/coverage report --skip-covered --fail-under=95

.PHONY: soak
soak: setup servers ## The failure tests at full length (hours)
	@MAILFLOW_SOAK=1 MAILFLOW_REQUIRE_SERVERS=1 $(PYTEST) -q -n $(WORKERS) -o faulthandler_timeout=0 tests/failure

.PHONY: bench
bench: setup servers ## Measure speed against the libraries' own ceilings
	@$(PYTHON) -m bench $(ARGS)

##@ Upkeep
.PHONY: requirements
requirements: setup ## Pin the newest versions that pyproject.toml allows
	@for extra in dev demo; do \
		$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url \
			--universal --python-version 3.11 --extra $$extra pyproject.toml \
			-o requirements/$$extra.txt; \
	done

.PHONY: clean
clean: ## Remove caches and build results (.venv and var stay)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov dist \
		.coverage .coverage.*
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(PYTHON):
	@scripts/make-venv.sh $(VENV)

$(DEV_READY): requirements/dev.txt | $(PYTHON)
	@echo "installing requirements/dev.txt"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(DEMO_READY): requirements/demo.txt | $(PYTHON)
	@echo "installing requirements/demo.txt"
	@$(PIP) --require-hashes -r requirements/demo.txt
	@touch $@

$(PROJECT_READY): pyproject.toml $(DEV_READY)
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
