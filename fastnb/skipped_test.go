package fastnb_test

import (
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

func TestSkippedString(t *testing.T) {
	for want, s := range map[string]fastnb.Skipped{
		"a/b.md: no text":               {Path: "a/b.md", Count: 1, Reason: "no text"},
		"t.csv:3: 1 fields (want 2)":    {Path: "t.csv", Line: 3, Count: 1, Reason: "1 fields (want 2)"},
		".git: 7 files: hidden":         {Path: ".git", Count: 7, Reason: "hidden"},
		"a: 2 files (b.md, ?.md): no":   {Path: "a", Names: []string{"b.md", "\xe9.md"}, Count: 2, Reason: "no"},
		"a: 9 files (1, 2, 3, ...): no": {Path: "a", Names: []string{"1", "2", "3"}, Count: 9, Reason: "no"},
	} {
		if got := s.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
