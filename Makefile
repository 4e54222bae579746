# `make run` and `make test` create what they need.
PYTHON ?= python3
PIP_ARGS ?=        # e.g. --index-url of a mirror, or --extra-index-url https://download.pytorch.org/whl/cpu
TORCH ?= torch==2.13.0   # an exact version takes the CPU build where the index offers one
BIN := .venv/bin

.PHONY: run test lint clean

run: .venv/.installed
	$(BIN)/chartline run sample_docs --ehr sample_docs/ehr --out out

test: .venv/.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile   # two processes; a file stays in one

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip $(PIP_ARGS)
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) $(TORCH)
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --editable '.[dev]'
	touch $@

clean:
	rm -rf out build *.egg-info
