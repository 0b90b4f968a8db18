package vision

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb"
	draws "github.com/fastnb/fastnb/fastnb/split"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// abc is a list of n pictures of three classes in turn, two of each animal.
func abc(t testing.TB, n int) string {
	return listed(t, "file,label,animal,held", n, func(i int) string {
		return fmt.Sprintf("%d.png,%c,%d,%t", i, 'a'+i%3, i/2, i >= n-2)
	})
}

// numbersOf returns the numbers of the pictures of a split.
func numbersOf(t testing.TB, d *Data, s fastnb.Split) (all []int) {
	t.Helper()
	for _, file := range d.Names(s) {
		var n int
		_, err := fmt.Sscanf(filepath.Base(file), "%d.png", &n)
		ok(t, err)
		all = append(all, n)
	}
	return all
}

func TestSplitsOfLists(t *testing.T) {
	file := abc(t, 24)
	share, err := draws.Share(24, .25, 7)
	ok(t, err)
	cv, err := draws.CVRows(24, 1, .25, 42)
	ok(t, err)
	folds, err := draws.StratifiedFolds(strings.Split(strings.Repeat("abc", 8), ""), 4, 42)
	ok(t, err)
	for name, c := range map[string]struct {
		want []int
		opts []DataOption
	}{
		"a share":     {share, []DataOption{ValidShare(.25), Seed(7)}},
		"rows":        {cv, []DataOption{ValidRows(cv)}},
		"no rows":     {nil, []DataOption{ValidRows(nil)}},
		"no share":    {nil, []DataOption{ValidShare(0)}},
		"a column":    {[]int{22, 23}, []DataOption{ValidColumn("held")}},
		"a fold":      {folds[2], []DataOption{Fold(2, 4), Stratify(true)}},
		"rows anyhow": {[]int{3}, []DataOption{ValidRows([]int{3}), Seed(9)}},
	} {
		d := fromCSV(t, file, c.opts...)
		got := numbersOf(t, d, fastnb.Valid)
		if same(t, name, got, c.want); d.Len(fastnb.Train)+len(got) != 24 {
			t.Errorf("%s: %d images are left for training", name, d.Len(fastnb.Train))
		}
	}
	d := fromCSV(t, file, GroupColumn("animal"), Fold(0, 3))
	valid := numbersOf(t, d, fastnb.Valid)
	for _, n := range valid {
		if !slices.Contains(valid, n^1) {
			t.Errorf("%d is for validation, the other photo of its animal is not: %d", n, valid)
		}
	}
	same(t, "a fold of groups", len(valid), 8)
	stratified := fromCSV(t, file, ValidShare(.25), Stratify(true))
	perClass := make([]int, 3)
	for _, label := range stratified.Labels(fastnb.Valid) {
		perClass[label]++
	}
	same(t, "of each class", perClass, []int{2, 2, 2})
}

// FromPaths takes the same options for folders without a valid one.
func TestFoldsOfFolders(t *testing.T) {
	dir := filepath.Join(tree(t), "train")
	var all []string
	for k := range 3 {
		d := open(t, dir, Fold(k, 3), Stratify(true))
		all = append(all, d.Names(fastnb.Valid)...)
	}
	slices.Sort(all)
	want := open(t, dir, ValidRows(nil)).Names(fastnb.Train)
	slices.Sort(want)
	same(t, "all folds", all, want)
	same(t, "rows", open(t, dir, ValidRows([]int{0, 10})).Names(fastnb.Valid), []string{"cat/1.png", "dog/6.png"})
	for words, opts := range map[string][]DataOption{
		"LabelColumn is an option for tables":        {LabelColumn("x")},
		"Header is an option for CSV files":          {Header("x")},
		"ValidShare and Fold at once":                {ValidShare(.2), Fold(1, 2)},
		"Fold(2, 2) (want":                           {Fold(2, 2)},
		"ValidRows: row 11 (want 0 to 10)":           {ValidRows([]int{11})},
		"Stratify says how ValidShare and Fold draw": {Stratify(true), ValidRows([]int{1})},
	} {
		wantError(t, dir, []string{"vision: FromPaths", words}, opts...)
	}
	wantError(t, filepath.Dir(dir), []string{"both Fold and a folder valid"}, Fold(0, 2))
	wantError(t, filepath.Dir(dir), []string{"Stratify says how ValidShare and Fold draw"}, Stratify(true))
}

// A list says the same by a CSV file of any make, a table, items and names.
func TestSameListManyWays(t *testing.T) {
	file := abc(t, 12)
	dir := filepath.Dir(file)
	want := fromCSV(t, file)
	text, err := os.ReadFile(file)
	ok(t, err)
	plain := string(text)
	variant := func(name, text string) string {
		write(t, []byte(text), dir, name)
		return filepath.Join(dir, name)
	}
	_, rows, _ := strings.Cut(plain, "\n")
	check := func(name string, d *Data, err error) {
		t.Helper()
		ok(t, err)
		for s := range 2 {
			s := fastnb.Split(s)
			same(t, name+" names", d.Names(s), want.Names(s))
			same(t, name+" labels", d.Labels(s), want.Labels(s))
		}
		same(t, name+" fingerprint", d.Fingerprint(fastnb.Train), want.Fingerprint(fastnb.Train))
	}
	csv := func(name, text string, opts ...DataOption) {
		t.Helper()
		check(name, fromCSV(t, variant(name, text), opts...), nil)
	}
	csv("mark.csv", "\ufeff"+plain)
	csv("crlf.csv", strings.ReplaceAll(plain, "\n", "\r\n"))
	csv("cr.csv", strings.ReplaceAll(plain, "\n", "\r"))
	csv("semicolon.csv", strings.ReplaceAll(plain, ",", ";"), Comma(';'))
	csv("tab.csv", strings.ReplaceAll(plain, ",", "\t"), Comma('\t'))
	csv("headless.csv", rows, Header("f", "l", "x", "y"), LabelColumn("l"))
	csv("suffix.csv", strings.ReplaceAll(plain, ".png", ""), Suffix(".png"))
	csv("windows.csv", strings.ReplaceAll(plain, "\n0.png", "\n"+`.\0.png`))
	csv("spaces.csv", strings.ReplaceAll(plain, ",", " , "))
	csv("utf16.csv", utf16(plain))
	csv("packed.csv.gz", packed(t, plain))
	csv("packed.csv", packed(t, utf16(plain)))
	csv("folder.csv", strings.ReplaceAll(rows, ".png", ".png")+"", Header("f", "l", "x", "y"), FileColumn("f"))
	elsewhere := fromCSV(t, file, Folder(filepath.Join(dir, "pics")))
	same(t, "an absolute folder", elsewhere.Names(fastnb.Train)[0],
		filepath.ToSlash(filepath.Join(dir, want.Names(fastnb.Train)[0])))

	var items []Item
	var files, labels []string
	for i := range 12 {
		files, labels = append(files, fmt.Sprintf("pics/%d.png", i)), append(labels, string(rune('a'+i%3)))
		items = append(items, Item{File: files[i], Label: labels[i]})
	}
	d, err := FromItems(dir, items, Size(16), BatchSize(4))
	check("items", d, err)
	table, err := tabular.NewTable(tabular.Texts("pic", files), tabular.Texts("is", labels))
	ok(t, err)
	d, err = FromTable(dir, table, Size(16), BatchSize(4))
	check("table", d, err)

	for i := range 12 {
		renamed := fmt.Sprintf("%02d_%s_.png", i, labels[i])
		ok(t, os.Rename(filepath.Join(dir, files[i]), filepath.Join(dir, "pics", renamed)))
	}
	d, err = FromNames(filepath.Join(dir, "pics"), `_(.)_\.png$`, Size(16), BatchSize(4))
	ok(t, err)
	same(t, "labels by names", d.Labels(fastnb.Train), want.Labels(fastnb.Train))
}

// packed is a text as gzip compresses it.
func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	ok(t, errors.Join(err, w.Close()))
	return b.String()
}

// utf16 is a text in UTF-16 with a byte order mark.
func utf16(text string) string {
	out := []byte{0xff, 0xfe}
	for _, c := range text {
		out = append(out, byte(c), byte(c>>8))
	}
	return string(out)
}

// A table of numbers, with files that are numbers, too, and labels in columns.
func TestTableOfNumbers(t *testing.T) {
	file := abc(t, 6)
	ids := []float64{0, 1, 2, 3, 4, 5}
	table, err := tabular.NewTable(tabular.Numbers("id", ids), tabular.Numbers("size", []float64{1, 2, 3, 4, 5, 6.5}),
		tabular.Bools("red", []bool{true, false, true, false, true, false}),
		tabular.Numbers("big", []float64{0, 0, 0, 1, 1, 1}))
	ok(t, err)
	opts := []DataOption{Size(16), Folder("pics"), Suffix(".png"), ValidRows([]int{5})}
	d, err := FromTable(filepath.Dir(file), table, append(opts, Target("size"))...)
	ok(t, err)
	same(t, "numbers", d.Targets(fastnb.Valid), [][]float32{{6.5}})
	d, err = FromTable(filepath.Dir(file), table, append(opts, LabelColumns("red", "big"))...)
	ok(t, err)
	same(t, "labels", d.Classes(), []string{"red", "big"})
	same(t, "targets", d.Targets(fastnb.Train), [][]float32{{1, 0}, {0, 0}, {1, 0}, {0, 1}, {1, 1}})
}

// With says anew what is to be predicted, of images that something else was known of before.
func TestWithOtherColumns(t *testing.T) {
	file := listed(t, "file,kind,tags,size,red,big", 6, func(i int) string {
		return fmt.Sprintf("%d.png,%c,t%d u,%d.5,%d,%d", i, 'a'+i%2, i%2, i, i%2, i/3)
	})
	kind, tags := LabelColumn("kind"), []DataOption{LabelColumn("tags"), LabelDelim(" ")}
	begun := map[string]*Data{}
	for name, opts := range map[string][]DataOption{"class": {kind}, "tags": tags, "numbers": {Target("size")},
		"columns": {LabelColumns("red", "big")}} {
		begun[name] = fromCSV(t, file, append(opts, Size(16), ValidRows([]int{4}))...)
	}
	for from, d := range begun {
		for to, c := range map[string]struct {
			opts    []DataOption
			classes []string
			targets [][]float32
		}{
			"class":   {[]DataOption{kind, LabelDelim("!")}, []string{"a", "b"}, [][]float32{{1, 0}}},
			"tags":    {tags, []string{"t0", "t1", "u"}, [][]float32{{1, 0, 1}}},
			"numbers": {[]DataOption{Target("size")}, nil, [][]float32{{4.5}}},
			"columns": {[]DataOption{LabelColumns("big", "red")}, []string{"big", "red"}, [][]float32{{1, 0}}},
		} {
			other, err := d.With(c.opts...)
			ok(t, err)
			same(t, from+" to "+to+", classes", other.Classes(), c.classes)
			same(t, from+" to "+to+", targets", other.Targets(fastnb.Valid), c.targets)
		}
	}
	other, err := begun["tags"].With(LabelColumn("kind"))
	ok(t, err)
	same(t, "labels of another column, separated as before", other.Targets(fastnb.Valid), [][]float32{{1, 0}})
	other, err = begun["numbers"].With(Size(8))
	ok(t, err)
	same(t, "another size alone", other.Targets(fastnb.Valid), [][]float32{{4.5}})
	_, err = begun["class"].With(Target("size"), LabelColumns("red"))
	saysAll(t, err, "Target and LabelColumns at once")
}

// ValidRows says which images are for validation, in which order, by number in the list as it was given.
func TestValidRowsAreInTheirOrder(t *testing.T) {
	file := abc(t, 8)
	d := fromCSV(t, file, ValidRows([]int{6, 1, 4}))
	same(t, "rows", d.Names(fastnb.Valid), []string{"pics/6.png", "pics/1.png", "pics/4.png"})
	same(t, "their labels", d.Labels(fastnb.Valid), []int{0, 1, 1})
	same(t, "the others", d.Names(fastnb.Train),
		[]string{"pics/0.png", "pics/2.png", "pics/3.png", "pics/5.png", "pics/7.png"})
	var items []Item
	for i := range 8 {
		items = append(items, Item{File: fmt.Sprintf("pics/%d.png", i), Label: string(rune('a' + i%2))})
	}
	items[0], items[3] = Item{File: "pics/0.png", Split: fastnb.Test}, Item{File: "pics/3.png", Split: fastnb.Test}
	d, err := FromItems(filepath.Dir(file), items, Size(16), ValidRows([]int{6, 1, 4}))
	ok(t, err)
	same(t, "items", d.Names(fastnb.Valid), []string{"pics/6.png", "pics/1.png", "pics/4.png"})
	same(t, "test items", d.Names(fastnb.Test), []string{"pics/0.png", "pics/3.png"})
	for words, rows := range map[string][]int{"ValidRows: item 3 is for Test": {1, 3}, "row 8 (want 0 to 7)": {8},
		"row 1 comes twice": {1, 1}} {
		_, err = FromItems(filepath.Dir(file), items, Size(16), ValidRows(rows))
		saysAll(t, err, words)
	}
	items[1].File = "" // an item less than there are numbers
	_, err = FromItems(filepath.Dir(file), items, Size(16), ValidRows([]int{7}))
	saysAll(t, err, "without the name of a file")
}

// All that is wrong with a list is said at once.
func TestAllFaultsAtOnce(t *testing.T) {
	file := listed(t, "file,label,held", 10, func(i int) string {
		switch i {
		case 3:
			return "3.png,,false\n3b.png,a,false\n,a,false"
		case 5:
			return "5.png,a,perhaps\n2.png,b,false\n4.png,a,false"
		case 9:
			return "9.png,rare,true"
		}
		return fmt.Sprintf("%d.png,%s,false", i, []string{"a", "b"}[i/2%2])
	})
	_, err := FromCSV(file, Folder("pics"), ValidColumn("held"), Size(16))
	saysAll(t, err, "vision: FromCSV: "+file, "things are wrong",
		"1 row without a label: line 5, pics/3.png", "1 row whose file is not there: line 6, pics/3b.png",
		"1 row without the name of a file: line 7",
		`1 row that don't say true or false in column "held": line 9, "perhaps"`,
		"2 rows listed before, with the same labels: line 10 as line 4, pics/2.png; line 11 as line 8, pics/4.png",
		`for validation with a label that none for training has: line 15, "rare"`)
	if entries, err := os.ReadDir(filepath.Join(filepath.Dir(file), "tmp")); err == nil {
		t.Errorf("work began before the list was checked: %v", entries)
	}
	many := listed(t, "file,x", 20, func(i int) string {
		return fmt.Sprintf("%d.png,%s", i, []string{"", "n/a", "NaN", "1e30"}[i%4])
	})
	_, err = FromCSV(many, Folder("pics"), Target("x"))
	saysAll(t, err, `10 rows without a number that is to be predicted: line 2, column "x", ""; line 3, column "x", "n/a"`,
		"and 5 more",
		`5 rows with a number that is not finite: line 4, column "x", NaN`, "5 rows with a number too large for a net")
}

func TestWrongLists(t *testing.T) {
	list := func(header string, row string) string {
		return listed(t, header, 12, func(i int) string { return strings.ReplaceAll(row, "#", fmt.Sprint(i)) })
	}
	dir := t.TempDir()
	given := func(text string) string {
		file := filepath.Join(t.TempDir(), "list.csv")
		ok(t, os.WriteFile(file, []byte(text), 0o666))
		return file
	}
	for words, c := range map[string]struct {
		file string
		opts []DataOption
	}{
		"no such file or directory": {filepath.Join(dir, "none.csv"), nil},
		"the file is empty":         {given(""), nil},
		"no rows":                   {given("file,label\n"), nil},
		"this is a ZIP file":        {given("PK\x03\x04..."), nil},
		`the only column is called "file;label"; Comma(';')`: {
			list("file;label", "#.png;a"), nil,
		},
		`no column "tag" (there are "file", "label"); LabelColumn names another`: {
			list("file,label", "#.png,a"), []DataOption{LabelColumn("tag")},
		},
		`no column "f" (there are "file", "label"); FileColumn`: {
			list("file,label", "#.png,a"), []DataOption{FileColumn("f")},
		},
		`no column "v" (there are "file", "label"); ValidColumn`: {
			list("file,label", "#.png,a"), []DataOption{ValidColumn("v")},
		},
		`all rows are of one class, "a"`: {
			list("file,label", "#.png,a"), nil,
		},
		"12 rows have 12 classes": {
			list("file,label", "#.png,c#"), nil,
		},
		"are they numbers to be predicted? Target": {
			list("file,label", "#.png,#.5"), nil,
		},
		`are they several labels each? LabelDelim(" ")`: {
			list("file,label", "#.png,sun t#"), nil,
		},
		`12 of 12 labels have ";" in them`: {
			list("file,label", "#.png,sun;t#"), []DataOption{LabelDelim(" ")},
		},
		`LabelDelim("|") takes them apart`: {
			list("file,label", "#.png,sun|t#"), []DataOption{LabelDelim(" ")},
		},
		"no row has a label": {
			list("file,label", "#.png,"), []DataOption{LabelDelim(" ")},
		},
		"with a label twice: line 2, \"a\"": {
			list("file,label", "#.png,a a"), []DataOption{LabelDelim("")},
		},
		"wrong rows, 12 (a field with \",\" in it must be quoted):\n\tline 2: 3 fields for 2": {
			list("file,label", "#.png,a,b"), nil,
		},
		`column "label" is there 2 times`: {
			list("file,label,label", "#.png,a,b"), nil,
		},
		"LabelColumn and Target at once": {
			list("file,label", "#.png,a"), []DataOption{LabelColumn("label"), Target("label")},
		},
		"LabelDelim and LabelColumns at once": {
			list("file,label", "#.png,a"), []DataOption{LabelDelim(" "), LabelColumns("label")},
		},
		`that don't say 0 or 1 of a label: line 2, "a" in column "label"`: {
			list("file,label", "#.png,a"), []DataOption{LabelColumns("label")},
		},
		"Target() and LabelColumns() name no column": {
			list("file,label", "#.png,a"), []DataOption{Target()},
		},
		"no column of labels": {
			list("file", "#.png"), nil,
		},
		"of no group": {
			list("file,label,g", "#.png,a,"), []DataOption{GroupColumn("g")},
		},
		"Stratify and GroupColumn at once": {
			list("file,label,g", "#.png,a,b"), []DataOption{GroupColumn("g"), Stratify(true)},
		},
		"Stratify is for classes": {
			list("file,label", "#.png,#"), []DataOption{Target("label"), Stratify(true)},
		},
		"TrainFolder is an option for folders": {
			list("file,label", "#.png,#"), []DataOption{TrainFolder("x")},
		},
		"no folder elsewhere": {
			list("file,label", "#.png,#"), []DataOption{Target("label"), TestFolder("elsewhere")},
		},
		`Encoding("klingon")`: {
			list("file,label", "#.png,#"), []DataOption{Encoding("klingon")},
		},
		"Encoding names another": {
			given("file,label\n1.png,caf\xe9\n"), nil,
		},
		"a field with quotes must be quoted": {
			given("file,label\n1.png,a\"b\n"), nil,
		},
	} {
		_, err := FromCSV(c.file, append(c.opts, Folder("pics"))...)
		saysAll(t, err, "vision: FromCSV", words)
	}
	file := list("file,label", "#,a")
	for words, opts := range map[string][]DataOption{
		`none of the files is in`: nil, `they seem to be in Folder("pics"), with Suffix(".png")`: {Target("label")},
		`Suffix(".png") finds them`: {Folder("pics")},
	} {
		_, err := FromCSV(file, opts...)
		saysAll(t, err, "12 rows whose file is not there", words)
	}
}

func TestWrongItems(t *testing.T) {
	dir := filepath.Dir(abc(t, 4))
	a, b := Item{File: "pics/0.png", Label: "a"}, Item{File: "pics/1.png", Label: "b"}
	c := Item{File: "pics/2.png", Label: "a"}
	for words, items := range map[string][]Item{
		"no items": nil,
		"with something else than one class each, as the first has: item 1": {
			a, {File: "pics/1.png", Numbers: []float64{1}},
		},
		"without 1 numbers, as the first has: item 1, 2": {
			{File: "pics/0.png", Numbers: []float64{1}}, {File: "pics/1.png", Numbers: []float64{1, 2}},
		},
		"with a number that is not finite: item 0, NaN": {
			{File: "pics/0.png", Numbers: []float64{math.NaN()}}, {File: "pics/1.png", Numbers: []float64{1}},
		},
		"of no split: item 0, Split 7": {
			{File: "pics/0.png", Label: "a", Split: 7}, b,
		},
		"with an empty label: item 0": {
			{File: "pics/0.png", Labels: []string{""}}, {File: "pics/1.png", Labels: []string{"a"}},
		},
		"listed before, with other labels: item 1 and item 0, ./pics/0.png": {
			a, {File: "./pics/0.png", Label: "b"}, b,
		},
		"of no group: item 1": {
			{File: "pics/0.png", Label: "a", Group: "x"}, b,
		},
		`1 item for validation with a label that none for training has: item 1, "b"`: {
			a, {File: b.File, Label: "b", Split: fastnb.Valid}, c,
		},
		"1 item to learn from and to validate with": {a},
		"all items are for validation": {
			{File: a.File, Label: "a", Split: fastnb.Valid}, {File: b.File, Label: "b", Split: fastnb.Valid},
		},
		"no image of class b is left for training; another Seed, a smaller ValidShare, Stratify": {
			a, c, {File: "pics/3.png", Label: "a"}, b,
		},
	} {
		opts := []DataOption{Size(16)}
		if strings.HasPrefix(words, "no image") {
			opts = append(opts, ValidRows([]int{3}))
		}
		_, err := FromItems(dir, items, opts...)
		if strings.HasPrefix(words, "no image") {
			words = `for validation with a label that none for training has: item 3, "b"`
		}
		saysAll(t, err, "vision: FromItems", words)
	}
	_, err := FromItems(dir, []Item{a, b, {File: c.File, Label: "a", Split: fastnb.Valid}}, ValidShare(.2))
	saysAll(t, err, "both ValidShare and items that are for validation")
	_, err = FromItems(dir, []Item{a, b, c}, GroupColumn("g"))
	saysAll(t, err, "GroupColumn is an option for tables")
	_, err = FromTable(dir, nil)
	saysAll(t, err, "vision: FromTable", "nil")
	for pattern, words := range map[string]string{
		"(": "missing closing )", "x": "has 0 groups (want one", "(a)(b)": "has 2 groups",
		"^(z)": "4 files whose names ^(z) does not match: pics/0.png"} {
		_, err := FromNames(dir, pattern)
		saysAll(t, err, "vision: FromNames", words)
	}
}

// Of a list, files that can't be read are an error as of folders, those that are not there, too, and are left out on
// demand.
func TestUnreadableOfLists(t *testing.T) {
	file := listed(t, "file,label", 12, func(i int) string {
		return fmt.Sprintf("%d.png,%s", i, []string{"a", "b"}[i%2])
	})
	write(t, []byte("no image"), filepath.Dir(file), "pics", "3.png")
	_, err := FromCSV(file, Folder("pics"), Size(16))
	saysAll(t, err, "1 unreadable image", "3.png", "SkipUnreadable")
	ok(t, os.Remove(filepath.Join(filepath.Dir(file), "pics", "4.png")))
	_, err = FromCSV(file, Folder("pics"), Size(16))
	saysAll(t, err, "1 row whose file is not there: line 6, pics/4.png")
	d := fromCSV(t, file, SkipUnreadable(true), ValidRows([]int{0, 5}))
	same(t, "skipped", len(d.Skipped()), 2)
	same(t, "images", d.Len(fastnb.Train), 8)
	same(t, "rows are counted before", numbersOf(t, d, fastnb.Valid), []int{0, 5})
}

// Rare classes are repeated and weighed.
func TestRareClasses(t *testing.T) {
	file := listed(t, "file,label,tags", 12, func(i int) string {
		return fmt.Sprintf("%d.png,%s,%s", i, []string{"rare", "common"}[min(i/3, 1)],
			[]string{"sun rain", "sun", ""}[min(i/2, 2)])
	})
	d := fromCSV(t, file, ValidRows([]int{11}), Oversample(true))
	want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 1, 1, 2, 2}
	same(t, "images", numbersOf(t, d, fastnb.Train), want)
	same(t, "of each class", d.counts(), []int{8, 9})
	plain := fromCSV(t, file, ValidRows([]int{11}))
	same(t, "weights", plain.BalancedWeights(), []float64{11. / 16, 11. / 6})
	tags := fromCSV(t, file, ValidRows([]int{11}), LabelColumn("tags"), LabelDelim(" "))
	same(t, "weights of labels", tags.BalancedWeights(), []float64{9. / 2, 7. / 4})
	all := fromCSV(t, listed(t, "file,a,b", 4, func(i int) string { return fmt.Sprintf("%d.png,1,%d", i, i%2) }),
		LabelColumns("a", "b"), ValidRows([]int{3}))
	same(t, "weights where all have a label", all.BalancedWeights(), []float64{1, 2})
	more := fromCSV(t, file, ValidRows([]int{11}), LabelColumn("tags"), LabelDelim(" "), Oversample(true))
	same(t, "of each label", more.counts(), []int{4, 6})
	l := tiny(t, d)
	ok(t, l.Fit(fastnb.LR(.01), 1))
	items := []Item{{File: "pics/0.png", Numbers: []float64{1}}, {File: "pics/1.png", Numbers: []float64{2}}}
	_, err := FromItems(filepath.Dir(file), items, Oversample(true), Size(16))
	saysAll(t, err, "Oversample is for classes")
}
