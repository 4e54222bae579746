# `make run` and `make test` create what they need.
PYTHON ?= python3
# PIP_ARGS: options of pip, such as --index-url of a mirror.
# TORCH_INDEX: where torch's CPU build is looked for if pip's own indexes have none; empty: nowhere.
PIP_ARGS ?=
TORCH ?= torch==2.13.0
export TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
BIN := .venv/bin

.PHONY: run test lint clean

run: .venv/.installed
	$(BIN)/chartline run sample_docs --ehr sample_docs/ehr --out out

test: .venv/.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile   # two processes; a file stays in one

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/.installed: pyproject.toml deploy/install_torch.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip $(PIP_ARGS)
	$(BIN)/python deploy/install_torch.py $(TORCH) --quiet $(PIP_ARGS)
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --editable '.[dev]'
	touch $@

clean:
	rm -rf out build *.egg-info
