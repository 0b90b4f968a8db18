package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/setup"
	"github.com/fastnb/fastnb/cmd/fastnb/internal/starter"
)

// newNotebook writes a notebook for data of the user's own.
func newNotebook(_ context.Context, args []string) error {
	var o starter.Options
	var kind, folder string
	rest, err := parse("new", "[-kind image|table|text] [-target COLUMN] [-dir FOLDER] NAME DATA", args, 2,
		func(f *flag.FlagSet) {
			f.StringVar(&kind, "kind", "", "what the data are, image, table or text; by default that is seen from them")
			f.StringVar(&o.Target, "target", "",
				"the `column` of a CSV file that is to be predicted; by default label or the like, else the last one")
			f.StringVar(&folder, "dir", "", "the `folder` that the notebook is written into; by default that of the lessons")
		})
	if err != nil {
		return err
	}
	o.Kind = starter.Kind(kind)
	if folder == "" {
		root, err := setup.Root()
		if err != nil {
			return wrapped("new", err)
		}
		folder = filepath.Join(root, "notebooks")
	}
	file, err := starter.Write(folder, rest[0], rest[1], o)
	if err != nil {
		return wrapped("new", err)
	}
	fmt.Printf("%s\n`fastnb lab` shows it beside the lessons, `fastnb run %[1]s` runs it\n", file)
	return nil
}
