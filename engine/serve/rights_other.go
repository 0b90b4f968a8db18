//go:build !linux

package serve

import (
	"bufio"
	"errors"
	"net"
)

// rightsReader reads a socket.
type rightsReader struct{ *bufio.Reader }

func newRightsReader(socket *net.UnixConn) *rightsReader {
	return &rightsReader{bufio.NewReaderSize(socket, 1<<16)}
}

func (r *rightsReader) memory(int64) ([]byte, error) {
	return nil, errors.New("memory cannot be shared on this system")
}

func (r *rightsReader) close() {}

func unmap([]byte) {}

// ownUser relies on the socket's mode.
func ownUser(*net.UnixConn) error { return nil }

func residentMemory() int64 { return 0 }
