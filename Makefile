# What CONTRIBUTING.md names. Each target is a command or a part of .ci/run, which can be called by hand as well.
#
#   make short PKG=./fastnb/schedule      the quick tests of one package

PKG ?= ./...

.PHONY: help setup short test lint generate golden peers lessons full ci

help: ## lists the targets
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile

setup: ## installs JupyterLab, the Go kernel and the plugin into your cache folder
	go run ./cmd/fastnb setup

short: ## the tests that need no Python, no network and no lessons, of PKG
	go test -short -timeout 20m $(PKG)

test: ## every test of PKG, one package at a time; all of them take about 45 minutes on two cores
	go test -p 1 -timeout 30m $(PKG)

lint: ## format, generated files, vet, staticcheck, and whether other systems can build it
	.ci/run lint

generate: ## writes the generated files anew; make lint tells when they are not current
	go generate ./...

golden: ## makes the pictures of plots' tests and of the README anew: look at them before you commit them
	go test ./plots -run TestGoldens -regen
	go test ./internal/lessontest -run TestREADMEPictures -regen

peers: ## tells how the numbers of other libraries are made
	@echo "Numbers of other libraries lie beside the Python script that made them; testdata/README.md has the command"
	@echo "of each. A script names its packages and their versions at its top: install them into an environment of"
	@echo "their own (python3 -m venv /tmp/peer), never into yours, and run the script there. The scripts:"
	@git ls-files 'testdata/*.py' 'bench/*.py' 'fastnb/*.py' 'plots/*.py' | sed 's/^/  /'

lessons: ## runs the lessons in the real kernel
	.ci/run lessons

full: ## every test but the lessons, the learner's on the resident engine too
	.ci/run full

ci: ## all that has to pass
	.ci/run
