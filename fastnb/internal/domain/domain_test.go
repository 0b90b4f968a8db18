package domain_test

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/internal/domain"
)

func TestChoice(t *testing.T) {
	var c domain.Choice
	if c.Given() || c.Check() != nil {
		t.Errorf("of nothing: %v, %v", c.Given(), c.Check())
	}
	c.Give("ValidShare")
	c.Give("ValidShare")
	if err := c.Check(); !c.Given() || err != nil {
		t.Errorf("of one option twice: %v", err)
	}
	c.Give("ValidRows")
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "ValidRows at once") {
		t.Errorf("of two options: %v", err)
	}
}

func TestDirOf(t *testing.T) {
	for path, want := range map[string]string{
		"data/models/a.safetensors": "data", "data/a.safetensors": "data", "a.safetensors": ".", "models/a.safetensors": ".",
	} {
		if got := domain.DirOf(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
