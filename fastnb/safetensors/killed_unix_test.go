//go:build unix

package safetensors

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const writeIn = "SAFETENSORS_TEST_WRITE_IN" // the folder in which a process has a file in the making

// TestWritesUntilKilled is the process that TestKilledWhileWriting kills.
func TestWritesUntilKilled(t *testing.T) {
	dir := os.Getenv(writeIn)
	if dir == "" {
		t.Skip("only as a process of TestKilledWhileWriting")
	}
	w, err := Create(filepath.Join(dir, "a"))
	check(t, err)
	w.Begin("x", "U8", -1)
	for i := 0; ; i++ {
		_, err := w.Write(make([]byte, 1<<16))
		check(t, err)
		if i == 10 {
			os.Stdout.WriteString("writes\n")
		}
		if i > 10 {
			os.Stdin.Read(make([]byte, 1))
		}
	}
}

// A process that is killed while it writes leaves the file of before, and what it wrote goes with the next file.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	check(t, WriteFile(path, &File{Metadata: map[string]string{"is": "old"}}))
	p := exec.Command(os.Args[0], "-test.run", "^TestWritesUntilKilled$")
	p.Env = append(os.Environ(), writeIn+"="+dir)
	stdin, err := p.StdinPipe()
	check(t, err)
	defer stdin.Close()
	stdout, err := p.StdoutPipe()
	check(t, err)
	check(t, p.Start())
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "writes\n" {
		t.Fatalf("the process says %q, %v", line, err)
	}
	check(t, p.Process.Kill())
	if err := p.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	if m, err := ReadMetadata(path); err != nil || m["is"] != "old" {
		t.Errorf("the file holds %v, %v", m, err)
	}
	check(t, WriteFile(filepath.Join(dir, "b"), &File{}))
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}
