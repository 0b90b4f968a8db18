package tabular_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/fastnb/tabular/duck"
	"github.com/gomlx/gomlx/core/tensors"
)

// adult returns the table of adult_sample, its text without the blanks that fastai's numbers were made without.
func adult(t testing.TB) *tabular.Table {
	t.Helper()
	if os.Getenv("FASTNB_MIRROR") == "" {
		t.Skip("adult_sample is not in the repository; FASTNB_MIRROR names a folder that has it")
	}
	path, err := datasets.Fetch("adult_sample")
	check(t, err)
	db, err := duck.Open()
	check(t, err)
	defer db.Close()
	_, err = db.Read("adult", filepath.Join(path, "adult.csv"))
	check(t, err)
	table, err := db.Query(`SELECT * REPLACE (trim(workclass) AS workclass, trim(education) AS education, trim("marital-status") AS "marital-status",
		trim(occupation) AS occupation, trim(relationship) AS relationship, trim(race) AS race, trim(sex) AS sex, trim("native-country") AS "native-country") FROM adult`)
	check(t, err)
	return table
}

// lastFifth are the validation rows of the reference.
func lastFifth() tabular.DataOption {
	rows := make([]int, 32561-26048)
	for i := range rows {
		rows[i] = 26048 + i
	}
	return tabular.ValidRows(rows)
}

type fastaiAdult struct {
	Columns map[string]struct {
		Categorical []string `json:"categorical"`
		Continuous  []string `json:"continuous"`
	} `json:"columns"`
	Preprocessing struct {
		Vocabularies map[string][]string `json:"vocabularies"`
		Medians      map[string]float64  `json:"medians"`
		Embeddings   map[string][2]int   `json:"embeddings"`
		Parameters   int                 `json:"parameters"`
		Rows         []struct {
			Row         int       `json:"row"`
			Categorical []int32   `json:"categorical"`
			Continuous  []float64 `json:"continuous"`
			Target      int       `json:"target"`
		} `json:"rows"`
	} `json:"preprocessing"`
	Settings map[string]map[string]struct {
		Summary struct {
			ValidLoss []struct{ Mean float64 } `json:"valid_loss"`
			Accuracy  []struct{ Mean float64 } `json:"accuracy"`
		} `json:"summary"`
	} `json:"settings"`
}

func adultData(t testing.TB, table *tabular.Table, ref fastaiAdult, setting string, opts ...tabular.DataOption) *tabular.Data {
	t.Helper()
	c := ref.Columns[setting]
	opts = append(opts, tabular.Class(">=50k"), tabular.Cats(c.Categorical...), tabular.Conts(c.Continuous...), lastFifth(), tabular.WorkDir(t.TempDir()))
	data, err := tabular.FromTable(table, opts...)
	check(t, err)
	return data
}

// What is fitted and what rows are turned into is what fastai's Categorify, FillMissing and Normalize make of them.
func TestAdultIsPreparedAsByFastAI(t *testing.T) {
	table := adult(t)
	var ref fastaiAdult
	reference(t, "fastai_adult.json", &ref)
	data := adultData(t, table, ref, "tutorial")
	for column, want := range ref.Preprocessing.Vocabularies {
		if column == "education-num_na" {
			want = []string{"#na#", "false", "true"} // "False", "True"
		}
		if got, err := data.Categories(column); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has the categories %v, %v; want %v", column, got, err, want)
		}
	}
	compareRows(t, data, ref)
	l, err := tabular.NewLearner(data, tabular.SizeRule(tabular.EmbSizeV2))
	check(t, err)
	if _, _, err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for v := range l.Store().IterVariables() {
		if v.Trainable {
			n += v.Shape().Size()
		}
	}
	if n != ref.Preprocessing.Parameters {
		t.Errorf("the net has %d parameters, fastai's %d", n, ref.Preprocessing.Parameters)
	}
}

func compareRows(t *testing.T, data *tabular.Data, ref fastaiAdult) {
	t.Helper()
	for _, want := range ref.Preprocessing.Rows {
		split, row := fastnb.Train, want.Row
		if row >= 26048 {
			split, row = fastnb.Valid, row-26048
		}
		for b := range data.Batches(fastnb.View{Split: split}) {
			codes, err := tensors.CopyFlatData[int32](b.Inputs[0])
			check(t, err)
			numbers, err := tensors.CopyFlatData[float32](b.Inputs[1])
			check(t, err)
			k, m := len(want.Categorical), len(want.Continuous)
			if got := codes[row*k : (row+1)*k]; !slices.Equal(got, want.Categorical) {
				t.Errorf("row %d has the codes %v, want %v", want.Row, got, want.Categorical)
			}
			for i, x := range numbers[row*m : (row+1)*m] {
				if math.Abs(float64(x)-want.Continuous[i]) > 1e-5 {
					t.Errorf("row %d has the number %g, want %g", want.Row, x, want.Continuous[i])
				}
			}
			if got := data.Labels(split)[row]; got != want.Target {
				t.Errorf("row %d has the class %d, want %d", want.Row, got, want.Target)
			}
			break
		}
	}
}

// Three epochs of the same net are no worse than fastai's. The accuracies of seeds have a standard deviation of .0014 (of
// fastai's three, .0021), so a mean of three can be .001 off by chance; ours is of ten.
func TestAdultIsLearnedAsByFastAI(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: trains three seeds")
	}
	const seeds = 10
	table := adult(t)
	var ref fastaiAdult
	reference(t, "fastai_adult.json", &ref)
	for setting := range ref.Settings {
		t.Run(setting, func(t *testing.T) {
			var accuracy, loss float64
			for seed := range seeds {
				l, err := tabular.NewLearner(adultData(t, table, ref, setting), tabular.SizeRule(tabular.EmbSizeV2), tabular.With(fastnb.Seed(uint64(seed)), fastnb.WithProgress(nil)))
				check(t, err)
				check(t, l.FitOneCycle(fastnb.LR(1e-2), 3, fastnb.WD(.01)))
				last := l.Recorder.Epochs[2]
				accuracy, loss = accuracy+last.Metrics[0]/seeds, loss+last.ValidLoss/seeds
			}
			want := ref.Settings[setting]["with_replacement"].Summary
			t.Logf("accuracy %.4f (fastai %.4f), loss %.4f (fastai %.4f)", accuracy, want.Accuracy[2].Mean, loss, want.ValidLoss[2].Mean)
			if accuracy < want.Accuracy[2].Mean {
				t.Errorf("accuracy %.4f, fastai's is %.4f", accuracy, want.Accuracy[2].Mean)
			}
		})
	}
}
