package vision

import (
	"errors"
	"fmt"
	"slices"
)

// FileColumn names the column of a table that has the file of each image. Default: the first column.
func FileColumn(name string) DataOption {
	return tableOption("FileColumn", func(c *config) { c.fileColumn = name })
}

// LabelColumn names the column of a table that has the class of each image, or with [LabelDelim] its labels. Default:
// the column label where there is one, else the first that no other option names.
func LabelColumn(name string) DataOption {
	return tableOption("LabelColumn", func(c *config) { c.labelColumn = name })
}

// LabelDelim says that each cell of [LabelColumn] has any number of labels, with this between them: " " for those of
// planet, "clear primary road". "" is a space, too. An empty cell has no label.
func LabelDelim(delim string) DataOption {
	return tableOption("LabelDelim", func(c *config) {
		if c.delim = delim; delim == "" {
			c.delim = " "
		}
		c.truths.Give("LabelDelim")
	})
}

// LabelColumns names the columns of a table that are labels, each 1 or true where an image has the label, else 0 or
// false: an image may have any number of them.
func LabelColumns(names ...string) DataOption {
	return tableOption("LabelColumns", func(c *config) {
		c.labelColumns = append([]string{}, names...)
		c.truths.Give("LabelColumns")
	})
}

// Target names the columns of a table, or the Numbers of items, that are to be predicted as numbers: a regression.
func Target(columns ...string) DataOption {
	return dataOption(func(c *config) {
		c.targets = append([]string{}, columns...)
		c.truths.Give("Target")
		c.restrict("Target", forTables, forItems)
	})
}

// Folder is the folder of the images that a table lists, from that of the CSV file, or from the path of FromTable.
// Default: that folder itself.
func Folder(name string) DataOption {
	return tableOption("Folder", func(c *config) { c.folder = name })
}

// Suffix is how the names of files go on that a table lists without it, such as ".jpg". Default "".
func Suffix(end string) DataOption {
	return tableOption("Suffix", func(c *config) { c.suffix = end })
}

// Header names the columns of a CSV file that has no header row, and of [TestCSV].
func Header(names ...string) DataOption {
	return csvOption("Header", func(c *config) { c.header = slices.Clone(names) })
}

// Comma is what separates the columns of a CSV file. Default ','.
func Comma(separator rune) DataOption {
	return csvOption("Comma", func(c *config) { c.comma = separator })
}

// Encoding is how letters are written as bytes in a CSV file: "utf-8", the default, "latin-1", "windows-1252" or
// "utf-16". A byte order mark overrules it.
func Encoding(name string) DataOption {
	return csvOption("Encoding", func(c *config) { c.encoding = name })
}

// TestCSV is a CSV file that lists images to be predicted, in [FileColumn] or its first column, such as
// sample_submission.csv; its other columns are not looked at. They lie in [TestFolder], by default in [Folder]. Its
// path is from the working directory, as that of FromCSV.
func TestCSV(file string) DataOption {
	return tableOption("TestCSV", func(c *config) { c.testCSV = file })
}

// Oversample repeats training images of rare classes so that each class comes about as often as the commonest; of an
// image with several labels the rarest one counts. Default false.
func Oversample(on bool) DataOption { return dataOption(func(c *config) { c.oversample = on }) }

// What some options are for.
const (
	forFolders = "folders of classes"
	forTables  = "tables"
	forCSV     = "CSV files"
	forItems   = "items"
)

// restriction is an option that was given and what it is for.
type restriction struct {
	option string
	kinds  []string
}

// restrict notes that an option was given that is for some constructors alone.
func (c *config) restrict(option string, kinds ...string) {
	c.restricted = append(slices.Clip(c.restricted), restriction{option, kinds})
}

func tableOption(name string, set func(*config)) DataOption {
	return dataOption(func(c *config) { set(c); c.restrict(name, forTables) })
}

func csvOption(name string, set func(*config)) DataOption {
	return dataOption(func(c *config) { set(c); c.restrict(name, forCSV) })
}

// only tells of an option that was given and is not for what the data are made from.
func (c config) only(takes []string) error {
	for _, r := range c.restricted {
		if !slices.ContainsFunc(r.kinds, func(k string) bool { return slices.Contains(takes, k) }) {
			return fmt.Errorf("%s is an option for %s; leave it out", r.option, r.kinds[0])
		}
	}
	return nil
}

// checkTruths tells which options say in two ways what is to be predicted.
func (c config) checkTruths() error {
	switch {
	case c.labelColumn != "" && c.targets != nil:
		return errors.New("LabelColumn and Target at once (want one of them)")
	case c.labelColumn != "" && c.labelColumns != nil:
		return errors.New("LabelColumn and LabelColumns at once (want one of them)")
	case c.targets != nil && len(c.targets) == 0 || c.labelColumns != nil && len(c.labelColumns) == 0:
		return errors.New("Target() and LabelColumns() name no column (want one or more)")
	}
	return c.truths.Check()
}
