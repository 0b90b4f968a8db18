package tabular

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/internal/domain"
	"github.com/fastnb/fastnb/fastnb/split"
)

// DataOption is an option of FromTable.
type DataOption interface{ data(*dataConfig) }

type dataOption func(*dataConfig)

func (o dataOption) data(c *dataConfig) { o(c) }

// Class names the column of the class to be predicted: text, truth values or a few numbers.
func Class(column string) DataOption {
	return dataOption(func(c *dataConfig) {
		c.targets = append(c.targets, target{Task: oneClass, Columns: []string{column}})
	})
}

// Target names the columns of the numbers to be predicted, usually one: a regression.
func Target(columns ...string) DataOption {
	return dataOption(func(c *dataConfig) { c.targets = append(c.targets, target{Task: regression, Columns: columns}) })
}

// LogTarget names the column of a number above 0 whose natural logarithm is to be predicted. Errors then count in
// shares of the number, as in metric.ExpRMSPE; Learner.Values turns predictions back.
func LogTarget(column string) DataOption {
	return dataOption(func(c *dataConfig) {
		c.targets = append(c.targets, target{Task: regression, Columns: []string{column}, Log: true})
	})
}

// Labels names the columns of a multi-label target, each of 0 and 1 or truth values: a row may have any number of
// labels.
func Labels(columns ...string) DataOption {
	return dataOption(func(c *dataConfig) { c.targets = append(c.targets, target{Task: manyLabels, Columns: columns}) })
}

// Cats names the columns of categories, each of which gets an embedding. Default: text, truth values, and whole numbers
// of at most MaxCard different values.
func Cats(columns ...string) DataOption {
	return dataOption(func(c *dataConfig) { c.cats = append(c.cats, columns...) })
}

// Conts names the columns of numbers that mean an amount. Default: the numbers that are not categories.
func Conts(columns ...string) DataOption {
	return dataOption(func(c *dataConfig) { c.conts = append(c.conts, columns...) })
}

// Skip names columns that the model does not see, of those that it would by default.
func Skip(columns ...string) DataOption {
	return dataOption(func(c *dataConfig) { c.skip = append(c.skip, columns...) })
}

// ID names the column that identifies a row, in a submission for instance. The model does not see it. The rows of a
// table that lacks it are numbered, as by default.
func ID(column string) DataOption { return dataOption(func(c *dataConfig) { c.id = column }) }

// ValidShare takes this share of the rows, at random, for validation: those of CVRows, unless Stratify is on. Default
// .2. Only one of ValidShare, ValidRows, ValidColumn and Fold can be given.
func ValidShare(share float64) DataOption {
	return dataOption(func(c *dataConfig) { c.valid.Give("ValidShare"); c.validShare = share })
}

// ValidRows takes these rows for validation, each once, by number from 0, in the order that is given here;
// ValidRows(nil) takes none.
func ValidRows(rows []int) DataOption {
	return dataOption(func(c *dataConfig) { c.valid.Give("ValidRows"); c.validRows, c.noShare = rows, true })
}

// ValidColumn takes the rows for validation in which a column of truth values is true; SQL makes such a column of a
// date, say. The model does not see the column.
func ValidColumn(name string) DataOption {
	return dataOption(func(c *dataConfig) { c.valid.Give("ValidColumn"); c.validColumn, c.noShare = name, true })
}

// Fold takes fold k of so many, counted from 0, for validation: with the same Seed, each row is for validation in one
// of the folds.
func Fold(k, of int) DataOption {
	return dataOption(func(c *dataConfig) { c.valid.Give("Fold"); c.fold, c.folds = k, of })
}

// Stratify gives the rows that ValidShare or Fold takes for validation, and those that it leaves, about the same share
// of each class. It is for a Class. Default false.
func Stratify(on bool) DataOption { return dataOption(func(c *dataConfig) { c.stratify = on }) }

// GroupColumn names the column that says which rows belong together, as those of one customer: ValidShare and Fold take
// a group as a whole or not at all. The model does not see the column.
func GroupColumn(name string) DataOption {
	return dataOption(func(c *dataConfig) { c.groupColumn = name })
}

// TestTable is a table to be predicted, with the columns of the other one; it need not have the target.
func TestTable(t *Table) DataOption {
	return dataOption(func(c *dataConfig) { c.test, c.testGiven = t, true })
}

// BatchSize is the number of rows of a batch. Default 64. Where there are fewer training rows, all of them are one
// batch. Nets with batch norm are trained on 2 or more.
func BatchSize(n int) DataOption { return dataOption(func(c *dataConfig) { c.batchSize = n }) }

// MinCount is how often a category must occur in the training rows to get an embedding of its own; rarer ones share
// that of the unknown. Default 1.
func MinCount(n int) DataOption { return dataOption(func(c *dataConfig) { c.minCount = n }) }

// MaxCard is the largest number of different values with which a column of whole numbers still counts as a category,
// unless Cats or Conts names it. Default 20.
func MaxCard(n int) DataOption { return dataOption(func(c *dataConfig) { c.maxCard = n }) }

// Seed fixes which rows ValidShare takes; it has at most 32 bits, as in CVRows. Default 42.
func Seed(n uint64) DataOption { return dataOption(func(c *dataConfig) { c.seed = n }) }

// WorkDir is the folder for models and what is cached. Default the current folder.
func WorkDir(dir string) DataOption { return dataOption(func(c *dataConfig) { c.workDir = dir }) }

type dataConfig struct {
	targets           []target
	cats, conts, skip []string
	id                string
	valid             domain.Choice // which of the next three was given
	validShare        float64
	validRows         []int
	validColumn       string
	noShare           bool // the validation rows are not drawn
	fold, folds       int
	stratify          bool
	groupColumn       string
	test              *Table
	testGiven         bool
	batchSize         int
	minCount, maxCard int
	seed              uint64
	workDir           string
}

func newDataConfig(opts []DataOption) dataConfig {
	c := dataConfig{validShare: .2, batchSize: 64, minCount: 1, maxCard: 20, seed: 42, workDir: "."}
	for _, o := range opts {
		o.data(&c)
	}
	return c
}

// check tells what is wrong with the options, given the table.
func (c dataConfig) check(t *Table) error {
	switch {
	case t == nil || t.Len() == 0:
		return errors.New("the table has no rows")
	case c.testGiven && (c.test == nil || c.test.Len() == 0):
		return errors.New("the TestTable has no rows")
	case len(c.targets) != 1 || len(c.targets[0].Columns) == 0:
		return fmt.Errorf("%d targets (want one of Class, Target, LogTarget, Labels)", len(c.targets))
	case c.batchSize < 1:
		return fmt.Errorf("BatchSize(%d) (want at least 1)", c.batchSize)
	}
	if err := errors.Join(c.valid.Check(), split.CheckCVSeed(c.seed), c.checkDrawn()); err != nil {
		return err
	}
	for _, name := range slices.Concat(c.targets[0].Columns, c.cats, c.conts, c.skip) {
		if _, err := t.column(name); err != nil {
			return err
		}
	}
	if c.id != "" && t.Column(c.id) == nil && (c.test == nil || c.test.Column(c.id) == nil) {
		return fmt.Errorf("ID: no column %q (have %s)", c.id, strings.Join(t.Names(), ", "))
	}
	for _, name := range slices.Concat(c.cats, c.conts) {
		if slices.Contains(c.targets[0].Columns, name) {
			return fmt.Errorf("column %q is the target; the model must not see it", name)
		}
		if name == c.groupColumn {
			return fmt.Errorf("column %q is the GroupColumn; the model must not see it, for new rows are of other groups", name)
		}
	}
	return c.checkTwice()
}

// checkTwice tells which column the options name more than once.
func (c dataConfig) checkTwice() error {
	seen := map[string]bool{}
	for _, name := range slices.Concat(c.cats, c.conts) {
		if seen[name] {
			return fmt.Errorf("column %q is in Cats and in Conts, or twice in one of them (want it once)", name)
		}
		seen[name] = true
	}
	return nil
}

// drawn returns the rows that Fold takes, or ValidShare with Stratify or groups.
func (c dataConfig) drawn(t *Table) ([]int, error) {
	var groups, classes []string
	if c.stratify {
		classes = t.Strings(c.targets[0].Columns[0])
	}
	if c.groupColumn != "" {
		var err error
		if groups, err = t.groups(c.groupColumn); err != nil {
			return nil, fmt.Errorf("GroupColumn: %w", err)
		}
	}
	return domain.Draw{Share: c.validShare, Fold: c.fold, Folds: c.folds, Seed: c.seed}.Rows(t.Len(), groups, classes)
}

// checkDrawn tells what is wrong with Fold, Stratify and GroupColumn.
func (c dataConfig) checkDrawn() error {
	if c.valid.Has("Fold") {
		if err := domain.CheckFold(c.fold, c.folds); err != nil {
			return err
		}
	}
	switch {
	case c.stratify && c.noShare:
		return errors.New("Stratify says how ValidShare and Fold draw; leave it out")
	case c.groupColumn != "" && c.noShare:
		return errors.New("GroupColumn says how ValidShare and Fold draw; leave it out")
	case c.stratify && c.groupColumn != "":
		return errors.New("Stratify and GroupColumn at once (want one of them)")
	case c.stratify && c.targets[0].Task != oneClass:
		return errors.New("Stratify is for a Class, the target is another; leave it out")
	}
	return nil
}

// split returns the numbers of the training and of the validation rows.
func (c dataConfig) split(t *Table) (train, valid []int, err error) {
	n := t.Len()
	switch valid = c.validRows; {
	case c.validColumn != "":
		if valid, err = t.where(c.validColumn); err != nil {
			return nil, nil, fmt.Errorf("ValidColumn: %w", err)
		}
	case c.folds > 0 || c.stratify || c.groupColumn != "":
		if valid, err = c.drawn(t); err != nil {
			return nil, nil, err
		}
	case !c.noShare:
		if valid, err = CVRows(n, 0, c.validShare, c.seed); err != nil {
			return nil, nil, fmt.Errorf("ValidShare(%g) of %d rows "+
				"(want above 0, below 1, and a row at least; ValidRows(nil) is no validation)", c.validShare, n)
		}
	}
	isValid := make([]bool, n)
	for _, r := range valid {
		if r < 0 || r >= n || isValid[r] {
			return nil, nil, fmt.Errorf("ValidRows: row %d (want rows of 0 to %d, each once)", r, n-1)
		}
		isValid[r] = true
	}
	for r := range n {
		if !isValid[r] {
			train = append(train, r)
		}
	}
	if len(train) < 2 {
		return nil, nil, fmt.Errorf("%d of %d rows are left to train on (want 2 or more)", len(train), n)
	}
	return train, valid, nil
}
