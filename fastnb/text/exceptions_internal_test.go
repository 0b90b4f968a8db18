package text

import (
	"strings"
	"testing"
)

func TestExceptions(t *testing.T) {
	for piece, parts := range exceptions {
		if strings.Join(parts, "") != piece || len(piece) > longestKnown {
			t.Errorf("%q is %q", piece, parts)
		}
	}
	for _, word := range []string{"ill", "well", "were", "its", "theses", "thatre"} {
		if exceptions[word] != nil {
			t.Errorf("%s is %q, want a word", word, exceptions[word])
		}
	}
}

func TestIsURL(t *testing.T) {
	for piece, want := range map[string]bool{
		"imdb.com": true, "www.x-y.co.uk": true, "a@b.de": true, "a@b@c.de": true, "x.com:80": true, "x.com:8080?a=b.c": true, "x.com?": true,
		"": false, "@": false, "com": false, ".com": false, "x.c": false, "x.c0m": false, "-x.com": false, "x-.com": false, "x..com": false,
		"x.com:1": false, "x.com:123456": false, "@x.com": false, "a@": false, "x.com/y": false,
		strings.Repeat("a", 64) + ".com": true, strings.Repeat("a", 65) + ".com": false, "x." + strings.Repeat("a", 64): false,
		strings.Repeat("a.", 1000) + "com": false,
	} {
		if isURL(piece) != want {
			t.Errorf("isURL(%q) is %t", piece, !want)
		}
	}
}
