package subword

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The special tokens of a BERT.
const (
	Pad  = "[PAD]"  // fills what is left of a row
	Unk  = "[UNK]"  // a word that has no pieces
	CLS  = "[CLS]"  // begins a document
	SEP  = "[SEP]"  // ends a document
	Mask = "[MASK]" // a token to be guessed
)

// longest is how many characters a word may have; a longer one is [Unk].
const longest = 100

// continues begins a token that goes on with a word.
const continues = "##"

// WordPiece cuts documents into words, and words into the longest pieces that its vocabulary has, from left to right
// (Schuster, Nakajima 2012; Devlin et al. 2018, arXiv:1810.04805). It may be used by several goroutines at once.
type WordPiece struct {
	words         []string         // by code
	begin         map[string]int32 // codes of what a word begins with
	inside        map[string]int32 // codes of what goes on with a word, without the mark
	size          int              // bytes of the longest piece
	added         []string         // tokens that are cut out of a text first, as they are
	starts        string           // their first characters
	lower, strip  bool             // to lower case; without accents
	max           int              // tokens of a document; 0 is without bound
	name          string
	encoding      string // of the file
	unk, cls, sep int32
}

// Name tells what the tokens depend on: the vocabulary, by a hash, and the settings.
func (w *WordPiece) Name() string { return w.name }

// Words returns the vocabulary in the order of the codes, each word once. Every token is in it.
func (w *WordPiece) Words() []string { return append([]string(nil), w.words...) }

// Tokens returns the tokens of a document, from [CLS] to [SEP]. What is not UTF-8 is left out. A special token that
// stands in the text, such as [MASK], is that token.
func (w *WordPiece) Tokens(doc string) []string {
	codes := w.Codes(doc)
	tokens := make([]string, len(codes))
	for i, c := range codes {
		tokens[i] = w.words[c]
	}
	return tokens
}

// Codes returns the codes of a document's tokens.
func (w *WordPiece) Codes(doc string) []int32 {
	codes := append(make([]int32, 0, 2+len(doc)/4), w.cls)
	for doc != "" && !w.full(codes) {
		text, token, rest := w.cut(doc)
		codes, doc = w.text(codes, text), rest
		if token != "" && !w.full(codes) {
			codes = append(codes, w.begin[token])
		}
	}
	if w.full(codes) {
		codes = codes[:w.max-1]
	}
	return append(codes, w.sep)
}

// full tells whether there is room for no token but the last.
func (w *WordPiece) full(codes []int32) bool { return w.max > 0 && len(codes) >= w.max-1 }

// cut returns a document's text before the first added token, the token, and the rest.
func (w *WordPiece) cut(doc string) (text, token, rest string) {
	for at := 0; at < len(doc); at++ {
		next := strings.IndexAny(doc[at:], w.starts)
		if next < 0 {
			break
		}
		at += next
		for _, t := range w.added {
			if strings.HasPrefix(doc[at:], t) && len(t) > len(token) {
				token = t
			}
		}
		if token != "" {
			return doc[:at], token, doc[at+len(token):]
		}
	}
	return doc, "", ""
}

// text adds the codes of a text without added tokens.
func (w *WordPiece) text(codes []int32, text string) []int32 {
	for field := range fields(text) {
		for word := range words(w.normal(field)) {
			if w.full(codes) {
				return codes
			}
			codes = w.word(codes, word)
		}
	}
	return codes
}

// word adds the codes of a word's pieces, or that of Unk.
func (w *WordPiece) word(codes []int32, word string) []int32 {
	if utf8.RuneCountInString(word) > longest {
		return append(codes, w.unk)
	}
	before, pieces := len(codes), w.begin
	for word != "" {
		n, code := w.piece(pieces, word)
		if n == 0 {
			return append(codes[:before], w.unk)
		}
		codes, word, pieces = append(codes, code), word[n:], w.inside
	}
	return codes
}

// piece returns the length in bytes, and the code, of the longest of the pieces that the word begins with; 0 if there
// is none.
func (w *WordPiece) piece(pieces map[string]int32, word string) (n int, code int32) {
	for n = min(len(word), w.size); n > 0; n-- {
		if n < len(word) && !utf8.RuneStart(word[n]) {
			continue
		}
		if code, ok := pieces[word[:n]]; ok {
			return n, code
		}
	}
	return 0, 0
}

// index fills the maps from the words.
func (w *WordPiece) index() error {
	w.begin, w.inside = make(map[string]int32, len(w.words)), make(map[string]int32)
	for i, word := range w.words {
		into, piece := w.begin, word
		if after, ok := strings.CutPrefix(word, continues); ok && after != "" {
			into, piece = w.inside, after
		}
		if first, twice := into[piece]; twice {
			return fmt.Errorf("the vocabulary has %q twice, as %d and as %d", word, first, i)
		}
		into[piece], w.size = int32(i), max(w.size, len(piece))
	}
	for _, token := range w.added {
		first, _ := utf8.DecodeRuneInString(token)
		w.starts += string(first)
	}
	for token, code := range map[string]*int32{Unk: &w.unk, CLS: &w.cls, SEP: &w.sep} {
		c, ok := w.begin[token]
		if !ok {
			return fmt.Errorf("the vocabulary of %d words has no %s; is it a BERT's?", len(w.words), token)
		}
		*code = c
	}
	return nil
}
