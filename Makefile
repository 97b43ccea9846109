# The few things one does with a clone. `make demo` is the quickest look.

SENTIO := .build/release/sentio-pipeline
SWIFT_FILES := Package.swift Sources Tests Examples

.PHONY: help setup build test demo bench lint format

help:
	@echo "make demo    build, then run phase 4, GAN and transformers, on songs that the program makes itself"
	@echo "make test    build and run every test"
	@echo "make build   the two programs, optimised, in .build/release"
	@echo "make bench   how fast the parts are, one line of JSON each"
	@echo "make lint    the format of the sources; \`make format\` puts it right"
	@echo "make setup   install the C libraries that are missing (all others do this first)"

setup:
	@tools/setup.sh

build: setup
	swift build -c release --product sentio-pipeline
	swift build -c release --product sentio-bench

test: setup
	swift test

demo: setup
	swift build -c release --product sentio-pipeline
	$(SENTIO) run pipelines/phase4.yaml --profile demo
	$(SENTIO) report latest -o "$${SENTIO_ARTIFACTS:-artifacts}/report.html"

bench: setup
	swift build -c release --product sentio-bench
	.build/release/sentio-bench

# Some toolchains come without the formatter; names, lengths and imports are checked by ArchitectureTests anyway.
lint:
	@if swift format --version >/dev/null 2>&1; then \
		swift format lint --strict --parallel --recursive $(SWIFT_FILES) && echo "The format is right."; \
	else \
		echo "This toolchain has no \`swift format\`; the format was not checked."; \
	fi

format:
	swift format --in-place --parallel --recursive $(SWIFT_FILES)
