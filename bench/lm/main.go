// Command lm measures how many tokens a second a language model of fastai's size is trained on, beside fastai's own on
// the same machine in the same run: AWD-LSTM, embeddings of 400, three layers of 1152, windows of 72 tokens, 64 at
// once.
//
//	python3 -m venv /tmp/peer && /tmp/peer/bin/pip install fastai==2.8.12 torch==2.15.0 spacy==3.8.18 scikit-learn==1.9.1
//	go run ./bench/lm -python /tmp/peer/bin/python
//
// Each turn is a process of its own, whose peak memory is shown. A step is a whole training step with all dropouts, AR
// and TAR and Adam; the first ones, in which XLA compiles, are left out. Beside the clock's the processors' time is
// shown: on a machine that others use too it is the steadier of the two.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

var (
	python = flag.String("python", "", "Python with fastai; none measures fastnb alone")
	script = flag.String("script", "testdata/fastai_awd_speed.py", "what measures fastai")
	vocab  = flag.Int("vocab", 30000, "words")
	hidden = flag.Int("hidden", 1152, "size of the LSTM's states")
	rows   = flag.Int("bs", 64, "batch size")
	bptt   = flag.Int("bptt", 72, "tokens of a window")
	steps  = flag.Int("steps", 3, "steps measured in each turn")
	turns  = flag.Int("turns", 3, "turns of each library")
	ours   = flag.Bool("ours", false, "one turn of fastnb, as JSON")
)

// turn is what one process measured.
type turn struct {
	Seconds []float64 `json:"seconds_per_step"`
	CPU     []float64 `json:"cpu_seconds_per_step"`
	Peak    float64   `json:"peak_rss"` // bytes
}

func main() {
	flag.Parse()
	run := bench
	if *ours {
		run = measure
	}
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func bench() error {
	var a, b turn
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{"-vocab", strconv.Itoa(*vocab), "-bs", strconv.Itoa(*rows), "-bptt", strconv.Itoa(*bptt), "-steps",
		strconv.Itoa(*steps)}
	for range *turns {
		if err := a.add(exec.Command(self, append(args, "-ours", "-hidden", strconv.Itoa(*hidden))...)); err != nil {
			return err
		}
		if *python == "" {
			continue
		}
		dashed := strings.Split(strings.ReplaceAll(strings.Join(args, " "), "-", "--"), " ")
		peer := append([]string{*script, "--threads", strconv.Itoa(runtime.NumCPU()), "--hid", strconv.Itoa(*hidden)},
			dashed...)
		if err := b.add(exec.Command(*python, peer...)); err != nil {
			return err
		}
	}
	tokens := float64(*rows * *bptt)
	fmt.Printf("%d words, hidden %d, %d x %d tokens, %d threads, %d turns of %d steps\n", *vocab, *hidden, *rows, *bptt,
		runtime.NumCPU(), *turns, *steps)
	for _, r := range []struct {
		name string
		turn
	}{{"fastnb", a}, {"fastai", b}} {
		if len(r.Seconds) > 0 {
			fmt.Printf("%s: %.0f tokens/s; a step %s s, of processors %s s; peak %.1f GB\n", r.name,
				tokens/figures.Median(r.Seconds), figures.Spread(r.Seconds, 3), figures.Spread(r.CPU, 3), r.Peak/1e9)
		}
	}
	if len(b.Seconds) > 0 {
		fmt.Printf("ratio of medians: %.2f by the clock, %.2f by processors' time\n",
			figures.Median(b.Seconds)/figures.Median(a.Seconds), figures.Median(b.CPU)/figures.Median(a.CPU))
	}
	return nil
}

// add runs a turn and adds what it measured.
func (t *turn) add(cmd *exec.Cmd) error {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	var one turn
	if err := json.Unmarshal(out, &one); err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	t.Seconds, t.CPU = append(t.Seconds, one.Seconds...), append(t.CPU, one.CPU...)
	t.Peak = max(t.Peak, one.Peak)
	return nil
}

// clock notes the time, and the processors', after each step.
type clock struct {
	wall []time.Time
	cpu  []float64
}

func (c *clock) EndBatch(*fastnb.Learner) error {
	c.wall, c.cpu = append(c.wall, time.Now()), append(c.cpu, usage().cpu)
	return nil
}

// measure trains for some steps and prints a turn.
func measure() error {
	dir, err := os.MkdirTemp("", "fastnb-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	const warm = 2
	data, err := randomText(dir, *rows**bptt*(*steps+warm)+*rows+1)
	if err != nil {
		return err
	}
	learn, err := text.NewLanguageModel(data, text.LSTM(3, *hidden, 400), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		return err
	}
	c := &clock{}
	if err := learn.FitOneCycle(fastnb.LR(2e-3), 1, fastnb.Moms(.8, .7, .8), fastnb.WD(.01),
		fastnb.Callbacks(c)); err != nil {
		return err
	}
	t := turn{Peak: usage().peak}
	for i := warm; i < len(c.wall); i++ {
		t.Seconds, t.CPU = append(t.Seconds, c.wall[i].Sub(c.wall[i-1]).Seconds()), append(t.CPU, c.cpu[i]-c.cpu[i-1])
	}
	return json.NewEncoder(os.Stdout).Encode(t)
}

// randomText is one document of n random words: speed does not depend on what they say.
func randomText(dir string, n int) (*text.LMData, error) {
	words := []string{text.Unk, text.Pad}
	for i := len(words); i < *vocab; i++ {
		words = append(words, fmt.Sprintf("w%d", i))
	}
	v, err := text.NewVocab(words)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	doc := make([]string, n)
	for i := range doc {
		doc[i] = words[2+rng.IntN(len(words)-2)]
	}
	docs, err := text.FromTexts([]string{strings.Join(doc, " ")}, nil, text.WorkDir(dir))
	if err != nil {
		return nil, err
	}
	return text.ForLanguageModel(docs, text.WithVocab(v), text.WithTokenizer(spaces{}), text.BatchSize(*rows),
		text.BPTT(*bptt), text.Jitter(false))
}

// spaces cuts at spaces.
type spaces struct{}

func (spaces) Name() string               { return "spaces" }
func (spaces) Tokens(doc string) []string { return strings.Fields(doc) }

type used struct{ cpu, peak float64 }

// usage is the processors' time of this process, in seconds, and its largest memory so far, in bytes.
func usage() used {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return used{time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds(), float64(r.Maxrss) * 1024}
}
