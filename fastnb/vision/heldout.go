package vision

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/internal/domain"
	rows "github.com/fastnb/fastnb/fastnb/split"
)

// ValidShare takes this share of the labelled images, at random, for validation. Of FromPaths it is for data that has
// no valid folder: the images are those in the train folder, or where there is none in the class folders of the path
// itself. Default of FromPaths 0, none; of the other constructors .2, unless images are for validation otherwise; 0 is
// none. Only one of ValidShare, ValidRows, ValidColumn and Fold can be given.
func ValidShare(share float64) DataOption { return heldBy("ValidShare", heldOut{share: share}) }

// ValidRows takes these images for validation, by number from 0: of rows of a table in their order, of items, of the
// files of a folder in natural order, class by class in FromPaths. They are validated in the order that is given here.
// ValidRows(nil) takes none. The rows of fast.ai 0.7's get_cv_idxs are those of split.CVRows.
func ValidRows(numbers []int) DataOption {
	return heldBy("ValidRows", heldOut{rows: slices.Clone(numbers)})
}

// ValidColumn names the column of a table that says which rows are for validation: true or 1 there, false or 0
// elsewhere.
func ValidColumn(name string) DataOption {
	return tableOption("ValidColumn", func(c *config) { heldBy("ValidColumn", heldOut{column: name})(c) })
}

// Fold takes fold k of so many, counted from 0, for validation: with the same Seed, each image is for validation in one
// of the folds. See [Stratify] and [GroupColumn].
func Fold(k, of int) DataOption { return heldBy("Fold", heldOut{fold: k, folds: of}) }

// Stratify gives the images that [ValidShare] or [Fold] takes for validation, and those that it leaves, about the same
// share of each class. Of an image with several labels the rarest one counts. Default false.
func Stratify(on bool) DataOption { return dataOption(func(c *config) { c.stratify = on }) }

// GroupColumn names the column of a table that says which rows belong together, as the photos of one animal:
// [ValidShare] and [Fold] take a group as a whole or not at all. The items of FromItems have a Group.
func GroupColumn(name string) DataOption {
	return tableOption("GroupColumn", func(c *config) { c.groupColumn = name })
}

// heldOut says which images are for validation, by one of the options.
type heldOut struct {
	by          string // the option, "" for none
	share       float64
	rows        []int
	column      string
	fold, folds int
}

func heldBy(option string, h heldOut) dataOption {
	h.by = option
	return func(c *config) { c.held = h; c.choice.Give(option) }
}

// holds tells whether an option says what is for validation.
func (c config) holds() bool {
	return c.held.by != "" && !(c.held.by == "ValidShare" && c.held.share == 0)
}

// checkHeld tells what is wrong with the option by itself.
func (c config) checkHeld() error {
	h := c.held
	if h.by == "Fold" {
		if err := domain.CheckFold(h.fold, h.folds); err != nil {
			return err
		}
	}
	switch {
	case !(h.share >= 0 && h.share < 1):
		return fmt.Errorf("ValidShare(%g) (want a share above 0 and below 1)", h.share)
	case c.stratify && c.groupColumn != "":
		return errors.New("Stratify and GroupColumn at once (want one of them)")
	case c.stratify && (h.by == "ValidRows" || h.by == "ValidColumn"):
		return fmt.Errorf("Stratify says how ValidShare and Fold draw; %s draws nothing", h.by)
	case c.groupColumn != "" && (h.by == "ValidRows" || h.by == "ValidColumn"):
		return fmt.Errorf("GroupColumn says how ValidShare and Fold draw; %s draws nothing", h.by)
	}
	return c.choice.Check()
}

// hold moves the images that the options take from training to validation.
func (d *Data) hold(f folder) error {
	valid, err := d.config.drawnOrGiven(d.kind, f)
	if err != nil {
		return err
	}
	for k, i := range valid {
		f.split[i], f.files[i].turn = fastnb.Valid, k+1
	}
	return nil
}

// drawnOrGiven returns the places of the files that are for validation.
func (c config) drawnOrGiven(k kind, f folder) ([]int, error) {
	switch h := c.held; {
	case len(f.files) == 0 || h.by == "" || h.by == "ValidColumn" || h.by == "ValidShare" && h.share == 0:
		return nil, nil
	case h.by == "ValidRows":
		places, err := f.places(h.rows)
		if err != nil {
			return nil, fmt.Errorf("ValidRows: %w", err)
		}
		return places, nil
	}
	if c.stratify && k == numbers {
		return nil, errors.New("Stratify is for classes, the images have numbers; leave it out")
	}
	valid, err := c.drawn(k, f.files)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.held.by, err)
	}
	return valid, nil
}

// places returns where the files of these numbers are.
func (f folder) places(numbers []int) ([]int, error) {
	if f.numbered == nil {
		_, err := rows.Rest(len(f.files), numbers)
		return numbers, err
	}
	if _, err := rows.Rest(len(f.numbered), numbers); err != nil {
		return nil, err
	}
	places := make([]int, len(numbers))
	for k, number := range numbers {
		if places[k] = f.numbered[number]; places[k] < 0 {
			return nil, fmt.Errorf("item %d is for Test, or wrong (want items with something to learn)", number)
		}
	}
	return places, nil
}

// drawn returns the files that ValidShare or Fold takes.
func (c config) drawn(k kind, files []file) ([]int, error) {
	var byGroup, byClass []string
	if slices.ContainsFunc(files, func(f file) bool { return f.group != "" }) {
		byGroup = groups(files)
	}
	if c.stratify {
		byClass = strata(k, files)
	}
	if byGroup != nil && byClass != nil {
		return nil, errors.New("Stratify and groups at once (want one of them)")
	}
	h := c.held
	return domain.Draw{Share: h.share, Fold: h.fold, Folds: h.folds, Seed: c.seed}.Rows(len(files), byGroup, byClass)
}

// groups returns the group of each file.
func groups(files []file) []string {
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = f.group
	}
	return all
}

// strata returns the class of each file, or the rarest of its labels, "" where it has none.
func strata(k kind, files []file) []string {
	all := make([]string, len(files))
	n := map[string]int{}
	for _, f := range files {
		for _, label := range f.labels {
			n[label]++
		}
	}
	for i, f := range files {
		if all[i] = f.class; k == manyLabels {
			all[i] = rarest(f.labels, n)
		}
	}
	return all
}

// rarest returns the label that comes least often, the first of equals.
func rarest(labels []string, n map[string]int) string {
	least := ""
	for _, label := range labels {
		if least == "" || n[label] < n[least] {
			least = label
		}
	}
	return least
}
