package fastnb_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/metric"
)

// truthCase is a case of testdata/sklearn_metrics.json.
type truthCase struct {
	Name, Kind  string
	Cols        int
	Probs       []float32
	Labels      []int
	Targets     []float32
	Want        map[string]*float64
	Report      map[string]json.RawMessage
	Temperature *struct{ Temperature, Loss float64 }
}

func truthCases(t *testing.T) (cases []truthCase) {
	t.Helper()
	text, err := os.ReadFile("../testdata/sklearn_metrics.json")
	check(t, err)
	check(t, json.Unmarshal(text, &cases))
	return cases
}

func (c truthCase) preds() *fastnb.Preds {
	p := &fastnb.Preds{Labels: c.Labels}
	for row := range slices.Chunk(c.Probs, c.Cols) {
		p.Probs = append(p.Probs, row)
	}
	for row := range slices.Chunk(c.Targets, c.Cols) {
		p.Targets = append(p.Targets, row)
	}
	for k := range c.Cols {
		if c.Kind != "numbers" {
			p.Classes = append(p.Classes, "class"+string(rune('0'+k/10))+string(rune('0'+k%10)))
		}
	}
	return p
}

// Every row of the report is that of scikit-learn's classification_report.
func TestReportAsScikitLearn(t *testing.T) {
	n := 0
	for _, c := range truthCases(t) {
		if c.Report == nil {
			continue
		}
		r, err := c.preds().Report()
		check(t, err)
		for i, row := range append(slices.Clone(r.Classes), r.Averages...) {
			n++
			name := row.Name
			if i < c.Cols {
				name = "class" + strings.TrimPrefix(strings.TrimPrefix(name, "class"), "0")
			}
			var want struct {
				Precision, Recall, Support float64
				F1                         float64 `json:"f1-score"`
			}
			if text, ok := c.Report[name]; !ok {
				t.Errorf("%s: scikit-learn has no row %q", c.Name, name)
			} else {
				check(t, json.Unmarshal(text, &want))
			}
			for _, x := range [][2]float64{{row.Precision, want.Precision}, {row.Recall, want.Recall}, {row.F1, want.F1}, {float64(row.Support), want.Support}} {
				if !(math.Abs(x[0]-x[1]) < 1e-9) {
					t.Errorf("%s, %s: %+v, scikit-learn's %+v", c.Name, name, row, want)
				}
			}
		}
		var accuracy float64
		if text, ok := c.Report["accuracy"]; ok {
			check(t, json.Unmarshal(text, &accuracy))
		}
		if rows := len(r.Classes) + len(r.Averages) + map[bool]int{true: 1}[c.Kind == "classes"]; rows != len(c.Report) || len(r.Rows()) != rows {
			t.Errorf("%s: %d rows, %d shown, scikit-learn's %d", c.Name, rows, len(r.Rows()), len(c.Report))
		}
		if c.Kind == "classes" && !(math.Abs(r.Accuracy-accuracy) < 1e-9) || c.Kind == "labels" && !math.IsNaN(r.Accuracy) {
			t.Errorf("%s: accuracy %g, scikit-learn's %g", c.Name, r.Accuracy, accuracy)
		}
	}
	if n < 100 {
		t.Errorf("%d rows were compared", n)
	}
}

// Temperatures are those that scipy finds, and so is the loss that they leave; no order changes.
func TestTemperatureAsScipy(t *testing.T) {
	found, none := 0, 0
	for _, c := range truthCases(t) {
		p := c.preds()
		at, err := p.Temperature()
		if c.Temperature == nil {
			none++
			continue
		}
		found++
		if err != nil {
			t.Errorf("%s: %v, scipy's %+v", c.Name, err, *c.Temperature)
			continue
		}
		q, err := p.Calibrated(at)
		check(t, err)
		if math.Abs(at/c.Temperature.Temperature-1) > 1e-3 || math.Abs(q.Loss-c.Temperature.Loss) > 1e-6 {
			t.Errorf("%s: temperature %.6f, loss %.8f, scipy's %.6f, %.8f", c.Name, at, q.Loss, c.Temperature.Temperature, c.Temperature.Loss)
		}
		if before := p.Score(metric.LogLoss); q.Loss > before+1e-9 {
			t.Errorf("%s: loss %g, before %g", c.Name, q.Loss, before)
		}
		if !slices.Equal(p.Predicted(), q.Predicted()) && !strings.Contains(c.Name, "ties") {
			t.Errorf("%s: the most probable classes change", c.Name)
		}
	}
	if found < 8 || none < 5 {
		t.Errorf("%d temperatures, %d cases without", found, none)
	}
}

// Losses are those of the metrics, item by item; the highest come first, no numbers before them.
func TestTopLosses(t *testing.T) {
	for _, c := range truthCases(t) {
		p := c.preds()
		m := map[string]metric.Metric{"classes": metric.LogLoss, "labels": metric.LogLoss, "numbers": metric.MSE}[c.Kind]
		var sum float64
		losses := p.Losses()
		for _, x := range losses {
			sum += x
		}
		if mean := sum / float64(len(p.Probs)); !(math.Abs(mean-p.Score(m)) <= 1e-9*(1+mean)) {
			t.Errorf("%s: the mean loss is %g, %s %g", c.Name, mean, m.Name, p.Score(m))
		}
		top := p.TopLosses(5)
		if len(top) != min(5, len(losses)) || losses[top[0]] != slices.Max(losses) {
			t.Errorf("%s: the highest losses are %v of %v", c.Name, top, losses)
		}
	}
	p := heights(1, 2)
	p.Probs = [][]float32{{9}, {float32(math.NaN())}}
	if got := p.TopLosses(9); !slices.Equal(got, []int{1, 0}) || len(p.TopLosses(-1)) != 0 {
		t.Errorf("%v", got)
	}
	if (&fastnb.Preds{Probs: [][]float32{{1}}}).TopLosses(3) != nil {
		t.Error("there are losses without labels")
	}
}

// Predictions that someone else put together, whatever is wrong with them, are an error or nothing, never a panic.
func TestOddPreds(t *testing.T) {
	classes := []string{"a", "b"}
	row, nan := []float32{.5, .5}, float32(math.NaN())
	for name, p := range map[string]*fastnb.Preds{
		"nil": nil, "zero": {}, "no items": {Classes: classes, Labels: []int{}}, "no labels": {Probs: [][]float32{row}, Classes: classes},
		"a label too high": {Probs: [][]float32{row}, Labels: []int{2}, Classes: classes},
		"below 0":          {Probs: [][]float32{row}, Labels: []int{-1}, Classes: classes},
		"too few labels":   {Probs: [][]float32{row, row}, Labels: []int{1}, Classes: classes},
		"ragged":           {Probs: [][]float32{row, {1}}, Labels: []int{1, 0}, Classes: classes},
		"empty rows":       {Probs: [][]float32{{}}, Labels: []int{0}},
		"ragged targets":   {Probs: [][]float32{row}, Targets: [][]float32{{1}}, Classes: classes},
		"too few targets":  {Probs: [][]float32{row, row}, Targets: [][]float32{row}, Classes: classes},
		"kept":             {Kept: [][]float32{row}, Labels: []int{0}, Classes: classes},
		"NaN":              {Probs: [][]float32{{nan, nan}}, Labels: []int{0}, Classes: classes},
		"NaN of labels":    {Probs: [][]float32{{nan, nan}}, Targets: [][]float32{{0, 1}}, Classes: classes},
		"zeros":            {Probs: [][]float32{{0, 0}}, Labels: []int{0}, Classes: classes},
		"numbers":          {Probs: [][]float32{row}, Targets: [][]float32{row}},
		"odd targets":      {Probs: [][]float32{row}, Targets: [][]float32{{nan, 7}}, Classes: classes},
	} {
		if _, err := p.Temperature(); err == nil || !strings.HasPrefix(err.Error(), "fastnb: Temperature: ") {
			t.Errorf("%s: Temperature: %v", name, err)
		}
		_, _, single := p.BestThreshold(metric.FBetaBy(1, metric.Samples))
		_, _, many := p.BestThresholds(metric.FBetaBy(1, metric.Samples))
		if single == nil || many == nil || !strings.HasPrefix(single.Error(), "fastnb: BestThreshold: ") {
			t.Errorf("%s: thresholds: %v, %v", name, single, many)
		}
		p.Losses()
		p.TopLosses(3)
		p.MostConfused(1)
		p.Calibration(5)
		p.Report()
		p.PredictedLabels()
		p.Calibrated(2)
		p.OneVsRest("a")
		fastnb.Average(p, p)
	}
}

func TestWrongThresholds(t *testing.T) {
	tags := &fastnb.Preds{Probs: [][]float32{{.2, .8}}, Targets: [][]float32{{0, 1}}, Classes: []string{"a", "b"}}
	numbers := &fastnb.Preds{Probs: [][]float32{{.2}}, Targets: [][]float32{{0}}}
	one := &fastnb.Preds{Probs: [][]float32{{.2, .8}}, Labels: []int{0}, Classes: []string{"a", "b"}}
	of := func(p *fastnb.Preds, at ...float64) error { _, err := p.PredictedLabels(at...); return err }
	report := func(p *fastnb.Preds, at ...float64) error { _, err := p.Report(at...); return err }
	search := func(p *fastnb.Preds, m metric.Metric) error { _, _, err := p.BestThreshold(m); return err }
	calibrated := func(p *fastnb.Preds, at float64) error { _, err := p.Calibrated(at); return err }
	temperature := func(p *fastnb.Preds) error { _, err := p.Temperature(); return err }
	rest := func(class string) error { _, _, err := tags.OneVsRest(class); return err }
	for want, err := range map[string]error{
		"PredictedLabels: 3 thresholds for 2 classes (want 1 or 2)":              of(tags, .1, .2, .3),
		"PredictedLabels: the thresholds are [NaN]":                              of(tags, math.NaN()),
		"PredictedLabels: the predictions have no classes, they are":             of(numbers),
		"Report: 3 thresholds":                                                   report(tags, .1, .2, .3),
		"Report: thresholds [0.3]: items of one class each have none":            report(one, .3),
		"Report: the predictions have no classes":                                report(numbers),
		"BestThreshold: metric accuracy does not measure":                        search(tags, metric.Accuracy),
		"BestThreshold: the items have one class each, thr":                      search(one, metric.AUC),
		"BestThreshold: the items have numbers, thr":                             search(numbers, metric.AUC),
		"BestThreshold: the items have no labels, as those of Test":              search(&fastnb.Preds{Probs: tags.Probs}, metric.AUC),
		"Calibrated: the temperature is 0":                                       calibrated(tags, 0),
		"Calibrated: the temperature is +Inf":                                    calibrated(tags, math.Inf(1)),
		"Calibrated: there are no probabilities of classes":                      calibrated(numbers, 2),
		"Temperature: the predictions are numbers":                               temperature(numbers),
		"Temperature: no temperature from 0.0183 to 54.6 is best: all items are": temperature(tags),
		`OneVsRest: there is no class "c" (the classes are "a", "b")`:            rest("c"),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "fastnb: "+want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
