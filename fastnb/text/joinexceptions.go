package text

import (
	"cmp"
	"slices"
)

// span is where in a list of tokens those of a pattern are.
type span struct {
	start, end int
	parts      []string
}

// joinExceptions joins tokens again that together are known: great :) of great:). It goes about it as spaCy does:
// longer ones and then earlier ones go first; one that overlaps another is left as it is, and so is what overlaps that;
// tokens with white space between them (of which ends tells) count as overlapping, but are not joined.
func joinExceptions(tokens []string, ends []int) []string {
	spans := findPatterns(tokens)
	if len(spans) == 0 {
		return tokens
	}
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(b.end-b.start, a.end-a.start), cmp.Compare(a.start, b.start))
	})
	seen, join := make([]bool, len(tokens)), map[int]span{}
	for _, s := range spans {
		if !seen[s.start] && !seen[s.end-1] && glued(s, ends) {
			join[s.start] = s
		}
		for i := s.start; i < s.end; i++ {
			seen[i] = true
		}
	}
	return replaceSpans(tokens, join)
}

// replaceSpans puts the parts of spans, found by their start, in the place of the tokens there.
func replaceSpans(tokens []string, spans map[int]span) []string {
	replaced := make([]string, 0, len(tokens))
	for i := 0; i < len(tokens); i++ {
		if s, found := spans[i]; found {
			replaced = append(replaced, s.parts...)
			i = s.end - 1
		} else {
			replaced = append(replaced, tokens[i])
		}
	}
	return replaced
}

// findPatterns returns where tokens are those of exceptions that were split.
func findPatterns(tokens []string) (spans []span) {
	for i, t := range tokens {
		if len(t) > longestFirst {
			continue
		}
		for _, p := range patterns[t] {
			if end := i + len(p.split); end <= len(tokens) && slices.Equal(tokens[i:end], p.split) {
				spans = append(spans, span{i, end, p.parts})
			}
		}
	}
	return spans
}

// glued tells whether there is no white space between the tokens.
func glued(s span, ends []int) bool {
	i, _ := slices.BinarySearch(ends, s.start+1)
	return i < len(ends) && s.end <= ends[i]
}
