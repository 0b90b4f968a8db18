// Command gopls is the kernel's gopls: it stands between the kernel, GoNB, and the real one, for what comes out wrong
// between the two.
//
//   - The kernel waits 12 s before it connects, and gives up on an answer after 8 s. Here the checkout is being loaded
//     from the start.
//   - The kernel opens every file of the checkout, and its go.mod as if it were Go. Here only the cell's files are
//     opened; the others are read from disk, and again when they change.
//   - The kernel means to replace a file's text and says to insert it before the old one. Here it is replaced.
//   - A cell that is half written has no imports, as the kernel can't parse it. Here it has those of the cells before.
//   - A kernel that is killed leaves its gopls running. This one ends with the kernel.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gopls: ")
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// run serves one connection, as the kernel makes one: on the address that its arguments name, "-listen unix;/path".
func run(args []string) error {
	if len(args) != 2 || args[0] != "-listen" {
		return fmt.Errorf("arguments are %q (want -listen and an address): this is the kernel's, the real one is in %s", args,
			realPath())
	}
	network, address, _ := strings.Cut(args[1], ";")
	go endWithParent()
	listener, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	server, err := start()
	if err != nil {
		return err
	}
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	return server.serve(conn)
}

// endWithParent ends this program when the kernel is gone; the real gopls ends when its standard input does.
func endWithParent() {
	for parent := os.Getppid(); os.Getppid() == parent; {
		time.Sleep(time.Second)
	}
	os.Exit(0)
}

func realPath() string {
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(filepath.Dir(self), "real", filepath.Base(self))
}

// start runs the real gopls in the kernel's folder, which is the working directory, and has it load what is there.
func start() (*relay, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(realPath())
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	waitForWorkspace(dir)
	r := &relay{dir: dir, began: time.Now(), server: newStream(in, out)}
	return r, r.initialize()
}

// waitForWorkspace waits until the kernel has written its go.mod and go.work and left them alone for a second. It has
// no use for one that doesn't come: then gopls sees the folder as it is.
func waitForWorkspace(dir string) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if settled(filepath.Join(dir, "go.mod")) && settled(filepath.Join(dir, "go.work")) {
			return
		}
	}
}

func settled(file string) bool {
	info, err := os.Stat(file)
	return err == nil && time.Since(info.ModTime()) > time.Second
}

// serve passes messages both ways until either end closes.
func (r *relay) serve(conn net.Conn) error {
	r.kernel = newStream(conn, conn)
	ended := make(chan error, 2)
	go func() { ended <- forward(r.kernel, r.fromKernel) }()
	go func() { ended <- forward(r.server, r.kernel.write) }()
	if err := <-ended; !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func forward(from *stream, to func(message) error) error {
	for {
		m, err := from.read()
		if err != nil {
			return err
		}
		if err := to(m); err != nil {
			return err
		}
	}
}
