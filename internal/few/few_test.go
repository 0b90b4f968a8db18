package few_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/internal/few"
)

func TestStrings(t *testing.T) {
	all := strings.Split("abcdefg", "")
	for n, want := range []string{"", "a", "a, b", "a, b, c", "a, b, c, d",
		"a, b, c, and 2 more", "a, b, c, and 3 more"} {
		if got := few.Strings(all[:n], 3, ", "); got != want {
			t.Errorf("%d of %q: %q, want %q", n, all, got, want)
		}
	}
	if got, want := few.Strings(all, 2, "\n\t"), "a\n\tb\n\tand 5 more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOf(t *testing.T) {
	asked := 0
	quote := func(n int) string {
		asked++
		return strconv.Quote(fmt.Sprint(n))
	}
	if got, want := few.Of(make([]int, 1000), 2, ", ", quote), `"0", "0", and 998 more`; got != want || asked != 2 {
		t.Errorf("%q after %d texts, want %q", got, asked, want)
	}
}
