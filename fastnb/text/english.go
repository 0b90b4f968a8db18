package text

import (
	"strings"
	"unicode/utf8"
)

// English cuts English into words as fastai v2 does by default: [Rules], then a word tokenizer that works like spaCy's for
// English. That one splits at white space; from each piece it takes what is known to be one token or several (contractions
// like do + n't, emoticons, a.m.) or else splits off punctuation before and behind, splits at hyphens and the like within, and
// leaves addresses of the web whole. White space that is not one space is a token; a space within it is written ▁.
//
// On 500 reviews of IMDB its tokens are fastai's; testdata/fastai_tokens.md lists the differences that are known.
var English Tokenizer = english{}

type english struct{}

func (english) Name() string { return "english 1" }

func (english) Tokens(doc string) []string {
	doc = Rules(doc)
	return appendWords(make([]string, 0, len(doc)/4), doc)
}

// appendWords splits a text at white space, and what is between further. A single space goes; so does the first of the white
// space behind a word.
func appendWords(tokens []string, doc string) []string {
	for i := 0; i < len(doc); {
		end := i + leading(doc[i:], func(r rune) bool { return !isSpace(r) })
		if end > i {
			tokens = appendPiece(tokens, doc[i:end])
			i = end
		}
		end = i + leading(doc[i:], isSpace)
		if end > i && doc[i] == ' ' {
			i++
		}
		if end > i {
			tokens = append(tokens, strings.ReplaceAll(doc[i:end], " ", "▁"))
		}
		i = end
	}
	return tokens
}

// appendPiece splits what is between white space.
func appendPiece(tokens []string, piece string) []string {
	if parts, known := exceptions[piece]; known {
		return append(tokens, parts...)
	}
	if leading(piece, isPlain) == len(piece) {
		return append(tokens, piece)
	}
	from := len(tokens)
	tokens = appendSplit(tokens, piece, exceptions)
	return joinExceptions(tokens, from)
}

// isPlain tells what there is nothing to split at.
func isPlain(r rune) bool { return 'a' <= r && r <= 'z' }

// appendSplit takes affixes off a piece, as long as there are any, and splits the rest. What is known to be one token or
// several is left for last.
func appendSplit(tokens []string, piece string, known map[string][]string) []string {
	var suffixes []string
	for piece != "" && known[piece] == nil {
		pre := prefix(piece)
		if rest := piece[pre:]; pre > 0 && known[rest] != nil {
			tokens, piece = append(tokens, piece[:pre]), rest
			break
		}
		end := len(piece) - suffix(piece[pre:])
		if end < len(piece) && known[piece[:end]] != nil {
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
	if parts := known[piece]; parts != nil {
		return append(tokens, parts...)
	}
	start := 0
	if !isURL(piece) {
		for at := 0; at < len(piece); {
			n := infix(piece, at)
			if n > 0 && at > 0 {
				if at > start {
					tokens = append(tokens, piece[start:at])
				}
				tokens = append(tokens, piece[at:at+n])
				start = at + n
			}
			if n == 0 {
				_, n = utf8.DecodeRuneInString(piece[at:])
			}
			at += n
		}
	}
	if start < len(piece) {
		tokens = append(tokens, piece[start:])
	}
	return tokens
}

// joinExceptions joins again, of the tokens of one piece, those that together are known: great :) of great:). The longest
// and first counts.
func joinExceptions(tokens []string, from int) []string {
	for i := from; i < len(tokens)-1; i++ {
		at, best := i, (*pattern)(nil)
		for j := i; j < len(tokens)-1 && (best == nil || j < at+len(best.split)); j++ {
			if p := longest(tokens[j:]); p != nil && (best == nil || len(p.split) > len(best.split)) {
				at, best = j, p
			}
		}
		if best == nil {
			return tokens
		}
		rest := append([]string(nil), tokens[at+len(best.split):]...)
		tokens = append(append(tokens[:at], best.parts...), rest...)
		i = at + len(best.parts) - 1
	}
	return tokens
}

// longest returns the longest pattern that tokens begin with, nil if there is none.
func longest(tokens []string) (best *pattern) {
	for _, p := range patterns[tokens[0]] {
		if hasPrefix(tokens, p.split) && (best == nil || len(p.split) > len(best.split)) {
			best = p
		}
	}
	return best
}

func hasPrefix(tokens, prefix []string) bool {
	if len(tokens) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if tokens[i] != p {
			return false
		}
	}
	return true
}
