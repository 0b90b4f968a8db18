package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/internal/kill"
)

// run has a process of its own train in dir, and kills it so long after it has begun to save; too is whether the
// engine is killed with it. It tells whether the training came to its end before.
func run(kind, dir string, after time.Duration, too bool) (done bool, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, err
	}
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	var said bytes.Buffer
	p := exec.Command(self, "-child", dir, "-kinds", kind)
	p.Stderr = &said
	sockets := filepath.Join(filepath.Dir(dir), "engine")
	if err := os.MkdirAll(sockets, 0o700); err != nil {
		return false, err
	}
	p.Env = append(os.Environ(), "FASTNB_ENGINE=own")
	if *engine != "" {
		p.Env = append(os.Environ(), "FASTNB_ENGINE="+*engine, "XDG_RUNTIME_DIR="+sockets)
	}
	killed, err := kill.Run(p, filepath.Join(dir, "models", "unfinished-*.safetensors"), after)
	if killed && too {
		err = exec.Command("pkill", "-KILL", "-f", "engine serve -socket "+sockets).Run()
	}
	if err != nil {
		return false, fmt.Errorf("%w: %s", err, said.String())
	}
	return !killed, nil
}
