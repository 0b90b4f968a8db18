package pca

import (
	"encoding/json"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The truth is numpy's singular value decomposition, testdata/pca.py.
func TestProject(t *testing.T) {
	data, err := os.ReadFile("testdata/pca.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Cases []struct {
			Name            string
			Vectors, Scores [][]float64
			Share           []float64
		}
	}
	if err := json.Unmarshal(data, &truth); err != nil || len(truth.Cases) != 3 {
		t.Fatal(len(truth.Cases), err)
	}
	for _, c := range truth.Cases {
		t.Run(c.Name, func(t *testing.T) {
			scores, share, err := Project(c.Vectors, len(c.Share))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "share", share, c.Share)
			if len(scores) != len(c.Scores) {
				t.Fatalf("%d scores, want %d", len(scores), len(c.Scores))
			}
			for i := range scores {
				near(t, "scores", scores[i], c.Scores[i])
			}
		})
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) < 1e-10) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

// The second number varies most, so the component points to where it grows, whatever sign the decomposition gives; of
// the mirrored vectors likewise.
func TestProjectSigns(t *testing.T) {
	vectors := [][]float64{{1, -9, 2}, {2, -7, 2}, {3, -4, 1}, {5, -1, 3}}
	mirrored := make([][]float64, len(vectors))
	for i, v := range vectors {
		mirrored[i] = []float64{-v[0], -v[1], -v[2]}
	}
	scores, _, err := Project(vectors, 1)
	if err != nil {
		t.Fatal(err)
	}
	if scores[0][0] > 0 || scores[3][0] < 0 {
		t.Errorf("scores %v, want them to rise with the second number", scores)
	}
	turned, _, err := Project(mirrored, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range scores {
		near(t, "mirrored", turned[i], []float64{-scores[i][0]})
	}
}

func TestProjectLeavesItsInput(t *testing.T) {
	vectors := [][]float64{{1, 2}, {3, 5}, {4, 4}}
	if _, _, err := Project(vectors, 2); err != nil {
		t.Fatal(err)
	}
	if want := [][]float64{{1, 2}, {3, 5}, {4, 4}}; !reflect.DeepEqual(vectors, want) {
		t.Errorf("vectors are %v afterwards, want %v", vectors, want)
	}
}

func TestProjectErrors(t *testing.T) {
	some := [][]float64{{1, 2, 3}, {4, 5, 7}, {7, 9, 9}, {0, 1, 0}}
	for _, test := range []struct {
		vectors [][]float64
		k       int
		want    string
	}{
		{nil, 2, "too few vectors: 0 (want 2 or more)"},
		{some[:1], 1, "too few vectors: 1 (want 2 or more)"},
		{[][]float64{{1, 2}, {1}}, 1, "vectors[1] has 1 numbers, vectors[0] has 2"},
		{[][]float64{{1, 2}, {1, math.NaN()}}, 1, "vectors[1][1] is NaN (want finite numbers)"},
		{[][]float64{{1, math.Inf(-1)}, {1, 2}}, 1, "vectors[0][1] is -Inf"},
		{some, 0, "0 components of 4 vectors of 3 numbers (want 1 to 3)"},
		{some, 4, "4 components of 4 vectors of 3 numbers (want 1 to 3)"},
		{some[:3], 3, "3 components of 3 vectors of 3 numbers (want 1 to 2)"},
		{[][]float64{{}, {}}, 1, "the vectors are all the same"},
		{[][]float64{{.1, .7}, {.1, .7}, {.1, .7}}, 1, "the vectors are all the same"},
		{[][]float64{{1e-200}, {2e-200}}, 1, "within 1e150"},
		{[][]float64{{1e300, 2}, {-1e300, 2}, {1, 2}}, 1, "want numbers within 1e150"},
		{[][]float64{{1.7e308, 2}, {-1.7e308, 2}, {1.7e308, 2}}, 1, "within 1e150"},
	} {
		_, _, err := Project(test.vectors, test.k)
		if err == nil || !strings.HasPrefix(err.Error(), "pca: Project: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Project(%v, %d): %v, want %q", test.vectors, test.k, err, test.want)
		}
	}
}
