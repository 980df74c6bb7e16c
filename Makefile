# Postprint on any machine with Python 3.11 or newer, make and a package index. `make` lists what there is to do.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
BASE := $(VENV)/base.installed
DEV := $(VENV)/dev.installed
# Handed on to the bench of a match: make bench-match MATCH="--profiles 100000 --workers 4"
MATCH ?=
# ... and to the bench of search: make bench-search SEARCH="--papers 2000000", or with --sqlite
SEARCH ?=
# Handed on to the bench of sending: make bench-send SEND="--readers 100000 --workers 2"
SEND ?=
# What needs Django's settings but no readers: the demo's settings, on a database that is forgotten.
INSPECT := DEMO=1 ENV_FILE=/dev/null DATABASE_URL=sqlite://:memory: $(RUN)
LOCK := $(VENV)-lock
COMPILE := $(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

.PHONY: help demo test test-sqlite test-postgres check bench bench-match bench-search bench-send bench-encode bench-site bench-feeds bench-preview lock format lint types layers sizes templates strings catalogues migrations deploy compose clean

help: ## list these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(BASE) ## a whole day with sample papers and readers, on http://localhost:8000; Ctrl-C ends it
	@DEMO=1 $(RUN) manage.py demo

ifdef CI # nobody watches: both halves at once, each printed when it has ended
test: $(DEV)
	$(MAKE) --jobs=2 --output-sync=target test-sqlite test-postgres
else
test: test-sqlite test-postgres ## every test; they start the servers that they need
endif

test-sqlite: $(DEV) ## ... all but those that need PostgreSQL, on SQLite in memory
	$(RUN) -m pytest

test-postgres: $(DEV) ## ... all that use a database, on PostgreSQL; real workers and the browser among them
	$(RUN) -m pytest --database=postgres

check: lint types layers sizes templates strings migrations deploy compose test ## everything that CI runs

lint: $(DEV) ## how the code reads
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: $(DEV) ## what fits into what
	$(INSPECT) -m mypy

layers: $(DEV) ## who may import whom
	$(VENV)/bin/lint-imports --no-cache

sizes: $(DEV) ## functions and files that are short enough to be read
	$(RUN) tools/check_sizes.py

templates: $(DEV) ## the pages' and mails' templates
	$(VENV)/bin/djlint --quiet --lint templates

strings: $(DEV) ## no text that a catalogue of another language lacks
	$(RUN) -m tools.catalogues check

catalogues: $(DEV) ## bring the catalogues of other languages up to date: then translate what is new in locale/
	$(RUN) -m tools.catalogues update

migrations: $(DEV) ## no model without its migration
	$(INSPECT) manage.py makemigrations --check --dry-run

deploy: $(DEV) ## Django's own check of the production settings
	env -u DEMO ENV_FILE=tests/production.env $(RUN) manage.py check --deploy --fail-level WARNING

compose: $(DEV) ## docker-compose.yml against its schema
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: $(DEV) ## how long a day takes, each stage beside the least that it can cost on this machine
	$(RUN) -m tools.bench
	$(RUN) -m tools.bench_match --profiles 100000

bench-match: $(DEV) ## ... and of a match alone: how long each part takes, its floors beside it, as JSON
	$(RUN) -m tools.bench_match $(MATCH)

bench-search: $(DEV) ## ... and pages of search over 100,000 papers, by kind of query, beside a page of 20 papers, as JSON
	$(RUN) -m tools.bench_search $(SEARCH)

bench-send: $(DEV) ## ... and of sending alone: digests a second, Django's own ways and another queue beside them
	$(RUN) -m tools.bench_send $(SEND)

bench-encode: $(DEV) ## ... and how long the meaning of a thousand abstracts takes, beside the bare model
	$(RUN) -m tools.bench_encode

bench-site: $(DEV) ## ... and the site's pages at fifty requests at once, beside a page that only renders twenty rows
	$(RUN) -m tools.bench_site

bench-feeds: $(DEV) ## ... and feeds and the API, beside a page of 20 papers
	$(RUN) -m tools.bench_feeds

bench-preview: $(DEV) ## ... and a preview of one interest over a week of papers, beside the bare product
	$(RUN) -m tools.bench_preview

format: $(DEV) ## lay the code out
	$(RUN) -m ruff check --fix-only .
	$(RUN) -m ruff format .

lock: $(LOCK)/bin/uv ## write down exactly what requirements/*.in need now
	$(COMPILE) requirements/base.in --output-file requirements/base.txt
	$(COMPILE) requirements/base.in requirements/semantic.in --constraint requirements/base.txt \
		--output-file requirements/semantic.txt
	$(COMPILE) requirements/dev.in --output-file requirements/dev.txt

clean: ## take away the environments; data in var/ stay
	rm -rf $(VENV) $(LOCK)

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit("Postprint needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@# Scripts that lie elsewhere can import the project, too: a benchmark of match quality, for one.
	@$(RUN) -c 'import site, pathlib; pathlib.Path(site.getsitepackages()[0], "postprint.pth").write_text("$(CURDIR)\n")'

# The environment is made once and completed when a requirements file changes.
$(BASE): requirements/base.txt | $(RUN)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(DEV): requirements/dev.txt | $(RUN)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(LOCK)/bin/uv:
	$(PYTHON) -m venv $(LOCK)
	$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check uv
