package fastnb_test

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

var _ nb.Table = (*fastnb.Summary)(nil)

// normed is a net of a dense layer, a batch norm and a head, whose body and head are layer groups.
func normed(classes int) fastnb.Model {
	return fastnb.FromFunc("normed", func(s *model.Scope, x *graph.Node) *graph.Node {
		x = nn.BatchNorm(s.In("bn"), nn.Dense(s.In("fc"), x, 6, nn.NoBias))
		return nn.Dense(s.In("head"), nn.ReLU(x), classes)
	}, fastnb.Group{"/fc", "/bn"}, fastnb.Group{"/head"})
}

// A summary has the layers in the net's order with what they learn, and tells what is frozen: with TrainBN not the batch
// norms. A net that loads or was trained has the same.
func TestSummary(t *testing.T) {
	for name, c := range map[string]struct {
		bn      fastnb.BN
		freeze  bool
		trained string // of fc, bn, head
		sum     int
	}{
		"unfrozen":            {fastnb.BatchBN, false, "yes yes yes", 4*6 + 2*6 + 6*3 + 3},
		"frozen":              {fastnb.BatchBN, true, "no no yes", 6*3 + 3},
		"frozen but for norm": {fastnb.TrainBN, true, "no yes yes", 2*6 + 6*3 + 3},
	} {
		learn, err := fastnb.New(backend(t), synth.Clouds(t.TempDir(), 30, 4, 3), normed(3), c.bn)
		if err != nil {
			t.Fatal(err)
		}
		if c.freeze {
			learn.Freeze()
		}
		s, err := learn.Summary()
		if err != nil {
			t.Fatal(err)
		}
		var names, trained []string
		for _, l := range s.Layers {
			names = append(names, l.Name)
			trained = append(trained, map[bool]string{true: "yes", false: "no"}[l.Trained])
		}
		if got := strings.Join(names, " "); got != "/fc /bn /head" {
			t.Errorf("%s: layers %s", name, got)
		}
		if got := strings.Join(trained, " "); got != c.trained {
			t.Errorf("%s: trained %s, want %s", name, got, c.trained)
		}
		if all, sum := s.Params(); all != 4*6+2*6+6*3+3 || sum != c.sum {
			t.Errorf("%s: %d parameters, %d of them trained, want %d", name, all, sum, c.sum)
		}
		if rows := s.Rows(); len(rows) != 5 || len(rows[0]) != len(s.Header()) || rows[2][4] != "36" {
			t.Errorf("%s: rows %q", name, rows)
		}
	}
}
