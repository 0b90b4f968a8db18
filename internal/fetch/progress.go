package fetch

import (
	"fmt"
	"io"
	"os"
	"time"
)

// Where progress lines go, how long to wait for the first one, and how long between two.
var (
	progressTo    io.Writer = os.Stderr
	progressAfter           = time.Second
	progressEvery           = 5 * time.Second
)

// progress prints a line now and then while a file grows.
type progress struct {
	name               string
	first, done, total int64 // bytes: at the start, now, in the end (less than first if unknown)
	started, next      time.Time
	printed            bool
}

func newProgress(name string, first, total int64) *progress {
	now := time.Now()
	return &progress{name: name, first: first, done: first, total: total, started: now, next: now.Add(progressAfter)}
}

func (p *progress) add(n int) {
	p.done += int64(n)
	if now := time.Now(); now.After(p.next) {
		p.next = now.Add(progressEvery)
		p.print()
	}
}

// end prints a last line if there was one before.
func (p *progress) end() {
	if p.printed {
		p.print()
	}
}

func (p *progress) print() {
	p.printed = true
	speed := float64(p.done-p.first) / time.Since(p.started).Seconds()
	line := fmt.Sprintf("fastnb: %s: %.1f", p.name, mega(p.done))
	if p.total > p.first {
		line += fmt.Sprintf(" of %.1f", mega(p.total))
	}
	line += fmt.Sprintf(" MB, %.1f MB/s", speed/1e6)
	if left := float64(p.total-p.done) / speed; p.total > p.done && speed > 0 {
		line += fmt.Sprintf(", %.0f s left", left)
	}
	fmt.Fprintln(progressTo, line)
}

func mega(n int64) float64 { return float64(n) / 1e6 }
