package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Join returns readable text of tokens: capitals and repetitions as [Maj], [Up], [Rep] and [WRep] tell, fields on lines
// of their own, [BOS], [EOS] and [Pad] left out, and spaces where they belong in English. It is for people to look at:
// not every text comes back as it was.
func Join(tokens []string) string {
	var j joiner
	for i := 0; i < len(tokens); {
		i += j.add(tokens[i:])
	}
	return j.b.String()
}

type joiner struct {
	b    strings.Builder
	last string              // the last word written
	open map[string]bool     // quotation marks that are open
	form func(string) string // what the next word is put through
}

// add writes what the first of the tokens says and returns how many tokens it took.
func (j *joiner) add(tokens []string) int {
	switch t := tokens[0]; t {
	case BOS, EOS, Pad, Fake:
	case Maj:
		j.form = title
	case Up:
		j.form = capitalised
	case Rep, WRep:
		return j.repeat(tokens)
	case Fld:
		j.newField()
		return min(len(tokens), 2)
	default:
		j.word(t)
	}
	return 1
}

// longestRun is the longest run that Join writes out: a model can make up any number.
const longestRun = 100

// repeat writes a run. A mark without its number and word, as a model may write, is left out.
func (j *joiner) repeat(tokens []string) int {
	if len(tokens) < 3 {
		return 1
	}
	n, err := strconv.Atoi(tokens[1])
	if err != nil || n < 1 {
		return 1
	}
	n = min(n, longestRun)
	if tokens[0] == Rep {
		j.word(strings.Repeat(tokens[2], n))
		return 3
	}
	form := j.form
	for range n {
		j.form = form
		j.word(tokens[2])
	}
	return 3
}

func (j *joiner) newField() {
	if j.b.Len() > 0 {
		j.b.WriteByte('\n')
	}
	j.last = ""
}

// word writes a word, with a space before it where one belongs.
func (j *joiner) word(w string) {
	w = strings.ReplaceAll(w, "▁", " ")
	if w == "i" {
		w = "I" // one letter has no mark
	}
	if j.form != nil {
		w, j.form = j.form(w), nil
	}
	if j.spaced(w) {
		j.b.WriteByte(' ')
	}
	j.b.WriteString(w)
	j.last = w
}

// spaced tells whether a space belongs between the last word and w.
func (j *joiner) spaced(w string) bool {
	closing := j.quotation(w)
	last, _ := utf8.DecodeLastRuneInString(j.last)
	next, _ := utf8.DecodeRuneInString(w)
	switch {
	case j.last == "" || unicode.IsSpace(last) || unicode.IsSpace(next):
		return false
	case closing || strings.ContainsRune(".,:;!?)]}%…’”»", next) && !isFace(w):
		return false
	case strings.ContainsRune("([{$£€#“‘«", last) || j.isQuote(j.last) && j.open[j.last]:
		return false
	case isHyphen(j.last) || isHyphen(w):
		return false
	}
	return !isEnding(j.last, w)
}

// quotation notes a quotation mark and tells whether w is one that closes.
func (j *joiner) quotation(w string) (closing bool) {
	if !j.isQuote(w) {
		return false
	}
	if j.open == nil {
		j.open = map[string]bool{}
	}
	closing = j.open[w]
	j.open[w] = !closing
	return closing
}

func (j *joiner) isQuote(w string) bool { return w == `"` || w == "'" }

// isFace tells an emoticon from punctuation.
func isFace(w string) bool { return len(w) > 1 && exceptions[w] != nil }

func isHyphen(w string) bool { return w == "-" || w == "/" || w == "–" }

// isEnding tells what is contracted with the word before it.
func isEnding(last, w string) bool {
	switch w = strings.ToLower(w); w {
	case "n't", "'s", "'m", "'re", "'ve", "'ll", "'d", "n’t", "’s", "’m", "’re", "’ve", "’ll", "’d":
		return true
	}
	both := strings.ToLower(last) + w
	return both == "gonna" || both == "gotta"
}

func capitalised(w string) string {
	if w == Unk {
		return w
	}
	return strings.ToUpper(w)
}

// title makes the first letter a capital, but not that of a word that is unknown.
func title(w string) string {
	if w == Unk {
		return w
	}
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[size:]
}
