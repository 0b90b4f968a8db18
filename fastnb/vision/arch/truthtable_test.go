package arch

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/internal/fetch"
)

var update = flag.Bool("update", false, "write the nets of this run into the table of docs/nets.md")

// deviation is what a net was found to differ by from its peer: the logits by so much of their size, gradients and
// running statistics after a step by so much of their norms.
type deviation struct{ logits, gradients float64 }

var (
	measured     = map[string]deviation{}
	measuredLock sync.Mutex
)

// record keeps what a test measured of a net, for the table.
func record(a Arch, set func(d *deviation)) {
	measuredLock.Lock()
	defer measuredLock.Unlock()
	d := measured[a.Name]
	set(&d)
	measured[a.Name] = d
}

const netsPage = "../../../docs/nets.md"

// TestTable runs after the tests that measure, and holds the page's table to the nets: what it says of them, and that
// it has a deviation of the smallest of each family, and of the others those that were measured, within the bounds. With -update it is written, with the deviations of this run:
//
//	FASTNB_ALL_NETS=1 go test ./fastnb/vision/arch -run 'TestLogits|TestTraining|TestTable' -update
func TestTable(t *testing.T) {
	before, old, after := readPage(t)
	want := table(old)
	switch {
	case *update:
		if err := os.WriteFile(netsPage, []byte(before+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case old != want:
		t.Errorf("the table of %s is not current; see TestTable for how it is written. It should be\n%s", netsPage, want)
	}
	for _, a := range List() {
		if deviations(want, a) == "- -" && !isFirst(a) {
			t.Logf("%s was not measured yet", a.Name)
			continue
		}
		var d deviation
		_, err := fmt.Sscan(deviations(want, a), &d.logits, &d.gradients)
		if err != nil || d.logits >= 1e-3 || d.gradients >= 1e-5 {
			t.Errorf("%s: the table has the deviations %q (want two, below 1e-3 and 1e-5)", a.Name, deviations(want, a))
		}
	}
}

// readPage returns the table and what is before and after it.
func readPage(t *testing.T) (before, table, after string) {
	t.Helper()
	page, err := os.ReadFile(netsPage)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- nets: begin -->\n", "<!-- nets: end -->\n"
	i, j := strings.Index(string(page), begin)+len(begin), strings.Index(string(page), end)
	if i < len(begin) || j < i {
		t.Fatalf("%s has no lines %q and %q", netsPage, begin, end)
	}
	return string(page[:i]), string(page[i:j]), string(page[j:])
}

// table returns the table for the nets that there are. Deviations are those of the old one, with -update those that
// were measured.
func table(old string) string {
	var b strings.Builder
	b.WriteString("| net | parameters | size, smallest | weights | SHA-256 | logits | gradients |\n")
	b.WriteString("|---|--:|--:|---|---|--:|--:|\n")
	for _, a := range List() {
		d := deviations(old, a)
		if m := measured[a.Name]; *update && m.logits > 0 && m.gradients > 0 {
			d = fmt.Sprintf("%.0e %.0e", m.logits, m.gradients)
		}
		logits, gradients, _ := strings.Cut(d, " ")
		fmt.Fprintf(&b, "| `%s` | %d | %d, %d | %s | %s | %s | %s |\n", a.Name, a.Params, a.Size, a.MinSize, weightsOf(a),
			checksumOf(a), logits, gradients)
	}
	return b.String()
}

// checksumOf is how the checksum of the weights begins.
func checksumOf(a Arch) string {
	sum := cmp.Or(pretrained.Checksum(a.Weights), "-")
	return sum[:min(8, len(sum))]
}

// deviations returns what a table has in its last two columns for a net.
func deviations(table string, a Arch) string {
	lines := strings.Split(table, "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "| `"+a.Name+"` |") })
	if i < 0 {
		return "- -"
	}
	cells := strings.Split(strings.Trim(lines[i], "| "), " | ")
	return strings.Join(cells[len(cells)-2:], " ")
}

// weightsOf tells where the public weights come from: a package and its version, or a repository of the hub.
func weightsOf(a Arch) string {
	switch src := a.Weights.(type) {
	case nil:
		return "none"
	case fetch.URL:
		if repo, ok := strings.CutSuffix(src.Name, "--model.safetensors"); ok {
			return strings.ReplaceAll(repo, "--", "/")
		}
		return src.Addr
	}
	return fmt.Sprint(a.Weights)
}
