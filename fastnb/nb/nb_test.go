package nb

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// What ends a program is tried in a program: this test binary, told which one to play.
func TestMain(m *testing.M) {
	switch os.Getenv("NB_PLAY") {
	case "":
		os.Exit(inTempDir(m))
	case "must":
		fmt.Println(Must(1, nil))
		Must(2, errors.New("no 2"))
	case "check":
		Check(nil)
		Check(errors.New("bad\nluck\n"))
	case "load":
		Load(checkpoint{}, "tail")
	case "show nil":
		Show(nil, nil)
	case "show nil plot":
		Show((*plot.Plot)(nil), nil)
	case "show error":
		Show((*plot.Plot)(nil), errors.New("plots: no losses"))
	case "show size":
		Show(plot.New(), nil, Size{0, 100})
	case "table":
		ShowTable(storesTable{}, nil)
	case "table nil":
		ShowTable(nil, nil)
	case "table nil table":
		ShowTable((*storesTable)(nil), nil)
	case "table error":
		ShowTable(storesTable{}, errors.New("duck: no column \"sale\""))
	}
	fmt.Println("went on")
}

// inTempDir runs the tests with a temporary folder of their own for what Show saves.
func inTempDir(m *testing.M) int {
	dir, err := os.MkdirTemp("", "nb-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv("TMPDIR", dir)
	return m.Run()
}

type storesTable struct{}

func (storesTable) HTML() string   { return "<table><tr><td>Store 1</td></tr></table>" }
func (storesTable) String() string { return "Store 1" }

type checkpoint struct{}

func (checkpoint) Load(name string) error {
	if name != "head" {
		return fmt.Errorf("no checkpoint %q", name)
	}
	return nil
}

func TestWhatEndsACell(t *testing.T) {
	for play, want := range map[string]string{
		"must":            "error: no 2\n",
		"check":           "error: bad\nluck\n",
		"load":            "error: no checkpoint \"tail\"\n",
		"show nil":        "error: nb: Show: nothing to show: the plot is nil\n",
		"show nil plot":   "error: nb: Show: nothing to show: the plot is nil\n",
		"show error":      "error: plots: no losses\n",
		"show size":       "error: nb: Show: a plot of 24 x 124 pixels (want 1 to 8000 each way)\n",
		"table nil":       "error: nb: ShowTable: nothing to show: the table is nil\n",
		"table nil table": "error: nb: ShowTable: nothing to show: the table is nil\n",
		"table error":     "error: duck: no column \"sale\"\n",
	} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "NB_PLAY="+play, "GONB_PIPE=")
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		err := cmd.Run()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("%s: %v, want exit status 1", play, err)
		}
		if got := said.String(); !strings.HasPrefix(got, want) || strings.Contains(got, "goroutine") {
			t.Errorf("%s says %q, want %q", play, got, want)
		}
		if strings.Contains(out.String(), "went on") {
			t.Errorf("%s goes on", play)
		}
	}
}

func TestReport(t *testing.T) {
	var b bytes.Buffer
	report(&b, errors.New("bad"), []string{"/tmp/main.go:3", "/tmp/main.go:9"})
	if want := "error: bad\n    at /tmp/main.go:3\n    at /tmp/main.go:9\n"; b.String() != want {
		t.Errorf("report %q, want %q", b.String(), want)
	}
}

func TestEncode(t *testing.T) {
	kind, data, err := newPicture(plot.New()).encode()
	if err != nil || kind != "image/png" {
		t.Fatal(kind, err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 2*(518+24) || img.Bounds().Dy() != 2*(307+24) {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
	if r, g, b, a := img.At(0, 0).RGBA(); r&g&b&a != 0xffff {
		t.Error("the card is not white")
	}
	kind, data, err = newPicture(noise{}).encode()
	if err != nil || kind != "image/jpeg" {
		t.Fatal(kind, err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != 2*(400+24) {
		t.Errorf("%v, %v", c, err)
	}
}

// noise compresses badly, as photographs do.
type noise struct{}

func (noise) Size() (w, h vg.Length) { return 400 * pixel, 400 * pixel }

func (noise) Draw(c draw.Canvas) {
	rng := rand.New(rand.NewSource(1))
	for range 60000 {
		x, y := vg.Length(rng.Float64())*300, vg.Length(rng.Float64())*300
		c.SetColor(plotColor(rng.Uint32()))
		c.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + 2, Y: y + 2}}.Path())
	}
}

type plotColor uint32

func (c plotColor) RGBA() (r, g, b, a uint32) {
	v := uint32(c)
	return v & 0xffff, v >> 8 & 0xffff, v >> 16, 0xffff
}

func TestSave(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	p := newPicture(plot.New())
	for range 2 {
		if err := p.display(); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(os.Getenv("TMPDIR") + "/*/*.png")
	if len(files) != 2 {
		t.Errorf("files %v, want two", files)
	}
}

// A mistake in a model is told with the line of the model, and with the lines that led to the cell's end.
func TestOrigin(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds a program")
	}
	out, err := exec.Command("go", "run", "./testdata/origin").CombinedOutput()
	if err == nil {
		t.Fatal("it goes on")
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if _, at, ok := strings.Cut(line, "main.go:"); ok {
			lines = append(lines, strings.TrimSpace(at))
		}
	}
	if want := []string{"12", "14", "17", "18"}; !strings.HasPrefix(string(out), "error: fit: step: 2 numbers and 3\n") || !slices.Equal(lines, want) {
		t.Errorf("lines %v (want %v); it says\n%s", lines, want, out)
	}
	if got := origin(errors.New("bad")); got != nil {
		t.Errorf("an error without a trace comes from %v", got)
	}
}

// What a picture's message holds passes through gob, as to the kernel.
func TestPictureMessagePassesGob(t *testing.T) {
	p := newPicture(plot.New())
	kind, data, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	var pipe bytes.Buffer
	var got protocol.DisplayData
	err = gob.NewEncoder(&pipe).Encode(p.message(kind, data))
	if err := errors.Join(err, gob.NewDecoder(&pipe).Decode(&got)); err != nil {
		t.Fatal(err)
	}
	const text = "plot: y, -1 to 1, against x, -1 to 1" // what gonum makes of no data
	if got.Data[protocol.MIMETextPlain] != text || got.Metadata["alt"] != text ||
		len(got.Data[kind].([]byte)) != len(data) {
		t.Errorf("it arrives as %v, %v", got.Data[protocol.MIMETextPlain], got.Metadata)
	}
}
