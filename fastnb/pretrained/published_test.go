package pretrained

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const published = "testdata/published" // written by testdata/published.py, with what each file's net has

// TestReadPublished reads weights as many writers leave them: with more beside them, wrapped, tied, in several files.
func TestReadPublished(t *testing.T) { readAll(t, published) }

// Tied weights count once: 600 names of one tensor are more numbers than a file of this size holds otherwise.
func TestReadTied(t *testing.T) {
	got, err := Read(published + "/many-tied.pth")
	if err != nil || len(got) != 600 || len(got["t599.weight"].Data) != 2000 {
		t.Errorf("%d tensors, %v", len(got), err)
	}
}

func TestReadPublishedRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"bad-two.pth":             `several maps of tensors: student (7), teacher (7); save the one that is wanted: torch.save(checkpoint["student"], ...)`,
		"bad-optimizer.pth":       "an optimizer's state and no net's weights",
		"bad-sgd.pth":             "an optimizer's state and no net's weights",
		"bad-quantised.pth":       "quantised tensors (torch.",
		"bad-float8.pth":          "quantised tensors (torch.float8_e4m3fn)",
		"bad-float8.safetensors":  "F8_E4M3",
		"bad-namespace.pth":       "a Python object of class argparse.Namespace",
		"pytorch_model.bin":       "no such file",
		"../published":            "is a directory",
		"../vocab.index.json":     "no such file",
		"../published/truth.json": "this is text in JSON",
	} {
		got, err := Read(filepath.Join(published, file))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Base(file)) {
			t.Errorf("%s: %d tensors, %v (want %q)", file, len(got), err, want)
		}
	}
}

// TestForeign: what was fetched in the place of weights is told by its name, with what to do.
func TestForeign(t *testing.T) {
	for data, want := range map[string]string{
		"":                        "the file is empty: fetch it again",
		strings.Repeat("\x00", 9): "begins with zeros alone",
		"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n": "a Git LFS pointer, which stands for a file of 12345 bytes",
		"version https://git-lfs.github.com/spec/v1\r\noid":                       "a Git LFS pointer",
		"<!DOCTYPE html><html>":                  "a web page",
		"\xef\xbb\xbf\n <HTML lang=en>":          "a web page",
		"<?xml version='1.0'?><Error>":           "a server's answer",
		`{"error":"Repository not found"}`:       "text in JSON",
		`{"weight_map":{"a":"b.safetensors"}}`:   "text in JSON", // from memory: where its files are isn't known
		"\x1f\x8b\x08\x00":                       "gzip: unpack it first",
		"GGUF\x03\x00\x00\x00":                   "a GGUF file",
		"\x93NUMPY\x01\x00v\x00{":                "an array of NumPy's",
		strings.Repeat("x", 257) + "ustar\x0000": "a tar archive",
	} {
		if _, err := Parse([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v (want %q)", data, err, want)
		}
	}
}

// TestOtherZip: an archive that is none of torch.save's is told by what is in it.
func TestOtherZip(t *testing.T) {
	for name, want := range map[string]string{
		"weights/net.pth": "a zip archive with weights/net.pth in it: unpack it first",
		"fc_weight.npy":   "not of torch.save: it holds fc_weight.npy",
		"a/data.pkl":      "data.pkl is compressed",
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte("x"))
		}
		if err = errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(b.Bytes()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v (want %q)", name, err, want)
		}
	}
}

// copyFiles copies files of the folder published.
func copyFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(published, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestIndexErrors: of weights in several files all must be there, with the tensors that the index says.
func TestIndexErrors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors.index.json")
	copyFiles(t, dir, "model.safetensors.index.json", "model-00001-of-00002.safetensors")
	want := func(text string) {
		t.Helper()
		if got, err := Read(path); err == nil || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), path) {
			t.Errorf("%d tensors, %v (want %q)", len(got), err, text)
		}
	}
	want("1 of 2 files are not in the index's folder " + dir + ": model-00002-of-00002.safetensors")
	second := filepath.Join(dir, "model-00002-of-00002.safetensors")
	if err := os.WriteFile(second, []byte("version https://git-lfs.github.com/spec/v1\nsize 7\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	want("model-00002-of-00002.safetensors: this is a Git LFS pointer")
	copyFiles(t, dir, "plain.safetensors")
	if err := os.Rename(filepath.Join(dir, "plain.safetensors"), second); err != nil {
		t.Fatal(err)
	}
	want("4 of the index's 7 tensors are not in the files that it names: module.bn.")
	if err := os.WriteFile(path, []byte(`{"weight_map":{"a":"../a.safetensors"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	want("../a.safetensors is not the name of a file beside the index")
	if err := os.WriteFile(path, []byte(`{"weight_map":{"a":"model.safetensors.index.json"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	want("model.safetensors.index.json: this is text in JSON, not the weights")
}

func TestPartOf(t *testing.T) {
	for name, want := range map[string]string{
		"/a/model-00002-of-00003.safetensors": "; the file is one of several: load their index, model.safetensors.index.json",
		"pytorch_model-00001-of-00002.bin":    "; the file is one of several: load their index, pytorch_model.bin.index.json",
		"model-00001-of-00001.safetensors":    "",
		"model.safetensors":                   "",
	} {
		if got := partOf(name); got != want {
			t.Errorf("%s: %q (want %q)", name, got, want)
		}
	}
}

// A checkpoint's maps may hold each other, in many ways; looking for the weights ends.
func TestSearchEnds(t *testing.T) {
	maps := make([]*dict, 200)
	for i := range maps {
		maps[i] = &dict{}
	}
	for i, m := range maps {
		for j := range maps {
			m.entries = append(m.entries, entry{fmt.Sprint("m", j), maps[(i+j)%len(maps)]})
		}
	}
	if got, err := collect(maps[0], 100); err == nil {
		t.Errorf("%v (want an error)", got)
	}
}

func TestUnwrapped(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"module.a.w", "module.b"}, []string{"a.w", "b"}},
		{[]string{"_forward_module.a.w", "_forward_module._module.b"}, []string{"_module.b", "a.w"}},
		{[]string{"_module.a.w", "_module.b"}, []string{"a.w", "b"}},
		{[]string{"module.a.w", "n_averaged"}, []string{"a.w"}},
		{[]string{"module.a.w", "b.w"}, []string{"b.w", "module.a.w"}},       // the net's own
		{[]string{"model.a.w", "b"}, []string{"b", "model.a.w"}},             // as in a net with a parameter beside its model
		{[]string{"a._orig_mod.w", "a.w"}, []string{"a._orig_mod.w", "a.w"}}, // two would be one
		{[]string{"module.module.model._orig_mod.w"}, []string{"w"}},
		{[]string{"module.", "module.a.w"}, []string{"module.", "module.a.w"}},
		{[]string{"_orig_mod"}, []string{"_orig_mod"}},
		{[]string{"modules.a.w", "mymodule.b.w"}, []string{"modules.a.w", "mymodule.b.w"}},
		{nil, nil},
	} {
		in := map[string]Tensor{}
		for _, name := range c.in {
			in[name] = Tensor{}
		}
		if got := slices.Sorted(maps.Keys(unwrapped(in))); !slices.Equal(got, c.want) {
			t.Errorf("%q becomes %q (want %q)", c.in, got, c.want)
		}
	}
}

// prefixed puts a prefix before all names.
func prefixed(prefix string, tensors map[string]Tensor) map[string]Tensor {
	return renamed(tensors, func(name string) string { return prefix + name })
}

// join joins maps of tensors.
func join(all ...map[string]Tensor) map[string]Tensor {
	out := map[string]Tensor{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

// TestMapPart: a net that is a part of the saved one is found by its names, if there is one such part.
func TestMapPart(t *testing.T) {
	loss := map[string]Tensor{"loss.weight": count(2), "n_averaged": count()}
	for name, tensors := range map[string]map[string]Tensor{
		"framework": prefixed("net.", file()), "with a loss": join(prefixed("net.", file()), loss), "deep": join(prefixed("a.b.c.", file()), loss),
	} {
		if got, err := resnet.Map(tensors, body()); err != nil || len(got) != 3 {
			t.Errorf("%s: %d variables, %v", name, len(got), err)
		}
	}
	var e *MapError
	_, err := resnet.Map(join(prefixed("teacher.", file()), prefixed("student.", file())), body())
	if !errors.As(err, &e) || !slices.Equal(e.Several, []string{"student.", "teacher."}) || !strings.Contains(err.Error(), "each of student., teacher. fit") {
		t.Errorf("two nets: %v", err)
	}
	llama := Table{{From: "model.*.weight", To: "/*/weight"}}
	if got, err := llama.Map(map[string]Tensor{"norm.weight": count(1)}, map[string][]int{"/norm/weight": {1}}); err != nil || len(got) != 1 {
		t.Errorf("a table with the prefix that Read takes off: %d variables, %v", len(got), err)
	}
}

// TestMapErrorShort: an error about many names counts them, says what they have in common, and shows a few.
func TestMapErrorShort(t *testing.T) {
	tensors, want := map[string]Tensor{}, map[string][]int{}
	for i := range 245 {
		tensors[fmt.Sprintf("backbone.stage%d.weight", i)] = count(1)
		want[fmt.Sprintf("/layer%d/weight", i)] = []int{1}
	}
	_, err := resnet.Map(tensors, want)
	if err == nil || len(err.Error()) > 500 {
		t.Fatalf("error %v", err)
	}
	for _, part := range []string{"245 missing: /layer0/weight, /layer1/weight, ",
		", and 240 more; 245 not of this net: backbone.stage0.weight, ", "all 245 names begin with backbone."} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
	odd := map[string]Tensor{"a\nb": count(1), "\xff": count(1), strings.Repeat("x", 5000): count(1)}
	_, err = resnet.Map(odd, nil)
	if err == nil || len(err.Error()) > 500 || !strings.Contains(err.Error(), `3 not of this net: "a\nb", "xxx`) || !strings.Contains(err.Error(), `"\xff"`) {
		t.Errorf("error %v", err)
	}
}
