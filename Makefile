# The two commands are `make conformance` and `make test`; `make help` names the rest.
# A machine with Python and make is enough: everything else goes into .venv, as the lock says.

PYTHON ?= python3
ARGS ?=
REPORT_DIR ?= reports
# All there is, in bounds that let the whole end within half a minute. ARGS may say otherwise.
DEEP ?= --depth deep --max-examples 200 --fuzz-time 8

VENV := .venv
BIN := $(VENV)/bin
sum = $(firstword $(shell cksum < $(1)))
LOCKED := $(VENV)/locked-$(call sum,requirements.lock)
MUTATING := $(VENV)/mutating-$(call sum,requirements-mutants.lock)
READY := $(VENV)/ready-$(call sum,pyproject.toml)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet

.DEFAULT_GOAL := help
# What `make lock` asks uv for, whichever of the three locks it is.
LOCKING := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: conformance test slow prove matrix order mutants stacks mocks clients recipes soak bench growth judging contract corpus lint format html lock clean help

conformance: $(READY) ## judge a target (ARGS="--base-url URL ..."), then build reports/report.html
	@# After exit 4 nothing has run: a report would be that of an earlier run.
	@status=0; report=0; \
	$(BIN)/esignon-conformance run $(DEEP) --report-dir '$(REPORT_DIR)' $(ARGS) || status=$$?; \
	[ $$status -eq 4 ] || \
	  $(BIN)/esignon-conformance report --report-dir '$(REPORT_DIR)' || report=$$?; \
	[ $$status -ne 0 ] || status=$$report; \
	exit $$status

test: $(READY) ## prove the suite itself: lint, types, and the tests in selftest/
	@# What opens a browser, or takes long, is the part of .ci/run. Most tests wait more than they work,
	@# so there are more processes than cores. What pytest makes of the tests it makes once, beside lint,
	@# and not once in each process, whatever the environment says of byte code.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest selftest --collect-only -qq >/dev/null 2>&1 & \
	$(MAKE) --no-print-directory lint; status=$$?; wait; exit $$status
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest selftest -m 'not browser and not slow' -n 4 \
	  --dist loadfile --no-loadscope-reorder $(ARGS)

slow: $(READY) ## the tests that take long, some twenty minutes (ARGS="--slow-part 1/4" for a part, as .ci/run takes)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest selftest -m slow -n 4 --dist loadgroup -rs $(ARGS)

prove: $(READY) ## score the suite on known-bad and known-good servers, some forty minutes (ARGS="--part 1/10" for a tenth)
	@$(BIN)/esignon-conformance prove --proven selftest/proven.json.gz $(ARGS)

matrix: $(READY) ## which cases show each known-bad server: selftest/shown.jsonl.gz (ARGS=--missing for new ones)
	@$(BIN)/esignon-conformance prove --matrix selftest/shown.jsonl.gz --proven selftest/proven.json.gz $(ARGS)

order: $(READY) ## in which order cases are sent under a limit, by the matrix: contracts/login/order.json
	@$(BIN)/python -m esignon_conformance.tools.proof.case_order

mutants: $(READY) $(MUTATING) ## which changes of the box's code the suite does not see, two hours; goes on where it stopped
	@$(BIN)/python -m selftest.mutants $(ARGS)

stacks: $(READY) ## judge real stacks, proxies and databases (ARGS="--install" as root: Debian's packages; ARGS="express")
	@$(BIN)/python -m stacks.runner $(ARGS)

mocks: $(READY) ## write the mock of each tool, start it there, and judge it (ARGS="wiremock")
	@$(BIN)/python -m selftest.mock_tools $(ARGS)

clients: ## install the clients that record logins for the tests: mitmproxy, Playwright, newman (in .clients)
	@python3 -m venv .clients/mitmproxy && .clients/mitmproxy/bin/pip install --quiet 'mitmproxy==11.0.2'
	@npm install --prefix .clients --no-audit --no-fund --ignore-scripts newman@6.2.2 playwright-core@1.65.1

recipes: $(READY) ## run the recipes of ci/ as they stand, on two nights, twenty minutes (ARGS="GitHub --rate 100")
	@$(BIN)/python -m selftest.recipes $(ARGS)

soak: $(READY) ## fuzz the suite itself by a server with mutated answers, ten minutes (ARGS="--exchanges 20000 --seed 7")
	@$(BIN)/python -m selftest.soak $(ARGS)

bench: $(READY) ## how fast the suite is, beside a bare requests loop and schemathesis run
	@$(BIN)/python -m selftest.benchmark

growth: $(READY) ## what large runs cost, in docs/growth.md (ARGS="draws" for one table), some ten minutes
	@$(BIN)/python -m selftest.growth $(ARGS)

judging: $(READY) ## how fast traffic of 1 GB is judged, and in how much memory: docs/judging.md (ARGS="--size 1e8")
	@$(BIN)/python -m selftest.judge_speed $(ARGS)

contract: $(READY) ## make openapi.yaml and the schemas of each operation anew, from its facts and the overlay
	@$(BIN)/python -m esignon_conformance.tools.apidoc.contract_files

corpus: $(READY) ## draw and choose the frozen corpus of fuzzing anew: contracts/login/corpus.jsonl.gz
	@$(BIN)/python -m esignon_conformance.runner.fuzzing.corpus --rebuild

lint: $(READY) ## ruff, mypy, and what may import what
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check --diff
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo --no-cache >$(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log >&2; exit 1; }

format: $(READY) ## put the source into the form that lint asks for
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

html: $(READY) ## build reports/report.html again from the results that are there
	@$(BIN)/esignon-conformance report --report-dir '$(REPORT_DIR)' $(ARGS)

lock: $(READY) ## bring the three locks of Python packages and that of the Node packages up to date
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && \
	$(PYTHON) -m venv "$$tools" && "$$tools/bin/pip" install --quiet uv && \
	"$$tools/bin/uv" pip compile pyproject.toml $(LOCKING) --all-extras \
	  --output-file requirements.lock && \
	"$$tools/bin/uv" pip compile --group mutants $(LOCKING) --constraint requirements.lock \
	  --output-file requirements-mutants.lock && \
	"$$tools/bin/uv" pip compile pyproject.toml --group build $(LOCKING) \
	  --constraint requirements.lock --output-file requirements-run.lock
	@$(BIN)/python -m esignon_conformance.reports.html_report.relock

clean: ## remove .venv, caches and what runs have written
	@rm -rf $(VENV) .mypy_cache .ruff_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find reports -mindepth 1 ! -name README.md -delete

help: ## what can be asked for
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Set up once for each lock, one line a step; pip's own words are shown only where it fails.
$(LOCKED):
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or say make PYTHON=..." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is older than 3.11. Say make PYTHON=python3.11, or a newer one." >&2; \
	  exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "$(PYTHON) makes no virtual environments. On Debian: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }
	@echo "Installing what requirements.lock names, about half a minute ..."
	@$(PIP) install --require-hashes --requirement requirements.lock >$(VENV)/setup.log 2>&1 || { \
	  cat $(VENV)/setup.log >&2; exit 1; }
	@touch $@

# What `make mutants` needs beside, in versions that leave the others as they are.
$(MUTATING): $(LOCKED)
	@echo "Installing what requirements-mutants.lock names ..."
	@$(PIP) install --require-hashes --requirement requirements-mutants.lock \
	  >$(VENV)/setup.log 2>&1 || { cat $(VENV)/setup.log >&2; exit 1; }
	@touch $@

$(READY): $(LOCKED)
	@echo "Installing the suite itself ..."
	@$(PIP) install --no-deps --no-build-isolation --editable . >$(VENV)/setup.log 2>&1 || { \
	  cat $(VENV)/setup.log >&2; exit 1; }
	@# Compiled once here, since an environment may keep Python from doing it at each start.
	@$(BIN)/python -m compileall -q src
	@touch $@
