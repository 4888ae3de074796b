# One file of commands; `make` or `make help` lists them.
# `make setup` first: everything below runs in .venv, and nothing but the set-up needs a network.

PYTHON ?= python3.11
BIN := .venv/bin
TOXIPROXY := v2.5.0
.DEFAULT_GOAL := help
.PHONY: help setup demo test browser e2e soak month lint format docs lock wheel eval bench clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# pip older than 24 cannot resolve some of the dependencies together; the lock pins everything with
# hashes, the build back end included, so that the last step fetches nothing.
setup:  ## make .venv with everything that is pinned, and the command wiretrace
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] < (3, 14); \
		sys.exit(not ok and "wiretrace needs Python 3.11, 3.12 or 3.13; try: make setup PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=24,<27'
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/wiretrace version

demo: $(BIN)/wiretrace  ## ingest the example corpus into a lake that is thrown away, show it, make pages
	$(BIN)/wiretrace demo --pages out/demo

# A file's tests share what they prepare, so that a worker takes whole files.
test: $(BIN)/wiretrace  ## the tests that take minutes at most
	$(BIN)/python -m pytest -m "not e2e" --numprocesses auto --maxprocesses 4 --dist loadfile

e2e: $(BIN)/wiretrace $(BIN)/toxiproxy-server  ## the tests of whole commands: crashes, two writers, feeds, connections
	$(BIN)/python -m pytest -m e2e --numprocesses 2 --dist loadfile

# Skipped with a word where there is no apt or no leave to use it: the tests that need it say so.
browser:  ## Debian's Chromium, in which the tests look at pages
	@command -v chromium > /dev/null || { apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends chromium fonts-noto-core > /dev/null; } \
		|| echo "no chromium: the tests of pages in a browser will be skipped" >&2

# Without Go, or its module proxy, the tests that need it are skipped, and say so.
$(BIN)/toxiproxy-server:
	-GOBIN=$(abspath $(BIN)) go install github.com/Shopify/toxiproxy/v2/cmd/server@$(TOXIPROXY) \
		&& mv $(BIN)/server $@

soak: $(BIN)/wiretrace  ## a watch over live feeds for a quarter of an hour: nothing lost, nothing grows
	WIRETRACE_SOAK_MINUTES=15 $(BIN)/python -m pytest -m e2e tests/e2e/test_soak.py

month: $(BIN)/wiretrace  ## two hundred feeds for thirty days of a fake clock; takes an hour or more
	WIRETRACE_MONTH_DAYS=30 WIRETRACE_MONTH_FEEDS=200 $(BIN)/python -m pytest -m e2e tests/e2e/test_month.py

lint: $(BIN)/wiretrace  ## style, types, and whether generated documents are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

format: $(BIN)/wiretrace  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(BIN)/wiretrace  ## write docs/schema.md and docs/formats.md from the code
	$(BIN)/python docs/generate.py

lock: $(BIN)/wiretrace  ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet 'uv>=0.5,<1'
	$(BIN)/uv pip compile --quiet --upgrade --python 3.11 --generate-hashes --group dev --extra fr --extra ru --extra s3 --extra gs pyproject.toml -o requirements.lock

# The wheel is tried outside of the checkout, before the libraries of .venv: a run needs its data files.
OUTSIDE := cd build/wheel && PYTHONPATH=. PYTHONSAFEPATH=1 ../../$(BIN)/python
wheel: $(BIN)/wiretrace  ## build dist/*.whl and try it outside of the checkout
	rm -rf dist build
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	$(BIN)/python -m pip install --quiet --no-deps --no-index --target build/wheel dist/*.whl
	echo '{"headline": "Bamako: a wheel arrives", "url": "https://example.org/1"}' > build/wheel/one.jsonl
	$(OUTSIDE) -c 'import pipeline; assert "build/wheel" in pipeline.__file__, pipeline.__file__'
	$(OUTSIDE) bin/wiretrace run --lake ../lake --drop one.jsonl
	$(OUTSIDE) bin/wiretrace demo

eval: $(BIN)/wiretrace  ## how right the taggers are, on labelled data; takes minutes
	$(BIN)/python -m eval.citations
	$(BIN)/python -m eval.agency_mentions
	$(BIN)/python -m eval.entities
	$(BIN)/python -m eval.langid
	$(BIN)/python -m eval.langid --processes 100
	$(BIN)/python -m eval.variants
	$(BIN)/python -m eval.quotes
	$(BIN)/python -m eval.quotes --articles --half dev
	$(BIN)/python -m eval.quotes --articles --half test
	$(BIN)/python -m eval.copies
	$(BIN)/python -m eval.links
	$(BIN)/python -m eval.syndicated
	$(BIN)/python -m eval.stories
	$(BIN)/python -m eval.crosslingual
	$(BIN)/python -m eval.crosslingual_lake

bench: $(BIN)/wiretrace  ## reading, articles a second, CPU, peak memory; takes minutes
	PYTHONPATH=. $(BIN)/python bench/parse.py
	$(BIN)/python bench/run.py

clean:  ## remove what can be made again, .venv included
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/wiretrace:
	@echo "no .venv yet: run make setup first" >&2; exit 2
