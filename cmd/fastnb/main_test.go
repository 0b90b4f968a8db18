package main

import (
	"bytes"
	"context"
	"flag"
	"slices"
	"strings"
	"testing"
)

func TestDispatch(t *testing.T) {
	for _, c := range []struct {
		args []string
		help bool
		err  string
	}{
		{args: nil, help: true},
		{args: []string{"--help"}, help: true},
		{args: []string{"train"}, err: `no command "train": want setup, lab, run, doctor, data or engine`},
		{args: []string{"run"}, err: "run: 0 arguments (usage: fastnb run [-o OUT] NOTEBOOK)"},
		{args: []string{"run", "a.ipynb", "b.ipynb"}, err: "run: 2 arguments"},
		{args: []string{"setup", "now"}, err: "setup: 1 arguments"},
		{args: []string{"doctor", "-x"}, err: "flag provided but not defined: -x"},
	} {
		var help bytes.Buffer
		err := dispatch(context.Background(), c.args, &help)
		if (help.String() == usage) != c.help {
			t.Errorf("%q: help is %q", c.args, &help)
		}
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: error is %v (want %s)", c.args, err, c.err)
		}
	}
}

// Flags may stand before or after the arguments.
func TestParse(t *testing.T) {
	for _, args := range [][]string{{"-o", "out", "in"}, {"in", "-o", "out"}} {
		var out string
		rest, err := parse("run", "", args, 1, func(f *flag.FlagSet) { f.StringVar(&out, "o", "", "") })
		if err != nil || out != "out" || !slices.Equal(rest, []string{"in"}) {
			t.Errorf("%q: out is %q, the rest %q, %v", args, out, rest, err)
		}
	}
}
