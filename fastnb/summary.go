package fastnb

import (
	"fmt"
	"html"
	"path"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
	"github.com/gomlx/gomlx/ml/model"
)

// Summary tells what the net of a learner is made of, as a table with a row for each layer.
type Summary struct {
	Model  string
	In     [][]int // shapes of a batch's inputs
	Out    []int   // shape of what the net makes of a batch
	Layers []Layer // in the order in which the net makes their variables
}

// Layer is a scope of a net that has variables of its own.
type Layer struct {
	Name    string           // path of the scope: "/layer1/0/conv1"
	Group   int              // number of its layer group
	Params  int              // numbers that can be learnt
	Trained bool             // they are, as the learner's groups are frozen now
	Shapes  map[string][]int // of the variables by name, those that are not learnt too, such as running statistics
	names   []string         // of the variables, in the order in which they were made
}

// Summary tells what the net is made of: v2's learn.summary. Frozen is what is frozen when it is called. It builds the
// net's graph for a batch of the data, and computes nothing.
func (l *Learner) Summary() (_ *Summary, err error) {
	defer verb.Name(&err, "fastnb: Summary")
	in, err := inputShapes(l.feed.data, Train)
	if err != nil {
		return nil, err
	}
	store, out, err := l.net.blank(l.feed.data, in)
	if err != nil {
		return nil, err
	}
	if err := l.net.model.checkGroups(store); err != nil {
		return nil, err
	}
	s := &Summary{Model: l.net.model.Name, Out: out.Dimensions}
	for _, shape := range in {
		s.In = append(s.In, shape.Dimensions)
	}
	for v := range store.IterVariables() {
		if v.Name() != model.RNGStateVariableName && !nn.IsState(v.Path()) {
			s.add(l.net, v)
		}
	}
	s.mark(l.net)
	return s, nil
}

// mark tells which layers are trained as the net's groups are frozen now.
func (s *Summary) mark(n *net) {
	normsToo := n.norms(false).train
	for i := range s.Layers {
		l := &s.Layers[i]
		_, ofNorm := l.Shapes["running_mean"]
		l.Trained = l.Params > 0 && (l.Group >= n.frozenTo || normsToo && ofNorm)
	}
}

// add puts a variable into its layer.
func (s *Summary) add(n *net, v *model.Variable) {
	scope := path.Dir(v.Path())
	i := slices.IndexFunc(s.Layers, func(l Layer) bool { return l.Name == scope })
	if i < 0 {
		i = len(s.Layers)
		s.Layers = append(s.Layers, Layer{Name: scope, Group: n.model.groupOf(v.Path()), Shapes: map[string][]int{}})
	}
	l := &s.Layers[i]
	l.names = append(l.names, v.Name())
	l.Shapes[v.Name()] = v.Shape().Dimensions
	if v.Trainable {
		l.Params += v.Shape().Size()
	}
}

// Params returns how many numbers of the net can be learnt, and how many of them are, as its groups are frozen.
func (s *Summary) Params() (all, trained int) {
	for _, l := range s.Layers {
		all += l.Params
		if l.Trained {
			trained += l.Params
		}
	}
	return all, trained
}

// Header returns the names of the columns of Rows.
func (s *Summary) Header() []string { return []string{"group", "layer", "shapes", "state", "params"} }

// Rows returns a row for each layer, and after those of each layer group one with its sum.
func (s *Summary) Rows() [][]string {
	var rows [][]string
	sum, trained := 0, false
	for i, l := range s.Layers {
		rows = append(rows, []string{fmt.Sprint(l.Group), l.Name, l.shapes(), l.state(), fmt.Sprint(l.Params)})
		sum, trained = sum+l.Params, trained || l.Trained
		if i+1 == len(s.Layers) || s.Layers[i+1].Group != l.Group {
			of := Layer{Params: sum, Trained: trained}
			rows = append(rows, []string{fmt.Sprint(l.Group), "all of it", "", of.state(), fmt.Sprint(sum)})
			sum, trained = 0, false
		}
	}
	return rows
}

// shapes writes the shapes of the variables: "weight [3 3 64 64], bias [64]".
func (l Layer) shapes() string {
	var all []string
	for _, name := range l.names {
		all = append(all, fmt.Sprintf("%s %v", name, l.Shapes[name]))
	}
	return strings.Join(all, ", ")
}

func (l Layer) state() string {
	switch {
	case l.Params == 0:
		return ""
	case l.Trained:
		return "trained"
	}
	return "frozen"
}

// title says what goes in, what comes out, and how much there is to learn.
func (s *Summary) title() string {
	all, trained := s.Params()
	in := make([]string, len(s.In))
	for i, dims := range s.In {
		in[i] = fmt.Sprint(dims)
	}
	return fmt.Sprintf("%s: %s to %v, %d parameters, %d of them trained", s.Model, strings.Join(in, ", "), s.Out, all,
		trained)
}

// String returns the table as lines of text.
func (s *Summary) String() string { return s.title() + "\n" + textTable(s.Header(), s.Rows()) }

// HTML returns the table as HTML that leaves its colours to the page.
func (s *Summary) HTML() string {
	return "<p>" + html.EscapeString(s.title()) + "</p>" + htmlTable(s.Header(), s.Rows(), 4)
}
