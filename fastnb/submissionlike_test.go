package fastnb_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
)

// asked are predictions of two items of each kind, as of a test split: without labels.
func asked(classes []string, probs ...[]float32) *fastnb.Preds {
	return &fastnb.Preds{Probs: probs, Classes: classes, Names: []string{"test/1.jpg", "test/2.jpg"}}
}

// What a sample asks for is seen from its header and its cells.
func TestSubmissionLike(t *testing.T) {
	two := asked([]string{"cat", "dog"}, []float32{.75, .25}, []float32{.125, .875})
	three := asked([]string{"a_b", "c", "d"}, []float32{.5, .25, .25}, []float32{0, 0, 1})
	tags := asked([]string{"clear", "road", "river"}, []float32{.9, .2, .8}, []float32{.1, .1, .2})
	digits := asked([]string{"0", "1", "10"}, []float32{0, 0, 1}, []float32{1, 0, 0})
	numbers := asked(nil, []float32{1.5, 2}, []float32{3, .25})
	height := asked(nil, []float32{1.5}, []float32{3})
	for _, c := range []struct {
		p            *fastnb.Preds
		sample, want string
		why          string
		thresholds   []float64
	}{
		{two, "id,label\n2,cat\n1,cat\n", "id,label\n2,dog\n1,cat\n", "label is the most probable class, by its name", nil},
		{two, "id,label\n1,0\n2,1\n", "id,label\n1,0\n2,1\n", "by its index from 0", nil},
		{two, "id,label\n1,0.5\n2,0.5\n", "id,label\n1,0.25\n2,0.875\n", `the probability of the class "dog", the second of two`, nil},
		{two, "id,Cat\n1,0\n2,0\n", "id,Cat\n1,0.75\n2,0.125\n", `Cat is the probability of the class "cat"`, nil},
		{two, "id,probability\n1,0\n2,0\n", "id,probability\n1,0.25\n2,0.875\n", "the second of two", nil},
		{two, "file,dog,cat\n1.jpg,0,0\n2.jpg,0,0\n", "file,dog,cat\n1.jpg,0.25,0.75\n2.jpg,0.875,0.125\n", "file names the item by its file without folder; the other columns, dog, cat, are the probabilities", nil},
		{two, "path,label\ntest/2.jpg,dog\ntest/1.jpg,dog\n", "path,label\ntest/2.jpg,dog\ntest/1.jpg,cat\n", "path names the item by its name", nil},
		{three, "id,D,C,A B\n1,.3,.3,.3\n2,.3,.3,.3\n", "id,D,C,A B\n1,0.25,0.25,0.5\n2,1,0,0\n", "the other columns, D, C, A B", nil},
		{three, "id,species\n1,0\n2,0\n", "id,species\n1,0\n2,2\n", "by its index from 0", nil},
		{digits, "ImageId,Label\n1,0\n2,0\n", "ImageId,Label\n1,10\n2,0\n", "by its name", nil},
		{tags, "image_name,tags\n1,clear road\n2,clear road\n", "image_name,tags\n1,clear river\n2,\n", "tags is the tags, the classes above 0.5", nil},
		{tags, "image_name,tags\n1,clear\n2,\n", "image_name,tags\n1,clear road river\n2,river\n", "above 0.15", []float64{.15}},
		{tags, "image_name,tags\n1,\n2,\n", "image_name,tags\n1,road river\n2,road\n", "above a threshold each", []float64{.95, .05, .5}},
		{tags, "id,clear,road,river\n1,0,0,0\n2,0,0,0\n", "id,clear,road,river\n1,0.9,0.2,0.8\n2,0.1,0.1,0.2\n", "probabilities of these classes", nil},
		{numbers, "Id,x,y\n1,0,0\n2,0,0\n", "Id,x,y\n1,1.5,2\n2,3,0.25\n", "x is number 0 of the predictions; y is number 1", nil},
		{height, "Id,SalePrice\n2,169000.5\n1,180000\n", "Id,SalePrice\n2,3\n1,1.5\n", "SalePrice is number 0", nil},
	} {
		path := filepath.Join(t.TempDir(), "sample_submission.csv")
		check(t, os.WriteFile(path, []byte(c.sample), 0o666))
		s, err := c.p.SubmissionLike(path, c.thresholds...)
		if err != nil {
			t.Errorf("%q: %v", c.sample, err)
			continue
		}
		out := filepath.Join(t.TempDir(), "s.csv")
		check(t, s.Write(out))
		check(t, s.Check(path))
		if text, err := os.ReadFile(out); err != nil || string(text) != c.want || !strings.Contains(s.Why, c.why) {
			t.Errorf("%q: %q (want %q), because %s (want %s)", c.sample, text, c.want, s.Why, c.why)
		}
	}
}

// Where it can't be told, the error says what is possible.
func TestSubmissionLikeCannotTell(t *testing.T) {
	two := asked([]string{"cat", "dog"}, []float32{.75, .25}, []float32{.125, .875})
	tags := asked([]string{"clear", "road"}, []float32{.9, .8}, []float32{.1, .1})
	spaces := asked([]string{"clear sky", "road"}, []float32{.9, .8}, []float32{.1, .1})
	numbers := asked(nil, []float32{1.5, 2}, []float32{3, .25})
	nameless := &fastnb.Preds{Probs: two.Probs, Classes: two.Classes}
	ragged := asked([]string{"cat", "dog"}, []float32{.75, .25}, []float32{1})
	for _, c := range []struct {
		p            *fastnb.Preds
		sample, want string
	}{
		{two, "id,label\n1,0\n2,0\n", `can't tell what column "label" of s.csv is: its cells are "0", which may be a class's index or its probability; make it by Submission, of ClassName("label"), ClassIndex("label"), ProbOf("label", "dog") or Tags("label", .5)`},
		{two, "id,label\n1,beagle\n2,cat\n", `its cells are "beagle", "cat", which are neither classes nor numbers`},
		{two, "id,label\n1,2\n2,1\n", "which are no indices of classes"},
		{two, "id,label\n1,\n2,\n", "neither classes nor numbers"},
		{two, "id,cat,dogs\n1,0,0\n2,0,0\n", `s.csv has 2 columns beside the id, of which "dogs" is no class (the classes are "cat", "dog")`},
		{two, "id,label\na,cat\nb,cat\n", `no item is in s.csv: its ids are "a", "b", the items are called "test/1.jpg", "test/2.jpg"`},
		{two, "id,label\n1,cat\n", `id "2" is not in s.csv`},
		{two, "id,label\n1,cat\n2,cat\n3,cat\n", `id "3" of s.csv is missing`},
		{two, "id\n1\n2\n", `s.csv has one column, "id"`},
		{two, "id,label\n", "no item is in s.csv"},
		{two, "", "is empty"},
		{two, "id;label\n1;0\n2;0\n", "save it with commas"},
		{two, "PK\x03\x04", "this is a ZIP file, as a sheet of Excel is; unpack it"},
		{two, "\x1f\x8b\x08", "s.csv: "},
		{tags, "id,label\n1,0.5\n2,0.5\n", "and the items have several labels"},
		{spaces, "id,tags\n1,road road\n2,\n", `the class "clear sky" is empty or has a space`},
		{numbers, "id,x\n1,0\n2,0\n", "s.csv has 1 columns beside the id, the predictions are 2 numbers an item"},
		{nameless, "id,label\n1,cat\n2,cat\n", `column "id": 0 of the 2 items have a name`},
		{ragged, "id,label\n1,cat\n2,cat\n", "not as many predictions each"},
		{nil, "id,label\n1,cat\n", "there are no predictions"},
		{&fastnb.Preds{}, "id,label\n1,cat\n", "there are no predictions"},
	} {
		path := filepath.Join(t.TempDir(), "s.csv")
		check(t, os.WriteFile(path, []byte(c.sample), 0o666))
		_, err := c.p.SubmissionLike(path)
		if err == nil || !strings.HasPrefix(err.Error(), "fastnb: SubmissionLike: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.sample, err, c.want)
		}
	}
	if _, err := two.SubmissionLike(filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("there is no sample")
	}
}

// A path that ends in .gz is one of gzip, the same bytes each time; a sample may be one too, whatever it is called.
func TestSubmissionGzip(t *testing.T) {
	s := pets().Submission(fastnb.ID("id"), fastnb.ProbOf("label", "dogs"))
	dir := t.TempDir()
	packed, again := filepath.Join(dir, "a.csv.gz"), filepath.Join(dir, "b", "a.csv.GZ")
	check(t, os.Mkdir(filepath.Dir(again), 0o777))
	check(t, s.Write(packed))
	check(t, s.Write(again))
	a, err := os.ReadFile(packed)
	check(t, err)
	if b, err := os.ReadFile(again); err != nil || string(a) != string(b) {
		t.Errorf("%d and %d bytes, %v", len(a), len(b), err)
	}
	r, err := gzip.NewReader(strings.NewReader(string(a)))
	check(t, err)
	text, err := io.ReadAll(r)
	check(t, err)
	if string(text) != "id,label\n1,0.9\n2,0.3\n" || r.Name != "a.csv" {
		t.Errorf("%q, of %q", text, r.Name)
	}
	check(t, s.Check(packed))
	check(t, s.Sort(packed))
	plain := filepath.Join(dir, "plain.csv")
	check(t, os.WriteFile(plain, a, 0o666))
	check(t, s.Check(plain))
	check(t, os.WriteFile(plain, a[:len(a)-9], 0o666))
	if err := s.Check(plain); err == nil || !strings.Contains(err.Error(), "is not whole") {
		t.Errorf("cut off: %v", err)
	}
}

// Columns of tags and numbers refuse what they can't be made of.
func TestTagsAndNumbers(t *testing.T) {
	numbers := asked(nil, []float32{1.5}, []float32{3})
	for want, s := range map[string]fastnb.Submission{
		`column "y": item 1 has 1 numbers (want one of index 1)`: numbers.Submission(fastnb.ID("id"), fastnb.Number("y", 1)),
		"(want one of index -1)":                                 numbers.Submission(fastnb.ID("id"), fastnb.Number("y", -1)),
		`column "y": the predictions have no classes`:            numbers.Submission(fastnb.ID("id"), fastnb.Tags("y")),
		`column "y": the predictions have classes`:               pets().Submission(fastnb.ID("id"), fastnb.Number("y", 0)),
		`column "y": 3 thresholds for 2 classes`:                 pets().Submission(fastnb.ID("id"), fastnb.Tags("y", 1, 2, 3)),
	} {
		if err := s.Write(filepath.Join(t.TempDir(), "s.csv")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
