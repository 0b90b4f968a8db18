#!/bin/sh
# The kernel's go. It differs from go in two things:
# - Before it builds a cell the kernel runs a bare "go get", which needs the network and fails in a workspace; go.mod
#   already names what the lessons import. It does nothing here.
# - A cell is linked by Go's own linker where that can be, which takes a quarter off the time to build a cell that
#   links XLA; cells with more C than that are linked by the C compiler, as ever.
case "$*" in
get | "get -t") exit 0 ;;
build\ *)
	if [ "$(uname -sm)" = "Linux x86_64" ]; then
		GOFLAGS="$GOFLAGS '-ldflags=-s -w -linkmode=internal'" {{go}} "$@" >/dev/null 2>&1 && exit 0
	fi
	;;
esac
exec {{go}} "$@"
