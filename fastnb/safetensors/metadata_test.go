package safetensors

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestReadMetadata(t *testing.T) {
	whole, err := Read("testdata/all.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadMetadata("testdata/all.safetensors")
	if err != nil || len(got) == 0 || !reflect.DeepEqual(got, whole.Metadata) {
		t.Errorf("%v, %v, want %v", got, err, whole.Metadata)
	}
}

// Whatever is missing at the end of a file, or too much, is told.
func TestReadMetadataOfDamage(t *testing.T) {
	whole, err := os.ReadFile("testdata/all.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.safetensors")
	for n := range len(whole) + 2 {
		if n == len(whole) {
			continue
		}
		if err := os.WriteFile(path, append(whole, 0)[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if m, err := ReadMetadata(path); err == nil {
			t.Fatalf("%d of %d bytes: %v, want an error", n, len(whole), m)
		}
	}
	for want, buf := range map[string][]byte{
		"at 1 to 0":         raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}`, 1),
		"at 0 to 1":         raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
		"metadata:":         raw(`{"__metadata__":{"a":1}}`, 0),
		"not a JSON object": raw("[]", 0),
		"a Git LFS pointer": []byte(lfs),
		"a web page":        []byte("<!DOCTYPE html><title>Log in</title>"),
	} {
		if err := os.WriteFile(path, buf, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadMetadata(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want %q and the path", err, want)
		}
	}
}

func ExampleReadMetadata() {
	path := filepath.Join(os.TempDir(), "example.safetensors")
	defer os.Remove(path)
	if err := WriteFile(path, &File{Metadata: map[string]string{"made by": "an example"}}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(ReadMetadata(path))
	// Output: map[made by:an example] <nil>
}
