package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// until is in the cell of the notebook at which the features are done.
const until = "the features end here"

// program is what the lesson's declarations are put into. With a folder as its argument it also saves the tables there.
const program = `
func main() {
	start := time.Now()
	db, _ := raw()
	shared(db)
	train := features(db, "train", "Date, Sales", "Sales <> 0")
	test := features(db, "test", "Date, Id", "true")
	seconds := time.Since(start).Seconds()
	if len(os.Args) > 1 {
		nb.Check(train.Save(filepath.Join(os.Args[1], "train")))
		nb.Check(test.Save(filepath.Join(os.Args[1], "test")))
	}
	fmt.Printf("{\"seconds\": %f, \"train\": %d, \"test\": %d}\n", seconds, train.Len(), test.Len())
}
`

// moduleRoot is the folder of the checkout.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// buildLesson compiles the lesson's declarations into a program, in a folder of its own in the checkout, and returns
// its path.
func buildLesson(root string) (string, error) {
	declared, err := declarations(filepath.Join(root, "notebooks", "08-rossmann.ipynb"))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(root, "out"), 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Join(root, "out"), "rossmann-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "lesson")
	if err := compile(root, "package main\n\n"+declared+program, binary); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return binary, nil
}

// compile writes a program beside where its binary is to be, adds its imports and builds it.
func compile(root, program, binary string) error {
	source := filepath.Join(filepath.Dir(binary), "main.go")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		return err
	}
	imports := []string{"tool", "-modfile=tools/go.mod", "goimports", "-w", source}
	for _, args := range [][]string{imports, {"build", "-o", binary, source}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}

// declarations returns the notebook's cells up to until, without those that run (they begin with %%).
func declarations(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(content, &notebook); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	var cells []string
	for _, c := range notebook.Cells {
		source := strings.Join(c.Source, "")
		if c.Type == "markdown" && strings.Contains(source, until) {
			return strings.Join(cells, "\n\n"), nil
		}
		if c.Type == "code" && !strings.HasPrefix(source, "%%") {
			cells = append(cells, source)
		}
	}
	return "", fmt.Errorf("%s: no cell says %q", path, until)
}
