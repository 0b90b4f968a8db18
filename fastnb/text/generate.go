package text

import (
	"errors"
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// GenerateOption is an option of [LanguageModel.Generate].
type GenerateOption interface{ generate(*generateConfig) }

type generateOption func(*generateConfig)

func (o generateOption) generate(c *generateConfig) { o(c) }

// Temperature divides the scores of words before one is drawn: below 1 likely words are drawn more often, above 1 less;
// 0 is always the likeliest. Default 1.
func Temperature(t float64) GenerateOption {
	return generateOption(func(c *generateConfig) { c.temperature = t })
}

// TopK draws from the k likeliest words only. Default 0: all.
func TopK(k int) GenerateOption { return generateOption(func(c *generateConfig) { c.topK = k }) }

type generateConfig struct {
	temperature float64
	topK        int
	seed        uint64
}

// Generate goes on with a prompt for so many tokens and returns both as readable text: each token is drawn as the model
// holds it to be likely, xxunk and xxpad left out. The same seed (Seed, default 42) writes the same.
func (l *LanguageModel) Generate(prompt string, tokens int, opts ...GenerateOption) (written string, err error) {
	defer verb.Name(&err, "text: Generate")
	c := generateConfig{temperature: 1, seed: 42}
	for _, o := range opts {
		o.generate(&c)
	}
	if tokens < 0 || !(c.temperature >= 0) || c.topK < 0 {
		return "", fmt.Errorf("%d tokens, Temperature(%g), TopK(%d) (want 0 or more of each)", tokens, c.temperature, c.topK)
	}
	codes, err := l.write(prompt, tokens, c)
	if err != nil {
		return "", err
	}
	if j, ok := l.data.Tokenizer().(Joiner); ok {
		return j.Join(l.data.Vocab().Decode(codes)), nil
	}
	return l.data.Vocab().Text(codes), nil
}

func (l *LanguageModel) write(prompt string, tokens int, c generateConfig) ([]int32, error) {
	codes, scores, err := l.read(prompt)
	rng := rand.New(rand.NewPCG(c.seed, 0x47))
	for i := 0; i < tokens && err == nil; i++ {
		next := c.draw(scores, l.data.Vocab(), rng)
		codes = append(codes, next)
		if i < tokens-1 {
			scores, err = l.gen.next(l, next)
		}
	}
	return codes, err
}

// read gives the model a prompt from the start and returns its codes and the scores of the next word.
func (l *LanguageModel) read(prompt string) (codes []int32, scores []float32, err error) {
	if err := (docsConfig{}).checkLetters([]string{prompt}); err != nil {
		return nil, nil, fmt.Errorf("the prompt: %w", err)
	}
	if codes = l.data.Vocab().Encode(l.data.Tokenizer().Tokens(prompt)); len(codes) == 0 {
		return nil, nil, errors.New("the prompt has no tokens")
	}
	if err := l.gen.start(l); err != nil {
		return nil, nil, err
	}
	scores, err = l.gen.next(l, codes...)
	return codes, scores, err
}

// draw picks a word by its score; neither xxunk nor xxpad nor what only fills the vocabulary.
func (c generateConfig) draw(scores []float32, vocab *Vocab, rng *rand.Rand) int32 {
	order := likeliest(scores, vocab)
	if c.temperature == 0 {
		return order[0]
	}
	if c.topK > 0 {
		order = order[:min(c.topK, len(order))]
	}
	weights, sum := make([]float64, len(order)), 0.
	for i, code := range order {
		weights[i] = math.Exp(float64(scores[code]-scores[order[0]]) / c.temperature)
		sum += weights[i]
	}
	at := rng.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return order[i]
		}
	}
	return order[0]
}

// likeliest returns the codes of words that may be said, the highest score first; all if there are none.
func likeliest(scores []float32, vocab *Vocab) []int32 {
	var order []int32
	for code := range scores {
		if c := int32(code); c != vocab.unk && c != vocab.pad && vocab.Word(c) != Fake || vocab.Len() <= 2 {
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch x, y := scores[a], scores[b]; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return order
}

// NextWord is a word that may follow.
type NextWord struct {
	Word string
	Prob float64
}

// NextWords are the words that may follow a text, the likeliest first; a table for nb.ShowTable.
type NextWords []NextWord

// NextWords returns the n likeliest words after a text.
func (l *LanguageModel) NextWords(prompt string, n int) (words NextWords, err error) {
	defer verb.Name(&err, "text: NextWords")
	_, scores, err := l.read(prompt)
	if err != nil {
		return nil, err
	}
	var sum float64
	best := slices.Max(scores)
	for _, x := range scores {
		sum += math.Exp(float64(x - best))
	}
	order := likeliest(scores, l.data.Vocab())
	words = make(NextWords, min(max(n, 0), len(order)))
	for i := range words {
		words[i] = NextWord{l.data.Vocab().Word(order[i]), math.Exp(float64(scores[order[i]]-best)) / sum}
	}
	return words, nil
}

// String returns a line per word.
func (t NextWords) String() string {
	var b strings.Builder
	for _, w := range t {
		fmt.Fprintf(&b, "%-16s %.3f\n", w.Word, w.Prob)
	}
	return b.String()
}

// HTML returns a table.
func (t NextWords) HTML() string {
	var b strings.Builder
	b.WriteString("<table><thead><tr><th>next word</th><th>probability</th></tr></thead><tbody>")
	for _, w := range t {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%.3f</td></tr>", html.EscapeString(w.Word), w.Prob)
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

// generator reads a text and scores what may come next. A net that carries states reads a token at a time, one that
// doesn't the last tokens of the text, as many as a window of the data has.
type generator struct {
	exec  *model.Exec
	store *model.Store // that exec was compiled for
	codes []int32      // read so far, of a net without states
}

// start forgets what was read.
func (r *generator) start(l *LanguageModel) error {
	if err := l.Open(); err != nil {
		return err
	}
	if r.codes = nil; r.exec == nil || r.store != l.Store() {
		exec, err := model.NewExec(l.Backend(), l.Store(), func(s *model.Scope, codes *graph.Node) *graph.Node {
			scores := l.net(s, codes)
			return graph.Reshape(graph.Slice(scores, graph.AxisRange(), graph.AxisElem(-1)), scores.Shape().Dim(2))
		})
		if err != nil {
			return err
		}
		r.exec, r.store = exec.SetMaxCache(-1), l.Store()
	}
	return nn.ResetStates(l.Store())
}

// next reads tokens and returns the scores of the one after them.
func (r *generator) next(l *LanguageModel, codes ...int32) (scores []float32, err error) {
	if !carries(r.store) {
		r.codes = append(r.codes, codes...)
		return r.score(r.codes[max(len(r.codes)-l.data.conf.bptt, 0):])
	}
	for i := range codes {
		if scores, err = r.score(codes[i : i+1]); err != nil {
			return nil, err
		}
	}
	return scores, nil
}

// score gives the model a window and returns the scores of the token after it.
func (r *generator) score(window []int32) ([]float32, error) {
	outs, err := r.exec.Call(tensors.FromFlatDataAndDimensions(slices.Clone(window), 1, len(window)))
	if err != nil {
		return nil, err
	}
	return tensors.CopyFlatData[float32](outs[0])
}

// carries tells whether a model has states.
func carries(store *model.Store) bool {
	for v := range store.IterVariables() {
		if nn.IsState(v.Path()) {
			return true
		}
	}
	return false
}
