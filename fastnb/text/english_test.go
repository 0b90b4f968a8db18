package text_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/fastnb/fastnb/datasets"
	"github.com/fastnb/fastnb/fastnb/text"
)

// reference is testdata/fastai_tokens.json.
type reference struct {
	Sentences []sentence
	NotUTF8   []struct {
		Hex    string
		Tokens []string
	} `json:"not_utf8"`
	Reviews []struct {
		File   string
		Tokens int
		SHA256 string
		Bytes  []byte // the first byte of each token's SHA-256
	}
}

type sentence struct {
	Text   string
	Tokens []string
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	b, err := os.ReadFile("../../testdata/fastai_tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// differ lists the texts whose tokens are not fastai's, and why: see testdata/fastai_tokens.md.
var differ = map[string]string{
	"&#150; &#0; &#xD800; &#1; &#9; &lt &ltx &notit;": "a control character written as its number stays",
	"\xff\xfe\x00a": "bytes running that are not UTF-8 are one U+FFFD",
	"\xed\xa0\x80 surrogate \xf8\x88\x80\x80\x80": "bytes running that are not UTF-8 are one U+FFFD",
}

func TestTokensOfSentences(t *testing.T) {
	r, known := readReference(t), 0
	for _, s := range r.NotUTF8 {
		b, err := hex.DecodeString(s.Hex)
		if err != nil {
			t.Fatal(err)
		}
		r.Sentences = append(r.Sentences, sentence{string(b), s.Tokens})
	}
	for _, s := range r.Sentences {
		got, why := text.English.Tokens(s.Text), differ[s.Text]
		if why != "" {
			known++
		}
		if slices.Equal(got, s.Tokens) != (why == "") {
			t.Errorf("%q\n got  %q\n want %q\n known difference: %q", s.Text, got, s.Tokens, why)
		}
	}
	if known != len(differ) {
		t.Errorf("%d of %d known differences are in the reference", known, len(differ))
	}
}

func TestTokensOfReviews(t *testing.T) {
	if os.Getenv("FASTNB_MIRROR") == "" {
		t.Skip("needs FASTNB_MIRROR, a folder with aclImdb_unsup.tgz, to compare the tokens of 500 reviews with fastai's")
	}
	path, err := datasets.Fetch("aclImdb_unsup")
	if err != nil {
		t.Fatal(err)
	}
	reviews, same, tokens := readReference(t).Reviews, 0, 0
	for _, r := range reviews {
		b, err := os.ReadFile(filepath.Join(path, "train", "unsup", r.File))
		if err != nil {
			t.Fatal(err)
		}
		got := text.English.Tokens(string(b))
		sum := sha256.Sum256([]byte(strings.Join(got, "\n")))
		tokens += r.Tokens
		if hex.EncodeToString(sum[:]) == r.SHA256 {
			same++
			continue
		}
		i := firstDifference(got, r.Bytes)
		t.Errorf("%s: %d tokens, fastai %d; token %d differs: %q", r.File, len(got), r.Tokens, i, got[max(i-2, 0):min(i+3, len(got))])
	}
	t.Logf("%d of %d reviews have fastai's tokens, %d of them", same, len(reviews), tokens)
}

// firstDifference returns which of the tokens is the first that does not have the hash.
func firstDifference(tokens []string, hashes []byte) int {
	for i, t := range tokens {
		if i == len(hashes) || sha256.Sum256([]byte(t))[0] != hashes[i] {
			return i
		}
	}
	return len(tokens)
}

func TestTokensOfLongAndOddDocuments(t *testing.T) {
	long := strings.Repeat("It was good, wasn't it? ", 20_000) // 100,000 words
	tokens := text.English.Tokens(long)
	if want := 20_000*9 + 1; len(tokens) != want {
		t.Errorf("%d tokens of a long document, want %d", len(tokens), want)
	}
	for _, doc := range []string{"", "\x00", "\xff", strings.Repeat("(", 10_000), strings.Repeat("a-", 50_000), strings.Repeat("😀 ", 1000), strings.Repeat("no ", 50_000)} {
		for _, tok := range []text.Tokenizer{text.English, text.Characters} {
			if got := tok.Tokens(doc); got[0] != text.BOS || slices.Contains(got, "") {
				t.Errorf("%s: tokens of %.20q begin with %q", tok.Name(), doc, got[:min(3, len(got))])
			}
		}
	}
}

func FuzzEnglish(f *testing.F) {
	f.Add("I can't, :) www.a-b.com")
	f.Fuzz(func(t *testing.T, doc string) {
		tokens := text.English.Tokens(doc)
		want := strings.Join(strings.FieldsFunc(text.Rules(doc), unicode.IsSpace), "")
		got := strings.Join(strings.FieldsFunc(strings.Join(tokens, ""), unicode.IsSpace), "")
		if strings.ReplaceAll(got, "▁", "") != strings.ReplaceAll(want, "▁", "") {
			t.Errorf("the tokens of %q are %q: not its characters", doc, tokens)
		}
	})
}
