package nb

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// textView shows a fit as lines of text.
type textView struct {
	table io.Writer
	bars  *os.File // the terminal, or nil
}

func (v *textView) begin(f *fit) { fmt.Fprintln(v.table, f.line(f.columns)) }

func (v *textView) bar(f *fit) {
	if f.idle() {
		v.clear()
	} else if v.bars != nil {
		fmt.Fprintf(v.bars, "\r\x1b[K%s %s", meter(f.share(), 20), f.status())
	}
}

func (v *textView) row(f *fit) {
	v.clear()
	fmt.Fprintln(v.table, f.line(f.rows[len(f.rows)-1]))
}

func (v *textView) end(f *fit) {
	v.clear()
	if f.stopped {
		fmt.Fprintln(v.table, f.stop())
	}
}

func (v *textView) line(text string) {
	v.clear()
	fmt.Fprintln(v.table, text)
}

func (v *textView) clear() {
	if v.bars != nil {
		fmt.Fprint(v.bars, "\r\x1b[K")
	}
}

// line writes a row below its columns.
func (f *fit) line(cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		width := 10
		if i < len(f.columns) {
			width = max(width, utf8.RuneCountInString(f.columns[i]))
		}
		if i == 0 {
			width = 5
		}
		fmt.Fprintf(&b, "%-*s  ", width, cell)
	}
	return strings.TrimRight(b.String(), " ")
}

// meter draws a share, 0 to 1, as a bar.
func meter(share float64, width int) string {
	full := int(math.Round(share * float64(width)))
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// share returns how much of the epoch is done, 0 to 1.
func (f *fit) share() float64 {
	return min(float64(f.batch)/float64(max(f.batches, 1)), 1)
}

// status is the line beside the bar.
func (f *fit) status() string {
	if f.note != "" {
		return f.note
	}
	parts := []string{
		fmt.Sprintf("epoch %d/%d", f.epoch+1, f.epochs),
		fmt.Sprintf("batch %d/%d", f.batch, f.batches),
	}
	if f.batch > 0 {
		parts = append(parts, fmt.Sprintf("loss %.4f", f.loss))
	}
	if f.left > 0 {
		parts = append(parts, clock(f.left)+" left")
	}
	return strings.Join(parts, " · ")
}

func (f *fit) stop() string {
	return fmt.Sprintf("stopped after %d of %d epochs", f.done, f.epochs)
}

// clock writes a duration as 01:05, or 1:00:05.
func clock(d time.Duration) string {
	s := int(math.Ceil(d.Seconds()))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
