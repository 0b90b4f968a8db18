//go:build !resident

package serve_test

import (
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/fastnb/fastnb/engine/serve"
)

func stat(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// Another user of the machine can't connect; and if the socket were open to all, would be refused by the engine.
func TestAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	_, socket := start(t, serve.Options{})
	for dir := filepath.Dir(socket); dir != "/"; dir = filepath.Dir(dir) {
		if stat(t, dir).Mode().Perm()&0o001 == 0 {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if said := asNobody(t, socket); !strings.Contains(said, "Permission denied") {
		t.Errorf("nobody connects to a socket of mode 600: %s", said)
	}
	if err := os.Chmod(socket, 0o666); err != nil {
		t.Fatal(err)
	}
	if said := asNobody(t, socket); said != "got b''\n" {
		t.Errorf("nobody is answered: %s", said)
	}
	if said := run(t, socket, nil); said == "got b''\n" || !strings.Contains(said, "got b'") {
		t.Errorf("the user himself is not answered: %s", said)
	}
}

func asNobody(t *testing.T, socket string) string {
	t.Helper()
	return run(t, socket, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}})
}

// run connects, says hello, and prints what comes back.
func run(t *testing.T, socket string, as *syscall.SysProcAttr) string {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", "-c", `
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
try:
    s.sendall(bytes.fromhex(sys.argv[2]))
    print("got", s.recv(100))
except (BrokenPipeError, ConnectionResetError):
    print("got b''")
`, socket, hex.EncodeToString(frames(t, hello)))
	cmd.SysProcAttr, cmd.Dir = as, "/"
	out, err := cmd.CombinedOutput()
	if os.IsNotExist(err) {
		t.Skip("no python3")
	}
	return string(out)
}

// The socket is for its user alone.
func TestSocketIsPrivate(t *testing.T) {
	_, socket := start(t, serve.Options{})
	if mode := stat(t, socket).Mode().Perm(); mode != 0o600 {
		t.Errorf("the socket's mode is %o, want 600", mode)
	}
}
