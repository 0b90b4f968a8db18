package serve

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// histogram counts values by upper bounds, as Prometheus does.
type histogram struct {
	bounds []float64
	counts []uint64 // one more than bounds
	sum    float64
}

func newHistogram(bounds ...float64) histogram {
	return histogram{bounds: bounds, counts: make([]uint64, len(bounds)+1)}
}

func (h *histogram) add(x float64) {
	i, _ := slices.BinarySearch(h.bounds, x)
	h.counts[i]++
	h.sum += x
}

func (h *histogram) write(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name)
	var total uint64
	for i, bound := range h.bounds {
		total += h.counts[i]
		fmt.Fprintf(w, "%s_bucket{le=\"%g\"} %d\n", name, bound, total)
	}
	total += h.counts[len(h.bounds)]
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %g\n%s_count %d\n", name, total, name, h.sum, name, total)
}

// metrics are what /metrics tells.
type metrics struct {
	mu       sync.Mutex
	requests map[int]uint64 // to predict, by status
	seconds  histogram      // of those that were answered
	batches  histogram      // sizes
	predict  histogram      // seconds
}

func newMetrics() *metrics {
	return &metrics{
		requests: map[int]uint64{},
		seconds:  newHistogram(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10),
		batches:  newHistogram(1, 2, 4, 8, 16, 32, 64),
		predict:  newHistogram(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10),
	}
}

func (m *metrics) request(status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[status]++
	if status == 200 {
		m.seconds.add(took.Seconds())
	}
}

func (m *metrics) batch(items int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches.add(float64(items))
	m.predict.add(took.Seconds())
}

// text is what /metrics answers. Nothing waits for a client while the lock is held, which predictions need.
func (m *metrics) text(waiting int64) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := &bytes.Buffer{}
	fmt.Fprintf(w, "# HELP fastnb_requests_total Requests for predictions, by HTTP status.\n"+
		"# TYPE fastnb_requests_total counter\n")
	for _, status := range slices.Sorted(maps.Keys(m.requests)) {
		fmt.Fprintf(w, "fastnb_requests_total{code=\"%d\"} %d\n", status, m.requests[status])
	}
	fmt.Fprintf(w, "# HELP fastnb_items_waiting Items that were sent and are not yet predicted.\n"+
		"# TYPE fastnb_items_waiting gauge\nfastnb_items_waiting %d\n", waiting)
	m.seconds.write(w, "fastnb_request_seconds", "Time from a request's head to its answer.")
	m.batches.write(w, "fastnb_batch_items", "Items that were predicted together.")
	m.predict.write(w, "fastnb_predict_seconds", "Time of a batch in the model.")
	return w.Bytes()
}
