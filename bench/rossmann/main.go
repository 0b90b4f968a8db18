// Command rossmann times the features of notebooks/08-rossmann.ipynb, from the seven files to the two tables, beside
// pandas making the same ones, in turns and in one run:
//
//	python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pandas==3.1.1 numpy==2.4.6
//	go run ./bench/rossmann -python /tmp/venv/bin/python -n 3
//
// The lesson itself is measured: its declarations are taken out of the notebook and compiled, as the kernel does it.
// Times are from before the first file is read until both tables are in memory; starting the program and importing
// pandas are not counted. Memory is the most that the process had resident.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/fastnb/fastnb/datasets"
)

var (
	python  = flag.String("python", "python3", "a Python that has pandas")
	repeats = flag.Int("n", 3, "how often each side runs")
)

func main() {
	flag.Parse()
	if err := compare(); err != nil {
		log.Fatal(err)
	}
}

func compare() error {
	folder, err := datasets.Fetch("rossmann")
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	binary, err := buildLesson(root)
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(binary))
	script := filepath.Join(root, "bench", "rossmann", "features.py")
	fmt.Printf("%d cores; %d runs each, in turns\n", runtime.NumCPU(), *repeats)
	var lesson, pandas []run
	for range *repeats {
		l, err := measure(exec.Command(binary))
		if err != nil {
			return err
		}
		p, err := measure(exec.Command(*python, script, folder))
		if err != nil {
			return err
		}
		lesson, pandas = append(lesson, l), append(pandas, p)
	}
	return report(lesson, pandas)
}

// run is what one run of a side says of itself, and its memory as the system saw it.
type run struct {
	Seconds     float64
	Train, Test int
	MB          float64 `json:"-"`
}

// measure runs a side; what it says is the last line of its output.
func measure(cmd *exec.Cmd) (r run, err error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, fmt.Errorf("%s: %w", cmd, err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil {
		return r, fmt.Errorf("%s: %w", cmd, err)
	}
	r.MB = peak(cmd.ProcessState)
	return r, nil
}

// peak is the most memory that a process had, in MB; 0 where the system does not tell.
func peak(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / 1e6
	}
	return float64(usage.Maxrss) / 1e3
}

func report(lesson, pandas []run) error {
	fmt.Printf("%-8s %10s %10s %10s %10s %10s %8s\n", "", "median s", "min s", "max s", "peak MB", "train", "test")
	show("fastnb", lesson)
	show("pandas", pandas)
	ratios := make([]float64, len(lesson))
	for i := range lesson {
		ratios[i] = pandas[i].Seconds / lesson[i].Seconds
	}
	fmt.Printf("pandas takes %.2f times as long (%.2f to %.2f)\n", median(ratios), slices.Min(ratios), slices.Max(ratios))
	if lesson[0].Train != pandas[0].Train || lesson[0].Test != pandas[0].Test {
		return fmt.Errorf("the tables differ in their rows")
	}
	return nil
}

func show(name string, runs []run) {
	var seconds, mb []float64
	for _, r := range runs {
		seconds, mb = append(seconds, r.Seconds), append(mb, r.MB)
	}
	fmt.Printf("%-8s %10.2f %10.2f %10.2f %10.0f %10d %8d\n", name, median(seconds), slices.Min(seconds),
		slices.Max(seconds),
		slices.Max(mb), runs[0].Train, runs[0].Test)
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
