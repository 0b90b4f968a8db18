// Command cells measures what the reader of a notebook waits for: from pressing run to the first training step, and to
// the end of a cell that only plots; with the resident engine, and with an engine in each cell's own process.
//
//	go run ./bench/cells [-turns 3] [-own] [notebooks/01-image-classifier.ipynb]
//
// It runs the whole notebook in the real kernel, once to fill the caches, which is not counted, then as often as asked.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fastnb/fastnb/bench/internal/figures"
	"github.com/fastnb/fastnb/engine"
	"github.com/fastnb/fastnb/engine/resident"
)

var out string // where the notebook goes

func main() {
	turns := flag.Int("turns", 3, "counted runs of the notebook")
	flag.StringVar(&out, "o", "", "write the notebook of the last run with the resident engine, outputs and all, to this file")
	own := flag.Bool("own", false, "also with an engine in each cell's own process, which takes longer")
	flag.Parse()
	path := "notebooks/01-image-classifier.ipynb"
	if flag.NArg() > 0 {
		path = flag.Arg(0)
	}
	if err := measure(path, *turns, *own); err != nil {
		log.Fatal(err)
	}
}

func measure(path string, turns int, own bool) error {
	dir, err := os.MkdirTemp("", "cells")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fastnb := filepath.Join(dir, "fastnb")
	if out, err := exec.Command("go", "build", "-o", fastnb, "./cmd/fastnb").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	ways := []string{""}
	if own {
		ways = append(ways, "own")
	}
	results := map[string][]cell{}
	for _, way := range ways {
		if results[way], err = runs(fastnb, way, path, turns); err != nil {
			return err
		}
	}
	return table(results, ways)
}

// runs returns the cells of all counted runs.
func runs(fastnb, way, path string, turns int) (all []cell, err error) {
	release := func() {}
	for turn := range turns + 1 {
		if way != "" && turn == 0 {
			continue // the caches are full by now
		}
		trace := filepath.Join(filepath.Dir(fastnb), fmt.Sprintf("trace%s-%d", way, turn))
		args := []string{"run", path}
		if out != "" && way == "" {
			args = append(args, "-o", out)
		}
		cmd := exec.Command(fastnb, args...)
		cmd.Env = append(os.Environ(), "FASTNB_ENGINE="+way, "FASTNB_TRACE="+trace)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		if turn == 0 && way == "" {
			release = hold()
			defer func() { release() }()
		}
		if err := cmd.Wait(); err != nil {
			return nil, err
		}
		if turn > 0 {
			cells, err := read(trace)
			if err != nil {
				return nil, err
			}
			all = append(all, cells...)
		}
	}
	return all, nil
}

// hold keeps the engine from being stopped between the runs, as a lab does.
func hold() (release func()) {
	done := make(chan struct{})
	go func() {
		socket, err := engine.DefaultSocket()
		if err != nil {
			log.Print(err)
			return
		}
		for {
			select {
			case <-done:
				return
			default:
			}
			if be, err := resident.Dial(socket, ""); err == nil {
				<-done
				be.Finalize()
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	return func() { close(done) }
}

// cell is when things happened in one cell, in seconds from pressing run; 0 for what did not happen.
type cell struct {
	number                                    int
	process, engine, fit, step, stepDone, end float64
}

// read reads a trace.
func read(path string) (cells []cell, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	began := 0.0
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		words := strings.SplitN(lines.Text(), " ", 3)
		ns, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil || len(words) < 3 {
			return nil, fmt.Errorf("%s: line %q", path, lines.Text())
		}
		at := float64(ns) / 1e9
		if n, ok := strings.CutPrefix(words[2], "cell "); ok && !strings.HasSuffix(n, "done") {
			number, _ := strconv.Atoi(n)
			cells, began = append(cells, cell{number: number}), at
			continue
		}
		if len(cells) > 0 {
			cells[len(cells)-1].note(words[2], at-began)
		}
	}
	return cells, nil
}

// note notes the first time that something happens.
func (c *cell) note(what string, at float64) {
	into := map[string]*float64{"process": &c.process, "engine": &c.engine, "fit": &c.fit,
		"training step": &c.step, "training step done": &c.stepDone, fmt.Sprintf("cell %d done", c.number): &c.end}[what]
	if into != nil && *into == 0 {
		*into = at
	}
}

// table prints medians and ranges.
func table(results map[string][]cell, ways []string) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "cells that train\tmedian of\tbuilt and begun\tengine open\tfit\tfirst step begins\tfirst step done")
	for _, way := range ways {
		trained := slices.DeleteFunc(slices.Clone(results[way]), func(c cell) bool { return c.step == 0 })
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", name(way), len(trained),
			of(trained, func(c cell) float64 { return c.process }), of(trained, func(c cell) float64 { return c.engine }),
			of(trained, func(c cell) float64 { return c.fit }), of(trained, func(c cell) float64 { return c.step }),
			of(trained, func(c cell) float64 { return c.stepDone }))
	}
	fmt.Fprintln(t, "\ncells without an engine\tmedian of\tbuilt and begun\tend")
	for _, way := range ways {
		plotted := slices.DeleteFunc(slices.Clone(results[way]), func(c cell) bool { return c.engine != 0 || c.process == 0 })
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\n", name(way), len(plotted),
			of(plotted, func(c cell) float64 { return c.process }), of(plotted, func(c cell) float64 { return c.end }))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Println("\ncell by cell: number, way, process, engine, fit, step, end")
	for _, way := range ways {
		for _, c := range results[way] {
			fmt.Printf("%3d %-9s %6.2f %6.2f %6.2f %6.2f %6.2f\n", c.number, name(way), c.process, c.engine, c.fit, c.step,
				c.end)
		}
	}
	return nil
}

func name(way string) string {
	if way == "" {
		return "resident"
	}
	return way
}

func of(cells []cell, get func(cell) float64) string {
	if len(cells) == 0 {
		return "-"
	}
	all := make([]float64, len(cells))
	for i, c := range cells {
		all[i] = get(c)
	}
	return fmt.Sprintf("%.2f s (%.2f-%.2f)", figures.Median(all), slices.Min(all), slices.Max(all))
}
