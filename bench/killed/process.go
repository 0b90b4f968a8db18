package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
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
	began := time.Now()
	if err := p.Start(); err != nil {
		return false, err
	}
	end := make(chan error, 1)
	go func() { end <- p.Wait() }()
	killed, err := killAfter(p, end, filepath.Join(dir, "models", "unfinished-*.safetensors"), began, after)
	if killed && too {
		err = exec.Command("pkill", "-KILL", "-f", "engine serve -socket "+sockets).Run()
	}
	if err != nil {
		return false, fmt.Errorf("%w: %s", err, said.String())
	}
	return !killed, nil
}

// killAfter waits for the end of a process, or kills it so long after one of the files was written.
func killAfter(p *exec.Cmd, end <-chan error, files string, began time.Time, after time.Duration) (killed bool, err error) {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-end:
			return false, err
		case <-look.C:
			if !writtenSince(files, began) {
				continue
			}
		}
		select {
		case err := <-end:
			return false, err
		case <-time.After(after):
			_ = p.Process.Kill()
			<-end
			return true, nil
		}
	}
}

// writtenSince tells whether one of the files that a pattern names was written since then.
func writtenSince(pattern string, began time.Time) bool {
	files, _ := filepath.Glob(pattern)
	return slices.ContainsFunc(files, func(f string) bool {
		info, err := os.Stat(f)
		return err == nil && !info.ModTime().Before(began)
	})
}
