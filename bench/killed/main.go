// Command killed kills trainings at random moments, lets them go on, and compares what they end with to trainings that
// nobody disturbed, bit for bit: weights, optimizer, history, the best model and the table in the file.
//
//	go run ./bench/killed                    # photos, a table, a language model, a classifier of texts, 100 kills each
//	go run ./bench/killed -kinds table -kills 20 -seed 7
//	go run ./bench/killed -engine ./fastnb   # through a resident engine of that program, which is killed as well
//
// It prints a line for each training and ends with a status of 1 if one of them differs.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var (
	kinds   = flag.String("kinds", "photos,table,language,texts", "kinds of training")
	kills   = flag.Int("kills", 100, "processes of each kind that are killed")
	seed    = flag.Uint64("seed", 1, "of the moments")
	longest = flag.Duration("longest", 4*time.Second, "the longest that a process lives after it has begun to save")
	engine  = flag.String("engine", "", "fastnb, whose resident engine then computes and, in one case of two, is killed")
	child   = flag.String("child", "", "folder of a training; for the command itself")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	if *child != "" {
		if err := train(*kinds, *child); err != nil {
			log.Fatal(err)
		}
		return
	}
	failed := 0
	for _, kind := range strings.Split(*kinds, ",") {
		n, err := compare(kind)
		if err != nil {
			log.Fatalf("%s: %v", kind, err)
		}
		failed += n
	}
	if failed > 0 {
		log.Fatalf("%d trainings ended otherwise than undisturbed ones", failed)
	}
}

// compare kills trainings of one kind until there were enough kills, and returns how many of them ended otherwise.
func compare(kind string) (failed int, err error) {
	root, err := os.MkdirTemp("", "fastnb-killed")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(root)
	whole := filepath.Join(root, "whole")
	if _, err := run(kind, whole, time.Hour, false); err != nil { // killed by nobody
		return 0, err
	}
	random := rand.New(rand.NewPCG(*seed, 0))
	for killed, i := 0, 0; killed < *kills; i++ {
		dir := filepath.Join(root, fmt.Sprint(i))
		n, err := toTheEnd(kind, dir, random)
		if err != nil {
			return failed, err
		}
		killed += n
		differs, err := differences(whole, dir)
		if err != nil {
			return failed, err
		}
		fmt.Printf("%s: %d kills, in all %d: %s\n", kind, n, killed, verdict(differs))
		if len(differs) > 0 {
			failed++
		}
		if err := os.RemoveAll(dir); err != nil {
			return failed, err
		}
	}
	return failed, nil
}

func verdict(differs []string) string {
	if len(differs) == 0 {
		return "the same, bit for bit"
	}
	return "OTHER: " + strings.Join(differs, "; ")
}

// toTheEnd runs a training whose processes are killed, one after the other, until one comes to the end; it returns how
// many were killed.
func toTheEnd(kind, dir string, random *rand.Rand) (killed int, err error) {
	for {
		after := time.Duration(random.Int64N(int64(*longest)))
		done, err := run(kind, dir, after, *engine != "" && random.IntN(2) == 0)
		if done || err != nil {
			return killed, err
		}
		killed++
	}
}
