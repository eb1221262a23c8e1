# Everything a person types. A new user needs Python 3.11 and make; nothing else is assumed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
DATA_DIR ?= ./data
ARGS ?=
VENV_PYTHON := .venv/bin/python

.PHONY: help setup setup-dev run services services-stop test test-all lint bench messages

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## .venv with what Pharos needs to run (quick when nothing changed)
	@$(PYTHON) tools/setup.py requirements.txt

setup-dev:
	@$(PYTHON) tools/setup.py requirements-dev.txt

run: setup ## Serve Pharos with its demo: make run PORT=8000 DATA_DIR=./data
	@DATA_DIR="$(abspath $(DATA_DIR))" PORT=$(PORT) $(VENV_PYTHON) manage.py serve

services: setup ## PostgreSQL and Redis for the tests: the running ones, else throwaway ones on 127.0.0.1
	@$(VENV_PYTHON) tools/services.py

services-stop: setup ## End the throwaway servers
	@$(VENV_PYTHON) tools/services.py --stop

test: setup-dev ## The suite on SQLite, and on PostgreSQL + Redis where they answer: make test ARGS="-k goal"
	@$(VENV_PYTHON) tools/test.py $(ARGS)

test-all: setup-dev ## The suite with the slow kinds: browser, kill, load, fuzz
	@$(VENV_PYTHON) tools/test.py --all $(ARGS)

lint: setup-dev ## Style, floors and rooms, migrations, system checks, translations
	@$(VENV_PYTHON) tools/lint.py

messages: setup-dev ## Collect the texts into locale/ and compile them (needs gettext)
	@$(VENV_PYTHON) tools/messages.py

bench: setup-dev ## Measure; one JSON line a figure
	@$(VENV_PYTHON) benchmarks/run.py $(ARGS)
