package serve

import (
	"bytes"
	"os"
)

// maxLog is how many bytes an engine's log may have; the last quarter of them is kept.
const maxLog = 1 << 20

// boundLog drops the beginning of a log that has grown too long. The log is a file that is open for reading and
// appending, as package resident opens it; what else standard error may be is left alone.
func boundLog(log *os.File, most int64) {
	info, err := log.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() <= most {
		return
	}
	end := make([]byte, most/4)
	if _, err := log.ReadAt(end, info.Size()-int64(len(end))); err != nil {
		return
	}
	_, end, _ = bytes.Cut(end, []byte("\n"))
	if log.Truncate(0) == nil {
		log.Write(end)
	}
}
