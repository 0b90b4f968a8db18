package fastnb_test

import (
	"fmt"
	"go/format"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

const fromFastai = "docs/from-fastai.md"

// setting is what the entries of the page are compiled in.
const setting = `package fromfastai

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/callback"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/metric"
	"github.com/fastnb/fastnb/fastnb/optim"
	"github.com/fastnb/fastnb/fastnb/split"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/vision"
	"github.com/fastnb/fastnb/fastnb/vision/arch"
	"github.com/fastnb/fastnb/plots"
)

var (
	path    string
	rows    []int
	data    *vision.Data
	learn   *vision.Learner
	preds   *fastnb.Preds
	sweep   *fastnb.Sweep
	db      *duck.DB
	table   *tabular.Table
	rows2   *tabular.Data
	docs    *text.Docs
	lm      *text.LMData
	reader  *text.LanguageModel
	reviews *text.ClassData
	judge   *text.Classifier
	head    func(s *model.Scope, features *graph.Node, outputs int) *graph.Node
)

func _() {
`

var span = regexp.MustCompile("`([^`]+)`")

// Each call in the last column of the page compiles.
func TestFromFastai(t *testing.T) {
	var calls []string
	for line := range strings.Lines(read(t, fromFastai)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 {
			continue
		}
		for _, m := range span.FindAllStringSubmatch(cells[3], -1) {
			calls = append(calls, m[1])
		}
	}
	if len(calls) < 60 {
		t.Fatalf("%s has %d calls (want 60 or more)", fromFastai, len(calls))
	}
	text, err := format.Source([]byte(setting + strings.Join(calls, "\n") + "\n}\n"))
	if err != nil {
		t.Fatalf("%s: %v", fromFastai, lines(err.Error(), calls))
	}
	files := overlay(t, map[string]string{"internal/fromfastai/calls.go": string(text)})
	cmd := exec.Command("go", "build", "-overlay", files, "./internal/fromfastai")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", fromFastai, err, lines(string(out), calls))
	}
}

var place = regexp.MustCompile(`calls\.go:(\d+):`)

// lines says of which call a compiler's message is.
func lines(out string, calls []string) string {
	first := strings.Count(setting, "\n") + 1
	return place.ReplaceAllStringFunc(out, func(at string) string {
		n := 0
		fmt.Sscanf(at, "calls.go:%d:", &n)
		if n -= first; n < 0 || n >= len(calls) {
			return at
		}
		return calls[n] + ":"
	})
}
