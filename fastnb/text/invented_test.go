package text_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/gomlx/gomlx/core/tensors"
)

// An invented language of sentences of seven words, "the cat sings and cat sleeps .": of four nouns and four verbs one each is drawn,
// and the noun comes again.
var (
	nouns = []string{"cat", "dog", "bird", "fox"}
	verbs = []string{"sings", "eats", "runs", "waits"}
	sure  = math.Exp(2 * math.Log(4) / 7) // its perplexity, who knows all of it
	blind = math.Exp(3 * math.Log(4) / 7) // who does not remember the noun
)

func sentences(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for range n {
		noun := nouns[rng.IntN(4)]
		fmt.Fprintf(&b, "the %s %s and %s sleeps . ", noun, verbs[rng.IntN(4)], noun)
	}
	return b.String()
}

// inventedData has 500 sentences to learn from and 80 for validation.
func inventedData(t testing.TB, opts ...text.LMDataOption) *text.LMData {
	t.Helper()
	var train []string
	for i := range uint64(10) {
		train = append(train, sentences(i, 50))
	}
	return lmData(t, train, []string{sentences(100, 80)}, append([]text.LMDataOption{text.BatchSize(8), text.BPTT(20), text.Jitter(false)}, opts...)...)
}

// small is a net that learns in seconds.
func small(opts ...text.LanguageModelOption) []text.LanguageModelOption {
	return append([]text.LanguageModelOption{text.LSTM(2, 24, 16), text.DropMult(.1), quiet}, opts...)
}

func languageModel(t testing.TB, data *text.LMData, opts ...text.LanguageModelOption) *text.LanguageModel {
	t.Helper()
	l, err := text.NewLanguageModel(data, small(opts...)...)
	ok(t, err)
	return l
}

// weights returns the variables of all scopes, states and the generator's left out, by path.
func weights(t testing.TB, l *fastnb.Learner) map[string][]float32 {
	t.Helper()
	all := map[string][]float32{}
	for v := range l.Store().IterVariables() {
		if v.Trainable {
			all[v.Path()] = tensors.MustCopyFlatData[float32](v.MustValue())
		}
	}
	return all
}

// changed returns the layer groups in which any bit of a weight differs.
func changed(l *fastnb.Learner, a, b map[string][]float32) (groups []int) {
	for i, g := range l.Model().Groups {
		differ := false
		for path, ws := range b {
			for _, scope := range g {
				for k, w := range ws {
					differ = differ || strings.HasPrefix(path, scope+"/") && math.Float32bits(w) != math.Float32bits(a[path][k])
				}
			}
		}
		if differ {
			groups = append(groups, i)
		}
	}
	return groups
}

// near wants two numbers to be the same but for rounding.
func near(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.6g, want %.6g", name, got, want)
	}
}
