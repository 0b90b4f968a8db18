package setup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// pipProgress passes on pip's lines about what it downloads and installs.
type pipProgress struct {
	w    io.Writer
	rest []byte
}

func (p *pipProgress) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for {
		line, rest, ok := bytes.Cut(p.rest, []byte("\n"))
		if !ok {
			return len(b), nil
		}
		p.rest = rest
		if s := strings.TrimSpace(string(line)); strings.HasPrefix(s, "Collecting") || strings.HasPrefix(s, "Installing") {
			fmt.Fprintf(p.w, "setup:   %.100s\n", s)
		}
	}
}

// lineCount tells every few seconds how many lines were written: go build -v writes one for each package.
type lineCount struct {
	w    io.Writer
	n    int
	told time.Time
}

func (c *lineCount) Write(b []byte) (int, error) {
	c.n += bytes.Count(b, []byte("\n"))
	if c.told.IsZero() {
		c.told = time.Now()
	}
	if time.Since(c.told) > 5*time.Second {
		c.told = time.Now()
		fmt.Fprintf(c.w, "setup:   %d packages built\n", c.n)
	}
	return len(b), nil
}

// hash shortens what something is made from to a name for it.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}
