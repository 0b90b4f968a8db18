package callback

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
)

// CSVLog writes the epoch table to the file it names, a line per epoch, from anew at every fit. The last column, time,
// is in seconds.
type CSVLog string

// BeginFit writes the head of the table.
func (f CSVLog) BeginFit(l *fastnb.Learner) error { return f.write(l.Recorder.Header(), os.O_TRUNC) }

// EndEpoch adds the epoch's row.
func (f CSVLog) EndEpoch(l *fastnb.Learner) error {
	last := len(l.Recorder.Epochs) - 1
	row := l.Recorder.Row(last)
	row[len(row)-1] = strconv.FormatFloat(l.Recorder.Epochs[last].Seconds, 'f', 3, 64)
	return f.write(row, os.O_APPEND)
}

func (f CSVLog) write(row []string, mode int) error {
	file, err := os.OpenFile(string(f), os.O_CREATE|os.O_WRONLY|mode, 0o644)
	if err != nil {
		return err
	}
	w := csv.NewWriter(file)
	err = w.Write(row)
	w.Flush()
	return errors.Join(err, w.Error(), file.Close())
}
