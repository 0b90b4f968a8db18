package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/child"
)

// interrupt is why a context ended: a signal.
type interrupt struct{ signal syscall.Signal }

func (i interrupt) Error() string { return fmt.Sprintf("interrupted (%v)", i.signal) }

// interruptible returns a context that the first signal to end ends; a second one kills the programs that were asked
// to stop and have not yet.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	told := make(chan os.Signal, 4)
	signal.Notify(told, signals()...)
	go func() {
		for sig := range told {
			if ctx.Err() != nil {
				child.Hurry()
			}
			number, _ := sig.(syscall.Signal)
			cancel(interrupt{number})
		}
	}()
	return ctx, func() { signal.Stop(told) }
}

// signals are those that ask us to end. What nohup has turned off stays off.
func signals() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// report says how a command ended, and returns its exit status: 0, 1, or as a shell has it for who is ended by a
// signal.
func report(ctx context.Context, err error, w io.Writer) int {
	var by interrupt
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(context.Cause(ctx), &by):
		fmt.Fprintln(w, "fastnb:", by)
		return 128 + int(by.signal)
	}
	fmt.Fprintln(w, "fastnb:", err)
	return 1
}
