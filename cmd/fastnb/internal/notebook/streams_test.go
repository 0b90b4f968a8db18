package notebook_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// typedScript prints what streams.py makes of each of a list of texts.
const typedScript = `import json, sys
from streams import typed
json.dump([typed(text) for text in json.load(sys.stdin)], sys.stdout)
`

// Carriage returns as nbclient 0.10.2 has them (re.sub(r".*\r(?=[^\n])", "", text)) where no backspace is and a line does not
// end with several; backspaces as a terminal shows them, where what they take back is not written anew. The long texts take
// hours where the time grows with the square of their length.
func TestTyped(t *testing.T) {
	e := env(t)
	long := strings.Repeat("x", 3<<20)
	rows := []struct{ text, want string }{
		{"", ""},
		{"a\nb\n", "a\nb\n"},
		{"10%\r50%\r100%\n", "100%\n"},
		{"abc\rX", "X"},
		{"windows\r\nline\r\n", "windows\r\nline\r\n"},
		{"kept\r", "kept\r"},
		{"kept\r\r\nb", "kept\r\nb"},
		{"a\rb\nc\rd\n", "b\nd\n"},
		{"abc\b\bX", "aX"},
		{"a\n\b\bX", "a\nX"},
		{"|\b/\b-\b\\\n", "\\\n"},
		{"é\b日本\b", "日"},
		{"lost\rab\bc", "ac"},
		{long, long},
		{long + "\r" + long + "\n", long + "\n"},
		{long + strings.Repeat("\b", len(long)-1), "x"},
		{strings.Repeat("50%\r", 1<<20) + "end", "end"},
		{strings.Repeat("0\n", 1<<20), strings.Repeat("0\n", 1<<20)},
	}
	var texts, got []string
	for _, r := range rows {
		texts = append(texts, r.text)
	}
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(e.Python, "-c", typedScript)
	cmd.Stdin = strings.NewReader(string(input))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(rows) {
		t.Fatalf("%d texts, %v", len(got), err)
	}
	for i, r := range rows {
		if got[i] != r.want {
			t.Errorf("%.40q becomes %.40q (want %.40q)", r.text, got[i], r.want)
		}
	}
}

// What a cell writes is whole and joined, around what it displays; the last of it is not lost however much it is.
func TestRunJoinsOutput(t *testing.T) {
	e := env(t)
	out := runs(t, e, source(`
import (
	"fmt"
	"os"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
)
`, `%%
fmt.Print("first ")
fmt.Fprint(os.Stderr, "aside")
gonbui.Sync()
gonbui.DisplayMarkdown("*shown*")
gonbui.Sync()
fmt.Println("second")
`, `%%
fmt.Println(strings.Repeat("x", 3<<20))
for range 20_000 {
	fmt.Print("50%\r")
}
for range 100_000 {
	fmt.Println(0)
}
fmt.Println("the end")
`))
	if got := out[1]; !slices.Equal(got, []string{"stdout: first second\n", "stderr: aside", "*shown*"}) &&
		!slices.Equal(got, []string{"stdout: first second\n", "*shown*", "stderr: aside"}) {
		t.Errorf("outputs are %q", got)
	}
	if want := "stdout: " + strings.Repeat("x", 3<<20) + "\n" + strings.Repeat("0\n", 100_000) + "the end\n"; len(out[2]) != 1 || out[2][0] != want {
		t.Errorf("a long output is %.40q ... (want %d bytes in one)", out[2], len(want))
	}
}
