package fastnb_test

import (
	"context"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// An option that a fit would not heed is none of its options, so that the call does not compile.
func TestOptionsOfFits(t *testing.T) {
	const all = "Fit FitOneCycle FitSchedule FineTune"
	for name, tt := range map[string]struct {
		option any
		of     string
	}{
		"CycleLen":      {fastnb.CycleLen(1), "Fit"},
		"CycleMult":     {fastnb.CycleMult(2), "Fit"},
		"Momentum":      {fastnb.Momentum(.8), "Fit"},
		"Moms":          {fastnb.Moms(.8, .7, .8), "FitOneCycle FineTune"},
		"Div":           {fastnb.Div(10), "FitOneCycle FineTune"},
		"PctStart":      {fastnb.PctStart(.5), "FitOneCycle FineTune"},
		"FrozenEpochs":  {fastnb.FrozenEpochs(0), "FineTune"},
		"LRMult":        {fastnb.LRMult(5), "FineTune"},
		"WD":            {fastnb.WD(.1), all},
		"WDs":           {fastnb.WDs(.1), all},
		"Clip":          {fastnb.Clip(1), all},
		"MixUp":         {fastnb.MixUp(.4), all},
		"CutMix":        {fastnb.CutMix(1), all},
		"CycleSave":     {fastnb.CycleSave("a"), all},
		"KeepOptimizer": {fastnb.KeepOptimizer(true), all},
		"Callbacks":     {fastnb.Callbacks(), all},
		"Until":         {fastnb.Until(context.Background()), all},
		"Iterations":    {fastnb.Iterations(10), ""},
		"Augmented":     {fastnb.Augmented(2), ""},
		"Seed":          {fastnb.Seed(1), ""},
		"KeepBN":        {fastnb.KeepBN, ""},
	} {
		if got := strings.Join(fitsOf(tt.option), " "); got != tt.of {
			t.Errorf("%s is an option of %q, want %q", name, got, tt.of)
		}
	}
}

// fitsOf names the fits that take an option.
func fitsOf(option any) (fits []string) {
	if _, is := option.(fastnb.FitOption); is {
		fits = append(fits, "Fit")
	}
	if _, is := option.(fastnb.OneCycleOption); is {
		fits = append(fits, "FitOneCycle")
	}
	if _, is := option.(fastnb.ScheduleOption); is {
		fits = append(fits, "FitSchedule")
	}
	if _, is := option.(fastnb.FineTuneOption); is {
		fits = append(fits, "FineTune")
	}
	return fits
}
