package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const longestURL = 2000 // bytes; what is longer is no address

// isURL tells whether a piece is an address: host.domain, with labels of letters, digits, - and _, and a last one of
// two small letters or more; before it maybe user@, behind it maybe a port and a query. There is no scheme and no path,
// as [Rules] puts spaces around /.
func isURL(piece string) bool {
	if len(piece) > longestURL || !strings.Contains(piece, ".") {
		return false
	}
	for i := range piece {
		if (i == 0 || piece[i-1] == '@' && i > 1) && isHost(piece[i:]) {
			return true
		}
	}
	return false
}

// isHost tells whether s is a host with maybe a port and a query.
func isHost(s string) bool {
	host, rest := s, ""
	if i := strings.IndexAny(s, ":?"); i >= 0 {
		host, rest = s[:i], s[i:]
	}
	labels := strings.Split(host, ".")
	last := len(labels) - 1
	if last < 1 || !isTLD(labels[last]) {
		return false
	}
	for _, label := range labels[:last] {
		if !isLabel(label) {
			return false
		}
	}
	return isTail(rest)
}

// isTLD tells whether a label may be the last.
func isTLD(label string) bool {
	n := utf8.RuneCountInString(label)
	return n >= 2 && n <= 63 && leading(label, func(r rune) bool { return class(r)&(lower|uncased) != 0 }) == len(label)
}

// isLabel tells whether a label may be one of a host.
func isLabel(label string) bool {
	if label == "" || utf8.RuneCountInString(label) > 64 || leading(label, isLabelRune) < len(label) {
		return false
	}
	return !strings.ContainsAny(label[:1]+label[len(label)-1:], "-_")
}

func isLabelRune(r rune) bool {
	return r == '-' || r < utf8.RuneSelf && isWord(r) || 0xa1 <= r && r <= 0xffff
}

// isTail tells whether what follows a host is nothing, a port, a query, or a port and a query.
func isTail(s string) bool {
	if port, found := strings.CutPrefix(s, ":"); found {
		n := leading(port, unicode.IsDigit)
		if digits := utf8.RuneCountInString(port[:n]); digits < 2 || digits > 5 {
			return false
		}
		s = port[n:]
	}
	return s == "" || s[0] == '?'
}
