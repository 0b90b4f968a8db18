package resident

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// shareMemory makes memory of size bytes that can be shared, and the control message that shares it. Its size is
// sealed: the engine would be killed by a page that is taken away. done closes the descriptor once it is sent.
func shareMemory(size int) (data, rights []byte, done func(), err error) {
	fd, err := unix.MemfdCreate("fastnb", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, nil, nil, err
	}
	done = func() { unix.Close(fd) }
	if err = unix.Ftruncate(fd, int64(size)); err == nil {
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL)
	}
	if err == nil {
		data, err = unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	}
	if err != nil {
		done()
		return nil, nil, nil, err
	}
	return data, syscall.UnixRights(fd), done, nil
}

func unmap(data []byte) { unix.Munmap(data) }
