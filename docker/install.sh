#!/bin/sh
# Makes a Debian into a fastnb. The Dockerfile runs it, and so does the rehearsal without Docker (rehearse_test.go).
#
#   install.sh system     as root: Debian's packages, and the user fastnb
#   install.sh lessons    as the user, in the checkout: what fastnb's own set-up does, and the command itself
#   install.sh cuda       the same user, after that: the plugin for NVIDIA GPUs with CUDA's libraries, 3 GB
set -eu

# A cell is a C++ program too: DuckDB is linked into it.
packages="ca-certificates g++ python3-venv tini"

system() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get update
	# shellcheck disable=SC2086 # a list of words
	apt-get install -y --no-install-recommends $packages
	apt-get clean
	rm -rf /var/lib/apt/lists/*
	id fastnb >/dev/null 2>&1 || useradd --create-home --uid 1000 --shell /bin/bash fastnb
	install --directory --owner=fastnb --group=fastnb /home/fastnb/fastnb
}

# Go keeps each module as it came and unpacked, but compiles the latter.
lessons() {
	PIP_NO_CACHE_DIR=1 go run ./cmd/fastnb setup
	go install ./cmd/fastnb
	find "$(go env GOMODCACHE)/cache/download" -name '*.zip' -delete
	fastnb doctor
}

# The wheels that the libraries came in are kept by their installer; an image needs them once.
cuda() {
	fastnb setup -device cuda
	rm -rf "$HOME/.cache/go-xla"
}

case ${1:-} in
system | lessons | cuda) "$1" ;;
*)
	echo "install.sh: no step '${1:-}': want system, lessons or cuda" >&2
	exit 2
	;;
esac
