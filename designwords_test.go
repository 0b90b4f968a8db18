package fastnb_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of the domains' names into docs/design.md")

// domains say the same things with the same words.
var domains = []string{"vision", "text", "tabular", "collab"}

// wordFor has, for words that a domain must not have, the one that all domains have for what they say.
var wordFor = map[string]string{
	"Learner": "With", "Backend": "On", "Device": "On",
	"HeadSizes": "Layers", "HeadLayers": "Layers", "Hidden": "Layers",
	"HeadDrop": "Ps", "HeadDrops": "Ps", "Dropout": "Ps", "Dropouts": "Ps",
	"ValidItems": "ValidRows", "ValidIndices": "ValidRows", "ValidIDs": "ValidRows",
	"ValidWhere": "ValidColumn", "ValidFlag": "ValidColumn",
	"SampleValid": "ValidShare", "ValidPct": "ValidShare", "ValidFraction": "ValidShare",
	"CacheDir": "WorkDir", "TempDir": "WorkDir", "SplitSeed": "Seed", "RandomSeed": "Seed",
	"Unreadable": "Skipped", "Ignored": "Skipped", "PassedOver": "Skipped", "Dropped": "Skipped",
	"OpenLearner": "Open", "LoadLearner": "Open", "ReplaceData": "SetData", "UseData": "SetData",
}

// stillOther is how many of those words each domain has. The numbers only go down.
var stillOther = map[string]int{"vision": 1, "text": 2}

// Each domain says what others say with the word that all have for it.
func TestDesignWords(t *testing.T) {
	for _, domain := range domains {
		var found []string
		for name, as := range exportedBy(t, domain) {
			if word := wordFor[name]; word != "" && !(name == "Learner" && slices.Contains(as, "type")) {
				found = append(found, fmt.Sprintf("%s (%s)", name, word))
			}
		}
		slices.Sort(found)
		if most := stillOther[domain]; len(found) != most {
			t.Errorf("fastnb/%s has %d other words than the domains' (in brackets), stillOther says %d: %s",
				domain, len(found), most, strings.Join(found, ", "))
		}
	}
}

// The table of names in docs/design.md is that of the packages as they are. To write it anew:
//
//	go test . -run DesignTable -update
func TestDesignTable(t *testing.T) {
	const begin, end = "<!-- names: begin -->\n", "<!-- names: end -->\n"
	page := read(t, design)
	before, rest, ok := strings.Cut(page, begin)
	have, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place between %q and %q", design, begin, end)
	}
	want := nameTable(t)
	if have == want {
		return
	}
	if !*update {
		t.Fatalf("the table of names in %s is not that of the packages: go test . -run DesignTable -update", design)
	}
	if err := os.WriteFile(design, []byte(before+begin+want+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}

// nameTable has a row for each name that several domains have, with what it is there, and then the names that one
// domain alone has.
func nameTable(t *testing.T) string {
	t.Helper()
	names, all := map[string]map[string][]string{}, map[string]bool{}
	for _, domain := range domains {
		names[domain] = exportedBy(t, domain)
		for name := range names[domain] {
			all[name] = true
		}
	}
	var table, alone bytes.Buffer
	fmt.Fprintf(&table, "| name | %s |\n|---%s|\n", strings.Join(domains, " | "), strings.Repeat("|---", len(domains)))
	own := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		cells, last, n := make([]string, len(domains)), "", 0
		for i, domain := range domains {
			if as, has := names[domain][name]; has {
				cells[i], last, n = strings.Join(as, ", "), domain, n+1
			}
		}
		if n == 1 {
			own[last] = append(own[last], "`"+name+"`")
			continue
		}
		fmt.Fprintf(&table, "| `%s` | %s |\n", name, strings.Join(cells, " | "))
	}
	for _, domain := range domains {
		fmt.Fprintln(&alone, fill("- "+domain+" alone: "+strings.Join(own[domain], ", "), 120))
	}
	return table.String() + "\n" + alone.String()
}

// fill breaks a line of words into lines of at most so many letters.
func fill(line string, most int) string {
	var text strings.Builder
	at := 0
	for i, word := range strings.Fields(line) {
		switch {
		case i > 0 && at+1+len(word) > most:
			text.WriteString("\n  ")
			at = 2
		case i > 0:
			text.WriteString(" ")
			at++
		}
		text.WriteString(word)
		at += len(word)
	}
	return text.String()
}

// exportedBy returns the names that a domain exports, each with what it is: "func", "type", "option of FromPaths", or
// "of Learner" for a method. Methods that package fastnb or the language's own packages ask for are left out.
func exportedBy(t *testing.T, domain string) map[string][]string {
	t.Helper()
	p := documented(t, "fastnb/"+domain)
	options, names := optionsOf(p), map[string][]string{}
	add := func(name, as string) {
		if ast.IsExported(name) && !slices.Contains(names[name], as) {
			names[name] = append(names[name], as)
			slices.Sort(names[name])
		}
	}
	for _, f := range p.Funcs {
		add(f.Name, "func")
	}
	for _, typ := range p.Types {
		as, made := "type", "func"
		if verbs := options[typ.Name]; len(verbs) > 0 {
			as = "option of " + strings.Join(verbs, ", ")
			made = as
		}
		if !strings.HasSuffix(typ.Name, "Option") {
			add(typ.Name, as)
		}
		for _, f := range typ.Funcs {
			add(f.Name, made)
		}
		if ast.IsExported(typ.Name) {
			addMethods(t, typ, add)
		}
	}
	return names
}

func addMethods(t *testing.T, typ *doc.Type, add func(name, as string)) {
	t.Helper()
	asked := askedFor(t)
	for _, m := range typ.Methods {
		if m.Level == 0 && !slices.Contains(asked, m.Name) {
			add(m.Name, "of "+typ.Name)
		}
	}
}

// askedFor returns the methods that others ask for: interfaces of package fastnb, and the language's own packages.
func askedFor(t *testing.T) []string {
	t.Helper()
	asked := slices.Clone(foreign)
	for _, typ := range documented(t, "fastnb").Types {
		asked = slices.AppendSeq(asked, maps.Keys(methodsOf(typ)))
	}
	return asked
}

// methodsOf returns the methods of an interface with the types that they take, and the interfaces that it embeds.
func methodsOf(typ *doc.Type) map[string]string {
	names := map[string]string{}
	for _, spec := range typ.Decl.Specs {
		s, ok := spec.(*ast.TypeSpec)
		if !ok || s.Name.Name != typ.Name {
			continue
		}
		i, ok := s.Type.(*ast.InterfaceType)
		if !ok {
			continue
		}
		for _, m := range i.Methods.List {
			if id, ok := m.Type.(*ast.Ident); ok {
				names[id.Name] = "embedded"
			}
			for _, name := range m.Names {
				names[name.Name] = taken(m.Type.(*ast.FuncType))
			}
		}
	}
	return names
}

// taken returns the types of what a function takes.
func taken(f *ast.FuncType) string {
	var all []string
	for _, param := range f.Params.List {
		all = append(all, types.ExprString(param.Type))
	}
	return strings.Join(all, ", ")
}

// optionsOf returns the verbs that take values of a type as options, by the type: that of ...Option, or one that has
// its method.
func optionsOf(p *doc.Package) map[string][]string {
	verbs := verbsOf(p)
	for range 2 { // an interface that embeds others stands for all of them
		for _, typ := range p.Types {
			for _, of := range p.Types {
				if typ == of || len(verbs[of.Name]) == 0 || !implements(typ, of) {
					continue
				}
				verbs[typ.Name] = slices.Compact(slices.Sorted(slices.Values(append(verbs[typ.Name], verbs[of.Name]...))))
			}
		}
	}
	return verbs
}

// verbsOf returns the functions and methods that end in ...Option, by that type.
func verbsOf(p *doc.Package) map[string][]string {
	verbs := map[string][]string{}
	take := func(f *doc.Func) {
		params := f.Decl.Type.Params.List
		if !ast.IsExported(f.Name) || len(params) == 0 {
			return
		}
		if rest, ok := params[len(params)-1].Type.(*ast.Ellipsis); ok {
			if of, ok := rest.Elt.(*ast.Ident); ok && strings.HasSuffix(of.Name, "Option") {
				verbs[of.Name] = append(verbs[of.Name], f.Name)
			}
		}
	}
	for _, f := range p.Funcs {
		take(f)
	}
	for _, typ := range p.Types {
		for _, f := range slices.Concat(typ.Funcs, typ.Methods) {
			take(f)
		}
	}
	for of := range verbs {
		slices.Sort(verbs[of])
	}
	return verbs
}

// implements tells whether a type has the methods of an option's interface, or embeds it.
func implements(typ, of *doc.Type) bool {
	has, wanted := methodsOf(typ), methodsOf(of) // an interface has its own
	for _, m := range typ.Methods {
		has[m.Name] = taken(m.Decl.Type)
	}
	for name, takes := range wanted {
		if got, ok := has[name]; !ok || got != takes {
			return methodsOf(typ)[of.Name] == "embedded"
		}
	}
	return len(wanted) > 0
}

var documentation = map[string]*doc.Package{} // that was read, by folder

// documented reads a package as go doc does.
func documented(t *testing.T, dir string) *doc.Package {
	t.Helper()
	if p := documentation[dir]; p != nil {
		return p
	}
	paths, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset, files := token.NewFileSet(), []*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	p, err := doc.NewFromFiles(fset, files, module+dir, doc.AllDecls|doc.PreserveAST)
	if err != nil {
		t.Fatal(err)
	}
	documentation[dir] = p
	return p
}
