package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/internal/fetch"
)

// buildEngine builds the fastnb command for the cells to compute with, into a folder named by its content: a cell that
// finds an engine of another folder running replaces it. A library that does not compile keeps the last engine.
func buildEngine(ctx context.Context, env *Env, begin begin) error {
	if eachItsOwn() {
		return nil
	}
	note := filepath.Join(env.Cache, "engine-of-"+hash(env.Root, env.Go))
	last, _ := os.ReadFile(note)
	env.Program = filepath.Join(env.Cache, string(last), exe("fastnb"))
	built := len(last) > 0 && isFile(env.Program)
	if env.held == nil { // only looking
		if !built {
			return begin("building the resident engine")
		}
		return nil
	}
	if !built {
		if err := begin("building the resident engine"); err != nil {
			return err
		}
	}
	err := env.rebuildEngine(ctx, note, string(last))
	if err != nil && built && ctx.Err() == nil {
		fmt.Fprintf(env.log, "setup: the library does not compile, so the last engine is kept: %v\n", err)
		return nil
	}
	return err
}

// eachItsOwn tells whether the user wants each cell to compute in its own process.
func eachItsOwn() bool { return os.Getenv("FASTNB_ENGINE") == engine.Own }

// rebuildEngine builds what has changed, which is little or nothing most times.
func (e *Env) rebuildEngine(ctx context.Context, note, last string) error {
	built := filepath.Join(e.Cache, "engine-build-"+hash(e.Root, e.Go), exe("fastnb"))
	if err := goBuild(ctx, e, e.Root, "build", "-v", "-o", built, "./cmd/fastnb"); err != nil {
		return err
	}
	sum, err := fetch.SHA256(built)
	if err != nil {
		return err
	}
	dir := "engine-" + sum[:12]
	e.Program = filepath.Join(e.Cache, dir, exe("fastnb"))
	if dir == last {
		return nil
	}
	err = fetch.Once(ctx, filepath.Join(e.Cache, dir), func(temp string) error { return copyInto(temp, built) })
	if err != nil {
		return err
	}
	if strings.HasPrefix(last, "engine-") {
		os.RemoveAll(filepath.Join(e.Cache, last))
	}
	return os.WriteFile(note, []byte(dir), 0o644)
}

// copyInto copies a program into a folder.
func copyInto(dir, program string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(program)), content, 0o755)
}

// StopEngine ends the resident engine if nobody computes with it.
func (e *Env) StopEngine() error {
	device := engine.Device(os.Getenv("FASTNB_DEVICE"))
	if e.Engine.Device == engine.Go {
		device = engine.Go
	}
	socket, err := engine.Socket(device)
	if err != nil || eachItsOwn() {
		return err
	}
	return resident.StopIdle(socket)
}
