package pretrained

import (
	"errors"
	"fmt"
	"os"
)

// ReadStrings reads a list of strings that Python pickled, such as the vocabulary itos_wt103.pkl beside fastai's
// weights. Nothing is executed: a file that holds anything else is refused.
func ReadStrings(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pretrained: %w", err)
	}
	words, err := parseStrings(data)
	if err != nil {
		return nil, fmt.Errorf("pretrained: %s: %w", path, err)
	}
	return words, nil
}

func parseStrings(data []byte) ([]string, error) {
	if err := fetched(data); err != nil {
		return nil, err
	}
	u := &unpickler{data: data,
		global: func(module, name string) (any, error) {
			return nil, fmt.Errorf("it asks for %s.%s (want a list of strings)", module, name)
		},
		persistent: func(any) (any, error) { return nil, errors.New("it refers to another file (want a list of strings)") }}
	v, err := u.load()
	if err != nil {
		return nil, err
	}
	l, ok := v.(*list)
	if !ok {
		return nil, fmt.Errorf("the file holds %s (want a list of strings)", kind(v))
	}
	words := make([]string, len(l.items))
	for i, item := range l.items {
		if words[i], ok = item.(string); !ok {
			return nil, fmt.Errorf("number %d of the list is %s (want a string)", i, kind(item))
		}
	}
	return words, nil
}
