package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/fastnb/fastnb/datasets"
)

// data lists the data sets, or fetches those that are named and prints their folders.
func data(ctx context.Context, args []string) error {
	names, err := parse("data", "[NAME ...]", args, -1, nil)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return listData(os.Stdout)
	}
	for _, name := range names {
		dir, err := datasets.FetchContext(ctx, name)
		if err != nil {
			return err
		}
		fmt.Println(dir)
	}
	return nil
}

func listData(w io.Writer) error {
	for _, name := range datasets.Names() {
		set, err := datasets.Describe(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-16s %s\n%16s %s; %s\n", set.Name, set.About, "", set.Licence, set.Page)
	}
	return nil
}
