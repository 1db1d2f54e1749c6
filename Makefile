# Everything that a developer types. `make` alone tells what there is.

UV_VERSION := 0.13.8
REDOCLY := @redocly/cli@2.77.0
LIGHTHOUSE := lighthouse@12.8.2

# The first Python that is new enough; `make setup PYTHON=…` takes another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
UV := $(or $(shell command -v uv),.venv/bin/uv)
JOBS ?= 2
# What compares times has nothing beside it: `make faults` runs it, in full.
TIMED := tests/faults/test_overload.py::test_under_many_times_the_load_those_who_are_served_are_served_as_ever
# Tests that do more in `make soak`.
# What a Citus cluster must do as one server does.
CITUS := tests/contract tests/sync tests/rest tests/store/test_statements.py tests/store/test_sharding.py
ROUNDS = $(filter-out tests/faults/%,$(shell grep -l 'rounds: Rounds' tests/*/test_*.py))
BIN := .venv/bin
READY := .venv/.ready
RUNNABLE := .venv/.runnable

# The web app contains the client, so it is built again after a change of either.
WEB := src/doable/web/app/index.html
WEB_SOURCES := $(wildcard web/*.*) $(shell find $(filter-out web/node_modules/,$(wildcard web/*/)) clients/typescript/src 2>/dev/null)

# Behind a company's TLS proxy only the system's certificates will do: uv and Node.js have their own, and so has an old pip. Linux has
# them in one of these files, macOS in a keychain, where a new pip looks already. What you have set yourself counts more.
CERTIFICATES := $(firstword $(wildcard $(SSL_CERT_FILE) $(REQUESTS_CA_BUNDLE) $(CURL_CA_BUNDLE) \
	/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem))
ifneq ($(CERTIFICATES),)
export PIP_CERT ?= $(CERTIFICATES)
export NODE_EXTRA_CA_CERTS ?= $(CERTIFICATES)
endif
ifneq ($(CERTIFICATES)$(filter Darwin,$(shell uname)),)
export UV_SYSTEM_CERTS ?= true
endif

.DEFAULT_GOAL := help
.PHONY: help setup run example test test-neon test-citus faults soak check fix migration bench bench-check bench-scale bench-setup bench-web docs docs-site client-types web web-pictures wheel
.DELETE_ON_ERROR:

help:
	@echo "Doable. What you can make:"
	@echo
	@echo "  make run                      run the service; ARGS='--port 9000' goes to doable serve"
	@echo "  make setup                    install the tools of development too into .venv, as uv.lock says"
	@echo "  make web                      build the web app, if its sources have changed; run and setup do this too"
	@echo "  make test                     run all tests, with coverage; T=tests/core runs some, without"
	@echo "  make faults                   run the tests of faults in full, for up to 20 minutes"
	@echo "  make soak                     run the tests of random inputs in full, for as long"
	@echo "  make test-neon DATABASE_URL=… run them on that server; docs/neon.md says what they do to it"
	@echo "  make test-citus DATABASE_URL=… run them on that Citus coordinator; docs/citus.md says what they do to it"
	@echo "  make check                    style, types, layers, dead code, migrations, English, OpenAPI, links, wheel, web app"
	@echo "  make fix                      format, and repair what can be repaired"
	@echo "  make migration m='Add lists'  write the migration from the database to store/schema.py"
	@echo "  make example                  run examples/nextjs: Next.js, Better Auth and Doable; APP=… runs another folder"
	@echo "  make web-pictures             take the pictures of the web app that the documents show"
	@echo "  make docs                     bring the generated parts of the documents up to date"
	@echo "  make docs-site                build the documents as a site with a search, in site/"
	@echo "  make client-types             write the types of clients/typescript from the OpenAPI document"
	@echo "  make bench                    measure the service beside others; QUICK=1 is quick (benchmarks/README.md)"
	@echo "  make bench-check              hold the service against its budgets"
	@echo "  make bench-scale              measure how cost moves as the data grows"
	@echo "  make bench-web                hold the web app against its budgets, in a slow browser"

setup: $(READY)
	@$(TRY_WEB)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Doable needs Python 3.11 or newer: install it, or name it with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
		rm -rf .venv; echo "Python lacks its venv module; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

INSTALL = { command -v $(UV) >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	uv==$(UV_VERSION); } && $(UV) sync --locked --inexact --all-extras

$(READY): uv.lock pyproject.toml | $(BIN)/python
	@$(INSTALL)
	@touch $(RUNNABLE) $@

# Without the tools that development needs; those that are there stay.
$(RUNNABLE): uv.lock pyproject.toml | $(BIN)/python
	@echo "Installing Doable into .venv …"
	@$(INSTALL) --no-dev --quiet
	@touch $@

run: $(RUNNABLE)
	@$(TRY_WEB)
	@$(BIN)/doable serve $(ARGS)

# Node.js comes from PyPI where there is none, or one that is too old.
NODE = $(BIN)/python scripts/node.py 2>/dev/null || $(UV) sync --locked --inexact --all-extras --no-dev --group node --quiet
NPM := $(BIN)/python scripts/node.py

ifneq ($(wildcard web/package.json),)
web: $(WEB)
endif

# npm writes the file `.package-lock.json` when all packages are there.
$(WEB): $(WEB_SOURCES) | $(RUNNABLE)
	@echo "Building the web app …"
	@$(NODE)
	@[ web/node_modules/.package-lock.json -nt web/package-lock.json ] || \
		$(NPM) ci --prefix web --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
		--fetch-retry-mintimeout=1000 --fetch-timeout=60000 --loglevel=error >/dev/null
	@$(NPM) run build --prefix web --silent >/dev/null

# The service runs without its web app too: where there is no registry of npm packages, for example.
TRY_WEB = $(MAKE) --no-print-directory --silent web || \
	echo "The web app could not be built, so the service runs without it. To try again: make web" >&2

example: $(RUNNABLE)
	@$(NODE)
	@$(BIN)/python scripts/example.py $(if $(APP),--app $(APP)) $(ARGS)

ifdef T
test: setup
	$(BIN)/pytest $(T)
else
test: setup
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n $(JOBS) --dist worksteal --cov --cov-report=term --deselect $(TIMED)
endif

# Without DATABASE_URL in their environment, the tests that are about settings see what they always see.
test-neon: setup
	@test -n "$$DATABASE_URL" || { echo "Say where: make test-neon DATABASE_URL='postgresql://…'" >&2; exit 1; }
	TEST_DATABASE_URL="$$DATABASE_URL" env -u DATABASE_URL $(BIN)/pytest -n $(JOBS) --dist worksteal $(T)

# One process: a distributed database can't be cloned, so all tests have the one that DATABASE_URL names.
test-citus: setup
	@test -n "$$DATABASE_URL" || { echo "Say where: make test-citus DATABASE_URL='postgresql://…'" >&2; exit 1; }
	TEST_DATABASE_URL="$$DATABASE_URL" env -u DATABASE_URL $(BIN)/pytest -p no:xdist --citus $(or $(T),$(CITUS))

# What compares times comes last, with nothing beside it.
faults: setup
	status=0; \
	$(BIN)/pytest -n $(JOBS) --dist worksteal --rounds full tests/faults \
		--ignore tests/faults/test_overload.py || status=1; \
	$(BIN)/pytest --rounds full tests/faults/test_overload.py || status=1; \
	exit $$status

soak: setup
	$(BIN)/pytest -n $(JOBS) --dist worksteal --rounds full $(ROUNDS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/dead_code.py
	$(BIN)/python scripts/migration.py --check
	$(BIN)/python scripts/docs.py --check
	$(BIN)/python scripts/prose.py
	REDOCLY=$(REDOCLY) scripts/lint-openapi
	@$(MAKE) --no-print-directory docs-site
	@$(MAKE) --no-print-directory wheel
	$(NPM) run lint --prefix web --silent
	$(NPM) run check --prefix web --silent
	$(BIN)/python scripts/web_size.py

wheel: setup web
	$(UV) build --quiet --clear
	@ls dist

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migration: setup
	@test -n "$(m)" || { echo "Say what it does: make migration m='Add lists'" >&2; exit 1; }
	$(BIN)/python scripts/migration.py "$(m)"

web-pictures: setup
	$(BIN)/python scripts/web_pictures.py

docs: setup
	$(BIN)/python scripts/docs.py

# A dead link ends it. With --quiet, MkDocs does not see it.
docs-site: setup
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "The documents are in site/."

# The secret leaves out the built-in accounts, which Better Auth's client knows.
client-types: setup
	npm ci --silent --ignore-scripts --prefix clients/typescript
	BETTER_AUTH_SECRET=of-no-service-at-all-but-long-enough $(BIN)/doable openapi | node clients/typescript/scripts/types.mjs

bench: bench-setup
	$(BIN)/python benchmarks/run.py $(if $(QUICK),--quick) $(ARGS)

bench-check: bench-setup
	$(BIN)/python benchmarks/run.py --check $(if $(QUICK),--quick) $(ARGS)

bench-scale: bench-setup
	$(BIN)/python benchmarks/scale.py $(if $(QUICK),--quick) $(ARGS)

bench-web: setup
	PYTHONPATH=scripts $(BIN)/python benchmarks/web.py --lighthouse $(LIGHTHOUSE) $(ARGS)

bench-setup: setup
	$(UV) sync --quiet --locked --inexact --all-extras --group bench
	@command -v npm >/dev/null && npm ci --silent --prefix benchmarks/fastify || echo "Without Node: no npm here." >&2
