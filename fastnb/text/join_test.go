package text_test

import (
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/text"
)

// Texts that come back from their tokens as they were.
func TestJoinOfTokens(t *testing.T) {
	for _, s := range []string{
		"", "I can't say it's bad!!!! Is it?", `He said "no, thanks" and left.`, "The WELL made film (great, really).", "It cost $5, or 10%.",
		"The end.\n\nNew paragraph: and/or so; ok :)", "Those 'quoted' words, aren't they?", "very very very good", "I'm gonna go, you've gotta.", "café 😀 NASA",
	} {
		if got := text.Join(text.English.Tokens(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
}

// What a model may make up.
func TestJoinOfNonsense(t *testing.T) {
	for tokens, want := range map[string]string{
		"xxbos xxpad xxeos": "", "xxrep": "", "xxmaj": "", "a xxrep b c": "a b c", "xxrep 3": "3", "xxwrep -1 a": "-1 a", "xxup xxmaj a b": "A b",
		"xxmaj xxwrep 2 no": "No No", "xxrep 3 !": "!!!", "xxfld 1 a b xxfld 2 c": "a b\nc", "xxfld": "", "a xxunk b": "a xxunk b", "xxfake": "",
	} {
		if got := text.Join(strings.Fields(tokens)); got != want {
			t.Errorf("%q is joined to %q, want %q", tokens, got, want)
		}
	}
	if got := text.Join([]string{"xxrep", "999999999999", "x"}); len(got) > 1000 {
		t.Errorf("a run of %d characters", len(got))
	}
}
