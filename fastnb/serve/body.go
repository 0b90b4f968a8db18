package serve

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
)

// budget is how many bytes all requests together may hold. A body takes from it as it arrives, so that one that only
// promises to be long takes nothing.
type budget struct {
	mu   sync.Mutex
	left int64
}

// take takes n bytes, or tells that there are not so many.
func (b *budget) take(n int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n > b.left {
		return busy("too many requests are being read")
	}
	b.left -= n
	return nil
}

func (b *budget) give(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left += n
}

// body is the contents of a request. Their bytes are the budget's until it is closed.
type body struct {
	data   []byte
	budget *budget
	taken  int64
}

func (b *body) close() {
	b.data = nil
	b.budget.give(b.taken)
	b.taken = 0
}

// claim takes n bytes more of the budget, for what is made of the body.
func (b *body) claim(n int64) error {
	err := b.budget.take(n)
	if err == nil {
		b.taken += n
	}
	return err
}

// grow makes room for n bytes.
func (b *body) grow(n int64) error {
	more := n - int64(cap(b.data))
	if more <= 0 {
		return nil
	}
	if err := b.budget.take(n); err != nil { // the old and the new are there at once
		return err
	}
	data := make([]byte, len(b.data), n)
	copy(data, b.data)
	b.budget.give(b.taken)
	b.data, b.taken = data, n
	return nil
}

// firstRead is how much room a body gets at first.
const firstRead = 16 << 10

// read reads a request's body of at most max bytes.
func (b *body) read(w http.ResponseWriter, r *http.Request, max int64) error {
	if r.ContentLength > max {
		w.Header().Set("Connection", "close")
		return tooLong(max)
	}
	from := http.MaxBytesReader(w, r.Body, max)
	for size := int64(firstRead); ; size = min(2*size, max+1) {
		if r.ContentLength > 0 {
			size = min(size, r.ContentLength+1)
		}
		if err := b.grow(size); err != nil {
			w.Header().Set("Connection", "close")
			return err
		}
		for len(b.data) < cap(b.data) {
			n, err := from.Read(b.data[len(b.data):cap(b.data)])
			b.data = b.data[:len(b.data)+n]
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return readFailure(err, max)
			}
		}
	}
}

// readFailure says why a body could not be read.
func readFailure(err error, max int64) error {
	var tooMany *http.MaxBytesError
	var slow net.Error
	switch {
	case errors.As(err, &tooMany):
		return tooLong(max)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return failf(http.StatusRequestTimeout, "the request did not arrive in time; send it again, faster")
	}
	return failf(http.StatusBadRequest, "the request ended before all of it was there; send it again")
}

func tooLong(max int64) error {
	return failf(http.StatusRequestEntityTooLarge, "the request has more than %d bytes; send a smaller one, "+
		"or fewer items at once", max)
}
