package fastnb_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const design = "docs/design.md"

// The list in docs/design.md is the table of arrows, line by line.
func TestDesignListsTheArrows(t *testing.T) {
	listed := readList(fenced(t, design, "text"))
	for p, allowed := range arrows {
		got, is := listed[p]
		delete(listed, p)
		if want := slices.Sorted(strings.FieldsSeq(allowed)); !is || !slices.Equal(got, want) {
			t.Errorf("%s lists %s with %q, arrows_test.go with %q", design, p, got, want)
		}
	}
	for p := range listed {
		t.Errorf("%s lists %s, which is not in arrows_test.go", design, p)
	}
}

// readList reads a package and what it may import from each line; one that begins with a space goes on with the line
// before.
func readList(text string) map[string][]string {
	all, p := map[string][]string{}, ""
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, " ") {
			p, words = words[0], words[1:]
			all[p] = nil
		}
		all[p] = append(all[p], words...)
	}
	for p, imports := range all {
		slices.Sort(imports)
		all[p] = slices.DeleteFunc(imports, func(word string) bool { return word == "-" })
	}
	return all
}

// picture is a diagram: which packages an arrow leads to from each package.
type picture map[string][]string

// onTop stands in the picture for the packages that may import all others.
const onTop = "cmd/fastnb, notebooks, bench"

// inPicture tells which packages are drawn.
func inPicture(p string) bool {
	return arrows[p] != "*" && !strings.Contains(p, "internal") && p != "engine/enginetest"
}

func TestDesignDrawsEachPackage(t *testing.T) {
	drawn := readPicture(t, fenced(t, design, "mermaid"))
	for p := range arrows {
		if _, is := drawn[p]; inPicture(p) && !is {
			t.Errorf("%s is not in the picture of %s", p, design)
		}
	}
	for p := range drawn {
		if _, is := arrows[p]; p != onTop && (!is || !inPicture(p)) {
			t.Errorf("%s is in the picture of %s, and no package that is drawn", p, design)
		}
	}
}

// Each arrow of the picture is in the table, and no longer way makes it superfluous; each one in the table has a way in
// the picture.
func TestDesignDrawsTheArrows(t *testing.T) {
	drawn := readPicture(t, fenced(t, design, "mermaid"))
	for from, tos := range drawn {
		allowed := strings.Fields(arrows[from])
		if from == onTop {
			allowed = slices.Collect(maps.Keys(arrows))
		}
		for _, to := range tos {
			if !slices.Contains(allowed, to) {
				t.Errorf("the picture of %s has an arrow %s --> %s, arrows_test.go has none", design, from, to)
			}
			if drawn.leads(from, to, true) {
				t.Errorf("the picture of %s has an arrow %s --> %s beside a longer way: leave it out", design, from, to)
			}
		}
		for _, to := range allowed {
			if inPicture(to) && !drawn.leads(from, to, false) {
				t.Errorf("the picture of %s has no way from %s to %s, but arrows_test.go has an arrow", design, from, to)
			}
		}
	}
}

// leads tells whether there is a way from one package to another, of more than one arrow if it is to be long.
func (p picture) leads(from, to string, long bool) bool {
	return slices.ContainsFunc(p[from], func(next string) bool {
		if next == to {
			return !long
		}
		return p.leads(next, to, false)
	})
}

var node = regexp.MustCompile(`(?m)^\s*(\w+)\["([^"]+)"\]$`)

// readPicture reads nodes, id["package"], and arrows, id --> id & id.
func readPicture(t *testing.T, text string) picture {
	t.Helper()
	named, drawn := map[string]string{}, picture{}
	for _, m := range node.FindAllStringSubmatch(text, -1) {
		named[m[1]], drawn[m[2]] = m[2], nil
	}
	for line := range strings.Lines(text) {
		from, tos, ok := strings.Cut(line, "-->")
		if !ok {
			continue
		}
		for to := range strings.SplitSeq(tos, "&") {
			a, b := named[strings.TrimSpace(from)], named[strings.TrimSpace(to)]
			if a == "" || b == "" {
				t.Errorf("%s: no node for an end of %q", design, strings.TrimSpace(line))
				continue
			}
			drawn[a] = append(drawn[a], b)
		}
	}
	return drawn
}

// The folders that the house's table names are there.
func TestDesignNamesFolders(t *testing.T) {
	_, house, _ := strings.Cut(read(t, design), "## The house\n")
	house, _, _ = strings.Cut(house, "\n### ")
	for line := range strings.Lines(house) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
			if info, err := os.Stat(m[1]); err != nil || !info.IsDir() {
				t.Errorf("%s names the folder %s: %v", design, m[1], err)
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)\)`)

// What the pages link to in the repository is there.
func TestLinks(t *testing.T) {
	pages, _ := filepath.Glob("*.md")
	inDocs, _ := filepath.Glob("docs/*.md")
	for _, page := range append(pages, inDocs...) {
		for _, m := range link.FindAllStringSubmatch(read(t, page), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}

// fenced returns the one block of a page that is fenced as being in a language.
func fenced(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, page), "\n```"+language+"\n")
	text, _, closed := strings.Cut(rest, "\n```\n")
	if !ok || !closed {
		t.Fatalf("%s has no block ```%s", page, language)
	}
	return text
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every promise names a test, and there is a test of that name in that package.
func TestPromisesAreHeld(t *testing.T) {
	const promises = "docs/promises.md"
	text, err := os.ReadFile(promises)
	if err != nil {
		t.Fatal(err)
	}
	row, held := regexp.MustCompile("^\\| .* \\| `([a-z/]+)` (Test\\w+) \\|$"), 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise ") {
			continue
		}
		m := row.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%s: no test holds %s", promises, line)
			continue
		}
		held++
		if !hasTest(t, m[1], m[2]) {
			t.Errorf("%s: %s has no %s", promises, m[1], m[2])
		}
	}
	if held < 20 {
		t.Errorf("%s: %d promises were read (want 20 or more)", promises, held)
	}
}

func hasTest(t *testing.T, folder, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "\nfunc "+test+"(t *testing.T)")
	})
}
