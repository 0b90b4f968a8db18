package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// server is a process that answers.
type server struct {
	name, url string
	cmd       *exec.Cmd
	client    *http.Client

	mu     sync.Mutex
	times  []float64 // of each request, ms
	worst  float64   // how far an answer is from what is right
	rates  []float64 // requests a second, of each turn
	before float64   // memory, MB
}

// startAll starts fastnb serve, and the peer where there is a Python for it.
func startAll(dir, model string) (all []*server, err error) {
	program := filepath.Join(dir, "fastnb")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/fastnb").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ours, err := start("fastnb", port, program, "serve", "-addr", "127.0.0.1:"+port, model)
	if all = append(all, ours); err != nil || *python == "" {
		return all, err
	}
	if port, err = freePort(); err != nil {
		return all, err
	}
	theirs, err := start("FastAPI", port, *python, *script, model, port)
	return append(all, theirs), err
}

// freePort returns a port at which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// start starts a server and waits until it answers.
func start(name, port, program string, args ...string) (*server, error) {
	s := &server{name: name, url: "http://127.0.0.1:" + port, cmd: exec.Command(program, args...)}
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}, Timeout: time.Minute}
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return s, err
	}
	for began := time.Now(); time.Since(began) < 5*time.Minute; time.Sleep(200 * time.Millisecond) {
		if resp, err := s.client.Get(s.url + "/healthz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return s, nil
			}
		}
	}
	return s, fmt.Errorf("%s does not answer after 5 minutes", name)
}

func (s *server) stop() {
	if s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

// load sends n requests, so many at a time.
func (s *server) load(photos []photo, n int) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, *clients)
	for k := range *clients {
		wait.Go(func() {
			for errs[k] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[k] = s.ask(photos[i%len(photos)])
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// ask sends a photo and notes how long that took and how far the answer is from what is right.
func (s *server) ask(p photo) error {
	began := time.Now()
	resp, err := s.client.Post(s.url+"/predict?top=1000", "image/jpeg", bytes.NewReader(p.contents))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	took := time.Since(began)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, text)
	}
	var got struct {
		Predictions []struct {
			Top []struct {
				Class string
				Prob  float32
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		return err
	}
	if len(got.Predictions) != 1 || len(got.Predictions[0].Top) != len(p.probs) {
		return fmt.Errorf("the answer is %s", text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times = append(s.times, took.Seconds()*1e3)
	for _, c := range got.Predictions[0].Top {
		s.worst = max(s.worst, math.Abs(float64(c.Prob-p.probs[c.Class])))
	}
	return nil
}

// percentile is that of the times, in ms.
func (s *server) percentile(share float64) float64 {
	slices.Sort(s.times)
	return s.times[min(int(share*float64(len(s.times))), len(s.times)-1)]
}

// memory is what the process has in memory, in MB, NaN where the system does not tell.
func (s *server) memory() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return math.NaN()
	}
	for line := range strings.Lines(string(text)) {
		if kB, is := strings.CutPrefix(line, "VmRSS:"); is {
			n, _ := strconv.ParseFloat(strings.Fields(kB)[0], 64)
			return n / 1e3
		}
	}
	return math.NaN()
}
