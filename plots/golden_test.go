package plots_test

import (
	"fmt"
	"log"
	"testing"

	"github.com/fastnb/fastnb/plots"
	"gonum.org/v1/plot/cmpimg"
)

// The examples draw what lies in testdata; go test ./plots -regen draws the goldens anew. Look at them before you
// commit them.
func TestGoldens(t *testing.T) {
	for name, example := range map[string]func(){
		"suggestions":         ExampleSuggestion,
		"loss_vs_lr":          ExampleLossVsLR,
		"losses":              ExampleLosses,
		"losses_epoch_len":    ExampleEpochLen,
		"metrics":             ExampleMetrics,
		"metrics_one":         ExampleMetrics_one,
		"metrics_many":        ExampleMetrics_many,
		"runs":                ExampleRuns,
		"runs_many":           ExampleRuns_many,
		"schedule":            ExampleSchedule,
		"schedule_momentum":   ExampleSchedule_momentum,
		"confusion":           ExampleConfusion,
		"confusion_normalize": ExampleConfusion_normalize,
		"confusion_12":        manyClasses,
		"image_grid":          ExampleImageGrid,
		"embedding":           ExampleEmbedding,
		"embedding_films":     ExampleEmbedding_films,
		"importance":          ExampleImportance,
		"dependence":          ExampleDependence,
		"dependence_on":       ExampleDependenceOn,
		"dependence_on_many":  ExampleDependenceOn_many,
		"predicted":           ExamplePredictedVsActual,
		"predicted_many":      ExamplePredictedVsActual_many,
		"histogram":           ExampleHistogram,
		"histogram_bins":      ExampleBins,
		"curve_grid":          ExampleCurveGrid,
		"curve_grid_log":      ExampleCurveGrid_logY,
		"histogram_whole":     ExampleHistogram_whole,
		"overlay":             ExampleOverlay,
		"heat":                ExampleHeat,
		"roc":                 ExampleROC,
		"precision_recall":    ExamplePrecisionRecall,
		"calibration":         ExampleCalibration,
		"thresholds":          ExampleThresholds,
		"flow":                ExampleFlow,
		"valley":              ExampleValley,
		"valley_range":        ExampleValley_range,
	} {
		t.Run(name, func(t *testing.T) { cmpimg.CheckPlotApprox(example, t, .02, name+".png") })
	}
}

func manyClasses() {
	matrix, classes := make([][]int, 12), make([]string, 12)
	for i := range matrix {
		matrix[i], classes[i] = make([]int, 12), fmt.Sprintf("class number %d", i)
		matrix[i][i], matrix[i][(i*7+1)%12] = 100-i, i
	}
	f, err := plots.Confusion(matrix, classes)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/confusion_12.png"); err != nil {
		log.Fatal(err)
	}
}
