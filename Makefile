# Two commands set everything up on a machine with Python >= 3.11 and make: `make up` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
ARGS ?=
# Where bytecode is not kept, each of the hundreds of processes that the tests start compiles the whole house anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help up test chaos check bench schemas requirements clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(BIN)/uv:
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(BIN)/.sandbox: requirements/sandbox.txt pyproject.toml | $(BIN)/uv
	@echo "Installing what it runs on into .venv, once" >&2
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/sandbox.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q schemas services
	@touch $@

$(BIN)/.test: requirements/test.txt $(BIN)/.sandbox
	@echo "Installing what the tests need into .venv, once" >&2
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/test.txt
	@touch $@

up: $(BIN)/.sandbox ## everything in one process: embedded Kafka, sample corporations, sandbox partners, live page
	@$(BIN)/seinpaal up $(ARGS)

test: $(BIN)/.test ## every test, on a real Apache Kafka, a real PostgreSQL and a real browser
	@tests/browser/bring
	@$(BIN)/python -m services.sandbox.aot_training
	@$(BIN)/pytest --numprocesses 2 --dist worksteal $(ARGS)

chaos: $(BIN)/.test ## the chaos campaigns with every seed: `make test` runs one on each database
	@CHAOS_SEEDS=1,2,3 $(BIN)/pytest tests/chaos $(ARGS)

check: $(BIN)/.test ## ruff, mypy --strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(BIN)/.test ## the measurements of the README, as ratios in one run
	@$(BIN)/python -m tests.bench $(ARGS)

schemas: $(BIN)/.sandbox ## JSON Schemas and AsyncAPI from the models; what is new in v1 is promised
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m schemas.promise

requirements: | $(BIN)/uv ## pin every version and hash again
	@for group in run sandbox test; do \
	  case $$group in run) extra="";; sandbox) extra="--extra sandbox";; test) extra="--extra sandbox --extra test";; esac; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate $$extra pyproject.toml -o requirements/$$group.txt; \
	done

clean: ## remove the environment and the state of `make up`
	@rm -rf .venv .state
