package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
	"github.com/fastnb/fastnb/internal/atomicfile"
	"github.com/fastnb/fastnb/internal/fetch"
)

// buildEngine builds the fastnb command for the cells to compute with. Its place stays the same, so that kernels which
// run find it also when it is built anew; beside it lies its checksum, by which a cell tells an engine of another
// build, and replaces it. A library that does not compile keeps the last engine.
func buildEngine(ctx context.Context, env *Env, begin begin) error {
	if eachItsOwn() {
		return nil
	}
	env.Program = filepath.Join(env.Cache, "engine-"+hash(env.Root, env.Go), exe("fastnb"))
	built := isFile(env.Program) && isFile(resident.BuildFile(env.Program))
	if !built {
		if err := begin("building the resident engine"); err != nil {
			return err
		}
	}
	if env.held == nil { // only looking
		return nil
	}
	err := env.rebuildEngine(ctx)
	if err != nil && built && ctx.Err() == nil {
		fmt.Fprintf(env.log, "setup: the library does not compile, so the last engine is kept: %v\n", err)
		return nil
	}
	return err
}

// eachItsOwn tells whether the user wants each cell to compute in its own process.
func eachItsOwn() bool { return os.Getenv("FASTNB_ENGINE") == engine.Own }

// rebuildEngine builds what has changed, which is little or nothing most times.
func (e *Env) rebuildEngine(ctx context.Context) error {
	built := filepath.Join(e.Cache, "engine-build-"+hash(e.Root, e.Go), exe("fastnb"))
	if err := goBuild(ctx, e, e.Root, "", "build", "-v", "-o", built, "./cmd/fastnb"); err != nil {
		return err
	}
	sum, err := fetch.SHA256(built)
	if err != nil {
		return err
	}
	note := resident.BuildFile(e.Program)
	if last, _ := os.ReadFile(note); string(last) == sum && isFile(e.Program) {
		return nil
	}
	program, err := os.ReadFile(built)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(e.Program), 0o755); err != nil {
		return err
	}
	if err := atomicfile.Write(e.Program, program, 0o755); err != nil { // others may be running the old one
		return err
	}
	return atomicfile.Write(note, []byte(sum), 0o644)
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
