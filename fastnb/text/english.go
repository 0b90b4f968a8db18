package text

import (
	"strings"
	"unicode/utf8"
)

// English cuts English into words as fastai v2 does by default: [Rules], then a word tokenizer that works like spaCy's
// for English. That one splits at white space; from each piece it takes what is known to be one token or several
// (contractions like do + n't, emoticons, a.m.) or else splits off punctuation before and behind, splits at hyphens and
// the like within, and leaves addresses of the web whole. White space that is not one space is a token; a space within
// it is written ▁.
//
// On 500 reviews of IMDB its tokens are fastai's; testdata/fastai_tokens.md lists the differences that are known.
var English Tokenizer = english{}

type english struct{}

func (english) Name() string { return "english 1" }

func (english) Tokens(doc string) []string {
	doc = Rules(doc)
	return appendWords(make([]string, 0, len(doc)/4), doc)
}

// appendWords splits a text at white space, and what is between further. A single space goes; so does the first of the
// white space behind a word.
func appendWords(tokens []string, doc string) []string {
	var ends []int // of what is between white space, in tokens
	for i := 0; i < len(doc); {
		end := i + leading(doc[i:], func(r rune) bool { return !isSpace(r) })
		if end > i {
			tokens = appendPiece(tokens, doc[i:end])
			ends = append(ends, len(tokens))
		}
		i, end = end, end+leading(doc[end:], isSpace)
		if end > i && doc[i] == ' ' {
			i++
		}
		if end > i {
			tokens = append(tokens, strings.ReplaceAll(doc[i:end], " ", "▁"))
		}
		i = end
	}
	return joinExceptions(tokens, ends)
}

// appendPiece splits what is between white space.
func appendPiece(tokens []string, piece string) []string {
	if parts := lookUp(exceptions, piece); parts != nil {
		return append(tokens, parts...)
	}
	if leading(piece, isPlain) == len(piece) {
		return append(tokens, piece)
	}
	return appendSplit(tokens, piece, exceptions)
}

// isPlain tells what there is nothing to split at.
func isPlain(r rune) bool { return 'a' <= r && r <= 'z' }

// appendSplit takes affixes off a piece, as long as there are any, and splits the rest. What is known to be one token
// or several is left for last.
func appendSplit(tokens []string, piece string, known map[string][]string) []string {
	var suffixes []string
	for piece != "" && lookUp(known, piece) == nil {
		pre := prefix(piece)
		if rest := piece[pre:]; pre > 0 && lookUp(known, rest) != nil {
			tokens, piece = append(tokens, piece[:pre]), rest
			break
		}
		end := len(piece) - suffix(piece[pre:])
		if end < len(piece) && lookUp(known, piece[:end]) != nil {
			suffixes, piece = append(suffixes, piece[end:]), piece[:end]
			break
		}
		if pre == 0 && end == len(piece) {
			break
		}
		if pre > 0 {
			tokens = append(tokens, piece[:pre])
		}
		if end < len(piece) {
			suffixes = append(suffixes, piece[end:])
		}
		piece = piece[pre:end]
	}
	tokens = appendMiddle(tokens, piece, known)
	for i := len(suffixes) - 1; i >= 0; i-- {
		tokens = append(tokens, suffixes[i])
	}
	return tokens
}

// appendMiddle splits what has no affixes left at what joins words.
func appendMiddle(tokens []string, piece string, known map[string][]string) []string {
	if parts := lookUp(known, piece); parts != nil {
		return append(tokens, parts...)
	}
	if isURL(piece) {
		return append(tokens, piece)
	}
	start := 0
	for at := 0; at < len(piece); {
		n := infix(piece, at)
		if n > 0 && at > 0 {
			tokens = appendWord(tokens, piece[start:at])
			tokens, start = append(tokens, piece[at:at+n]), at+n
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(piece[at:])
		}
		at += n
	}
	return appendWord(tokens, piece[start:])
}

// appendWord adds a word if it is one.
func appendWord(tokens []string, word string) []string {
	if word == "" {
		return tokens
	}
	return append(tokens, word)
}

// lookUp returns what is known of a piece. Long ones are not hashed at all: one that is all punctuation is looked up at
// each.
func lookUp(known map[string][]string, piece string) []string {
	if len(piece) > longestKnown {
		return nil
	}
	return known[piece]
}
