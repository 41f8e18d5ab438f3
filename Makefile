PYTHON ?= python3
PORT ?= 8000
VENV = .venv/bin
SOURCES = cms home news social_publish tests

.PHONY: help run test pds lighthouse faults faults-long bench check format release-database pins

help:  ## This list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 20

run:  ## Start the demonstration council (make run PORT=8010 moves it)
	@sh .ci/prepare "$(PYTHON)" requirements.txt
	@exec $(VENV)/python -m cms.run --port $(PORT)

test:  ## The whole test suite on all cores (make test ARGS="-n 0 tests/site -x": on one)
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	@$(VENV)/python -m pytest -n logical --dist loadfile $(ARGS)

pds:  ## The Bluesky channel against Bluesky's own server, which is fetched once
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	@PDS_HOME=$$(sh .ci/prepare-pds $(VENV)/python) && export PDS_HOME && $(VENV)/python -m pytest tests/pds $(ARGS)

lighthouse:  ## Lighthouse and the Nu Html Checker on the residents' pages; both are fetched once
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	@LIGHTHOUSE_HOME=$$(sh .ci/prepare-lighthouse $(VENV)/python) && export LIGHTHOUSE_HOME && $(VENV)/python -m pytest -s tests/lighthouse $(ARGS)

bench:  ## The bounds on speed (make bench ARGS="approval claims --quick"); docs/bench.md
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	@$(VENV)/python -m tests.bench $(ARGS)

faults:  ## The deliveries under every fault: a sample (make faults ARGS="-k f06"; FAULTS=slice: less)
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	@$(VENV)/python -m pytest tests/faults -m faults -n logical --dist worksteal $(ARGS)

faults-long:  ## The deliveries under every fault: all of it
	@FAULTS=all $(MAKE) --no-print-directory faults

check:  ## Format, lint, types, templates, migrations, settings, import rules
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	$(VENV)/ruff format --check $(SOURCES)
	$(VENV)/ruff check $(SOURCES)
	$(VENV)/mypy cms home news social_publish
	$(VENV)/djhtml --check templates home/templates news/templates social_publish/templates
	DJANGO_SETTINGS_MODULE=cms.settings.test $(VENV)/python manage.py makemigrations --check --dry-run
	sh .ci/check-production $(VENV)/python
	$(VENV)/lint-imports

format:  ## Put code and templates into shape
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	$(VENV)/ruff check --fix $(SOURCES) || true
	$(VENV)/ruff format $(SOURCES)
	$(VENV)/djhtml templates home/templates news/templates social_publish/templates || true

release-database:  ## Keep the database that this release leaves (VERSION=0.2.0, SERVER=postgres://council@127.0.0.1:5432)
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	sh tests/upgrade/keep_release.sh $(VENV)/python "$(VERSION)" "$(SERVER)"

pins:  ## Pin the requirements anew, with hashes
	@sh .ci/prepare "$(PYTHON)" requirements-dev.txt
	$(VENV)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	$(VENV)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt
