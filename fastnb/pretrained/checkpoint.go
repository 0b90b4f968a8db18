package pretrained

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// weightsKeys are under which the weights lie in checkpoints that hold more, in the order in which they are taken: a
// moving average before the weights that it is of, as timm's load_checkpoint does unless told otherwise.
var weightsKeys = []string{
	"state_dict_ema", "model_ema", "state_dict", "model", "model_state_dict", "model_state", "params_ema", "params",
	"net", "network", "weights", "module", "g_ema", "ema", "generator",
}

// otherKeys are parts of the keys of what is no net's weights though it holds tensors.
var otherKeys = []string{"optim", "sched", "scaler", "rng", "callback"}

// maxNesting is how deep the weights may lie in a checkpoint.
const maxNesting = 6

// collect gathers the tensors of what a file holds. fileSize bounds how many elements they may have.
func collect(root any, fileSize int) (map[string]Tensor, error) {
	s := search{done: map[any]found{}}
	at := s.in(root, 0)
	if at.err != nil {
		return nil, at.err
	}
	g := gatherer{budget: 4*fileSize + 1<<20, done: map[string]Tensor{}}
	tensors := make(map[string]Tensor, len(at.views))
	for name, v := range at.views {
		t, err := g.gather(v)
		if err != nil {
			return nil, fmt.Errorf("tensor %s: %w", shown(name), err)
		}
		tensors[name] = t
	}
	return tensors, nil
}

// gatherer makes one tensor of views that are the same, such as tied weights: they share their data.
type gatherer struct {
	budget int
	done   map[string]Tensor
}

func (g *gatherer) gather(v *view) (Tensor, error) {
	key := fmt.Sprintf("%p %s %d %d %d", v.storage, v.dtype, v.offset, v.size, v.stride)
	t, ok := g.done[key]
	if ok {
		return t, nil
	}
	t, err := v.gather(&g.budget)
	g.done[key] = t
	return t, err
}

// found is a map of tensors, or why there is none.
type found struct {
	views map[string]*view
	err   error
}

// search looks for the weights in what a file holds. It looks once at each part, which may be there several times,
// also in itself.
type search struct{ done map[any]found }

func (s search) in(v any, depth int) found {
	switch v.(type) {
	case *dict, *list:
	case tuple:
		return s.among(v, depth)
	default:
		return found{err: fmt.Errorf("the file holds %s (want a map of tensors: save model.state_dict())", kind(v))}
	}
	if f, ok := s.done[v]; ok {
		return f
	}
	s.done[v] = found{err: errNoTensors} // while it is being looked at
	s.done[v] = s.among(v, depth)
	return s.done[v]
}

var errNoTensors = errors.New("the file holds no tensors by name (want a map of tensors: save model.state_dict())")

// among decides between a map's own tensors and the maps in it: first come the keys that are known; then tensors, not
// all of them single numbers, with a dot in a name, which are a net's; then the only map that holds such; then the
// tensors that there are.
func (s search) among(v any, depth int) found {
	own, inner := parts(v)
	switch {
	case isOptimizer(inner):
		return found{err: errOptimizer}
	case depth == maxNesting:
		inner = nil
	}
	for _, key := range weightsKeys {
		if f := s.in(inner[key], depth+1); f.err == nil {
			return f
		}
	}
	if hasWeights(own) {
		return found{views: own}
	}
	nested, err := s.nested(inner, depth+1)
	if len(own) > 0 {
		maps.DeleteFunc(nested, func(_ string, f found) bool { return !hasDot(f.views) })
	}
	switch {
	case len(nested) == 1:
		for _, f := range nested {
			return f
		}
	case len(nested) > 1:
		return found{err: several(nested)}
	case len(own) > 0:
		return found{views: own}
	}
	if _, isMap := v.(*dict); !isMap {
		return found{err: fmt.Errorf("the file holds %s (want a map of tensors: save model.state_dict())", kind(v))}
	}
	return found{err: err}
}

// nested returns the maps of tensors among the parts, and an error for where there are none.
func (s search) nested(inner map[string]any, depth int) (map[string]found, error) {
	all, err := map[string]found{}, errNoTensors
	for _, key := range slices.Sorted(maps.Keys(inner)) {
		f := s.in(inner[key], depth)
		switch {
		case f.err == nil && !isOther(key):
			all[key] = f
		case errors.Is(f.err, errSeveral) || errors.Is(f.err, errOptimizer):
			err = f.err
		}
	}
	return all, err
}

// isOther tells by its key whether a part of a checkpoint is no net.
func isOther(key string) bool {
	key = strings.ToLower(key)
	return key == "opt" || slices.ContainsFunc(otherKeys, func(part string) bool { return strings.Contains(key, part) })
}

// isOptimizer tells an optimizer's state by its parts.
func isOptimizer(inner map[string]any) bool {
	return inner["state"] != nil && inner["param_groups"] != nil
}

var errOptimizer = errors.New("the file holds an optimizer's state and no net's weights (want a map of tensors: save model.state_dict())")

var errSeveral = errors.New("the file holds several maps of tensors")

func several(nested map[string]found) error {
	keys := slices.Sorted(maps.Keys(nested))
	text := make([]string, len(keys))
	for i, key := range keys {
		text[i] = fmt.Sprintf("%s (%d)", shown(key), len(nested[key].views))
	}
	return fmt.Errorf("%w: %s; save the one that is wanted: torch.save(checkpoint[%q], ...)", errSeveral, fewOf(text),
		keys[0])
}

// parts returns a map's tensors, and the maps and lists in it. The items of a list have their number as key.
func parts(v any) (own map[string]*view, inner map[string]any) {
	own, inner = map[string]*view{}, map[string]any{}
	add := func(key, v any) {
		switch v := v.(type) {
		case *view:
			own[keyName(key)] = v
		case *dict, *list, tuple:
			inner[keyName(key)] = v
		}
	}
	switch v := v.(type) {
	case *dict:
		for _, e := range v.entries {
			add(e.key, e.value)
		}
	case *list:
		_, inner = parts(tuple(v.items))
	case tuple:
		for i, item := range v {
			add(i, item)
		}
		clear(own) // they have no names
	}
	return own, inner
}

// keyName returns a key of a map as a name.
func keyName(key any) string {
	switch key := key.(type) {
	case string:
		return key
	case []byte:
		return string(key)
	case int:
		return strconv.Itoa(key)
	}
	return fmt.Sprint(key)
}

// hasWeights tells whether tensors are a net's: a metric's name may have a dot, too, but the metric is one number.
func hasWeights(views map[string]*view) bool {
	for name, v := range views {
		if strings.Contains(name, ".") && len(v.size) > 0 {
			return true
		}
	}
	return false
}

func hasDot(views map[string]*view) bool {
	for name := range views {
		if strings.Contains(name, ".") {
			return true
		}
	}
	return false
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case *view:
		return "one tensor"
	case *list, tuple:
		return "a list"
	case *inert:
		return "a Python object of class " + v.class
	}
	return fmt.Sprintf("a %T", v)
}
