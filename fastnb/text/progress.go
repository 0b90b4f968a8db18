package text

import (
	"fmt"
	"os"
	"time"
)

// reporter returns a function to be told how many of the documents are tokenised; it passes that on now and then.
func (c docsConfig) reporter(total int) func(done int) {
	tell, every := c.onTokenize, 100*time.Millisecond
	if tell == nil {
		tell, every = tokenisingLine, time.Second
	}
	last, told := time.Now(), false
	return func(done int) {
		finished := done == total && (told || c.onTokenize != nil)
		if time.Since(last) >= every || finished {
			last, told = time.Now(), true
			tell(done, total)
		}
	}
}

// tokenisingLine rewrites one line of stderr.
func tokenisingLine(done, total int) {
	fmt.Fprintf(os.Stderr, "\rtokenising documents: %d of %d", done, total)
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}
