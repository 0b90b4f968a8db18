#!/bin/sh
# The kernel's go. It differs from go in three things:
# - Before it builds a cell the kernel runs a bare "go get", which needs the network and fails in a workspace; go.mod
#   already names what the lessons import. It does nothing here.
# - A cell is linked by Go's own linker where that can be, which takes a quarter off the time to build a cell that
#   links XLA; cells with more C than that are linked by the C compiler, as ever.
# - Where nobody is there to type, with FASTNB_STDIN=none, a cell's program reads end-of-file: the kernel gives it a pipe
#   that it never closes. The program goes into a folder, and what the kernel starts in its place starts that.

# reads_nothing PROGRAM ... makes the file that the kernel starts, and names the one to build in $program.
reads_nothing() {
	folder=$(dirname "$1")
	name=$(basename "$1")
	if [ "$FASTNB_STDIN" != none ] || [ "$name" != "$(basename "$folder")" ]; then
		program=$1
		return
	fi
	program=$folder/cell/$name
	mkdir -p "$folder/cell"
	rm -f "$1"
	cat >"$1" <<-'END'
		#!/bin/sh
		unset BASH_ENV FASTNB_STDIN
		exec "${0%/*}/cell/${0##*/}" "$@" </dev/null
	END
	chmod +x "$1"
}

case "$*" in
get | "get -t") exit 0 ;;
"build -o "*)
	reads_nothing "$3"
	shift 3
	set -- build -o "$program" "$@"
	;;
"test -c -o "*)
	reads_nothing "$4"
	shift 4
	set -- test -c -o "$program" "$@"
	;;
esac
case "$*" in
build\ *)
	if [ "$(uname -sm)" = "Linux x86_64" ]; then
		GOFLAGS="$GOFLAGS '-ldflags=-s -w -linkmode=internal'" {{go}} "$@" >/dev/null 2>&1 && exit 0
	fi
	;;
esac
exec {{go}} "$@"
