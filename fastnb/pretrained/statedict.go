package pretrained

import (
	"errors"
	"fmt"
	"strings"
)

// checkpointKeys are under which the weights lie in checkpoints that hold more, the likeliest first.
var checkpointKeys = []string{"state_dict", "model", "model_state_dict", "model_state", "state_dict_ema", "net", "weights"}

// maxNesting is how deep the weights may lie in a checkpoint.
const maxNesting = 4

// collect gathers the tensors of what a file holds. fileSize bounds how many elements they may have.
func collect(root any, fileSize int) (map[string]Tensor, error) {
	views, err := stateDict(root, 0)
	if err != nil {
		return nil, err
	}
	budget := 4*fileSize + 1<<20
	tensors := make(map[string]Tensor, len(views))
	for name, v := range views {
		t, err := v.gather(&budget)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		tensors[name] = t
	}
	return withoutPrefix(tensors), nil
}

// stateDict finds the map of tensors: the root itself, or what lies under a key of a checkpoint.
func stateDict(root any, depth int) (map[string]*view, error) {
	d, ok := root.(*dict)
	if !ok {
		return nil, fmt.Errorf("the file holds %s (want a map of tensors: save model.state_dict())", kind(root))
	}
	views, nested := map[string]*view{}, map[string]*dict{}
	for _, e := range d.entries {
		key, _ := e.key.(string)
		switch v := e.value.(type) {
		case *view:
			views[key] = v
		case *dict:
			nested[key] = v
		}
	}
	if len(views) > 0 {
		return views, nil
	}
	for _, key := range checkpointKeys {
		if inner, ok := nested[key]; ok && depth < maxNesting {
			return stateDict(inner, depth+1)
		}
	}
	return nil, errors.New("the file holds no tensors by name (want a map of tensors: save model.state_dict())")
}

func kind(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case *view:
		return "one tensor"
	case *list, tuple:
		return "a list"
	}
	return fmt.Sprintf("a %T", v)
}

// withoutPrefix removes "module." of all names, which data-parallel training puts before them.
func withoutPrefix(tensors map[string]Tensor) map[string]Tensor {
	out := make(map[string]Tensor, len(tensors))
	for name, t := range tensors {
		short, ok := strings.CutPrefix(name, "module.")
		if !ok {
			return tensors
		}
		out[short] = t
	}
	return out
}
