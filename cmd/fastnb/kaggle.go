package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/pack"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/submit"
	"github.com/fastnb/fastnb/datasets"
)

const kaggleUsage = `usage: fastnb kaggle COMMAND [ARGUMENTS]

  fetch COMPETITION ...            get competitions' files with your own credentials, and print their folders
  submit [-m MESSAGE] [-sample FILE] [-yes] COMPETITION FILE
                                   check a submission, show it, ask, and send it
  pack [-name NAME] [-user USER] [-competition NAME] [-o FOLDER] PROGRAM [FILE ...] [-- ARGUMENTS]
                                   pack a Go program with all it needs as a data set, and the notebook that runs it

A competition is named as in its page's address, www.kaggle.com/competitions/NAME.
`

var kaggleCommands = map[string]command{"fetch": kaggleFetch, "submit": kaggleSubmit, "pack": kagglePack}

// theKaggle does one of the steps of a competition.
func theKaggle(ctx context.Context, args []string) error {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(os.Stdout, kaggleUsage)
		return nil
	}
	do, ok := kaggleCommands[args[0]]
	if !ok {
		return fmt.Errorf("kaggle: no command %q (want fetch, submit or pack)", args[0])
	}
	return do(ctx, args[1:])
}

func kaggleFetch(ctx context.Context, args []string) error {
	names, err := parse("kaggle fetch", "COMPETITION ...", args, -1, nil)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("kaggle fetch: no competition (usage: fastnb kaggle fetch COMPETITION ...)")
	}
	for _, name := range names {
		dir, err := datasets.CompetitionContext(ctx, name)
		if err != nil {
			return err
		}
		fmt.Println(dir)
	}
	return nil
}

func kaggleSubmit(ctx context.Context, args []string) error {
	var o submit.Options
	form := "[-m MESSAGE] [-sample FILE] [-yes] COMPETITION FILE"
	rest, err := parse("kaggle submit", form, args, 2, func(f *flag.FlagSet) {
		f.StringVar(&o.Message, "m", "", "message beside the score; by default the file's name")
		f.StringVar(&o.Sample, "sample", "", "the competition's sample to check against; by default that of what was "+
			"fetched, or beside FILE; none checks nothing")
		f.BoolVar(&o.Yes, "yes", false, "send without asking")
	})
	if err != nil {
		return err
	}
	o.Competition, o.File = rest[0], rest[1]
	return submit.Run(ctx, o, os.Stdin, os.Stdout)
}

func kagglePack(ctx context.Context, args []string) error {
	var o pack.Options
	if i := slices.Index(args, "--"); i >= 0 {
		args, o.Args = args[:i], args[i+1:]
	}
	form := "[-name NAME] [-user USER] [-competition NAME] [-o FOLDER] PROGRAM [FILE ...] [-- ARGUMENTS]"
	rest, err := parse("kaggle pack", form, args, -1, func(f *flag.FlagSet) {
		f.StringVar(&o.Name, "name", "", "the data set's name in addresses; by default the program's")
		f.StringVar(&o.User, "user", "", "your name on Kaggle; by default that of your credentials")
		f.StringVar(&o.Competition, "competition", "", "the competition whose files the notebook gets")
		f.StringVar(&o.Out, "o", "", "folder to make; by default the data set's name and -kaggle")
	})
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return fmt.Errorf("kaggle pack: no program (usage: fastnb kaggle pack %s)", form)
	}
	o.Program, o.Files = rest[0], rest[1:]
	p, err := pack.Make(ctx, o, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d files, %.1f MB: %s\n", p.Dataset, len(p.Names), float64(p.Bytes)/1e6, strings.Join(p.Names, " "))
	fmt.Printf("Upload the data set, then run the notebook beside it. By Kaggle's own program:\n"+
		"    kaggle datasets create -p %s        # later: kaggle datasets version -p %[1]s -m MESSAGE\n"+
		"    kaggle kernels push -p %s\n"+
		"or by hand: New Dataset with all files of the first folder, then import run.ipynb of the second.\n",
		p.Dataset, p.Notebook)
	return nil
}
