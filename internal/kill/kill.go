// Package kill runs processes that are killed in the middle of their work, for tests and benchmarks of what is left.
package kill

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Run starts a process and kills it so long after it has written one of the files that a pattern of filepath.Glob
// names. killed is false, and the error what the process ended with, if it came to its end before.
func Run(p *exec.Cmd, pattern string, after time.Duration) (killed bool, err error) {
	before := written(pattern)
	if err := p.Start(); err != nil {
		return false, err
	}
	end := make(chan error, 1)
	go func() { end <- p.Wait() }()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-end:
			return false, err
		case <-look.C:
			if maps.Equal(written(pattern), before) {
				continue
			}
		}
		select {
		case err := <-end:
			return false, err
		case <-time.After(after):
			_ = p.Process.Kill()
			return <-end != nil, nil
		}
	}
}

// written returns when each of the files that a pattern names was written.
func written(pattern string) map[string]time.Time {
	files, _ := filepath.Glob(pattern)
	times := map[string]time.Time{}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			times[f] = info.ModTime()
		}
	}
	return times
}
