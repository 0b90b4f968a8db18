package callback

import (
	"encoding/csv"
	"errors"
	"os"
	"strconv"

	"github.com/fastnb/fastnb/fastnb"
)

// CSVLog writes the epoch table to the file it names, a line per epoch, anew at every fit. The last column, time,
// is in seconds.
type CSVLog string

// BeginFit writes the head of the table, and the rows of a fit that goes on.
func (f CSVLog) BeginFit(l *fastnb.Learner) error {
	if err := f.write(l.Recorder.Header(), os.O_TRUNC); err != nil {
		return err
	}
	for i := range l.Recorder.Epochs {
		if err := f.row(l.Recorder, i); err != nil {
			return err
		}
	}
	return nil
}

// EndEpoch adds the epoch's row.
func (f CSVLog) EndEpoch(l *fastnb.Learner) error {
	return f.row(l.Recorder, len(l.Recorder.Epochs)-1)
}

// row adds the row of epoch i.
func (f CSVLog) row(r *fastnb.Recorder, i int) error {
	row := r.Row(i)
	row[len(row)-1] = strconv.FormatFloat(r.Epochs[i].Seconds, 'f', 3, 64)
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
