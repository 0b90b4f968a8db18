package fastnb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

// shownTable is a Progress that keeps the epoch table that it is shown.
type shownTable struct{ rows [][]string }

func (s *shownTable) Begin(_, _ int, columns []string) { s.rows = append(s.rows, columns) }
func (s *shownTable) Batch(int, int, float64)          {}
func (s *shownTable) Epoch(row []string)               { s.rows = append(s.rows, row) }
func (s *shownTable) End(error)                        {}

// A Recorder's table is the one that the fit showed, that of a checkpoint too.
func TestEpochTable(t *testing.T) {
	blind := synth.Clouds(t.TempDir(), 100, 16, 3)
	blind.X[fastnb.Valid], blind.Class[fastnb.Valid] = nil, nil
	for want, data := range map[string]*synth.Data{
		"epoch train_loss valid_loss accuracy time": synth.Clouds(t.TempDir(), 100, 16, 3),
		"epoch train_loss time":                     blind,
	} {
		shown := &shownTable{}
		l, err := fastnb.New(backend(t), data, synth.Net(3), fastnb.WithProgress(shown))
		check(t, err)
		check(t, l.Fit(fastnb.LR(.05), 2))
		check(t, l.Save("a"))
		check(t, l.Load("a"))
		r := l.Recorder
		if got := [][]string{r.Header(), r.Row(0), r.Row(1)}; !slices.EqualFunc(got, shown.rows, slices.Equal[[]string]) {
			t.Errorf("the table is %v, shown was %v", got, shown.rows)
		}
		r.Fit = fastnb.FitInfo{} // as in checkpoints of before it was kept
		if got := strings.Join(r.Header(), " "); got != want {
			t.Errorf("the header is %q, want %q", got, want)
		}
	}
}

// What an epoch did not measure leaves its cells empty.
func TestEpochTableOfNothingMeasured(t *testing.T) {
	r := fastnb.Recorder{Metrics: []string{"a", "b"}, Fit: fastnb.FitInfo{Valid: 1}, Epochs: []fastnb.Epoch{{Seconds: 2}}}
	if got := strings.Join(r.Row(0), ","); got != "0,0.000000,0.000000,,,00:02" {
		t.Errorf("the row is %s", got)
	}
}
