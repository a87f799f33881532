# Each target says in a line what it does; `make` alone lists them. What a step needs, it installs.

PORT ?= 8000
DEMO ?= 1
ARGS ?=
PROCESSES ?= 2
bin := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup ocr setup-test run test check fmt lint types arch bench clean

help: ## list the targets
	@printf 'Usage: make TARGET [PYTHON=python3.12] [PORT=8000] [DEMO=0] [PROCESSES=2] [ARGS="..."]\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  %-7s %s\n", $$1, $$2 }'

setup: ## make .venv and install what running the hub needs
	@sh deploy/setup.sh run

ocr: ## the same, and the extra that recognises text in scans
	@sh deploy/setup.sh ocr

setup-test:
	@sh deploy/setup.sh test

run: setup ## start the hub on 127.0.0.1:PORT, with demo content if it is empty (DEMO=0: without)
	@$(bin)/hub init
	@if [ "$(DEMO)" = 0 ]; then exec $(bin)/hub serve --port $(PORT); \
	else exec $(bin)/hub demo --if-empty --then-serve --port $(PORT); fi

test: setup-test ## run the whole test suite (ARGS="-k word" for a part); what was skipped, and why, at the end
	@$(bin)/python -m pytest -n $(PROCESSES) --no-loadscope-reorder $(ARGS)

check: lint types arch ## everything that must hold before a commit: format, lint, types, layers, tests
	@$(MAKE) --no-print-directory test

fmt: setup-test ## format the code and mend what the linter can mend
	@$(bin)/ruff check --quiet --fix --exit-zero
	@$(bin)/ruff format

lint: setup-test ## check format and lint
	@echo "Format and lint"
	@$(bin)/ruff format --check --quiet || { echo "Type make fmt to format the files above."; exit 1; }
	@$(bin)/ruff check

types: setup-test ## check types
	@echo "Types"
	@$(bin)/mypy

arch: setup-test ## check that each layer imports only what it may
	@echo "Layers"
	@$(bin)/lint-imports --no-logo

bench: setup-test ## run the benchmarks, each beside a peer
	@for name in search_latency search_http browsing rebuild publication_lag; do \
		echo "== $$name"; $(bin)/python -m "benchmarks.$$name" $(ARGS) || exit 1; done
	@for name in relevance upload stalled_uploads extraction previews verify hostile catalogue_formats publish_issue pack; do \
		echo "== $$name"; $(bin)/python -m "benchmarks.$$name" || exit 1; done

clean: ## remove what make made (.venv, caches, front-end files); the data in var/ stays
	@echo "Removing .venv, caches and front-end files; var/ stays"
	@rm -rf .venv node_modules resource_hub/static/vendor build *.egg-info
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find resource_hub storage search_index tests migrations benchmarks \
		\( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +
