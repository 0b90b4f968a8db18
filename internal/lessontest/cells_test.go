package lessontest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every cell of every lesson compiles with the declarations before it, so that a name which has changed is found
// without the kernel.
func TestCellsCompile(t *testing.T) {
	cells, imported := map[string][]string{}, map[string]bool{}
	for _, path := range lessons(t) {
		cells[path] = programs(t, path)
		for _, program := range cells[path] {
			for path := range importsOf(t, program) {
				imported[path] = true
			}
		}
	}
	packages := exports(t, slices.Sorted(maps.Keys(imported)))
	for path, programs := range cells {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for i, program := range programs {
				for _, err := range check(program, packages) {
					t.Errorf("code cell %d: %v", i, err)
				}
			}
		})
	}
}

// A cell that calls what is not there, or leaves a variable unused, does not compile; an import that it has no use for
// does no harm.
func TestCellsThatDoNotCompile(t *testing.T) {
	packages := exports(t, []string{"fmt", "strings"})
	const head = "package main\nimport (\n\"fmt\"\n\"strings\"\n)\n"
	for program, want := range map[string]string{
		head + "func main() { fmt.Println(1) }":          "",
		head + "func main() { fmt.Printline(1) }":        "undefined: fmt.Printline",
		head + "func main() { n := strings.Count(``) }":  "not enough arguments",
		head + "func main() { n := 1; fmt.Println(`a`)}": "declared and not used: n",
		head + "func main() { fmt.Println(1":             "missing ','",
	} {
		if got := fmt.Sprint(check(program, packages)); !strings.Contains(got, want) || (want == "") != (got == "[]") {
			t.Errorf("%s: %s (want %q)", strings.TrimPrefix(program, head), got, want)
		}
	}
}

// programs returns the code cells of a lesson as the kernel compiles them, each with the declarations of those before it
// that it does not replace.
func programs(t *testing.T, path string) (all []string) {
	t.Helper()
	known := declarations{}
	for _, cell := range read(t, path).Cells {
		if cell.Type != "code" {
			continue
		}
		decls, body := parts(string(cell.Source))
		if err := known.add(decls); err != nil {
			t.Fatalf("%s: %v in\n%s", path, err, decls)
		}
		all = append(all, known.program(body))
	}
	return all
}

// parts divides a cell at the line %%, behind which the statements of func main stand. Lines for the kernel or the shell
// are left out.
func parts(cell string) (decls, body string) {
	var out [2]strings.Builder
	into := 0
	for line := range strings.Lines(cell) {
		switch {
		case strings.TrimSpace(line) == "%%":
			into = 1
		case strings.HasPrefix(line, "%"), strings.HasPrefix(line, "!"):
		default:
			out[into].WriteString(line)
		}
	}
	return out[0].String(), out[1].String()
}

// declarations are the source of each, by what it declares.
type declarations map[string]string

// add adds the declarations of a cell. What they declare anew is replaced.
func (d declarations) add(source string) error {
	source = "package main\n" + source
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d[nameOf(decl)] = source[at(decl.Pos()):at(decl.End())]
		case *ast.GenDecl:
			if decl.Tok == token.CONST { // in a group, one may be said by the one before it
				d["const "+names(decl.Specs...)] = source[at(decl.Pos()):at(decl.End())]
				continue
			}
			for _, spec := range decl.Specs {
				d[decl.Tok.String()+" "+names(spec)] = decl.Tok.String() + " " + source[at(spec.Pos()):at(spec.End())]
			}
		}
	}
	return nil
}

func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	return types.ExprString(f.Recv.List[0].Type) + "." + f.Name.Name
}

// names is what specs declare, or what they import.
func names(specs ...ast.Spec) (all string) {
	for _, spec := range specs {
		switch spec := spec.(type) {
		case *ast.ImportSpec:
			all += spec.Path.Value
		case *ast.TypeSpec:
			all += spec.Name.Name
		case *ast.ValueSpec:
			all += fmt.Sprint(spec.Names)
		}
	}
	return all
}

// program is the declarations, imports first, and func main with the statements.
func (d declarations) program(body string) string {
	var imports, others bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(d)) {
		to := &others
		if strings.HasPrefix(name, "import ") {
			to = &imports
		}
		fmt.Fprintln(to, d[name])
	}
	return fmt.Sprintf("package main\n%s\n%s\nfunc main() {\n%s\n}\n", &imports, &others, body)
}

func importsOf(t *testing.T, program string) map[string]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", program, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, i := range f.Imports {
		paths[strings.Trim(i.Path.Value, `"`)] = true
	}
	return paths
}

// exports compiles packages, and what they need, as cells have them, and returns what reads them.
func exports(t *testing.T, paths []string) types.Importer {
	t.Helper()
	list := append([]string{"list", "-export", "-deps", "-tags", "resident", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)
	cmd := exec.Command("go", list...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	})
}

// check returns what keeps a program from being compiled, but for imports without a use, which the kernel leaves out.
func check(program string, packages types.Importer) (errs []error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "cell.go", program, parser.SkipObjectResolution)
	if err != nil {
		return []error{err}
	}
	conf := types.Config{Importer: packages, Error: func(err error) {
		if m := err.Error(); !strings.Contains(m, " imported ") || !strings.HasSuffix(m, "and not used") {
			errs = append(errs, err)
		}
	}}
	conf.Check("main", fset, []*ast.File{f}, nil) // Error has them all
	return errs
}
