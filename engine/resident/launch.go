package resident

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/fastnb/fastnb/engine/internal/wire"
)

// patience is how long an engine may take to start, or to stop: it loads XLA, and on a GPU takes hold of the device.
const patience = time.Minute

// Launcher says how to start an engine where none runs.
type Launcher struct {
	Program string   // the fastnb command
	Socket  string   // from Socket
	Env     []string // the engine's environment; nil for this process's
}

// BuildFile is the file beside a program that holds its checksum.
func BuildFile(program string) string { return program + ".build" }

// Build is what engines of this program call themselves: what its BuildFile holds, else its path, size
// and time.
func (l Launcher) Build() string {
	if sum, err := os.ReadFile(BuildFile(l.Program)); err == nil {
		return string(sum)
	}
	info, err := os.Stat(l.Program)
	if err != nil {
		return l.Program
	}
	return fmt.Sprintf("%s, %d bytes of %s", l.Program, info.Size(), info.ModTime().Format(time.RFC3339Nano))
}

// Open connects to the engine. It starts one where none answers, and replaces one of another build. What the engine
// says goes into a file beside its socket.
func (l Launcher) Open() (*Backend, error) {
	be, err := Dial(l.Socket, l.Build())
	if err == nil {
		return be, nil
	}
	lock := flock.New(l.Socket + ".lock")
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 10*time.Millisecond); err != nil {
		return nil, fmt.Errorf("resident: another process has been starting the engine for long (%w): see %s, "+
			"or end it with `fastnb engine stop`", err, l.Log())
	}
	defer lock.Unlock()
	if be, err = Dial(l.Socket, l.Build()); err == nil { // another cell was quicker
		return be, nil
	}
	if _, err := os.Stat(l.Program); err != nil {
		return nil, notStarted(err)
	}
	var other *OtherError
	if errors.As(err, &other) {
		if err := l.replace(other); err != nil {
			return nil, err
		}
	}
	return l.start()
}

// replace stops an engine of another build, unless somebody computes with it. Notebooks whose cells take the engine
// from the same program go on with the new one.
func (l Launcher) replace(other *OtherError) error {
	err := stop(l.Socket, &wire.Request{Verb: wire.Stop, Idle: true, Name: l.Program})
	var used *InUseError
	if errors.As(err, &used) {
		return fmt.Errorf("%w, and others compute with it: %w", other, used)
	}
	return err
}

// Log is where the engine writes.
func (l Launcher) Log() string { return logOf(l.Socket) }

func (l Launcher) start() (*Backend, error) {
	log, err := os.OpenFile(l.Log(), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600) // serve bounds its size
	if err != nil {
		return nil, fmt.Errorf("resident: %w", err)
	}
	defer log.Close()
	length, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("resident: %w", err)
	}
	cmd := exec.Command(l.Program, "engine", "serve", "-socket", l.Socket, "-build", l.Build())
	cmd.Env, cmd.Dir = l.Env, filepath.Dir(l.Socket)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return nil, notStarted(err)
	}
	ended := make(chan string, 1)
	children.Store(cmd.Process.Pid, ended)
	go func() {
		cmd.Wait()
		ended <- cmd.ProcessState.String()
	}()
	return l.await(ended, length)
}

// children are the engines that this process started: a channel for how each ended, by process number.
var children sync.Map

func notStarted(err error) error {
	return fmt.Errorf("resident: the engine does not start: %w "+
		"(FASTNB_ENGINE names its program, as `fastnb setup` builds it)", err)
}

// await connects when the engine listens. What it says goes to its log from the length on.
func (l Launcher) await(ended chan string, length int64) (*Backend, error) {
	deadline := time.After(patience)
	for {
		be, err := Dial(l.Socket, l.Build())
		if err == nil {
			return be, nil
		}
		select {
		case state := <-ended:
			ended <- state
			return nil, fmt.Errorf("resident: the engine ended (%s): %s", state, wordsFrom(l.Log(), length))
		case <-deadline:
			return nil, fmt.Errorf("resident: the engine does not answer: %w; its log is %s", err, l.Log())
		case <-time.After(5 * time.Millisecond):
		}
	}
}
