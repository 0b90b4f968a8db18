package pretrained

import (
	"slices"
	"strings"
)

// What training puts into the names of a net: torch.compile and FSDP add components anywhere, data-parallel training
// and averaging put one before all names.
var (
	wrapping = []string{"_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"}
	prefixes = []string{"module.", "_module.", "state_dict.", "model_state_dict.", "model_state."}
)

// attribute is the name that most training frameworks have the net under. It is taken off where all names have it.
const attribute = "model."

// unwrapped returns the tensors by the names that they have in the net itself, whatever it was wrapped in when it was
// saved.
func unwrapped(tensors map[string]Tensor) map[string]Tensor {
	tensors = renamed(tensors, withoutWrapping)
	for {
		shorter := withoutPrefix(tensors)
		if shorter == nil {
			return tensors
		}
		tensors = shorter
	}
}

// renamed does rename to all names, or to none if two would be the same then.
func renamed(tensors map[string]Tensor, rename func(name string) string) map[string]Tensor {
	out := make(map[string]Tensor, len(tensors))
	for name, t := range tensors {
		out[rename(name)] = t
	}
	if len(out) < len(tensors) {
		return tensors
	}
	return out
}

// withoutWrapping removes what stands for a wrapped part of a net.
func withoutWrapping(name string) string {
	parts := strings.Split(name, ".")
	short := slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return slices.Contains(wrapping, part) })
	if len(short) == 0 {
		return name
	}
	return strings.Join(short, ".")
}

// withoutPrefix returns the tensors under the first prefix that all have but those which are no weights; nil if there
// is none.
func withoutPrefix(tensors map[string]Tensor) map[string]Tensor {
	for _, p := range prefixes {
		if under, beside := cutPrefix(tensors, p); len(under) > 0 && !slices.ContainsFunc(beside, isWeight) {
			return under
		}
	}
	if under, beside := cutPrefix(tensors, attribute); len(under) > 0 && len(beside) == 0 {
		return under
	}
	return nil
}

// cutPrefix returns the tensors whose names begin with a prefix, without it, and the names of the others.
func cutPrefix(tensors map[string]Tensor, prefix string) (under map[string]Tensor, beside []string) {
	under = map[string]Tensor{}
	for name, t := range tensors {
		if short, ok := strings.CutPrefix(name, prefix); ok && short != "" {
			under[short] = t
		} else {
			beside = append(beside, name)
		}
	}
	return under, beside
}

// isWeight tells whether a tensor beside a wrapped net may be a net's: not a count such as n_averaged, which has no
// dot in its name, nor an optimizer's state.
func isWeight(name string) bool {
	first, _, dotted := strings.Cut(name, ".")
	return dotted && !isOther(first)
}
