# Every target makes what it needs: a virtual environment in .venv, and the packages for its purpose.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
STAMP := $(VENV)/.made
NODE := .env-browsers
BENCH := .env-bench
LIGHTHOUSE := .env-lighthouse
# Other tools that judge trainings: advisor is measured beside them.
PEERS := .env-peers
# Other tools that suggest learning rates, without what they depend on.
RATE_PEERS := .env-probe-peers
# A W&B client from before it was rewritten: its run files spell rows in another way.
OLD_WANDB := .env-wandb-old

.PHONY: help demo test loggers browsers lint docs golden examples lowest wheel fuzz bench bench-page lighthouse screenshots bench-diagnosis bench-diagnosis-heldout bench-probe clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 26

demo: $(STAMP)-core ## Judge the example runs, and say where the reports are
	$(BIN)/advisor run examples/recorded --fail-on never --format html,markdown --output build/demo

test: $(STAMP)-test ## Pass the tests (those that need a browser or a heavy logger skip, and say so)
	$(BIN)/python -m pytest --numprocesses 2 $(ARGS)

loggers: $(STAMP)-loggers ## Install the real loggers that write the logs for the tests

browsers: $(STAMP)-browsers ## Install what opens the report in a real browser

lint: $(STAMP)-lint ## Check style, types, architecture and generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/towncrier build --draft --version next >/dev/null

docs: $(STAMP)-test ## Write the generated pages and the schema anew
	$(BIN)/python -m advisor.docs
	$(BIN)/python -m advisor_json.schema > docs/report.schema.json

golden: $(STAMP)-test ## Write the findings on the example runs anew, for a reviewer to read the diff
	$(BIN)/python -m tests.golden.findings

examples: $(STAMP)-loggers ## Train the example runs anew
	$(BIN)/python -m examples.train

lowest: ## Pass the tests with the oldest versions that pyproject.toml admits
	$(PYTHON) -m venv .env-lowest
	.env-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=.env-lowest .env-lowest/bin/uv pip install --quiet --resolution lowest-direct --editable '.[test]'
	.env-lowest/bin/python -m pytest --numprocesses 2 $(ARGS)

wheel: $(STAMP)-lint ## Build the wheel and the sdist, and check what is in them
	rm -rf dist
	$(BIN)/python -m build --quiet
	$(BIN)/python .ci/check_wheel.py dist

fuzz: $(STAMP)-test ## Read 100,000 damaged files in two ways, and try many more values in all tests that do
	ADVISOR_FUZZ_FILES=100000 $(BIN)/python -m pytest --numprocesses 2 --quiet \
	  tests/plugins/advisor_tensorboard/test_decode_as_plain.py
	$(BIN)/python -m pytest --numprocesses 2 --quiet -m hypothesis --hypothesis-profile fuzz $(ARGS)

bench: $(BENCH)/.made ## Compare the costs of reading TensorBoard logs, a table, a W&B run, and logs that grew (ARGS=--quick: in two minutes)
	$(BENCH)/bin/python benchmarks/bench.py $(ARGS)
	$(BENCH)/bin/python benchmarks/tables.py $(filter --quick,$(ARGS))
	$(BENCH)/bin/python benchmarks/growth.py $(filter --quick,$(ARGS))
	$(BENCH)/bin/python benchmarks/watching.py $(filter --quick,$(ARGS))

bench-page: $(STAMP)-browsers ## Measure the page: bytes, drawing, a click (ADVISOR_PROTOTYPE=FOLDER: beside other pages)
	$(BIN)/python -m benchmarks.page $(ARGS)

lighthouse: $(STAMP)-browsers $(LIGHTHOUSE)/.made ## Let Lighthouse score the page of the example runs: at least 98 everywhere, or it fails
	$(BIN)/python -m benchmarks.page.lighthouse $(ARGS)

screenshots: $(STAMP)-browsers ## Photograph the reports on the example runs anew
	$(BIN)/python -m benchmarks.page.screenshots docs/screenshots

bench-diagnosis: $(STAMP)-loggers $(PEERS)/.made ## Measure how often the advice is right (ARGS='--quick 200': in ten minutes)
	$(BIN)/python -m benchmarks.diagnosis --peers $(ARGS)

bench-diagnosis-heldout: $(STAMP)-loggers ## Measure the same on data and models never looked at: a row more in heldout.csv
	$(BIN)/python -m benchmarks.diagnosis --split heldout $(ARGS)

bench-probe: $(STAMP)-loggers $(RATE_PEERS)/.made ## Measure the probe where no row in benchmarks/probe/results says it yet
	$(BIN)/python -m benchmarks.probe
	$(BIN)/python -m benchmarks.probe.advice
	PYTHONPATH=$(RATE_PEERS) $(BIN)/python -m benchmarks.probe.regret
	PYTHONPATH=$(RATE_PEERS) $(BIN)/python -m benchmarks.probe.speed
	$(BIN)/python -m benchmarks.probe.page

clean: ## Remove environments and build results
	rm -rf $(VENV) .env-* build dist

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP)-core: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(STAMP)-test: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[test]'
	@touch $@ $(STAMP)-core

$(STAMP)-loggers: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[test,loggers]'
	$(PYTHON) -m venv $(OLD_WANDB)
	$(OLD_WANDB)/bin/python -m pip install --quiet --disable-pip-version-check numpy setuptools wandb==0.17.9
	@touch $@ $(STAMP)-core $(STAMP)-test

$(STAMP)-lint: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[test,lint,probe]'
	@touch $@ $(STAMP)-core $(STAMP)-test

$(BENCH)/.made: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint constraints.txt --editable '.[bench]'
	@touch $@

$(LIGHTHOUSE)/.made:
	npm install --silent --no-fund --no-audit --prefix $(LIGHTHOUSE) lighthouse@12
	@touch $@

$(PEERS)/.made: benchmarks/diagnosis/peers/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(RATE_PEERS)/.made: benchmarks/probe/peers.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
	  --target $(RATE_PEERS) --requirement $<
	@touch $@

# The browser itself comes from the system: Debian's chromium if there is none yet.
$(STAMP)-browsers: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[test,browsers]'
	@command -v chromium chromium-browser google-chrome >/dev/null \
	  || { apt-get update --quiet && apt-get install --quiet --yes chromium; } \
	  || { echo 'install Chromium or Chrome, then run `make browsers` again'; exit 1; }
	npm install --silent --no-fund --no-audit --prefix $(NODE) axe-core@4 \
	  mermaid-10@npm:mermaid@10.7.0 mermaid-11@npm:mermaid@11
	@touch $@ $(STAMP)-core $(STAMP)-test
