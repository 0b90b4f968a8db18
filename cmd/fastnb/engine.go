package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/engine/serve"
)

// theEngine serves as the resident engine, or tells the one that runs what to do.
func theEngine(ctx context.Context, args []string) error {
	opts := serve.Options{Trim: engine.Trim}
	var socket string
	var force bool
	rest, err := parse("engine", "[-socket PATH] serve | status | free | stop [-force]", args, 1, func(f *flag.FlagSet) {
		f.StringVar(&socket, "socket", "", "the engine's Unix socket; by default this user's")
		f.StringVar(&opts.Build, "build", "", "serve: what clients ask for")
		f.DurationVar(&opts.Idle, "idle", 10*time.Minute,
			"serve: how long to go on when nobody is connected, six times that while a notebook is open; 0 for ever")
		f.IntVar(&opts.Programs, "programs", 0, "serve: compiled programs to keep beyond their use (default 128)")
		f.Int64Var(&opts.KeptBytes, "kept", 0, "serve: bytes of checkpoints to keep on the device (default 1 GiB)")
		f.BoolVar(&force, "force", false, "stop: also while notebooks and others compute with it")
	})
	if err != nil {
		return err
	}
	if socket == "" {
		if socket, err = engine.DefaultSocket(); err != nil {
			return err
		}
	}
	switch rest[0] {
	case "serve":
		return serveEngine(ctx, socket, opts)
	case "status":
		return withEngine(socket, func(be *resident.Backend) error { return printStatus(os.Stdout, be) })
	case "free":
		return withEngine(socket, (*resident.Backend).Release)
	case "stop":
		if force {
			return resident.StopAnyway(socket)
		}
		return resident.Stop(socket)
	}
	return fmt.Errorf("engine: no command %q (want serve, status, free or stop)", rest[0])
}

func serveEngine(ctx context.Context, socket string, opts serve.Options) error {
	os.Unsetenv("FASTNB_ENGINE") // it computes itself
	if c, err := resident.Dial(socket, ""); err == nil {
		c.Finalize()
		return fmt.Errorf("engine: %s: %w", socket, serve.ErrRunning)
	}
	be, err := engine.Open() // before it listens: who connects is answered at once
	if err != nil {
		return err
	}
	l, err := serve.Listen(socket)
	if err != nil {
		return fmt.Errorf("engine: %s: %w", socket, err)
	}
	fmt.Fprintf(os.Stderr, "engine: %s %s at %s, process %d\n", time.Now().Format(time.DateTime), engine.Describe(be),
		socket, os.Getpid())
	return serve.New(be, opts).Serve(ctx, l)
}

func withEngine(socket string, do func(*resident.Backend) error) error {
	be, err := resident.Dial(socket, "")
	if err != nil {
		return fmt.Errorf("engine: none runs (a cell starts one, or `fastnb engine serve`): %w", err)
	}
	defer be.Finalize()
	return do(be)
}

// printStatus writes what the engine holds as tables.
func printStatus(w io.Writer, be *resident.Backend) error {
	s, err := be.Status()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\nprocess %d, up %s, %s in memory\n", engine.Describe(be), s.Engine.PID, seconds(s.Seconds),
		megabytes(s.Memory))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nnotebook\tkernel\tfor")
	for _, h := range s.Holders {
		fmt.Fprintf(t, "%s\t%d\t%s\n", h.Holder.Name, h.Holder.PID, seconds(h.Seconds))
	}
	fmt.Fprintln(t, "\nconnection\tfor\tbuffers\tsize\tprograms\truns")
	for _, c := range s.Clients {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%d\t%d\n", c.Owner, seconds(c.Seconds), c.Buffers, megabytes(c.Bytes), c.Programs,
			c.Runs)
	}
	fmt.Fprintln(t, "\nprogram\tname\tusers\truns\tcompiled in\tidle")
	for _, p := range s.Programs {
		fmt.Fprintf(t, "%x\t%s\t%d\t%d\t%s\t%s\n", p.Key[:min(4, len(p.Key))], p.Name, p.Users, p.Runs, seconds(p.Compile),
			seconds(p.Idle))
	}
	fmt.Fprintln(t, "\nkept, of checkpoint\ttensors\tsize")
	for _, k := range s.Checkpoints() {
		fmt.Fprintf(t, "%s\t%d\t%s\n", k.Name, k.Tensors, megabytes(k.Bytes))
	}
	return t.Flush()
}

func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	if d > time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1fs", s)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
