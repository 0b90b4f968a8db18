package fastnb_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/synth"
)

func ExampleLearner_SetData() {
	learn, cleanUp := points()
	defer cleanUp()
	ok(learn.Fit(fastnb.LR(0.05), 1))
	ok(learn.SetData(synth.Clouds(os.TempDir(), 120, 10, 3)))
	fmt.Println(learn.Data().Len(fastnb.Train), "items, layer groups frozen:", learn.FrozenTo())
	fmt.Println(learn.SetData(synth.Clouds(os.TempDir(), 120, 10, 2)))
	// Output:
	// 120 items, layer groups frozen: 2
	// fastnb: SetData: the new data has 2 classes, the model was made for 3: [class0 class1 class2], not [class0 class1]
}

func ExampleLearner_PredictOn() {
	learn, cleanUp := points()
	defer cleanUp()
	preds := must(learn.PredictOn(synth.Clouds(os.TempDir(), 80, 10, 3), fastnb.Valid))
	fmt.Println(len(preds.Probs), "items,", learn.Data().Len(fastnb.Valid), "of the learner's own")
	// Output: 20 items, 50 of the learner's own
}
