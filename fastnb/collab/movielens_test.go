package collab_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// u1 returns MovieLens 100k in its authors' first split.
func u1(t testing.TB) *tabular.Table {
	t.Helper()
	if os.Getenv("FASTNB_MIRROR") == "" {
		t.Skip("ml-100k is not in the repository; FASTNB_MIRROR names a folder that has it")
	}
	path, err := datasets.Fetch("ml-100k")
	check(t, err)
	db, err := duck.Open()
	check(t, err)
	defer db.Close()
	for _, part := range []string{"base", "test"} {
		_, err := db.Read(part, filepath.Join(path, "u1."+part), duck.NoHeader{"user", "item", "rating", "time"})
		check(t, err)
	}
	table, err := db.Query(`SELECT *, false AS valid FROM base UNION ALL SELECT *, true FROM test`)
	check(t, err)
	return table
}

// fastai holds the peer's losses after each epoch, the mean of three seeds. fastai 2.8 draws an epoch's rows with
// replacement; that is what its users get, and the bar. Each row once an epoch, which it can be made to do, is logged.
type fastai map[string]struct {
	Summary struct {
		ValidLoss []struct{ Mean float64 } `json:"valid_loss"`
	} `json:"summary"`
}

func (f fastai) after5(way string) float64 { return f[way].Summary.ValidLoss[4].Mean }

// Five epochs are no worse than fastai's, in the mean of three seeds: the dot product with biases, and the net.
func TestMovieLensIsLearnedAsByFastAI(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains three seeds")
	}
	table := u1(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "fastai_movielens.json"))
	check(t, err)
	var ref struct {
		Dot fastai `json:"dot_bias"`
		Net fastai `json:"net"`
	}
	check(t, json.Unmarshal(text, &ref))
	data, err := collab.FromTable(table, "user", "item", "rating", tabular.ValidWhere("valid"), tabular.WorkDir(t.TempDir()))
	check(t, err)
	for name, test := range map[string]struct {
		ref   fastai
		learn func(seed fastnb.Option) (*fastnb.Learner, error)
	}{
		"dot": {ref.Dot, func(seed fastnb.Option) (*fastnb.Learner, error) {
			l, err := collab.NewLearner(data, collab.YRange(0, 5.5), collab.With(seed))
			return l.Learner, err
		}},
		"net": {ref.Net, func(seed fastnb.Option) (*fastnb.Learner, error) {
			l, err := tabular.NewLearner(data.Data, tabular.Layers(100, 50), tabular.YRange(0, 5.5), tabular.SizeRule(tabular.EmbSizeV2), tabular.With(seed))
			return l.Learner, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var mse float64
			for seed := range 3 {
				l, err := test.learn(fastnb.Seed(uint64(seed)))
				check(t, err)
				check(t, l.FitOneCycle(fastnb.LR(5e-3), 5, fastnb.WD(.1)))
				mse += l.Recorder.Epochs[4].ValidLoss / 3
			}
			want := test.ref.after5("with_replacement")
			t.Logf("mean squared error %.4f, fastai %.4f (each row once %.4f)", mse, want, test.ref.after5("each_row_once"))
			if mse > want {
				t.Errorf("mean squared error %.4f, fastai's is %.4f", mse, want)
			}
		})
	}
}
