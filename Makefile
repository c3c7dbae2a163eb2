# Every target does all its own set-up. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.9
# Routers, volumes and a vCenter, which start in a second.
PEERS := frr openssh-server sudo iproute2 btrfs-progs xfsprogs golang-go golang-github-vmware-govmomi-dev
AUDIT := $(VENV)/audit
LANES ?= kubernetes openstack ceph
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_LINK_MODE := copy

.PHONY: help setup run test check audit bench hostile fuzz test-peers test-fast sample lock openapi format clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## Install everything into .venv, from the lock file with hashes

$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); ./tools/apt-install python3-venv && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=$(UV_VERSION)'
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

run: setup ## Start the product on http://127.0.0.1:8000, with the demo datacenter
	$(BIN)/datacenter-docs up --demo

test: setup ## Run every test, with the real peers that start in a second
	@./tools/apt-install --needed $(PEERS) postgresql snmpd lldpd chromium libpango-1.0-0 libpangoft2-1.0-0
	$(BIN)/pytest -n 2 --dist loadfile -m 'not heavy_peer' $(ARGS)

hostile: setup ## Try every hostile text and behaviour in every way, not by turns
	HOSTILE=all $(BIN)/pytest -n 2 --dist loadfile tests/hostile $(ARGS)

fuzz: setup ## Ask the API 50,000 times what its document allows, and more
	FUZZ_EXAMPLES=1000 FUZZ_CALLS=50000 $(BIN)/pytest -s tests/hostile/test_api.py $(ARGS)

test-fast: setup ## Run the tests that need no real peer
	$(BIN)/pytest -n 2 -m 'not peer and not crash' tests/unit tests/architecture tests/docs tests/contract/ports $(ARGS)

test-peers: $(LANES:%=test-peers-%) ## Run the tests on heavy real peers; LANES="kubernetes ..." for some of them

# What a lane needs before its tests: Debian packages, and a module that builds what takes longer than a test may.
PACKAGES_kubernetes := etcd-server dpkg-dev openssl $(PEERS)
BUILDS_kubernetes := tests.peers.cluster_build
PACKAGES_openstack := keystone nova-api nova-conductor nova-scheduler nova-compute placement-api glance-api neutron-server \
  cinder-api cinder-scheduler cinder-volume rabbitmq-server mariadb-server python3-pymysql uwsgi-core uwsgi-plugin-python3
BUILDS_openstack := tests.peers.openstack_build
PACKAGES_ceph := ceph-mon ceph-mgr ceph-osd ceph-common python3-rbd faketime

LANE = $(BIN)/pytest -m 'heavy_peer and $*' --no-header
test-peers-%: setup
	@echo "== $*"
	@./tools/apt-install --needed $(PACKAGES_$*)
	$(if $(BUILDS_$*),$(BIN)/python -m $(BUILDS_$*))
	@$(LANE) $(ARGS) || { echo "== $*: once more, what failed, on a peer that starts anew"; $(LANE) --last-failed $(ARGS); }

check: setup ## Format, lint, types, floors, unit and architecture tests
	$(BIN)/ruff format --check --quiet src tests benchmarks tools
	$(BIN)/ruff check --quiet src tests benchmarks tools
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 --dist loadfile tests/unit tests/architecture

audit: setup ## Ask whether a known weakness is in what the lock files name; fails where nobody answers
	@test -x $(AUDIT)/bin/pip-audit || { $(BIN)/uv venv --quiet --clear $(AUDIT) && $(BIN)/uv pip install --quiet --python $(AUDIT)/bin/python --require-hashes -r requirements/audit.lock; }
	$(BIN)/python -m tools.audit $(AUDIT)/bin/pip-audit requirements/runtime.lock requirements/dev.lock $(ARGS)

sample: setup ## Make the documentation of the demo datacenter in build/sample
	$(BIN)/python -m tools.sample build/sample

format: setup ## Format and sort imports
	$(BIN)/ruff format src tests benchmarks tools
	$(BIN)/ruff check --fix --quiet src tests benchmarks tools

bench: setup ## Run all benchmarks and print their figures
	@for script in benchmarks/speed/[a-z]*.py; do echo "== $$script"; $(BIN)/python -m $$(echo $${script%.py} | tr / .) || exit 1; done

lock: ## Renew the lock files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml -o requirements/runtime.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:audit -o requirements/audit.lock

openapi: setup ## Write docs/openapi.json anew
	$(BIN)/python -m tools.openapi docs/openapi.json

clean: ## Remove what was installed and what was built
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist
