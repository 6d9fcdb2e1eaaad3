# The front door. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
BACKEND ?= moto
STAGE ?= default
export PYTHON

.PHONY: help setup demo up test lint bench build deploy screenshots clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/ready-local .venv/compiled  ## the environment that demo and up need

.venv/ready-local: requirements/local.txt pyproject.toml
	@scripts/setup local

.venv/ready-dev: requirements/dev.txt pyproject.toml
	@scripts/setup dev

# make has a C compiler or goes on without one
.venv/compiled: layers/etstats/compile_demo.py $(addprefix layers/etstats/etstats/demo/,decode.py encode.py protocol.py) | .venv/ready-local
	@scripts/compile

demo: setup  ## the main job once, on this machine: FILES=DIR OUT=DIR BACKEND=moto|localstack
	@$(BIN)/python -m local.demo --backend $(BACKEND) $(if $(FILES),--files "$(FILES)") $(if $(OUT),--out "$(OUT)")

up: setup  ## keep the stack running until Ctrl-C, with the desk in the browser: FILES=DIR
	@$(BIN)/python -m local.up --backend $(BACKEND) $(if $(FILES),--files "$(FILES)")

test: lint .venv/compiled  ## everything that must hold
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: .venv/ready-dev  ## ruff, mypy, import contracts, template
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint template.yaml

bench: setup  ## measure; writes build/bench.json: ONLY="parsing storing" for some of it
	@$(BIN)/python -m scripts.bench $(ONLY)

build:  ## check the template and build what is deployed, without Docker; needs python3.13
	@scripts/build

deploy: build  ## to AWS, then migrate: STAGE=default|prod; docs/deploy.md
	@scripts/deploy $(STAGE)

screenshots: setup  ## pictures of every card, on one sheet: FILES=DIR for a stack of its own, or DESK=http://…
	@scripts/setup-browser
	@.venv-browser/bin/python scripts/screenshots.py $(if $(DESK),--desk "$(DESK)") $(if $(FILES),--files "$(FILES)")

clean:  ## remove what the other targets made
	rm -rf .venv .venv-* build .aws-sam
