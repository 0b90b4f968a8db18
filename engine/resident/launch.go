package resident

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
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
		return nil, fmt.Errorf("resident: another process has been starting the engine for long (%w): see %s, or end it with `fastnb engine stop`", err, l.Log())
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

// replace stops an engine of another build, unless somebody computes with it.
func (l Launcher) replace(other *OtherError) error {
	if err := StopIdle(l.Socket); err != nil {
		return err
	}
	if be, err := Dial(l.Socket, ""); err == nil {
		be.Finalize()
		return fmt.Errorf("%w, and others compute with it: try again when they are done, or end it with `fastnb engine stop`", other)
	}
	return nil
}

// Log is where the engine writes.
func (l Launcher) Log() string { return strings.TrimSuffix(l.Socket, ".sock") + ".log" }

func (l Launcher) start() (*Backend, error) {
	log, err := os.OpenFile(l.Log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("resident: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(l.Program, "engine", "serve", "-socket", l.Socket, "-build", l.Build())
	cmd.Env, cmd.Dir = l.Env, filepath.Dir(l.Socket)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return nil, notStarted(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return l.await(ended)
}

func notStarted(err error) error {
	return fmt.Errorf("resident: the engine does not start: %w (FASTNB_ENGINE names its program, as `fastnb setup` builds it)", err)
}

// await connects when the engine listens.
func (l Launcher) await(ended <-chan error) (*Backend, error) {
	deadline := time.After(patience)
	for {
		be, err := Dial(l.Socket, l.Build())
		if err == nil {
			return be, nil
		}
		select {
		case err := <-ended:
			return nil, fmt.Errorf("resident: the engine ended (%v): %s", err, l.lastWords())
		case <-deadline:
			return nil, fmt.Errorf("resident: the engine does not answer: %w; its log is %s", err, l.Log())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// lastWords returns the end of the engine's log.
func (l Launcher) lastWords() string {
	content, _ := os.ReadFile(l.Log())
	text := strings.TrimSpace(string(content))
	return text[max(0, len(text)-500):]
}

// StopIdle ends the engine at the socket if it has no other connections. Those of cells that have just ended are given a
// moment to go.
func StopIdle(socket string) error {
	be, err := greet(socket)
	if err != nil {
		return nil
	}
	defer be.Finalize()
	for began := time.Now(); time.Since(began) < time.Second; time.Sleep(20 * time.Millisecond) {
		if stopped, err := be.Stop(true); stopped || err != nil {
			return ended(socket, be.about.PID, err)
		}
	}
	return nil
}

// Stop ends the engine at the socket, of whatever version, and returns when it is gone. That none is there is no error.
func Stop(socket string) error {
	be, err := greet(socket)
	if err != nil {
		return nil
	}
	defer be.Finalize()
	_, err = be.Stop(false)
	return ended(socket, be.about.PID, err)
}

// ended waits until an engine that was asked to end has gone.
func ended(socket string, pid int, err error) error {
	if err != nil && !errors.Is(err, ErrLost) {
		return err
	}
	for began := time.Now(); time.Since(began) < patience; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Lstat(socket); os.IsNotExist(err) {
			waitFor(pid)
			return nil
		}
	}
	return fmt.Errorf("resident: the engine at %s (process %d) does not stop: kill it", socket, pid)
}
