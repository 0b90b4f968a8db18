// Command fastnb sets up JupyterLab with a Go kernel and works with the lessons.
//
//	fastnb setup              installs whatever is missing into the user's cache folder
//	fastnb lab                set-up, then JupyterLab on the lessons; ctrl-C stops it
//	fastnb run NOTEBOOK       runs a notebook without a browser, and fails where a cell fails
//	fastnb new NAME DATA      writes a notebook that learns from data of your own
//	fastnb doctor             says what was found and what to do about what is missing
//	fastnb data [NAME ...]    lists the data sets, or fetches some
//	fastnb show MODEL         prints the record of a saved model
//	fastnb predict MODEL FILES...   predicts images, texts, rows or users with a saved model
//	fastnb serve MODEL        answers requests for predictions, over HTTP and on a page
//	fastnb kaggle COMMAND     fetches a competition, sends a submission, packs a program for Kaggle's notebooks
//	fastnb engine COMMAND     serves as the resident engine, or looks after the one that runs
//
// Its exit status is 0, 1 after an error, which it tells on standard error, and 128 and the signal's number where a
// signal ended it: 130 after ctrl-C. A second ctrl-C does not wait for what was asked to stop.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
)

const usage = `usage: fastnb COMMAND [ARGUMENTS]

  setup [-device cuda]     install whatever is missing, into the user's cache folder
  lab [-no-browser]        set up, then open JupyterLab on the lessons; ctrl-C stops it
  run [-o OUT] NOTEBOOK    run a notebook without a browser; fail where a cell fails
  new NAME DATA            write a notebook that learns from a folder or a CSV file of your own
  doctor                   say what was found, and what to do about what is missing
  data [NAME ...]          list the data sets, or fetch some
  show [-json] MODEL       print the record of a saved model, a checkpoint's file
  predict MODEL FILES...   predict images, texts, rows or users with a saved model
  serve [-addr A] MODEL    answer requests for predictions over HTTP, and on a page in the browser
  kaggle COMMAND           competitions: fetch, submit or pack
  engine COMMAND           the resident engine: serve, status, free or stop
`

// command runs one subcommand with its arguments.
type command func(ctx context.Context, args []string) error

var commands = map[string]command{
	"setup":   setUp,
	"lab":     openLab,
	"run":     runNotebook,
	"new":     newNotebook,
	"doctor":  seeDoctor,
	"data":    data,
	"show":    showModel,
	"predict": predictFiles,
	"serve":   serveModel,
	"kaggle":  theKaggle,
	"engine":  theEngine,
}

func main() {
	ctx, stop := interruptible(context.Background())
	status := report(ctx, dispatch(ctx, os.Args[1:], os.Stdout), os.Stderr)
	stop()
	os.Exit(status)
}

func dispatch(ctx context.Context, args []string, help io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprint(help, usage)
		return nil
	}
	do, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("no command %q: want setup, lab, run, new, doctor, data, show, predict, serve, kaggle or engine",
			args[0])
	}
	return do(ctx, args[1:])
}
