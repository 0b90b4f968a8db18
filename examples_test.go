package fastnb_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unshown is how many exported functions, methods and types of a package no Example shows. A package that is not listed
// shows them all. The numbers only go down: who exports something new shows its use.
var unshown = map[string]int{
	"engine":            11,
	"fastnb/nb":         2,
	"fastnb/pretrained": 14,
}

// foreign are methods that others call: fmt, errors, encoding/json, and fits those of callbacks and of what shows them.
var foreign = strings.Fields(`
String Error Unwrap Is MarshalJSON UnmarshalJSON
BeginFit BeginEpoch BeginBatch EndBatch EndBatches EndEpoch EndFit FitState ResumeFit
Begin Batch Epoch End Note Line Scores
`)

func TestExamples(t *testing.T) {
	for _, p := range packages(t) {
		if strings.Contains(p.path, "internal/") || !isLibrary(p.path) {
			continue
		}
		exported, shown := look(t, p.path)
		missing := slices.DeleteFunc(slices.Sorted(maps.Keys(exported)), func(name string) bool {
			return shown.has(name, exported[name])
		})
		if bound := unshown[p.path]; len(missing) > bound {
			t.Errorf("%s: no Example shows %d of %d exported names, %d may be so. Write one, or use it in another's body:\n\t%s",
				p.path, len(missing), len(exported), bound, strings.Join(missing, "\n\t"))
		} else if len(missing) < bound {
			t.Errorf("%s: no Example shows %d exported names: lower its bound in unshown, %d", p.path, len(missing), bound)
		}
	}
}

// isLibrary tells whether readers of the documentation import a package, which they do not do with programs.
func isLibrary(path string) bool {
	return path == "plots" || path == "datasets" || path == "engine" || strings.HasPrefix(path, "fastnb")
}

// look parses a package's files. exported holds its functions, its methods as Type.Method, and its types with the names
// of their methods. Types that only the package can implement are left out: what makes a value of one stands for it.
func look(t *testing.T, dir string) (exported map[string][]string, shown examples) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	exported, shown = map[string][]string{}, examples{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			shown.read(file)
			continue
		}
		for _, decl := range file.Decls {
			declare(decl, exported)
		}
	}
	return exported, shown
}

func declare(decl ast.Decl, exported map[string][]string) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.IsExported() {
			exported[d.Name.Name] = nil
		} else if d.Recv != nil && d.Name.IsExported() && !slices.Contains(foreign, d.Name.Name) {
			declareMethod(receiver(d.Recv.List[0].Type), d.Name.Name, exported)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() && !isSealed(s.Type) {
				exported[s.Name.Name] = append(exported[s.Name.Name], "")[:len(exported[s.Name.Name])]
			}
		}
	}
}

func declareMethod(of, name string, exported map[string][]string) {
	if ast.IsExported(of) {
		exported[of+"."+name] = nil
		exported[of] = append(exported[of], name)
	}
}

// receiver returns the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// isSealed tells whether a type is an interface with a method that only its own package has, such as that of an option.
func isSealed(e ast.Expr) bool {
	i, ok := e.(*ast.InterfaceType)
	return ok && slices.ContainsFunc(i.Methods.List, func(m *ast.Field) bool {
		return len(m.Names) == 1 && !m.Names[0].IsExported()
	})
}

// examples holds what a package's Examples show: the identifiers in their bodies, and the words of their names.
type examples map[string]bool

// has tells whether an exported name is shown; a type is, where one of its methods is.
func (e examples) has(name string, methods []string) bool {
	if _, method, ok := strings.Cut(name, "."); ok {
		return e[method]
	}
	return e[name] || slices.ContainsFunc(methods, func(m string) bool { return e[m] })
}

// read takes the Examples of a file. The documentation shows the whole of a file that has one Example and no test, so
// what stands beside it there counts too.
func (e examples) read(file *ast.File) {
	var bodies []ast.Node
	whole := true
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") {
			bodies = append(bodies, f.Body)
			for _, word := range strings.Split(strings.TrimPrefix(f.Name.Name, "Example"), "_") {
				e[word] = true
			}
		} else if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
			whole = false
		}
	}
	if len(bodies) == 1 && whole {
		bodies = []ast.Node{file}
	}
	for _, body := range bodies {
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				e[id.Name] = true
			}
			return true
		})
	}
}
