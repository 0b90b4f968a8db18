//go:build linux

package docker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const howTo = `set FASTNB_DEBIAN_ROOT to a fresh Debian root and be root yourself:
	debootstrap --variant=minbase trixie DIR
	FASTNB_DEBIAN_ROOT=DIR go test -v -timeout 1h -run Rehearse/cpu ./docker`

// uid is that of the user fastnb, whom the Dockerfile names by number.
const uid = 1000

// TestRehearse does what the Dockerfile says in a Debian root instead of Docker, then runs what the image would run.
// The image with CUDA, Rehearse/cuda, downloads 3 GB.
func TestRehearse(t *testing.T) {
	root := os.Getenv("FASTNB_DEBIAN_ROOT")
	if root == "" || os.Geteuid() != 0 {
		t.Skip(howTo)
	}
	m := &machine{root: root, stages: dockerfile(t), built: map[string]bool{}}
	m.mountProc(t)
	for _, target := range []string{"cpu", "cuda"} {
		t.Run(target, func(t *testing.T) {
			runtime.LockOSThread() // what we start ends with our thread
			m.build(t, target)
			t.Logf("the root has %s", strings.Fields(m.host(t, "du", "-shx", m.root))[0])
			m.offline = true
			defer func() { m.offline = false }()
			m.seeDoctor(t)
			m.seeLab(t)
			m.seeNotebook(t)
			if target == "cuda" {
				m.seeCUDA(t)
			}
		})
	}
}

// machine stands for an image and its container.
type machine struct {
	root    string
	stages  []stage
	built   map[string]bool
	env     []string
	dir     string
	user    uint32
	health  []string // commands
	entry   []string
	command []string
	offline bool
}

// mountProc shows the root the processes: Go and Python ask there who they are.
func (m *machine) mountProc(t *testing.T) {
	t.Helper()
	proc := filepath.Join(m.root, "proc")
	if err := syscall.Mount("proc", proc, "proc", 0, ""); err != nil {
		t.Skipf("mounting %s: %v", proc, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(proc, 0); err != nil {
			t.Errorf("unmounting %s: %v: do it by hand before you delete the root", proc, err)
		}
	})
}

// build does a stage's steps after those of the stage that it stands on.
func (m *machine) build(t *testing.T, name string) {
	t.Helper()
	at := slices.IndexFunc(m.stages, func(s stage) bool { return s.name == name })
	if at < 0 || m.built[name] {
		return // an image from outside, for which the Debian root stands; or done
	}
	m.build(t, m.stages[at].from)
	for _, s := range m.stages[at].steps {
		began := time.Now()
		m.do(t, s)
		t.Logf("%s %s: %.1f s", s.verb, s.rest, time.Since(began).Seconds())
	}
	m.built[name] = true
}

func (m *machine) do(t *testing.T, s instruction) {
	t.Helper()
	switch s.verb {
	case "RUN":
		if out, err := m.run(t, "sh", "-c", s.rest); err != nil {
			t.Fatalf("RUN %s: %v\n%s", s.rest, err, out)
		}
	case "COPY":
		m.copy(t, s.source())
	case "ENV":
		m.env = append(m.env, strings.Fields(s.rest)...)
	case "WORKDIR":
		m.dir = s.rest
	case "USER":
		if s.rest != fmt.Sprint(uid) {
			t.Fatalf("USER %s (want %d)", s.rest, uid)
		}
		m.user = uid
	case "HEALTHCHECK":
		m.health = words(t, s.rest)
	case "ENTRYPOINT":
		m.entry = words(t, s.rest)
	case "CMD":
		m.command = words(t, s.rest)
	case "EXPOSE":
	default:
		t.Fatalf("the rehearsal does not know %s: teach it", s.verb)
	}
}

// words reads the list in a CMD, ENTRYPOINT or HEALTHCHECK.
func words(t *testing.T, list string) (all []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(list[strings.Index(list, "["):]), &all); err != nil {
		t.Fatalf("%s: %v", list, err)
	}
	return all
}

// copy takes Go from this machine, for the image that Docker would take it from, and all else from the checkout.
func (m *machine) copy(t *testing.T, from source) {
	t.Helper()
	dst, owner := filepath.Join(m.root, from.to), 0
	if from.owner != "" {
		owner = uid
	}
	if from.from != "" {
		m.host(t, "cp", "-a", strings.TrimSpace(m.host(t, "go", "env", "GOROOT")), "--no-target-directory", dst)
		return
	}
	out := ignored(t)
	src := filepath.Join(checkout, from.path)
	err := filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(checkout, path)
		to, _ := filepath.Rel(src, path)
		if err == nil && ignores(out, name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil {
			return err
		}
		return copyOne(path, filepath.Join(dst, to), d, owner)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copyOne(src, dst string, d fs.DirEntry, owner int) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	if d.IsDir() {
		if err := os.MkdirAll(dst, 0o755); err != nil {
			return err
		}
		return os.Chown(dst, owner, owner)
	}
	content, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	if err := os.WriteFile(dst, content, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chown(dst, owner, owner)
}

// host runs a program outside of the root.
func (m *machine) host(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

// network are the variables by which programs reach the network; Docker gives them to a build as arguments.
var network = regexp.MustCompile(`(?i)^(https?_proxy|no_proxy|ssl_cert_file|pip_cert|pip_index_url|goproxy|gosumdb|gonosumdb)=`)

// unreachable makes pip, go and everything that heeds proxies fail.
var unreachable = []string{"GOPROXY=off", "PIP_NO_INDEX=1", "HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1"}

// inside is a command in the root as the image's user, with nothing of our environment; it is process 1, as in a
// container, so that all its children end with it.
func (m *machine) inside(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/usr/bin/env", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = time.Minute
	cmd.Dir = "/" + m.dir
	cmd.Env = append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"}, m.env...)
	if m.offline {
		cmd.Env = append(cmd.Env, unreachable...)
	} else {
		cmd.Env = append(cmd.Env, slices.DeleteFunc(os.Environ(), func(v string) bool { return !network.MatchString(v) })...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Chroot:     m.root,
		Credential: &syscall.Credential{Uid: m.user, Gid: m.user},
		Cloneflags: syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	return cmd
}

func (m *machine) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, err := m.inside(t.Context(), args...).CombinedOutput()
	return string(out), err
}

func (m *machine) seeDoctor(t *testing.T) {
	t.Helper()
	out, err := m.run(t, "fastnb", "doctor")
	if err != nil {
		t.Errorf("doctor: %v", err)
	}
	t.Logf("doctor:\n%s", out)
	if id, _ := m.run(t, "id", "-un"); id != "fastnb\n" {
		t.Errorf("the image runs as %q", id)
	}
}

// seeLab starts what the container starts: it is healthy while it runs and not before or after, and open to the token
// alone.
func (m *machine) seeLab(t *testing.T) {
	t.Helper()
	free, err := net.Listen("tcp", ":8888")
	if err != nil {
		t.Fatalf("the image's port must be free here: %v", err)
	}
	free.Close()
	m.wantHealth(t, false)
	stop := m.start(t)
	for token, want := range map[string]int{"rehearsal": http.StatusOK, "": http.StatusForbidden, "wrong": http.StatusForbidden} {
		if got := status(t, token); got != want {
			t.Errorf("with the token %q the status is %d (want %d)", token, got, want)
		}
	}
	began := time.Now()
	t.Logf("JupyterLab said:\n%s", stop())
	t.Logf("it stopped in %.1f s", time.Since(began).Seconds())
	m.wantHealth(t, false)
}

// start waits until the container is healthy. What stop returns is what it said.
func (m *machine) start(t *testing.T) (stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := m.inside(ctx, slices.Concat([]string{"JUPYTER_TOKEN=rehearsal"}, m.entry, m.command)...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceValue(func() string {
		cancel()
		cmd.Wait()
		return log.String()
	})
	t.Cleanup(func() { stop() })
	for !m.healthy(t) {
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("not healthy after five minutes; it said:\n%s", stop())
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Logf("healthy after %.1f s", time.Since(began).Seconds())
	return stop
}

func (m *machine) healthy(t *testing.T) bool {
	t.Helper()
	_, err := m.run(t, m.health...)
	return err == nil
}

func (m *machine) wantHealth(t *testing.T, want bool) {
	t.Helper()
	if got := m.healthy(t); got != want {
		t.Errorf("healthy is %v (want %v)", got, want)
	}
}

// status asks for the kernels by an address that is not 127.0.0.1, as Docker's own network does.
func status(t *testing.T, token string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://127.0.0.2:8888/api/kernelspecs", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "token "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// cells are a lesson that needs the plugin and DuckDB, which is C++.
var cells = []string{`import (
	"fmt"

	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)`, `%%
fmt.Println("engine", engine.Describe(nb.Must(engine.Open())))
fmt.Println(nb.Must(nb.Must(duck.Open()).Query("SELECT 'answer ' || (6 * 7) AS said")))`}

func (m *machine) seeNotebook(t *testing.T) {
	t.Helper()
	content, err := json.Marshal(lesson(cells))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.root, "tmp", "in.ipynb"), content, 0o644); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if out, err := m.run(t, "fastnb", "run", "-o", "/tmp/out.ipynb", "/tmp/in.ipynb"); err != nil {
		t.Fatalf("run: %v\n%s", err, out)
	}
	got := read(t, filepath.Join(m.root, "tmp", "out.ipynb"))
	for _, want := range []string{`engine xla:cpu, PJRT`, `answer 42`} {
		if !strings.Contains(got, want) {
			t.Errorf("the notebook's outputs lack %q", want)
		}
	}
	t.Logf("the notebook took %.1f s", time.Since(began).Seconds())
}

func lesson(sources []string) map[string]any {
	var list []map[string]any
	for i, source := range sources {
		list = append(list, map[string]any{"cell_type": "code", "id": fmt.Sprint("cell", i), "metadata": map[string]any{},
			"source": source, "outputs": []any{}, "execution_count": nil})
	}
	kernel := map[string]any{"name": "gonb", "display_name": "Go (fastnb)", "language": "go"}
	return map[string]any{"cells": list, "metadata": map[string]any{"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
}

// seeCUDA loads the plugin with all that it is linked to. Without a GPU nothing can be computed.
func (m *machine) seeCUDA(t *testing.T) {
	t.Helper()
	const plugin = "/home/fastnb/.cache/fastnb/plugins/go-xla/nvidia/pjrt_c_api_cuda_plugin.so"
	out, err := m.run(t, "python3", "-c", "import ctypes; print(ctypes.CDLL('"+plugin+"').GetPjrtApi)")
	if err != nil {
		t.Errorf("loading the plugin: %v\n%s", err, out)
	}
}
