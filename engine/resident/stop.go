package resident

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/fastnb/fastnb/engine/internal/process"
	"github.com/fastnb/fastnb/engine/internal/wire"
)

// InUseError means that an engine was not stopped, since others compute with it.
type InUseError struct {
	PID int
	By  []string // notebooks and connections, each with its process and since when
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("resident: the engine (process %d) is in use by\n\t%s\n"+
		"wait until that is done, or end it all the same with `fastnb engine stop -force`",
		e.PID, strings.Join(e.By, "\n\t"))
}

// Stop ends the engine at the socket, of whatever version, and returns when it is gone. That none is there is no error.
// An engine that others are connected to, or that a notebook holds, goes on, and the error is an *InUseError; those
// that have just ended are given a moment to go.
func Stop(socket string) error { return stop(socket, &wire.Request{Verb: wire.Stop, Idle: true}) }

// StopIdle is Stop for which it is no error that the engine is in use.
func StopIdle(socket string) error {
	err := Stop(socket)
	var used *InUseError
	if errors.As(err, &used) {
		return nil
	}
	return err
}

// StopAnyway is Stop that asks nobody: whoever computes with the engine is told that, and by whom, it was stopped.
func StopAnyway(socket string) error { return stop(socket, &wire.Request{Verb: wire.Stop}) }

// moment is how long cells that have just ended may take to leave.
const moment = time.Second

func stop(socket string, r *wire.Request) error {
	be, err := greet(socket)
	if err != nil {
		return nil
	}
	defer be.Finalize()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		again := *r
		reply, err := be.conn.ask(&again)
		switch {
		case errors.Is(err, ErrLost), err == nil && reply.Found:
			return ended(socket, be.about.PID)
		case err != nil:
			return err
		case time.Since(began) > moment:
			return inUse(be.about.PID, reply.Status)
		}
	}
}

// ended waits until an engine that was asked to end has gone.
func ended(socket string, pid int) error {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Lstat(socket); os.IsNotExist(err) {
			if pid != os.Getpid() {
				process.Wait(pid, 3*time.Second)
			}
			return nil
		}
	}
	return fmt.Errorf("resident: the engine at %s (process %d) does not stop: kill it", socket, pid)
}

func inUse(pid int, s *wire.StatusInfo) error {
	e := &InUseError{PID: pid}
	if s == nil { // an engine of another version
		e.By = []string{"others, which it does not name"}
		return e
	}
	for _, h := range s.Holders {
		e.By = append(e.By,
			fmt.Sprintf("the notebook %s, kernel %d, since %s", h.Holder.Name, h.Holder.PID, since(h.Seconds)))
	}
	for _, c := range s.Clients {
		if !c.Asks {
			e.By = append(e.By, fmt.Sprintf("%s, since %s", c.Owner, since(c.Seconds)))
		}
	}
	return e
}

// since tells when something began that has lasted for so many seconds.
func since(seconds float64) string {
	lasted := time.Duration(seconds * float64(time.Second))
	return fmt.Sprintf("%s (%s)", time.Now().Add(-lasted).Format(time.TimeOnly), lasted.Round(time.Second))
}
