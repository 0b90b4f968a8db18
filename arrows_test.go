package fastnb_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fastnb/fastnb/"

// arrows lists every edge that is allowed between our packages: a package, and what it may import. A new edge is a
// decision about the design; it is written here or not made. Packages on top ("*") may import all that is below.
var arrows = map[string]string{
	"internal/fetch":        "internal/few internal/instead internal/atomicfile",
	"internal/cache":        "",
	"internal/charset":      "",
	"internal/atomicfile":   "",
	"internal/few":          "",
	"internal/natural":      "",
	"internal/plottext":     "",
	"internal/nobody":       "",
	"internal/verb":         "",
	"internal/kill":         "",
	"internal/instead":      "",
	"internal/imagerecord":  "",
	"internal/kaggle":       "internal/fetch",
	"datasets":              "internal/fetch internal/kaggle",
	"plots":                 "internal/atomicfile internal/plottext",
	"fastnb/nb":             "internal/plottext fastnb",
	"fastnb/schedule":       "",
	"fastnb/serve":          "internal/verb internal/few fastnb",
	"fastnb/split":          "",
	"fastnb/metric":         "",
	"fastnb/nn":             "",
	"fastnb/pca":            "",
	"fastnb/optim":          "",
	"fastnb/safetensors":    "internal/instead internal/atomicfile",
	"fastnb":                "internal/verb internal/few internal/natural internal/instead internal/trace internal/atomicfile internal/charset fastnb/nn fastnb/optim fastnb/schedule fastnb/metric fastnb/safetensors",
	"fastnb/callback":       "fastnb",
	"fastnb/tensorboard":    "fastnb",
	"fastnb/internal/synth": "fastnb fastnb/nn",
	"fastnb/pretrained":     "internal/few internal/instead internal/fetch fastnb/safetensors",
	"fastnb/vision/arch":    "fastnb/nn fastnb/pretrained",
	"fastnb/vision":         "internal/verb internal/imagerecord fastnb/internal/domain fastnb/internal/passed internal/few internal/natural internal/charset internal/instead internal/cache internal/atomicfile fastnb fastnb/nn fastnb/metric fastnb/split fastnb/pretrained fastnb/safetensors fastnb/vision/arch engine",
	"fastnb/tabular":        "internal/verb fastnb/internal/domain fastnb fastnb/nn fastnb/metric fastnb/split fastnb/safetensors fastnb/tabular/internal/look",
	"fastnb/tabular/duck":   "internal/verb fastnb internal/few internal/instead internal/atomicfile internal/charset fastnb/tabular fastnb/tabular/internal/look",
	"fastnb/collab":         "internal/verb fastnb/internal/domain fastnb fastnb/nn fastnb/tabular",
	"fastnb/text/arch":      "fastnb/nn fastnb/pretrained",
	"fastnb/text/subword":   "internal/verb internal/instead fastnb/pretrained fastnb/text internal/charset",
	"fastnb/text":           "internal/verb fastnb/internal/domain fastnb/internal/passed internal/few internal/instead internal/charset internal/cache internal/atomicfile fastnb fastnb/nn fastnb/metric fastnb/optim fastnb/split fastnb/pretrained fastnb/safetensors fastnb/text/arch",
	"fastnb/text/bow":       "internal/verb",
	"fastnb/text/glove":     "internal/verb internal/few internal/instead internal/charset internal/fetch fastnb/pretrained fastnb/safetensors",
	"cmd/fastnb":            "*",
	"cmd/fastnb/internal/":  "*",

	"fastnb/internal/passed":       "fastnb",
	"fastnb/internal/domain":       "fastnb fastnb/optim fastnb/split engine",
	"fastnb/internal/python":       "fastnb/pretrained fastnb/safetensors",
	"fastnb/tabular/internal/look": "internal/few",

	"engine":                       "internal/trace engine/internal/device engine/internal/xlaflags engine/plugin engine/resident",
	"engine/plugin":                "internal/fetch internal/atomicfile engine/internal/device engine/internal/xlaflags",
	"engine/internal/device":       "",
	"engine/internal/xlaflags":     "",
	"engine/internal/wire":         "",
	"engine/internal/process":      "",
	"engine/resident":              "engine/internal/process engine/internal/wire",
	"engine/resident/internal/gen": "",
	"engine/serve":                 "engine/internal/process engine/internal/wire",
	"engine/enginetest":            "engine engine/resident engine/serve",
	"internal/trace":               "",

	"internal/lessontest":  "*",
	"internal/lessontest/": "*",
	"bench/":               "*",
}

// only lists imports from outside that one package alone may have.
var only = map[string]string{
	"github.com/duckdb/duckdb-go/v2":      "fastnb/tabular/duck",
	"github.com/edsrzf/mmap-go":           "fastnb/safetensors",
	"github.com/gomlx/go-xla":             "engine/plugin",
	"github.com/gomlx/compute/gobackend":  "engine/plugin",
	"github.com/gomlx/gomlx/backends":     "engine/plugin",
	"github.com/janpfeifer/gonb/gonbui":   "fastnb/nb",
	"github.com/gomlx/gomlx/ui/notebooks": "fastnb/nb",
}

// top are the packages that nothing below may import.
var top = []string{"cmd/", "internal/lessontest", "bench/"}

type pkg struct {
	path    string
	imports []string
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := rule(p.path)
		if !known {
			t.Errorf("%s is not in the table of arrows: add it, with what it may import", p.path)
			continue
		}
		for _, to := range p.imports {
			if to, ours := strings.CutPrefix(to, module); ours && !points(p.path, to, allowed) {
				t.Errorf("%s imports %s: no arrow of the design points there", p.path, to)
			}
		}
	}
}

// rule finds a package's line: its own, or the folder's that ends in a slash.
func rule(path string) (allowed string, known bool) {
	if allowed, known = arrows[path]; known {
		return allowed, true
	}
	for folder, allowed := range arrows {
		if strings.HasSuffix(folder, "/") && strings.HasPrefix(path, folder) {
			return allowed, true
		}
	}
	return "", false
}

func points(from, to, allowed string) bool {
	if allowed != "*" {
		return slices.Contains(strings.Fields(allowed), to)
	}
	return !slices.ContainsFunc(top, func(p string) bool {
		return strings.HasPrefix(to, p) && !strings.HasPrefix(from, p)
	})
}

func TestForeignArrows(t *testing.T) {
	for _, p := range packages(t) {
		for _, to := range p.imports {
			for foreign, owner := range only {
				if (to == foreign || strings.HasPrefix(to, foreign+"/")) && p.path != owner {
					t.Errorf("%s imports %s: only %s may", p.path, to, owner)
				}
			}
			if p.path == "fastnb/schedule" && to != "math" {
				t.Errorf("fastnb/schedule imports %s: it may import math only", to)
			}
		}
	}
}

// A cell is built with the tag resident, anew each time that it runs: it links neither XLA nor what installs it.
func TestCellsLinkNoPlugin(t *testing.T) {
	cmd := exec.Command("go", "list", "-tags", "resident", "-deps", "./engine", "./fastnb/...", "./plots", "./datasets")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	linked := strings.Fields(string(out))
	if !slices.Contains(linked, module+"engine/resident") {
		t.Errorf("cells do not link engine/resident: is the tag another one now?")
	}
	for _, p := range linked {
		if p == module+"engine/plugin" || strings.HasPrefix(p, "github.com/gomlx/go-xla/") {
			t.Errorf("cells link %s", p)
		}
	}
}

// packages lists our packages with what they import, tests left out.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-f", `{{if .GoFiles}}{{.ImportPath}} {{join .Imports " "}}{{end}}`, "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) > 0 && !strings.HasPrefix(words[0], module+"out/") && !strings.HasPrefix(words[0], module+"cases/") { // not in the repository
			all = append(all, pkg{strings.TrimPrefix(words[0], module), words[1:]})
		}
	}
	if len(all) < 10 {
		t.Fatalf("go list names %d packages: is this the module's root?", len(all))
	}
	return all
}
