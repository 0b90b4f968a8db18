package pretrained

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// serveFile serves one of the fixtures at the given path, and counts.
func serveFile(t *testing.T, path string, data []byte) (addr string, requests *int) {
	requests = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		w.Write(data)
	}))
	t.Cleanup(s.Close)
	return s.URL, requests
}

func fixture(t *testing.T) (data []byte, sum string) {
	data, err := os.ReadFile("testdata/net.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	s := sha256.Sum256(data)
	return data, hex.EncodeToString(s[:])
}

// wantNet fetches twice, and reads the fixture's tensors each time.
func wantNet(t *testing.T, src Source) {
	t.Helper()
	for range 2 {
		path, err := src.Fetch(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		tensors, err := Read(path)
		if err != nil || len(tensors["fc.weight"].Data) != 8 {
			t.Fatalf("%v, %v", tensors, err)
		}
	}
}

func TestHub(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", "")
	data, sum := fixture(t)
	for _, c := range []struct{ repo, path string }{
		{"timm/resnet34.a1_in1k", "/timm/resnet34.a1_in1k/resolve/main/model.safetensors"},
		{"timm/other@v1.0", "/timm/other/resolve/v1.0/model.safetensors"},
	} {
		addr, requests := serveFile(t, c.path, data)
		t.Setenv("HF_ENDPOINT", addr+"/")
		wantNet(t, Hub(c.repo, "model.safetensors", ""))
		if *requests != 1 {
			t.Errorf("%s: %d requests (want 1)", c.repo, *requests)
		}
	}
	if _, err := Hub("timm/none", "model.safetensors", sum).Fetch(context.Background()); err == nil ||
		!strings.Contains(err.Error(), "404") || !strings.Contains(err.Error(), "timm--none--model.safetensors (SHA-256 "+sum) {
		t.Errorf("error %v", err)
	}
}

func TestURL(t *testing.T) {
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", "")
	data, sum := fixture(t)
	addr, requests := serveFile(t, "/net.safetensors", data)
	wantNet(t, URL(addr+"/net.safetensors", sum))
	if *requests != 1 {
		t.Errorf("%d requests (want 1)", *requests)
	}
	if _, err := URL(addr+"/net.safetensors", strings.Repeat("0", 64)).Fetch(context.Background()); err == nil || !strings.Contains(err.Error(), sum) {
		t.Errorf("error %v", err)
	}
}

// TestMirror: every kind of source is satisfied by a mirror, without a network.
func TestMirror(t *testing.T) {
	mirror := t.TempDir()
	t.Setenv("FASTNB_CACHE", t.TempDir())
	t.Setenv("FASTNB_MIRROR", mirror)
	t.Setenv("FASTNB_PYTHON", "/nowhere/python")
	data, sum := fixture(t)
	var whl bytes.Buffer
	z := zip.NewWriter(&whl)
	w, err := z.Create("net/model.bin")
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"a.safetensors": data, "timm--x--model.safetensors": data, "net_model-1.0-py3-none-any.whl": whl.Bytes()} {
		if err := os.WriteFile(filepath.Join(mirror, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wantNet(t, URL("https://nowhere.invalid/a.safetensors", sum))
	wantNet(t, Hub("timm/x", "model.safetensors", sum))
	wantNet(t, Wheel("net-model", "1.0", "", "net/model.bin"))
}

func ExampleRead() {
	path, err := File("testdata/net.pth").Fetch(context.Background())
	if err != nil {
		fmt.Println(err)
	}
	tensors, err := Read(path)
	fmt.Println(tensors["conv.weight"].Shape, err)
	_, err = Read("testdata/bad-code.pth")
	fmt.Println(err)
	// Output:
	// [4 3 3 3] <nil>
	// pretrained: testdata/bad-code.pth: at byte 183 of the pickle: the file asks for Python's "posix.system", and only tensors, maps, lists, numbers and strings are read (if it holds a pickled module, save its weights: torch.save(model.state_dict(), ...))
}
