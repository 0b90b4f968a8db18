package text

import (
	"maps"
	"strconv"
	"strings"
)

// exceptions are the pieces that are known, with the tokens that each of them is. The rules leave small letters only.
var exceptions = func() map[string][]string {
	known := map[string][]string{}
	addWhole(known)
	addContractions(known)
	addTimes(known)
	addCurly(known)
	return known
}()

const longestKnown = 32 // bytes, longer than any exception

// whole are pieces that are one token though they have something to be split at.
const whole = "a.m. p.m. co. e.g. i.e. vs. v.s. ä. ö. ü. ' '' 's 'd 're ‘s 'em 'll 'nuff 'cause 'cos 'coz 'cuz 'bout " +
	"lovin' havin' doin' goin' nothin' nuthin' ol' somethin' ma'am o'clock and/or w/o — <space>"

// faces are emoticons that follow no rule; none has capitals, / or a character thrice, as the rules leave none.
const faces = "8) 8-) (-8 ;) ;-) (; (-; =) (= =( =| =] [= ]= =[ =3 :') :'-) :'( :'-( >:( " +
	"): )-: (: (-: [: [-: :] :-] :} :-} :o) (o: " +
	":1 :() >o >:o <3 <33 ^_^ ^__^ >.< >.> <.< ._. ;_; -_- -__- @_@ v.v v_v (^_^) (-_-) (._.) (>_<) (*_*) " +
	"(¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) (╯°□°）╯︵┻━┻"

func addWhole(known map[string][]string) {
	for _, w := range strings.Fields(whole + " " + faces) {
		known[w] = []string{w}
	}
	for c := 'a'; c <= 'z'; c++ {
		known[string(c)+"."] = []string{string(c) + "."}
	}
	for _, mouth := range strings.Fields(") )) ( (( | p o 0 * 3 > x") {
		known[":"+mouth], known[":-"+mouth] = []string{":" + mouth}, []string{":-" + mouth}
	}
	for _, eyes := range strings.Fields("o_o o_0 0_o 0_0 o.o o.0 0.o 0.0") {
		known[eyes] = []string{eyes}
	}
}

// endings are contracted words with the words that they are contracted to.
var endings = []struct{ words, ends string }{
	{"i", "'m|'m a"},
	{"i you he she it we they who what when where why how there that this these those", "'ll|'ll 've|'d|'d 've"},
	{"i you we they who what when where why how there these those", "'ve"},
	{"you we they who what when where why how there these those", "'re"},
	{"he she it who what when where why how there that this", "'s"},
	{"ca could do does did had may might must need ought sha should wo would", "n't|n't 've"},
	{"could might must should would not", "'ve"},
	{"ai are is was were have has dare", "n't"},
}

// words are what a contraction without its apostrophe would be taken for.
var words = map[string]bool{
	"ill": true, "its": true, "hell": true, "shell": true, "shed": true,
	"were": true, "well": true, "whore": true,
}

// addContractions adds do + n't, and do + nt for dont.
func addContractions(known map[string][]string) {
	for _, e := range endings {
		for _, word := range strings.Fields(e.words) {
			for _, end := range strings.Split(e.ends, "|") {
				addContraction(known, word+" "+end)
				addContraction(known, word+" "+strings.ReplaceAll(end, "'", ""))
			}
		}
	}
	for _, c := range strings.Split("° c .|° f .|° k .|y' all|y all|how 'd 'y|can not|gon na|got ta|let 's|c'm on", "|") {
		addContraction(known, c)
	}
}

func addContraction(known map[string][]string, split string) {
	parts := strings.Fields(split)
	if piece := strings.Join(parts, ""); !words[piece] {
		known[piece] = parts
	}
}

func addTimes(known map[string][]string) {
	for hour := 1; hour <= 12; hour++ {
		for _, half := range strings.Fields("a.m. am p.m. pm") {
			addContraction(known, strconv.Itoa(hour)+" "+half)
		}
	}
}

// addCurly adds what has an apostrophe with the curly one, too.
func addCurly(known map[string][]string) {
	for piece, parts := range maps.Clone(known) {
		curly := make([]string, len(parts))
		for i, p := range parts {
			curly[i] = strings.ReplaceAll(p, "'", "’")
		}
		known[strings.ReplaceAll(piece, "'", "’")] = curly
	}
}

// pattern is an exception that would be split if it were not known.
type pattern struct{ split, parts []string }

// patterns are those exceptions, by the first token that they would be split into.
var patterns = func() map[string][]pattern {
	all := map[string][]pattern{}
	for piece, parts := range exceptions {
		if split := appendSplit(nil, piece, nil); len(split) > 1 {
			all[split[0]] = append(all[split[0]], pattern{split, parts})
		}
	}
	return all
}()

// longestFirst is the length of the longest first token of a pattern.
var longestFirst = func() (n int) {
	for first := range patterns {
		n = max(n, len(first))
	}
	return n
}()
