package text

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules prepares a document for a word tokenizer as fastai v2 does by default, by its eight rules in its order:
// remnants of HTML are mended; a character or a word that comes three times or more running is told by [Rep] or [WRep];
// /, # and \ stand alone; several spaces are one; capitals are told by [Up] and [Maj]; all is in lower case, after
// [BOS].
//
// What is not UTF-8 is U+FFFD before any rule.
func Rules(doc string) string {
	doc = fixHTML(strings.ToValidUTF8(doc, string(utf8.RuneError)))
	doc = replaceWRep(replaceRep(doc))
	doc = markCapitals(oneSpace(spaceAround(doc)))
	return BOS + " " + strings.TrimFunc(doc, isSpace)
}

// mends are what is replaced in turn, each in what the last one left.
var mends = [][2]string{
	{"#39;", "'"}, {"amp;", "&"}, {"#146;", "'"}, {"nbsp;", " "}, {"#36;", "$"},
	{`\n`, "\n"}, {"quot;", "'"}, {"<br />", "\n"},
	{`\"`, `"`}, {"<unk>", Unk}, {" @.@ ", "."}, {" @-@ ", "-"}, {"...", " …"},
}

func fixHTML(doc string) string {
	for _, m := range mends {
		doc = strings.ReplaceAll(doc, m[0], m[1])
	}
	return html.UnescapeString(doc)
}

// replaceRep tells characters that come at least three times running: "!!!!" becomes " xxrep 4 ! ".
func replaceRep(doc string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(doc); {
		r, size := utf8.DecodeRuneInString(doc[i:])
		c, end := doc[i:i+size], i+size
		for strings.HasPrefix(doc[end:], c) {
			end += size
		}
		if n := (end - i) / size; n >= 3 && !isSpace(r) {
			b.WriteString(doc[done:i])
			writeRun(&b, Rep, n, c, "")
			done = end
		}
		i = end
	}
	if done == 0 {
		return doc
	}
	b.WriteString(doc[done:])
	return b.String()
}

// replaceWRep tells words that come at least three times running: " no no no no." becomes " xxwrep 4 no .". As fastai's
// rule takes the white space before the words and the character after them, of two such runs side by side the first is
// told.
func replaceWRep(doc string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(doc); {
		start := i + leading(doc[i:], isSpace)
		end := start + leading(doc[start:], isWord)
		if n, last := repeats(doc, start, end); n >= 3 {
			_, after := utf8.DecodeRuneInString(doc[last:])
			_, before := utf8.DecodeLastRuneInString(doc[i:start])
			b.WriteString(doc[done : start-before])
			writeRun(&b, WRep, n, doc[start:end], doc[last:last+after])
			end, done = last+after, last+after
		}
		i = end + leading(doc[end:], func(r rune) bool { return !isSpace(r) })
	}
	if done == 0 {
		return doc
	}
	b.WriteString(doc[done:])
	return b.String()
}

// repeats counts how often the word doc[start:end] comes running, itself too, and says where the last one ends.
func repeats(doc string, start, end int) (n, last int) {
	word, next := doc[start:end], end
	if word == "" {
		return 0, end
	}
	for n, last = 1, end; ; n, last = n+1, next {
		gap := leading(doc[last:], isSpace)
		next = last + gap + len(word)
		if gap == 0 || !strings.HasPrefix(doc[last+gap:], word) {
			return n, last
		}
		if r, _ := utf8.DecodeRuneInString(doc[next:]); next < len(doc) && isWord(r) {
			return n, last
		}
	}
}

// leading returns how many bytes s begins with whose characters are all in.
func leading(s string, in func(rune) bool) int {
	if n := strings.IndexFunc(s, func(r rune) bool { return !in(r) }); n >= 0 {
		return n
	}
	return len(s)
}

// writeRun writes what tells a run of n times what, and the character after it.
func writeRun(b *strings.Builder, mark string, n int, what, after string) {
	b.WriteString(" " + mark + " " + strconv.Itoa(n) + " " + what + " " + after)
}

var spacer = strings.NewReplacer("/", " / ", "#", " # ", `\`, ` \ `)

func spaceAround(doc string) string { return spacer.Replace(doc) }

func oneSpace(doc string) string {
	if !strings.Contains(doc, "  ") {
		return doc
	}
	b := make([]byte, 0, len(doc))
	for i := range len(doc) {
		if doc[i] != ' ' || i == 0 || doc[i-1] != ' ' {
			b = append(b, doc[i])
		}
	}
	return string(b)
}

// markCapitals makes all lower case and says before a word between white space how it was written.
func markCapitals(doc string) string {
	var b strings.Builder
	b.Grow(len(doc) + len(doc)/8)
	for i := 0; i < len(doc); {
		start := i + leading(doc[i:], isSpace)
		end := start + leading(doc[start:], func(r rune) bool { return !isSpace(r) })
		b.WriteString(doc[i:start])
		b.WriteString(capitals(doc[start:end]))
		writeLower(&b, doc[start:end])
		i = end
	}
	return b.String()
}

// capitals returns the mark for a word: of capitals, with nothing of a to z in it; of a capital, with no other of A to
// Z.
func capitals(word string) string {
	if len(word) < 2 || !isUpperASCII(rune(word[0])) {
		return ""
	}
	switch {
	case !strings.ContainsFunc(word, func(r rune) bool { return 'a' <= r && r <= 'z' }):
		return Up + " "
	case !strings.ContainsFunc(word[1:], isUpperASCII):
		return Maj + " "
	}
	return ""
}

func isUpperASCII(r rune) bool { return 'A' <= r && r <= 'Z' }

// writeLower writes a word in lower case by the rules of Unicode: two of its letters are not mapped one by one.
func writeLower(b *strings.Builder, word string) {
	for i, r := range word {
		switch {
		case r < utf8.RuneSelf:
			if isUpperASCII(r) {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
		case r == 'İ':
			b.WriteString("i̇")
		case r == 'Σ' && endsWord(word, i):
			b.WriteRune('ς')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
}

// endsWord tells whether the letter at i follows another one and is followed by none.
func endsWord(word string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(word[:i])
	after, _ := utf8.DecodeRuneInString(word[i+len("Σ"):])
	return unicode.IsLetter(before) && !unicode.IsLetter(after)
}

// isSpace is Python's white space: Unicode's and four separators of ASCII.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || '\t' <= r && r <= '\r' || 0x1c <= r && r <= 0x1f
	}
	return unicode.IsSpace(r)
}

// isWord is what Python's \w matches.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}
