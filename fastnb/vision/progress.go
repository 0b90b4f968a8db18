package vision

import (
	"fmt"
	"os"
	"time"
)

// reporter returns a function to be told how many of the images are decoded; it passes that on now and then.
func (c config) reporter(total int) func(done int) {
	tell, every := c.onDecode, 100*time.Millisecond
	if tell == nil {
		tell, every = decodingLine, time.Second
	}
	last, told := time.Now(), false
	return func(done int) {
		finished := done == total && (told || c.onDecode != nil)
		if time.Since(last) >= every || finished {
			last, told = time.Now(), true
			tell(done, total)
		}
	}
}

// decodingLine rewrites one line of stderr.
func decodingLine(done, total int) {
	fmt.Fprintf(os.Stderr, "\rdecoding images: %d of %d", done, total)
	if done == total {
		fmt.Fprintln(os.Stderr)
	}
}
