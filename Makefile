PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench bench-quick soak fuzz clean

demo: .venv/.demo ## start the sandbox and price one customer's cart step by step
	$(BIN)/python -m examples.demo

test: .venv/.dev ## the whole suite
	$(BIN)/python -m pytest

lint: .venv/.dev ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/basedpyright

bench: .venv/.bench ## measure beside the provider's own client, and keep the figures, in about 5 minutes
	$(BIN)/python -m benchmarks

bench-quick: .venv/.bench ## the same in under a minute, roughly, and without keeping anything
	$(BIN)/python -m benchmarks --quick

soak: .venv/.dev ## 100,000 calls with faults and cancellations, in under two minutes; server and callers must agree
	$(BIN)/python -m tests.soak

fuzz: .venv/.dev ## a million malformed responses, in under 15 minutes; each must give a model or a typed error
	$(BIN)/python -m tests.fuzz

clean:
	rm -rf .venv

.venv/.pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

.venv/.demo: .venv/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[sandbox,cli]"
	touch $@

.venv/.dev: .venv/.demo
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

.venv/.bench: .venv/.dev
	$(BIN)/python -m pip install --quiet --group bench
	touch $@
