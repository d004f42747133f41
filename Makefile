# Wherefore: `make help` lists what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DESTDIR ?=

BINARY := .build/release/wherefore
BENCHMARKS := .build/release/Benchmarks
PEERS := Sources/Benchmarks/Peers
BUNDLE := .build/vega/vega-embed.js
FORMATTED := Sources Tests Package.swift

# One thread inside BLAS: the engine divides the work itself, and results do not depend on it.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help setup build run test bench evidence install format lint clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Install what building, running and testing need, only where it is missing
	@.ci/setup

build: setup  ## Build the program
	swift build -c release --product wherefore

run: build  ## Analyse the bundled sample and write the report to out/
	$(BINARY) analyze notebooks-data/interactions.csv \
	  --study models/contact-centre.yaml --out out

test: setup  ## Run all tests
	swift test -c release --disable-testable-imports --disable-xctest

bench: build  ## Time logs of growing size (BENCH_ROWS="20000 100000") and peers (PEERS_PYTHON=PATH)
	python3 .ci/bench.py $(BINARY) $(BENCH_ROWS)
	swift build -c release --product Benchmarks
	@if [ -n "$(PEERS_PYTHON)" ]; then \
	  $(BENCHMARKS) all --python "$(PEERS_PYTHON)" \
	    --causal-python "$(or $(PEERS_CAUSAL_PYTHON),$(PEERS_PYTHON))"; \
	else \
	  echo "Not compared with peers: let PEERS_PYTHON name the Python of an environment with the" \
	    "packages of $(PEERS)/requirements.txt, PEERS_CAUSAL_PYTHON one with those of" \
	    "$(PEERS)/requirements-causal.txt; R needs lme4 and glmmTMB:"; \
	  grep -hv '^#' $(PEERS)/requirements.txt $(PEERS)/requirements-causal.txt | sort -u; \
	fi

evidence: build  ## Long proof: every regime over WORLDS=100 worlds, resumable, into .build/evidence/
	.ci/evidence $(BINARY) .build/evidence

install: build  ## Install the program and the Vega bundle below PREFIX (default /usr/local)
	install -D -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/wherefore"
	@if [ -f $(BUNDLE) ]; then \
	  install -D -m 644 $(BUNDLE) "$(DESTDIR)$(PREFIX)/share/wherefore/vega-embed.js"; \
	  echo "Installed $(DESTDIR)$(PREFIX)/bin/wherefore, charts included."; \
	else \
	  echo "Installed $(DESTDIR)$(PREFIX)/bin/wherefore without charts (no $(BUNDLE));" \
	    "'make setup' with a package index in reach, then this again, adds them."; \
	fi

format:  ## Format the Swift sources in place
	swift format --in-place --recursive $(FORMATTED)

lint:  ## Check the format of the Swift sources
	swift format lint --strict --recursive $(FORMATTED)

clean:  ## Remove what was built and written here
	rm -rf .build out
