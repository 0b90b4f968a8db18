package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fastnb/fastnb/internal/verb"
)

// Handler answers requests; see the package's documentation for its paths. It is an http.Handler, and [Handler.Serve]
// is a server with the time limits that one needs.
type Handler struct {
	config  config
	model   Model
	about   About
	guard   guard
	parser  *parser
	budget  *budget
	room    *room
	metrics *metrics
	batcher *batcher
	routes  map[string]route

	coming atomic.Int64 // items on their way
	life   sync.RWMutex // held for reading while a request is worked at
	closed bool
	ending atomic.Bool
}

// route is what a path does, by method.
type route map[string]func(http.ResponseWriter, *http.Request)

// New returns a handler of a model's predictions, which begins to work at once: Close ends it. An option that can't be
// is an error.
func New(m Model, opts ...Option) (h *Handler, err error) {
	defer verb.Name(&err, "serve: New")
	if m == nil {
		return nil, errors.New("the model is nil")
	}
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	h = &Handler{config: c, model: m, about: m.About(), guard: newGuard(c.hosts), metrics: newMetrics()}
	if c.classes != nil {
		h.about.Classes = c.classes
	}
	h.parser = newParser(h.about, c.maxItems)
	h.budget, h.room = &budget{left: 8 * c.maxBody}, newRoom(c.maxPixels)
	h.batcher = &batcher{
		model: m, size: c.batchSize, wait: c.batchWait, coming: &h.coming, metrics: h.metrics, log: c.log,
		jobs: make(chan job, c.queue),
	}
	h.routes = map[string]route{
		"/":        {"GET": h.showPage, "POST": h.answerPage},
		"/predict": {"POST": h.answerPredict},
		"/model":   {"GET": h.showModel},
		"/healthz": {"GET": h.showHealth},
		"/metrics": {"GET": h.showMetrics},
	}
	h.batcher.start()
	return h, nil
}

// Close waits for the requests that are worked at, and ends. Those that come later are refused with 503.
func (h *Handler) Close() error {
	h.ending.Store(true)
	h.life.Lock()
	defer h.life.Unlock()
	if !h.closed {
		h.closed = true
		h.batcher.stop()
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
		"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
	} {
		w.Header().Set(name, value)
	}
	if err := h.guard.check(r); err != nil {
		h.refuse(w, err)
		return
	}
	methods, ok := h.routes[r.URL.Path]
	if !ok {
		h.refuse(w, failf(http.StatusNotFound, "there is nothing at %q; POST to /predict, or open / in a browser",
			r.URL.Path))
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	do, ok := methods[method]
	if !ok {
		allowed := strings.Join(sortedKeys(methods), ", ")
		w.Header().Set("Allow", allowed)
		h.refuse(w, failf(http.StatusMethodNotAllowed, "%s is not for %s (want %s)", r.Method, r.URL.Path, allowed))
		return
	}
	do(w, r)
}

// refuse tells an error.
func (h *Handler) refuse(w http.ResponseWriter, err error) int {
	f := h.told(err)
	writeJSON(w, f.status, errorBody{f.text})
	return f.status
}

// told returns an error as it is told, and logs what is not.
func (h *Handler) told(err error) *failure {
	f := failureOf(err)
	if f.status == http.StatusInternalServerError {
		h.config.log("serve: %v", err)
	}
	return f
}

// answers are what POST /predict returns.
type answers struct {
	Predictions []Prediction `json:"predictions"`
}

// answerPredict is POST /predict.
func (h *Handler) answerPredict(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	predictions, err := h.fromRequest(w, r)
	status := http.StatusOK
	if err != nil {
		status = h.refuse(w, err)
	} else {
		writeJSON(w, status, answers{predictions})
	}
	h.metrics.request(status, time.Since(began))
}

func (h *Handler) fromRequest(w http.ResponseWriter, r *http.Request) ([]Prediction, error) {
	top, err := topOf(r)
	if err != nil {
		return nil, err
	}
	b, err := h.read(w, r)
	if err != nil {
		return nil, err
	}
	defer b.close()
	items, err := h.parser.items(r.Header.Get("Content-Type"), b.data)
	if err != nil {
		return nil, err
	}
	predictions, _, err := h.predict(r.Context(), items)
	for i := range predictions {
		predictions[i] = predictions[i].Best(top)
	}
	return predictions, err
}

// defaultTop is how many classes are told.
const defaultTop = 5

func topOf(r *http.Request) (int, error) {
	text := r.URL.Query().Get("top")
	if text == "" {
		return defaultTop, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, failf(http.StatusBadRequest, "top is %q (want a number of classes, 1 or more)", text)
	}
	return n, nil
}

// Of a body more is made than it is long: a form's parts are copies, and what JSON, CSV or text become may be many
// times as large. So much of the budget they take, and what is no image may be but an eighth as long.
const (
	moreOfForm = 1
	moreOfText = 16
	lessOfText = 8
)

// read reads a request's body, in time.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (*body, error) {
	if h.ending.Load() {
		return nil, busy("the server stops")
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.config.readTimeout)) // tests may have none
	b := &body{budget: h.budget}
	most, more := h.config.maxBody, int64(moreOfForm)
	if h.about.Kind != Image {
		most, more = max(1, most/lessOfText), moreOfText
	}
	err := b.read(w, r, most)
	if err == nil {
		err = b.claim(more * int64(len(b.data)))
	}
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// predict predicts the items of a request; prepared is what the model made of them.
func (h *Handler) predict(ctx context.Context, items []item) (all []Prediction, prepared []any, err error) {
	h.life.RLock()
	defer h.life.RUnlock()
	if h.closed {
		return nil, nil, busy("the server stops")
	}
	left := int64(len(items))
	if h.coming.Add(left) > int64(h.config.queue) {
		h.coming.Add(-left)
		return nil, nil, busy("too many items wait to be predicted")
	}
	defer func() { h.coming.Add(-left) }()
	ctx, cancel := context.WithTimeout(ctx, h.config.timeout)
	defer cancel()
	done := make([]chan answer, len(items))
	prepared = make([]any, len(items))
	for i, it := range items {
		done[i] = make(chan answer, 1)
		if prepared[i], err = h.prepare(ctx, it); err != nil {
			return nil, nil, h.of(it, i, len(items), err)
		}
		select {
		case h.batcher.jobs <- job{ctx, prepared[i], done[i]}:
		case <-ctx.Done():
			return nil, nil, late(ctx)
		}
	}
	for i, it := range items {
		select {
		case a := <-done[i]:
			h.coming.Add(-1)
			left--
			if a.err != nil {
				return nil, nil, h.of(it, i, len(items), ofModel(a.err))
			}
			a.prediction.Name = it.name
			all = append(all, a.prediction)
		case <-ctx.Done():
			return nil, nil, late(ctx)
		}
	}
	return all, prepared, nil
}

// late says that the time is over, or that who asked has gone.
func late(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return busy("the answer takes too long")
	}
	return failf(statusGone, "the client has gone")
}

// statusGone is counted where who asked has gone; nobody gets to see it. It is what nginx logs.
const statusGone = 499

// of names the item that an error is of, where there are several.
func (h *Handler) of(it item, i, n int, err error) error {
	var f *failure
	if n == 1 || !errors.As(err, &f) {
		return err
	}
	name := fmt.Sprintf("item %d", i)
	if it.name != "" {
		name += fmt.Sprintf(", %q", it.name)
	}
	return &failure{f.status, name + ": " + f.text}
}

// ofModel is an error of Predict.
func ofModel(err error) error {
	var bad *ItemError
	switch {
	case errors.As(err, &bad):
		return failf(http.StatusUnprocessableEntity, "%v", bad.Err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return busy("the answer takes too long")
	}
	return err
}

// prepare makes of an item what the model predicts. Of images only so many pixels are decoded at once.
func (h *Handler) prepare(ctx context.Context, it item) (value any, err error) {
	leave, err := h.enter(ctx, it)
	if err != nil {
		return nil, err
	}
	defer leave()
	defer func() {
		if r := recover(); r != nil {
			h.config.log("serve: Prepare panics: %v\n%s", r, debug.Stack())
			err = failf(http.StatusInternalServerError, "the model failed; the server's log says how")
		}
	}()
	if value, err = h.model.Prepare(it.value); err != nil {
		return nil, failf(http.StatusUnprocessableEntity, "%v", err)
	}
	return value, nil
}

func (h *Handler) enter(ctx context.Context, it item) (leave func(), err error) {
	sizer, ok := h.model.(Sizer)
	contents, isImage := it.value.([]byte)
	if !ok || !isImage {
		return func() {}, nil
	}
	width, height, err := sizer.Pixels(contents)
	if err != nil {
		width, height = 0, 0
	}
	if width > 0 && height > h.config.maxPixels/width {
		return nil, failf(http.StatusRequestEntityTooLarge, "the image has %d x %d pixels (at most %d in all); "+
			"send a smaller one", width, height, h.config.maxPixels)
	}
	if leave, err = h.room.enter(ctx, width*height); err != nil {
		return nil, late(ctx)
	}
	return leave, nil
}

// showModel is GET /model.
func (h *Handler) showModel(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, struct {
		Name string `json:"name"`
		About
	}{h.config.name, h.about})
}

// showHealth is GET /healthz.
func (h *Handler) showHealth(w http.ResponseWriter, _ *http.Request) {
	if h.ending.Load() {
		h.refuse(w, busy("the server stops"))
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// showMetrics is GET /metrics.
func (h *Handler) showMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(h.metrics.text(h.coming.Load()))
}
