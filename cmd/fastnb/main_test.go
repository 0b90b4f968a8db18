package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"slices"
	"strings"
	"syscall"
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
		{args: []string{"train"}, err: `no command "train": want setup, lab, run, new, doctor, data, show, predict, ` +
			"serve, kaggle or engine"},
		{args: []string{"run"}, err: "run: 0 arguments (usage: fastnb run [-o OUT] NOTEBOOK)"},
		{args: []string{"run", "a.ipynb", "b.ipynb"}, err: "run: 2 arguments"},
		{args: []string{"setup", "now"}, err: "setup: 1 arguments"},
		{args: []string{"kaggle", "sumbit"}, err: `kaggle: no command "sumbit" (want fetch, submit or pack)`},
		{args: []string{"kaggle", "submit", "s.csv"}, err: "kaggle submit: 1 arguments (usage: fastnb kaggle submit [-m"},
		{args: []string{"kaggle", "fetch"}, err: "kaggle fetch: no competition (usage"},
		{args: []string{"kaggle", "pack"}, err: "kaggle pack: no program (usage"},
		{args: []string{"new", "x"}, err: "new: 1 arguments (usage: fastnb new [-kind"},
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

// A run that a signal ended has the status that a shell expects.
func TestReport(t *testing.T) {
	ended := func(sig syscall.Signal) context.Context {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(interrupt{sig})
		return ctx
	}
	for _, c := range []struct {
		ctx    context.Context
		err    error
		status int
		says   string
	}{
		{context.Background(), nil, 0, ""},
		{context.Background(), flag.ErrHelp, 0, ""},
		{context.Background(), errors.New("run: cell [1]"), 1, "fastnb: run: cell [1]\n"},
		{ended(syscall.SIGINT), errors.New("run: killed"), 130, "fastnb: interrupted (interrupt)\n"},
		{ended(syscall.SIGTERM), errors.New("run: killed"), 143, "fastnb: interrupted (terminated)\n"},
		{ended(syscall.SIGINT), nil, 0, ""}, // as JupyterLab is stopped
	} {
		var says bytes.Buffer
		if got := report(c.ctx, c.err, &says); got != c.status || says.String() != c.says {
			t.Errorf("%v: status %d, says %q (want %d, %q)", c.err, got, &says, c.status, c.says)
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
