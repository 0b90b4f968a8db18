package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The special tokens of fastai v2. They are the first of every vocabulary, in this order: Unk is 0 and Pad is 1.
const (
	Unk  = "xxunk"  // a token that the vocabulary does not have
	Pad  = "xxpad"  // fills what is left of a row
	BOS  = "xxbos"  // begins a document
	EOS  = "xxeos"  // ends a document, where something adds it
	Fld  = "xxfld"  // begins a field: its number follows, then its text
	Rep  = "xxrep"  // a character repeated: xxrep 4 ! is !!!!
	WRep = "xxwrep" // a word repeated: xxwrep 3 very is very very very
	Up   = "xxup"   // the next word is in capitals
	Maj  = "xxmaj"  // the next word begins with a capital
)

// Fake is what [MakeVocab] fills a vocabulary up with. No text is ever given its code.
const Fake = "xxfake"

// Specials returns the special tokens in the order of their codes.
func Specials() []string { return []string{Unk, Pad, BOS, EOS, Fld, Rep, WRep, Up, Maj} }

// Tokenizer cuts documents into tokens. It may be used by several goroutines at once.
type Tokenizer interface {
	// Name tells tokenizers apart: it changes whenever the tokens of any document may change, as caches go by it.
	Name() string

	// Tokens returns the tokens of a document, the first of which is [BOS]. No document is an error: what is not UTF-8
	// is replaced.
	Tokens(doc string) []string
}

// Joiner is a tokenizer that knows how to put tokens together again. Of other ones [LanguageModel.Generate] joins them
// by [Join].
type Joiner interface {
	Join(tokens []string) string
}

// Characters cuts a document into its characters, Unicode code points as they are, after [BOS]. It is a [Joiner].
var Characters Tokenizer = characters{}

type characters struct{}

func (characters) Name() string { return "characters 1" }

func (characters) Tokens(doc string) []string {
	tokens := append(make([]string, 0, len(doc)+1), BOS)
	for _, r := range doc { // a byte that is not UTF-8 is U+FFFD
		tokens = append(tokens, string(r))
	}
	return tokens
}

// Join puts characters one after the other; special tokens are left out, but for [Unk], which is U+FFFD.
func (characters) Join(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		switch {
		case t == Unk:
			b.WriteRune(utf8.RuneError)
		case t != Fake && !slices.Contains(Specials(), t):
			b.WriteString(t)
		}
	}
	return b.String()
}
