package lessontest

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Claims are what the text of a lesson says of its outputs, each a number that an output shows.
type Claims []Claim

// Claim is a number in the output of a cell, and what the text says of it: the range that it is in, or that it is above
// the number of another claim, or both.
type Claim struct {
	Name  string // by which others speak of it, and the errors
	Cell  string // a piece of source that one code cell has, and no other
	Match string // a regular expression with one group, around the number; of several matches the first counts

	// Min and Max are the range, both ends included. Without a Max there is no upper end, and 0 is the default lower
	// one, so that a number must be there, and not below 0, even where nothing else is claimed.
	Min, Max float64

	// Above is the name of another claim, before this one or after it, whose number is less, or equal where By is below
	// 0, by at least By.
	Above string
	By    float64
}

// Check tells which claims the outputs of a notebook do not bear out, and what they show instead.
func (cs Claims) Check(t *testing.T, path string) {
	t.Helper()
	for _, err := range cs.errors(read(t, path)) {
		t.Errorf("%s: %v", path, err)
	}
}

func (cs Claims) errors(nb notebook) (errs []error) {
	numbers := map[string]float64{}
	for _, c := range cs {
		number, err := c.number(nb)
		if err != nil {
			errs = append(errs, fmt.Errorf("claim %q: %w", c.Name, err))
			continue
		}
		numbers[c.Name] = number
	}
	for _, c := range cs {
		if number, found := numbers[c.Name]; found {
			errs = append(errs, c.errors(number, numbers)...)
		}
	}
	return errs
}

// errors tells in what a number differs from what is claimed of it.
func (c Claim) errors(number float64, others map[string]float64) (errs []error) {
	high := c.Max
	if high == 0 {
		high = math.Inf(1)
	}
	if !(number >= c.Min && number <= high) {
		errs = append(errs, fmt.Errorf("claim %q: %v is not in %v to %v", c.Name, number, c.Min, high))
	}
	if c.Above == "" {
		return errs
	}
	other, found := others[c.Above]
	switch {
	case !found:
		errs = append(errs, fmt.Errorf("claim %q: there is no number of %q to be above", c.Name, c.Above))
	case !(number-other >= c.By-1e-9) || c.By == 0 && number == other: // numbers are decimals
		errs = append(errs, fmt.Errorf("claim %q: %v is not above %q, %v, by %v", c.Name, number, c.Above, other, c.By))
	}
	return errs
}

// number finds the number in the output of the one cell that is meant.
func (c Claim) number(nb notebook) (float64, error) {
	at := -1
	for i, cell := range nb.Cells {
		if cell.Type == "code" && strings.Contains(string(cell.Source), c.Cell) {
			if at >= 0 {
				return 0, fmt.Errorf("cells %d and %d both have %q: name a piece of source that one has", at, i, c.Cell)
			}
			at = i
		}
	}
	if at < 0 {
		return 0, fmt.Errorf("no code cell has %q", c.Cell)
	}
	re, err := regexp.Compile(c.Match)
	if err != nil || re.NumSubexp() != 1 {
		return 0, fmt.Errorf("%q must be a regular expression with one group: %v", c.Match, err)
	}
	text := shown(nb, at)
	found := re.FindStringSubmatch(text)
	if found == nil {
		return 0, fmt.Errorf("nothing in the output of cell %d matches %q:\n%s", at, c.Match, text)
	}
	return strconv.ParseFloat(strings.ReplaceAll(found[1], ",", ""), 64)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// shown is what a cell shows as text, one output after the other: what it prints, and its tables, a row to a line and
// the cells of a row apart by blanks.
func shown(nb notebook, cell int) string {
	var b strings.Builder
	for _, o := range nb.Cells[cell].Outputs {
		if o.Name != "stderr" {
			b.WriteString(string(o.Text))
		}
		kinds := []string{"text/html", "text/plain"}
		at := slices.IndexFunc(kinds, func(kind string) bool { return o.Data[kind] != "" })
		if at < 0 {
			continue
		}
		text := string(o.Data[kinds[at]])
		if kinds[at] == "text/html" {
			text = html.UnescapeString(tag.ReplaceAllString(strings.ReplaceAll(text, "</tr>", "\n"), " "))
		}
		for line := range strings.Lines(text) {
			if fields := strings.Fields(line); len(fields) > 0 {
				b.WriteString(strings.Join(fields, " ") + "\n")
			}
		}
	}
	return b.String()
}
