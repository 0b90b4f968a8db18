package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/modelfile"
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plants trains a model of a table and returns its file.
func plants(t testing.TB) string {
	t.Helper()
	table, err := tabular.NewTable(
		tabular.Texts("kind", []string{"rose", "rose", "fern", "fern", "moss", "rose", "fern", "ivy"}),
		tabular.Numbers("height", []float64{40, 60, 30, 20, 5, 50, 25, 80}),
		tabular.Bools("sun", []bool{true, true, false, false, false, true, false, false}))
	check(t, err)
	dir := t.TempDir()
	d, err := tabular.FromTable(table, tabular.Class("sun"), tabular.Cats("kind"), tabular.Conts("height"),
		tabular.ValidRows(nil), tabular.WorkDir(dir))
	check(t, err)
	l, err := tabular.NewLearner(d, tabular.Layers(4), tabular.With(fastnb.WithProgress(nil)))
	check(t, err)
	check(t, l.Fit(fastnb.LR(.01), 1))
	check(t, l.Save("plants"))
	return filepath.Join(dir, "models", "plants.safetensors")
}

const rows = "kind,height\nrose,50\nfern,20\n"

func TestShowAndPredict(t *testing.T) {
	model := plants(t)
	var card bytes.Buffer
	check(t, showTo(&card, []string{model}))
	if !strings.Contains(card.String(), "the class of a table's rows (tabular.Open)") {
		t.Errorf("the card is\n%s", &card)
	}
	card.Reset()
	check(t, showTo(&card, []string{"-json", model}))
	var c modelfile.Card
	check(t, json.Unmarshal(card.Bytes(), &c))
	if c.Kind != modelfile.Table || c.Table.Target[0] != "sun" {
		t.Errorf("the card is %+v", c)
	}

	var text, asJSON bytes.Buffer
	out := filepath.Join(t.TempDir(), "out.csv")
	check(t, predictTo(t.Context(), &text, strings.NewReader(rows), []string{"-top", "1", model, "-"}))
	check(t, predictTo(t.Context(), &asJSON, strings.NewReader(rows), []string{model, "-", "-json", "-csv", out}))
	var got struct{ Predictions []serve.Prediction }
	check(t, json.Unmarshal(asJSON.Bytes(), &got))
	if len(got.Predictions) != 2 || got.Predictions[0].Name != "row 1" || len(got.Predictions[0].Top) != 2 {
		t.Errorf("predictions are %s", &asJSON)
	}
	if want := "row 1  " + got.Predictions[0].Class; !strings.HasPrefix(text.String(), want) || strings.Count(text.String(), "\n") != 2 {
		t.Errorf("as text they are\n%s, want %s", &text, want)
	}
	csv, err := os.ReadFile(out)
	check(t, err)
	if !strings.HasPrefix(string(csv), "name,class,prob false,prob true\nrow 1,"+got.Predictions[0].Class+",") {
		t.Errorf("the CSV file is\n%s", csv)
	}
	for _, e := range []struct {
		args []string
		says string
	}{
		{nil, "predict: no model is named (usage: fastnb predict MODEL FILES...)"},
		{[]string{model}, "predict: there is nothing to predict; name a file of rows"},
		{[]string{"-top", "0", model, "-"}, "-top 0 (want 1 or more)"},
		{[]string{"-csv", "/nowhere/out.csv", model, "-"}, "-csv: "},
		{[]string{model + "x", "-"}, "predict: no file"},
	} {
		err := predictTo(t.Context(), io.Discard, strings.NewReader(rows), e.args)
		if err == nil || !strings.Contains(err.Error(), e.says) {
			t.Errorf("%q: %v (want %s)", e.args, err, e.says)
		}
	}
}

// Of several labels all that hold are printed, however many, and no others.
func TestPredictLabels(t *testing.T) {
	yes, no := []bool{true, true, true, true}, []bool{false, false, false, false}
	table, err := tabular.NewTable(tabular.Numbers("x", []float64{1, 2, 3, 4}),
		tabular.Bools("a", yes), tabular.Bools("b", yes), tabular.Bools("c", yes),
		tabular.Bools("d", yes), tabular.Bools("e", no))
	check(t, err)
	for name, labels := range map[string][]string{"many": {"a", "b", "c", "d", "e"}, "none": {"e"}} {
		dir := t.TempDir()
		d, err := tabular.FromTable(table, tabular.Labels(labels...), tabular.Conts("x"), tabular.ValidRows(nil),
			tabular.WorkDir(dir))
		check(t, err)
		l, err := tabular.NewLearner(d, tabular.Layers(4), tabular.With(fastnb.WithProgress(nil)))
		check(t, err)
		check(t, l.Fit(fastnb.LR(.1), 60))
		check(t, l.Save(name))
		var text bytes.Buffer
		model := filepath.Join(dir, "models", name+".safetensors")
		check(t, predictTo(t.Context(), &text, strings.NewReader("x\n2\n"), []string{model, "-"}))
		var got []string
		for _, cell := range strings.Split(strings.TrimSpace(text.String()), "  ")[1:] {
			label, prob, _ := strings.Cut(cell, " ")
			if got = append(got, label); name == "many" && prob <= "0.5" {
				t.Errorf("%s has %s", label, prob)
			}
		}
		if slices.Sort(got); strings.Join(got, " ") != map[string]string{"many": "a b c d", "none": "no"}[name] {
			t.Errorf("%s: it prints %q", name, text.String())
		}
	}
}

// The command serves until it is told to end, and then ends well; what it can't serve, or not there, is one error.
func TestServeProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	fastnb, err := program()
	check(t, err)
	model := plants(t)
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		cmd := exec.Command(fastnb, "serve", "-addr", "127.0.0.1:0", model)
		var log bytes.Buffer
		cmd.Stderr = &log
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		t.Cleanup(func() { cmd.Process.Kill() })
		line, err := bufio.NewReader(out).ReadString('\n')
		check(t, err)
		_, url, _ := strings.Cut(strings.TrimSuffix(line, " (ctrl-C stops it)\n"), " at ")
		resp, err := http.Post(url+"/predict", "text/csv", strings.NewReader(rows))
		check(t, err)
		answer, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 || strings.Count(string(answer), `"class":"`) != 6 {
			t.Errorf("%s: %d %s, %v", line, resp.StatusCode, answer, err)
		}
		again := serveModel(t.Context(), []string{"-addr", strings.TrimPrefix(url, "http://"), model})
		if again == nil || !strings.Contains(again.Error(), "address already in use (want HOST:PORT") {
			t.Errorf("a second one: %v", again)
		}
		check(t, cmd.Process.Signal(sig))
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("after %v: %v, %s", sig, err, &log)
			}
		case <-time.After(time.Minute):
			t.Fatalf("after %v it does not end", sig)
		}
	}
	for _, e := range []struct {
		args []string
		says string
	}{
		{[]string{"serve"}, "serve: 0 arguments"},
		{[]string{"serve", "-batch", "0", model}, "serve: -batch 0 (want 1 or more)"},
		{[]string{"serve", model + "x"}, "serve: no file"},
		{[]string{"serve", "-addr", "nowhere", model}, "serve: -addr nowhere: "},
		{[]string{"serve", "-addr", "127.0.0.1:0", "-queue", "-1", model}, "serve: New: Queue(-1) (want 1 or more)"},
	} {
		err := dispatch(t.Context(), e.args, io.Discard)
		if err == nil || !strings.Contains(err.Error(), e.says) {
			t.Errorf("%q: %v (want %s)", e.args, err, e.says)
		}
	}
}

// The commands of docs/serving.md, as they stand there but for the port.
func TestServingPage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	fastnb, err := program()
	check(t, err)
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl in PATH")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "serving.md"))
	check(t, err)
	model, dir := plants(t), t.TempDir()
	check(t, os.CopyFS(filepath.Join(dir, "models"), os.DirFS(filepath.Dir(model))))
	check(t, os.WriteFile(filepath.Join(dir, "new.csv"), []byte(rows), 0o666))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	l.Close()
	wants := map[string]string{
		"fastnb show models": "categories", "fastnb show -json": `"target": [`, "fastnb predict models": "row 2",
		"fastnb predict -top": `"predictions": [`, "fastnb predict -csv": "", "curl -s http://127.0.0.1:8080/healthz": `{"status":"ok"}`,
		"curl -s -H 'Content-Type: application/json'": `{"predictions":[{"class":"`,
		"curl -s -F": `<section aria-live="polite">`, "curl -s http://127.0.0.1:8080/metrics": `fastnb_requests_total{code="200"} 3`,
	}
	wants["curl -s -H 'Content-Type: text/csv'"] = `]},{"class":"` // a second one
	for _, block := range strings.Split(string(page), "```sh\n")[1:] {
		commands, _, _ := strings.Cut(block, "```")
		for line := range strings.Lines(commands) {
			line = strings.TrimSpace(line)
			sh := exec.Command("sh", "-c", strings.ReplaceAll(strings.TrimSuffix(line, " &"), "8080", port))
			sh.Dir, sh.Env = dir, append(os.Environ(), "PATH="+filepath.Dir(fastnb)+":"+os.Getenv("PATH"))
			if strings.HasSuffix(line, " &") {
				sh.Args[2] = "exec " + sh.Args[2]
				out, err := sh.StdoutPipe()
				check(t, err)
				check(t, sh.Start())
				defer sh.Wait()
				defer sh.Process.Signal(syscall.SIGTERM)
				_, err = bufio.NewReader(out).ReadString('\n') // it listens
				check(t, err)
				continue
			}
			out, err := sh.CombinedOutput()
			known := false
			for begin, want := range wants {
				if strings.HasPrefix(line, begin) {
					delete(wants, begin)
					if known = true; err != nil || !strings.Contains(string(out), want) {
						t.Errorf("%s\n%s%v (want %s)", line, out, err, want)
					}
				}
			}
			if !known {
				t.Errorf("%s: the test does not know what it says:\n%s", line, out)
			}
		}
	}
	if len(wants) > 0 {
		t.Errorf("the page lacks %v", wants)
	}
	if csv, err := os.ReadFile(filepath.Join(dir, "sun.csv")); err != nil || strings.Count(string(csv), "\n") != 3 {
		t.Errorf("sun.csv is %q, %v", csv, err)
	}
}
