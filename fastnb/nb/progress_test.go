package nb

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var columns = []string{"epoch", "train_loss", "valid_loss", "accuracy", "time"}

// runFit plays two epochs of ten batches, one every 100 ms.
func runFit(p *Progress, err error) {
	now := time.Unix(0, 0)
	p.now = func() time.Time { return now }
	p.Begin(2, 10, columns)
	for epoch := range 2 {
		for batch := range 10 {
			now = now.Add(100 * time.Millisecond)
			p.Batch(epoch, batch, 1/float64(1+batch))
		}
		if err == nil || epoch == 0 {
			p.Scores([]float64{.512345, .412345}[epoch], []string{"accuracy"}, []float64{[]float64{.812345, .852345}[epoch]})
			p.Epoch([]string{[]string{"0", "1"}[epoch], "0.612345", "0.512345", "0.812345", "00:01"})
		}
	}
	p.End(err)
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	runFit(newProgress(&textView{table: &b}), nil)
	want := "" +
		"epoch  train_loss  valid_loss  accuracy    time\n" +
		"0      0.612345    0.512345    0.812345    00:01\n" +
		"1      0.612345    0.512345    0.812345    00:01\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestTextStopped(t *testing.T) {
	var b bytes.Buffer
	runFit(newProgress(&textView{table: &b}), errors.New("interrupted"))
	if !strings.HasSuffix(b.String(), "\nstopped after 1 of 2 epochs\n") {
		t.Errorf("got %s", b.String())
	}
}

func TestTextBar(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "tty"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runFit(newProgress(&textView{table: &bytes.Buffer{}, bars: f}), nil)
	data, _ := os.ReadFile(f.Name())
	bars := strings.Split(string(data), "\r\x1b[K")
	want := "██████████░░░░░░░░░░ epoch 1/2 · batch 5/10 · loss 0.2000 · 00:02 left"
	if bars[3] != want {
		t.Errorf("third bar %q, want %q", bars[3], want)
	}
	if bars[len(bars)-1] != "" {
		t.Errorf("the last bar stays: %q", bars[len(bars)-1])
	}
}

func TestHTML(t *testing.T) {
	var ids, blocks []string
	var plain string
	view := &htmlView{replace: func(id, html, text string) {
		ids, blocks, plain = append(ids, id), append(blocks, html), text
	}}
	p := newProgress(view)
	runFit(p, nil)
	first := ids[0]
	if len(blocks) > 2*7+4 {
		t.Errorf("%d updates in 2 s, want about 5 a second", len(blocks))
	}
	if !strings.Contains(blocks[0], "epoch 1/2 · batch 0/10") || !strings.Contains(blocks[0], "width:0.0%") {
		t.Errorf("begins with %s", blocks[0])
	}
	last := blocks[len(blocks)-1]
	if strings.Contains(last, "batch 10/10") || strings.Count(last, "<tr>") != 3 || !strings.Contains(last, "<td>0.812345</td>") {
		t.Errorf("ends with %s, want the table without the bar", last)
	}
	if strings.Count(plain, "\n") != 3 || !strings.HasPrefix(plain, "epoch  ") || !strings.Contains(plain, "0.812345") {
		t.Errorf("as text it ends with %q", plain)
	}
	if n := strings.Count(last, `<img width="420" height="160" alt="training loss from 1 to 0.1, validation loss 0.4123, at best 0.4123" src="data:image/svg+xml;base64,`); n != 1 || strings.Contains(last, "<svg") {
		t.Errorf("ends with %d images of the losses, want one; and no <svg>, which a notebook that is not trusted loses", n)
	}
	runFit(p, errors.New("x"))
	if ids[len(ids)-1] == first {
		t.Error("a second fit overwrites the first one's table")
	}
	if !strings.Contains(blocks[len(blocks)-1], "stopped after 1 of 2 epochs") ||
		!strings.HasSuffix(plain, "stopped after 1 of 2 epochs") {
		t.Errorf("stopped: %s", blocks[len(blocks)-1])
	}
}

// A million short epochs: the table has few rows, of all of them, and the page is told a few times a second.
func TestManyEpochs(t *testing.T) {
	var last string
	updates := 0
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last, updates = html, updates+1 }})
	now := time.Unix(0, 0)
	p.now = func() time.Time { return now }
	const epochs = 300_000
	p.Begin(1<<50, 1, []string{"epoch", "train_loss"})
	for e := range epochs {
		now = now.Add(100 * time.Microsecond)
		p.Batch(e, 0, 1)
		p.Epoch([]string{strconv.Itoa(e), "1.000000"})
	}
	if seconds := epochs / 10_000; updates > 20*seconds {
		t.Errorf("%d updates in %d s", updates, seconds)
	}
	p.End(errors.New("interrupted"))
	for _, want := range []string{"<td>0</td>", "<td>299999</td>", "<p>300000 epochs: one row for every 2048, and the newest</p>", "stopped after 300000 of 1125899906842624 epochs"} {
		if !strings.Contains(last, want) {
			t.Errorf("ends without %s", want)
		}
	}
	if n := strings.Count(last, "<tr>"); n < 100 || n > 202 {
		t.Errorf("%d rows, want 100 to 202", n)
	}
}

// What is not a number is shown as it is: no difference to it, and nothing is at best NaN.
func TestProgressOfNaN(t *testing.T) {
	var last string
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last = html }})
	p.Begin(4, 1, []string{"epoch", "train_loss", "valid_loss", "own"})
	for e, v := range []float64{math.NaN(), .5, math.Inf(1), math.Copysign(0, -1)} {
		p.Batch(e, 0, 1)
		p.Scores(v, []string{"own"}, []float64{-v})
		p.Epoch([]string{"0", "1", "2", "3"})
		if strings.Contains(last, "(+NaN)") || strings.Contains(last, "Inf)") {
			t.Errorf("after %g shows %s", v, last)
		}
	}
	p.End(nil)
	if want := "validation loss -0, at best -0"; !strings.Contains(last, want) {
		t.Errorf("ends with %s, want %s", last, want)
	}
}

func TestHTMLEscapes(t *testing.T) {
	f := &fit{columns: []string{"<b>"}, rows: [][]string{{"a&b"}}, note: "<script>"}
	if s := f.table() + f.meterHTML(); strings.Contains(s, "<b>") || strings.Contains(s, "a&b") || strings.Contains(s, "<script>") {
		t.Error(s)
	}
}

func TestNote(t *testing.T) {
	var last string
	p := newProgress(&htmlView{replace: func(_, html, _ string) { last = html }})
	p.Begin(1, 1, columns)
	p.Note("compiling")
	if !strings.Contains(last, "compiling") {
		t.Error(last)
	}
	p.Batch(0, 0, 1)
	if strings.Contains(last, "compiling") {
		t.Error(last)
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond: "00:01", 65 * time.Second: "01:05", time.Hour + 5*time.Second: "1:00:05",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %s, want %s", d, got, want)
		}
	}
}

func TestMeter(t *testing.T) {
	for _, share := range []float64{0, .5, 1} {
		if n := strings.Count(meter(share, 20), "█"); n != int(20*share) {
			t.Errorf("meter(%g) has %d blocks", share, n)
		}
	}
}
