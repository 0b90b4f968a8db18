package lessontest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// kept is a notebook of three cells: one prints, one shows a table, one shows nothing.
const kept = `{"cells": [
	{"cell_type": "markdown", "source": "print"},
	{"cell_type": "code", "source": ["print(\n", "probe)"], "outputs": [
		{"output_type": "stream", "name": "stdout", "text": ["probe: accuracy 0.700\n", "items 1,234\n"]},
		{"output_type": "stream", "name": "stderr", "text": "accuracy 1\n"}]},
	{"cell_type": "code", "source": "fit()", "outputs": [{"output_type": "display_data", "data": {
		"text/html": ["<tr><th>step</th><th>accuracy</th></tr>\n", "<tr><td>all &amp; TTA</td>\n<td>0.75</td></tr>"],
		"text/plain": "all & TTA 0.99"}}]},
	{"cell_type": "code", "source": "show(); show()", "outputs": []}]}`

// What is claimed of a notebook's outputs is borne out or not, and the error tells what is there instead.
func TestClaims(t *testing.T) {
	probe := Claim{Name: "probe", Cell: "print(", Match: `accuracy (\d\.\d+)`, Min: .65, Max: .75}
	tta := Claim{Name: "TTA", Cell: "fit()", Match: `all & TTA\s+(\S+)`, Above: "probe", By: .05}
	with := func(c Claim, change func(*Claim)) Claim { change(&c); return c }
	for name, test := range map[string]struct {
		claims Claims
		want   string // in the errors, "" for none
	}{
		"borne out":       {Claims{probe, tta}, ""},
		"the other order": {Claims{tta, probe}, ""},
		"a comma":         {Claims{{Name: "items", Cell: "probe", Match: `items ([\d,]+)`, Min: 1234, Max: 1234}}, ""},
		"too low":         {Claims{with(probe, func(c *Claim) { c.Min = .701 })}, "0.7 is not in 0.701 to 0.75"},
		"too high":        {Claims{with(probe, func(c *Claim) { c.Max = .69 })}, "0.7 is not in 0.65 to 0.69"},
		"too near":        {Claims{probe, with(tta, func(c *Claim) { c.By = .06 })}, `0.75 is not above "probe", 0.7,`},
		"above nothing":   {Claims{tta}, `no number of "probe"`},
		"equal":           {Claims{probe, with(probe, func(c *Claim) { c.Name, c.Above = "same", "probe" })}, "not above"},
		"at most a bit below": {Claims{tta, with(probe, func(c *Claim) { c.Above, c.By = "TTA", -.05 }),
			with(tta, func(c *Claim) { c.Name = "again" })}, ""},
		"no such cell": {Claims{with(probe, func(c *Claim) { c.Cell = "prince" })}, `no code cell has "prince"`},
		"two cells":    {Claims{with(probe, func(c *Claim) { c.Cell = "(" })}, "cells 1 and 2 both have"},
		"no such text": {Claims{with(probe, func(c *Claim) { c.Match = `loss (\S+)` })}, "nothing in the output of cell 1"},
		"no output":    {Claims{with(probe, func(c *Claim) { c.Cell = "show()" })}, "nothing in the output of cell 3"},
		"two groups":   {Claims{with(probe, func(c *Claim) { c.Match = `(a)(b)` })}, "with one group"},
		"not a number": {Claims{with(probe, func(c *Claim) { c.Match = `(accuracy)` })}, "invalid syntax"},
		"standard error": {Claims{with(probe, func(c *Claim) { c.Match, c.Max = `accuracy (\d)\n`, 1 })},
			"nothing in the output"},
	} {
		var nb notebook
		if err := json.Unmarshal([]byte(kept), &nb); err != nil {
			t.Fatal(err)
		}
		err := errors.Join(test.claims.errors(nb)...)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v (want %q)", name, err, test.want)
		}
	}
}
