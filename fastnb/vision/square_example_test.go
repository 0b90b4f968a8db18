package vision_test

import (
	"fmt"
	"os"

	"github.com/fastnb/fastnb/fastnb/nb"
	"github.com/fastnb/fastnb/fastnb/vision"
)

// What a server does: an image that is too large is refused before it is decoded, each is prepared by itself, and those
// that wait are predicted together.
func ExampleLearner_PredictSquares() {
	learn, upload := tiny(), nb.Must(os.ReadFile(bengal))
	if w, h, err := vision.ImageSize(upload); err != nil || w*h > 50e6 {
		fmt.Println("refused:", w, h, err)
	}
	square := nb.Must(learn.Square(upload))
	fmt.Println("the net sees", square.Bounds().Size())
	preds := nb.Must(learn.PredictSquares(square, square, square))
	fmt.Println(len(preds.Probs), "predictions of", preds.Classes)
	// Output:
	// the net sees (32,32)
	// 3 predictions of [Bengal american_bulldog]
}
