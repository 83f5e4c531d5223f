PYTHON ?= python3
BIN := .venv/bin
# Interpreters that tests start must not compile the package each time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test cov test-all lowest ray package format check lock bench bench-quick bench-bulk soak fuzz clean

demo: .venv/.demo ## start the sandbox and price one customer's cart step by step
	$(BIN)/python -m examples.demo

test: .venv/.dev ## the whole suite, on both cores
	$(BIN)/python -m pytest -n 2 --dist worksteal

cov: .venv/.dev ## the suite with branch coverage; fails below the floor in pyproject.toml
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-all: .venv/.dev ## the suite on every supported Python
	$(BIN)/nox --session tests

lowest: .venv/.dev ## the suite with the lowest versions of the dependencies
	$(BIN)/nox --session lowest

ray: .venv/.dev ## the tests of jobs on Ray and Dask, which the suite leaves out
	$(BIN)/nox --session ray

package: .venv/.dev ## build wheel and sdist, check them, run the README's first program from the wheel
	$(BIN)/nox --session package

format: .venv/.dev ## rewrite the code in its standard format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: .venv/.dev ## lint, format, types, layers and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/basedpyright

COMPILE := $(BIN)/uv pip compile --quiet --universal --no-annotate --no-emit-index-url \
	--python-version 3.11 --extra sandbox --extra cli --extra testing --extra contract --extra parquet
LOCK := $(COMPILE) --generate-hashes $(if $(UPGRADE),--upgrade) pyproject.toml

lock: .venv/.dev ## update the lock files from pyproject.toml; UPGRADE=1 takes the newest versions
	$(LOCK) --group dev --output-file requirements/dev.txt
	$(LOCK) --group test --constraint requirements/dev.txt --output-file requirements/test.txt
	$(LOCK) --group package --constraint requirements/dev.txt --output-file requirements/package.txt
	$(LOCK) --extra ray --group ray --constraint requirements/dev.txt --output-file requirements/ray.txt
	$(COMPILE) --no-deps --resolution lowest-direct pyproject.toml --output-file .venv/lowest.in
	$(LOCK) --group test --constraint .venv/lowest.in --output-file requirements/lowest.txt

bench: .venv/.dev ## measure beside the provider's own client, and keep the figures, in about 9 minutes
	$(BIN)/python -m benchmarks

bench-quick: .venv/.dev ## the same in about two minutes, and without keeping anything
	$(BIN)/python -m benchmarks --quick

bench-bulk: .venv/.dev ## measure bulk jobs against a server that keeps books, and keep the figures, in about 15 minutes
	$(BIN)/python -m benchmarks.bulk

soak: .venv/.dev ## 100,000 calls with faults and cancellations, in under two minutes; server and callers must agree
	$(BIN)/python -m tests.soak

fuzz: .venv/.dev ## a million malformed responses, in under 15 minutes; each must give a model or a typed error
	$(BIN)/python -m tests.fuzz
	$(BIN)/python -m pytest --hypothesis-profile=thorough tests/codec/test_responses.py tests/sandbox/test_random_orders.py

clean:
	rm -rf .venv .nox

.venv/.pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

.venv/.demo: .venv/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[sandbox,cli]"
	touch $@

.venv/.dev: .venv/.pip pyproject.toml talon_async/_version.py requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
