package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/doctor"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/lab"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/notebook"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
)

func setUp(ctx context.Context, args []string) error {
	if _, err := parse("setup", "", args, 0, nil); err != nil {
		return err
	}
	env, err := setup.Run(ctx, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println("ready:", env)
	return nil
}

func openLab(ctx context.Context, args []string) error {
	var opts lab.Options
	_, err := parse("lab", "[-no-browser] [-port N]", args, 0, func(f *flag.FlagSet) {
		f.BoolVar(&opts.NoBrowser, "no-browser", false, "print the address instead of opening a browser")
		f.IntVar(&opts.Port, "port", 8888, "port on the loopback address; the next free one if taken")
	})
	if err != nil {
		return err
	}
	env, err := setup.Run(ctx, os.Stderr)
	if err != nil {
		return err
	}
	return lab.Serve(ctx, env, opts)
}

func runNotebook(ctx context.Context, args []string) error {
	var out string
	rest, err := parse("run", "[-o OUT] NOTEBOOK", args, 1, func(f *flag.FlagSet) {
		f.StringVar(&out, "o", "", "write the notebook with its outputs to this file")
	})
	if err != nil {
		return err
	}
	env, err := setup.Run(ctx, os.Stderr)
	if err != nil {
		return err
	}
	return notebook.Run(ctx, env, rest[0], out, os.Stderr)
}

func seeDoctor(ctx context.Context, args []string) error {
	if _, err := parse("doctor", "", args, 0, nil); err != nil {
		return err
	}
	return doctor.Examine(ctx, os.Stdout)
}

// parse reads the flags of a subcommand, before or after its arguments, and checks how many arguments there are.
func parse(name, form string, args []string, want int, flags func(*flag.FlagSet)) ([]string, error) {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "usage: fastnb %s %s\n", name, form)
		f.PrintDefaults()
	}
	if flags != nil {
		flags(f)
	}
	var rest []string
	for err := f.Parse(args); ; err = f.Parse(args) {
		if err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			break
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
	if want >= 0 && len(rest) != want {
		return nil, fmt.Errorf("%s: %d arguments (usage: fastnb %s %s)", name, len(rest), name, form)
	}
	return rest, nil
}
