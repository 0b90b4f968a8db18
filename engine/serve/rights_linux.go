package serve

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// rightsReader reads a socket, and keeps the file descriptors that arrive beside the bytes.
type rightsReader struct {
	socket *net.UnixConn
	data   []byte // read and not yet given
	buffer [1 << 16]byte
	fds    []int
}

func newRightsReader(socket *net.UnixConn) *rightsReader { return &rightsReader{socket: socket} }

func (r *rightsReader) Read(p []byte) (int, error) {
	if len(r.data) == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.data)
	r.data = r.data[n:]
	return n, nil
}

func (r *rightsReader) fill() error {
	var control [256]byte
	n, nc, _, _, err := r.socket.ReadMsgUnix(r.buffer[:], control[:])
	if err != nil {
		return err
	}
	if nc > 0 {
		if err := r.take(control[:nc]); err != nil {
			return err
		}
	}
	if n == 0 {
		return net.ErrClosed
	}
	r.data = r.buffer[:n]
	return nil
}

func (r *rightsReader) take(control []byte) error {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return err
	}
	for i := range messages {
		fds, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			return err
		}
		r.fds = append(r.fds, fds...)
	}
	if len(r.fds) > 1 {
		return errHostile
	}
	return nil
}

// memory maps the memory whose descriptor arrived last.
func (r *rightsReader) memory(size int64) ([]byte, error) {
	if len(r.fds) == 0 {
		return nil, errors.New("no memory was sent")
	}
	fd := r.fds[0]
	defer r.close()
	seals, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	if err != nil || seals&unix.F_SEAL_SHRINK == 0 {
		return nil, errors.New("memory that could shrink")
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || size <= 0 || stat.Size < size {
		return nil, fmt.Errorf("memory of %d bytes, not %d", stat.Size, size)
	}
	return unix.Mmap(fd, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

// close closes descriptors that nobody asked for.
func (r *rightsReader) close() {
	for _, fd := range r.fds {
		unix.Close(fd)
	}
	r.fds = nil
}

func unmap(memory []byte) { unix.Munmap(memory) }

// ownUser checks that the process at the other end is this user's.
func ownUser(c *net.UnixConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var cred *unix.Ucred
	ask := func(fd uintptr) { cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }
	if e := raw.Control(ask); e != nil || err != nil {
		return errors.Join(e, err)
	}
	if int(cred.Uid) != os.Getuid() {
		return fmt.Errorf("user %d (want %d)", cred.Uid, os.Getuid())
	}
	return nil
}

// residentMemory returns how many bytes of the process are in memory.
func residentMemory() int64 {
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(content))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
