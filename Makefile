# The one front door. Each target makes the environment that it needs, from the locks in requirements/.
# PYTHON says which interpreter makes it, VENV where it lies: make check PYTHON=python3.12 VENV=.venv-3.12

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
COVERAGE ?= 90

# An environment that happens to be active, or a path of somebody else's, must not leak into ours.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PY := "$(VENV)/bin/python"
READY := $(VENV)/.ready
LOCKED := $(VENV)/.locked
BENCH := $(VENV)-bench
LOCK := $(VENV)-lock
UV_VERSION := 0.13.9
# One version of each package for all Pythons: the same question gets the same bytes on each.
COMPILE = "$(LOCK)/bin/uv" --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--fork-strategy fewest $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve contract test check lint bench score proof format golden clients lock wheel wheel-test example clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-20s%s\n", $$1, $$2 }'

serve: $(READY) ## Serve the twin on http://127.0.0.1:8080 (ARGS="--world NAME ..." passes options)
	@"$(VENV)/bin/usagetwin" serve $(ARGS)

contract: $(READY) ## Check a freshly served twin against its contract; fails unless the verdict is pass
	@$(PY) -m tools.with_twin "$(VENV)/bin/usagetwin" check {url} $(ARGS)

test: $(READY) ## Run the tests with branch coverage (ARGS="tests/..." passes arguments to pytest)
	@$(PY) -m pytest --cov $(ARGS)

check: lint ## Everything that a change must pass: lint, layers, types, tests, coverage
	@$(PY) -m pytest --cov --cov-fail-under=$(COVERAGE) $(ARGS)

lint: $(READY) ## Lint, layers and types
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@"$(VENV)/bin/lint-imports" --no-logo
	@$(PY) -m mypy

bench: $(READY) $(BENCH)/.ready ## Measure what we claim about speed and fault-finding
	@SCHEMATHESIS="$(BENCH)/bin/schemathesis" $(PY) -m benchmarks $(ARGS)

score: $(READY) ## Run the checker against every fault, and write docs/score.md
	@"$(VENV)/bin/usagetwin" score --markdown docs/score.md $(ARGS)

proof: $(READY) ## Run the long versions of the tests, which `make check` leaves out
	@$(PY) -m pytest -m proof $(ARGS)

format: $(READY) ## Format the code, and fix what the linter can fix
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix

golden: $(READY) ## Write fixtures/golden again
	@$(PY) -m tests.golden $(ARGS)

clients: $(READY) ## Write the table of docs/pytest-clients.md again
	@$(PY) -m tests.testing.client_table

lock: $(LOCK)/.ready ## Resolve the locks in requirements/ again (ARGS=--upgrade takes newer versions)
	@$(COMPILE) pyproject.toml -o requirements/run.txt
	@$(COMPILE) pyproject.toml --extra dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	@$(COMPILE) requirements/bench.in -o requirements/bench.txt

wheel: $(READY) ## Build dist/usagetwin-*.whl
	@rm -f dist/*.whl
	@$(PY) -m build --wheel --no-isolation --outdir dist

wheel-test: wheel ## Install the wheel where no sources are, and try its commands
	@$(PY) -m tools.wheel_test dist/*.whl

example: wheel ## Try the example from the wheel, with nothing else of ours, and plant mistakes in it
	@$(PY) -m tools.example_test dist/*.whl

clean: ## Remove the environments and everything generated
	@rm -rf "$(VENV)" "$(BENCH)" "$(LOCK)" dist build htmlcov .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The dependencies, exactly as locked; from nothing, so that none is left over from an older lock.
$(LOCKED): requirements/dev.txt
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("usagetwin needs Python 3.11 or newer: make PYTHON=python3.12")'
	@echo "making $(VENV)"
	@"$(PYTHON)" -m venv --clear "$(VENV)"
	@$(PY) -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# The project itself, editable.
$(READY): $(LOCKED) pyproject.toml
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BENCH)/.ready: requirements/bench.txt
	@"$(PYTHON)" -m venv --clear "$(BENCH)"
	@"$(BENCH)/bin/python" -m pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

$(LOCK)/.ready: Makefile
	@"$(PYTHON)" -m venv --clear "$(LOCK)"
	@"$(LOCK)/bin/python" -m pip install --quiet uv==$(UV_VERSION)
	@touch $@
