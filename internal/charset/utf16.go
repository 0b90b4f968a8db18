package charset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// fromUTF16 reads a text whose order of bytes its mark tells; without one it is little endian, unless its line ends,
// spaces and commas are the other way round. What is no character is U+FFFD in the text, and the error tells of the
// first.
func fromUTF16(text []byte) (s string, err error) {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(text, []byte("\xfe\xff")) || !bytes.HasPrefix(text, []byte("\xff\xfe")) && isBigEndian(text) {
		order = binary.BigEndian
	}
	var b strings.Builder
	b.Grow(len(text))
	wrong := func(at int) {
		if b.WriteRune(utf8.RuneError); err == nil {
			err = fmt.Errorf("bytes %d and on, %.8q, are not UTF-16", at, text[at:])
		}
	}
	for at := 0; at < len(text); at += 2 {
		if at+1 == len(text) {
			wrong(at)
			break
		}
		r := rune(order.Uint16(text[at:]))
		if utf16.IsSurrogate(r) && at+3 < len(text) {
			if both := utf16.DecodeRune(r, rune(order.Uint16(text[at+2:]))); both != utf8.RuneError {
				r, at = both, at+2
			}
		}
		switch {
		case utf16.IsSurrogate(r):
			wrong(at)
		case at > 0 || r != '\ufeff':
			b.WriteRune(r)
		}
	}
	return b.String(), err
}

// isBigEndian tells the order of bytes of a text without a mark by the signs that are in every text. A zero alone does
// not tell: the low byte of a Chinese or Japanese letter may be one.
func isBigEndian(text []byte) bool {
	var big, little int
	for at := 0; at+1 < len(text); at += 2 {
		switch first, second := text[at], text[at+1]; {
		case first == 0 && isCommon(second):
			big++
		case second == 0 && isCommon(first):
			little++
		}
	}
	if big == little { // a text without any
		big, little = zeros(text)
	}
	return big > little
}

func isCommon(c byte) bool { return bytes.IndexByte([]byte("\n\r\t ,.;"), c) >= 0 }

// zeros returns how many of the even and of the odd bytes are 0.
func zeros(text []byte) (even, odd int) {
	for i, c := range text {
		switch {
		case c != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	return even, odd
}

// likeUTF16 tells of zeros in most of either the even or the odd places, and in none of the others.
func likeUTF16(text []byte) bool {
	if len(text) < 4 || bytes.IndexByte(text[:4], 0) < 0 {
		return false
	}
	even, odd := zeros(text)
	return min(even, odd) == 0 && 4*max(even, odd) > len(text)
}
