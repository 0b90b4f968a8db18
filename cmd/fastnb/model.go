package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"

	"github.com/fastnb/fastnb/cmd/fastnb/internal/modelfile"
)

// showModel prints the record of a saved model.
func showModel(_ context.Context, args []string) error { return showTo(os.Stdout, args) }

func showTo(w io.Writer, args []string) error {
	var asJSON bool
	rest, err := parse("show", "[-json] MODEL", args, 1, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "print JSON, with the fit and all its epochs")
	})
	if err != nil {
		return err
	}
	card, err := modelfile.Read(rest[0])
	if err != nil {
		return wrapped("show", err)
	}
	print := card.Print
	if asJSON {
		print = func(w io.Writer) error { return writeJSON(w, card) }
	}
	if err := print(w); err != nil {
		return err
	}
	return wrapped("show", card.Whole())
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
