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

// lineCount tells every few seconds how many lines with a prefix were written to it: pip writes one for each package
// that it collects, and go build -v one for each that it compiles.
type lineCount struct {
	w            io.Writer
	prefix, says string
	n            int
	rest         []byte
	told         time.Time
}

func (c *lineCount) Write(b []byte) (int, error) {
	if c.told.IsZero() {
		c.told = time.Now()
	}
	c.count(b)
	if c.n > 0 && time.Since(c.told) > 5*time.Second {
		c.told = time.Now()
		fmt.Fprintf(c.w, "setup:   %d %s\n", c.n, c.says)
	}
	return len(b), nil
}

func (c *lineCount) count(b []byte) {
	lines := bytes.Split(append(c.rest, b...), []byte("\n"))
	c.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte(c.prefix)) {
			c.n++
		}
	}
}

// hash shortens what something is made from to a name for it.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}
