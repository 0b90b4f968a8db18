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
	"github.com/fastnb/fastnb/engine"
)

func setUp(ctx context.Context, args []string) error {
	var device string
	_, err := parse("setup", "[-device cuda]", args, 0, func(f *flag.FlagSet) {
		f.StringVar(&device, "device", "", "install the plugin of this device too, cpu or cuda, whether or not the machine has one: for an image")
	})
	if err != nil {
		return err
	}
	env, err := setup.Run(ctx, os.Stderr)
	if err != nil {
		return err
	}
	if device != "" {
		if err := engine.InstallDevice(engine.Device(device)); err != nil {
			return fmt.Errorf("setup: %w", err)
		}
	}
	fmt.Println("ready:", env)
	return nil
}

func openLab(ctx context.Context, args []string) error {
	var opts lab.Options
	_, err := parse("lab", "[-no-browser] [-host ADDRESS] [-port N]", args, 0, func(f *flag.FlagSet) {
		f.BoolVar(&opts.NoBrowser, "no-browser", false, "print the address instead of opening a browser")
		f.TextVar(&opts.Host, "host", lab.Loopback, "IP `address` to listen on; with any but the loopback address, other machines reach JupyterLab")
		f.IntVar(&opts.Port, "port", 8888, "port to listen on; the next free one if taken")
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
	if err := notebook.Check(rest[0], out); err != nil { // before a set-up that may take minutes
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

// wrapped names the subcommand whose error it is.
func wrapped(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}
