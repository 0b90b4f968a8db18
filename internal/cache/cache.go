// Package cache is for files that take minutes to make and are made once: it tells how far the making is.
package cache

import (
	"fmt"
	"os"
	"time"
)

// Reporter returns a function to be told how many of total things are done; it passes that on to tell now and then,
// several times a second, and at the end. Without tell it rewrites a line of stderr, such as "decoding images: 3 of
// 7", where it takes over a second.
func Reporter(what string, total int, tell func(done, total int)) func(done int) {
	asked, every := tell != nil, 100*time.Millisecond
	if !asked {
		tell, every = func(done, total int) { line(what, done, total) }, time.Second
	}
	last, told := time.Now(), false
	return func(done int) {
		finished := done == total && (told || asked)
		if time.Since(last) >= every || finished {
			last, told = time.Now(), true
			tell(done, total)
		}
	}
}

// line rewrites one line of stderr.
func line(what string, done, total int) {
	fmt.Fprintf(os.Stderr, "\r%s: %d of %d", what, done, total)
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}
