package fastnb_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house lists the files of the package from top to bottom: a file stands above what it calls.
var house = strings.Fields(`
crossvalidate.go finetune.go fit.go lrfind.go run.go fitoption.go tta.go predict.go predsfile.go checkpoint.go
freeze.go summary.go folds.go submissionlike.go submissionread.go submission.go sample.go column.go report.go
temperature.go average.go tags.go confused.go itemlosses.go truth.go runstable.go runs.go callback.go learner.go
gate.go fitfiles.go checkpointfile.go history.go resume.go
step.go feed.go activations.go loop.go graphs.go hyper.go mix.go program.go frozen.go net.go kept.go tensorfile.go
metadata.go progress.go epochtable.go recorder.go fitinfo.go exact.go clock.go
lr.go batchnorm.go losskind.go weighted.go focal.go loss.go model.go batches.go data.go preds.go table.go skipped.go
errors.go doc.go
`)

// What the house may have of each at most. A change that lowers a count lowers its bound here.
const (
	mostCalls    = 0  // pairs of files of which the lower one calls a function or method of the upper one
	mostNames    = 0  // pairs of which the lower one names anything of the upper one: a type, a field, a variable, too
	mostMethods  = 44 // of Learner
	mostEmbedded = 0  // fields without a name whose struct has their methods by it
)

func TestHouse(t *testing.T) {
	p := parsed(t)
	for _, c := range []struct {
		what  string
		found []string
		most  int
	}{
		{"files that call upwards", p.arrowsUp(isFunc), mostCalls},
		{"files that name what is above", p.arrowsUp(isAny), mostNames},
		{"methods of Learner", p.methods("Learner"), mostMethods},
		{"types embedded for their methods", p.embedded(), mostEmbedded},
	} {
		t.Logf("%s: %d, at most %d", c.what, len(c.found), c.most)
		if len(c.found) > c.most {
			t.Errorf("%s: %d (want at most %d)\n\t%s", c.what, len(c.found), c.most, strings.Join(c.found, "\n\t"))
		}
	}
}

// Every file has a place in the house.
func TestHouseHasAllFiles(t *testing.T) {
	files := goFiles(t)
	slices.Sort(files)
	if want := slices.Sorted(slices.Values(house)); !slices.Equal(files, want) {
		t.Errorf("the files of the package are %v, those of the house %v", files, want)
	}
}

// goFiles returns the names of the package's files but for tests.
func goFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

// checked is the package with what each of its names stands for.
type checked struct {
	fset  *token.FileSet
	files []*ast.File
	info  types.Info
	pkg   *types.Package
}

// parsed reads and checks the package's files as the compiler does.
func parsed(t *testing.T) *checked {
	t.Helper()
	p := &checked{fset: token.NewFileSet(), info: types.Info{Uses: map[*ast.Ident]types.Object{}}}
	for _, name := range goFiles(t) {
		f, err := parser.ParseFile(p.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, f)
	}
	conf := types.Config{Importer: importer.ForCompiler(p.fset, "gc", exports(t))}
	var err error
	if p.pkg, err = conf.Check("fastnb", p.fset, p.files, &p.info); err != nil {
		t.Fatal(err)
	}
	return p
}

// exports opens what the compiler keeps of the packages that this one imports.
func exports(t *testing.T) importer.Lookup {
	t.Helper()
	var failure bytes.Buffer
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", ".")
	list.Stderr = &failure
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", list, err, failure.String())
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
}

func isFunc(o types.Object) bool { _, is := o.(*types.Func); return is }
func isAny(types.Object) bool    { return true }

// arrowsUp returns the pairs of files of which the lower one names what the upper one declares, of the kind that counts,
// with those names.
func (p *checked) arrowsUp(counts func(types.Object) bool) []string {
	named := map[[2]string][]string{}
	for id, o := range p.info.Uses {
		if o.Pkg() != p.pkg || !counts(o) {
			continue
		}
		from, to := p.fset.Position(id.Pos()).Filename, p.fset.Position(o.Pos()).Filename
		if pair := [2]string{from, to}; slices.Index(house, to) < slices.Index(house, from) {
			named[pair] = append(named[pair], o.Name())
		}
	}
	var arrows []string
	for pair, names := range named {
		slices.Sort(names)
		arrows = append(arrows, fmt.Sprintf("%s -> %s: %s", pair[0], pair[1], strings.Join(slices.Compact(names), ", ")))
	}
	slices.Sort(arrows)
	return arrows
}

// methods returns the names of a type's own methods, exported or not.
func (p *checked) methods(of string) []string {
	named := p.pkg.Scope().Lookup(of).Type().(*types.Named)
	var names []string
	for m := range named.Methods() {
		names = append(names, m.Name())
	}
	slices.Sort(names)
	return names
}

// embedded returns the fields without a name whose types have methods, with their struct.
func (p *checked) embedded() []string {
	var found []string
	for _, name := range p.pkg.Scope().Names() {
		object, ok := p.pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		s, ok := object.Type().Underlying().(*types.Struct)
		if !ok || object.IsAlias() {
			continue
		}
		for f := range s.Fields() {
			if f.Embedded() && types.NewMethodSet(pointerTo(f.Type())).Len() > 0 {
				found = append(found, name+" embeds "+f.Name())
			}
		}
	}
	return found
}

// pointerTo returns the type that has all methods of a field that can be addressed.
func pointerTo(t types.Type) types.Type {
	if _, ok := t.Underlying().(*types.Pointer); ok || types.IsInterface(t) {
		return t
	}
	return types.NewPointer(t)
}
