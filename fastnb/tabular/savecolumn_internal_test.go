package tabular

import (
	"strings"
	"testing"
	"time"
)

// Times whose parts are not of one length are no times; the error is a sentence.
func TestTimesOfUnequalLengths(t *testing.T) {
	from := stored{}
	for _, x := range encodeTimes("0", []time.Time{time.Unix(1, 5), time.Unix(2, 0)}) {
		from[x.Name] = x
	}
	nanos := from["0.nanos"]
	nanos.Shape, nanos.Data = []int{1}, nanos.Data[:1]
	from["0.nanos"] = nanos
	if _, err := from.times("0"); err == nil || strings.Contains(err.Error(), "%!") ||
		err.Error() != "it has 1 nanoseconds for 2 seconds" {
		t.Errorf("%v", err)
	}
}
