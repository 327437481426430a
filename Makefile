# Everything a newcomer types. `make` alone lists it.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
# An empty value counts as not set: without bytecode Rasa takes 20 seconds to start.
export PYTHONDONTWRITEBYTECODE :=
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.PHONY: help setup run train test test-fast simulate lint format eval bench screenshots lock clean

help: ## list the rules
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: ## make .venv and node_modules from their locks, when missing or outdated
	@./scripts/setup.sh

run: setup ## train when needed and serve the help page with the chat, until Ctrl-C
	@$(PYTHON) -m bot run

train: setup ## train the model, when what it is made of changed
	@$(PYTHON) -m bot train

test: setup ## lint and every test; sets up what it needs
	@./scripts/test.sh

test-fast: setup ## the tests that need neither a trained model nor a browser
	@$(PYTHON) -m pytest -q -m "not model and not browser and not slow"

simulate: setup train ## hold SEEDS=300 simulated conversations RUNS=1 times, or only SEED=17
	@$(PYTHON) -m tests.simulator $(if $(SEED),--seed $(SEED)) --seeds $(or $(SEEDS),300) \
		--runs $(or $(RUNS),1)

lint: setup ## all checks of code, types, layers and Rasa's files
	@./scripts/lint.sh

format: setup ## format the code and repair what can be repaired
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

FILES ?= tests/understanding/dev.jsonl
eval: setup ## measure understanding; FILES="a.jsonl b.jsonl", ARGS=--errors
	@$(PYTHON) -m bot.understanding.evaluate $(FILES) $(ARGS)

bench: setup train ## measure a whole conversation, next to Rasa's stock assistant
	@$(PYTHON) scripts/bench.py

screenshots: setup train ## take the docs' pictures of every screen anew; ONLY="result receipt"
	@$(PYTHON) -m scripts.screenshots $(if $(ONLY),--only $(ONLY))

lock: setup ## resolve pyproject.toml into requirements.lock anew
	@.venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.10 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--quiet -o requirements.lock $(LOCK_ARGS)

clean: ## remove the model, the demo database and the caches, not .venv
	@rm -rf var .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache results
	@find models -mindepth 1 ! -name README.md -delete
