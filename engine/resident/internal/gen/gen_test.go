package main

import (
	"bytes"
	"os"
	"testing"
)

// The methods are those of the compute.Function that go.mod pins.
func TestGeneratedIsUpToDate(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../gen_ops.go")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("gen_ops.go is not what gen writes (%v): run go generate ./engine/resident", err)
	}
}
