package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/collab"
	"github.com/fastnb/fastnb/fastnb/serve"
	"github.com/fastnb/fastnb/fastnb/tabular"
)

// server is one that listens.
type server struct {
	url   string
	addr  string
	stop  func()     // as ctrl-C does
	ended chan error // what Serve returned
}

// start serves a model on a real listener until the test ends.
func start(t testing.TB, m serve.Model, opts ...serve.Option) *server {
	t.Helper()
	h, err := serve.New(m, append([]serve.Option{serve.Log(t.Logf)}, opts...)...)
	check(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	ctx, stop := context.WithCancel(context.Background())
	s := &server{"http://" + l.Addr().String(), l.Addr().String(), stop, make(chan error, 1)}
	go func() { s.ended <- h.Serve(ctx, l); close(s.ended) }()
	t.Cleanup(func() { stop(); <-s.ended })
	return s
}

// reply is what a server answers.
type reply struct {
	status      int
	header      http.Header
	text        string
	Predictions []serve.Prediction
	Error       string
}

// client has connections of its own, so that none is left when a test ends.
func client(t testing.TB) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// send sends a request, of which the server must make an answer.
func send(t testing.TB, c *http.Client, method, url, contentType string, body io.Reader, header ...string) reply {
	t.Helper()
	r, err := sent(c, method, url, contentType, body, header...)
	check(t, err)
	return r
}

func sent(c *http.Client, method, url, contentType string, body io.Reader, header ...string) (r reply, err error) {
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		return r, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if req.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	resp, err := c.Do(req)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	r = reply{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if len(text) > 0 && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		return r, json.Unmarshal(text, &r)
	}
	return r, err
}

// near holds predictions against those of a learner: the last digits may depend on the batch.
func near(t testing.TB, what string, got serve.Prediction, p *fastnb.Preds, i int) {
	t.Helper()
	if len(got.Top) != len(p.Classes) || got.Class != p.Classes[p.Predicted()[i]] {
		t.Errorf("%s: %+v, want %v %v", what, got, p.Classes, p.Probs[i])
		return
	}
	for _, c := range got.Top {
		for k, class := range p.Classes {
			if class == c.Class && math.Abs(float64(c.Prob-p.Probs[i][k])) > 1e-5 {
				t.Errorf("%s: %s has %g, want %g", what, class, c.Prob, p.Probs[i][k])
			}
		}
	}
}

// Each of many requests, eight at a time, gets what PredictImages says of its image alone; those of the same batches are
// told from each other.
func TestImagesUnderLoad(t *testing.T) {
	l, s, c := sharedPhotos(t), start(t, imageModel(t)), client(t)
	files, wants := make([][]byte, 16), make([]*fastnb.Preds, 16)
	for i := range files {
		files[i] = photoFile(t, i%2 == 0, uint64(100+i))
		p, err := l.PredictImages(files[i])
		check(t, err)
		wants[i] = p
	}
	if wants[0].Probs[0][0] == wants[2].Probs[0][0] {
		t.Fatal("two images have the same predictions: they could not be told apart")
	}
	var clients sync.WaitGroup
	for k := range 8 {
		clients.Go(func() {
			for i := range 50 {
				n := (7*k + i) % len(files)
				r, err := sent(c, "POST", s.url+"/predict", "image/png", bytes.NewReader(files[n]))
				if err != nil || r.status != 200 {
					t.Errorf("image %d: %d %s, %v", n, r.status, r.text, err)
					return
				}
				near(t, fmt.Sprint("image ", n), r.Predictions[0], wants[n], 0)
			}
		})
	}
	clients.Wait()
	metrics := send(t, c, "GET", s.url+"/metrics", "", nil).text
	for _, want := range []string{`fastnb_requests_total{code="200"} 400`, "fastnb_request_seconds_count 400",
		"fastnb_batch_items_sum 400", "fastnb_items_waiting 0"} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("the metrics lack %q:\n%s", want, metrics)
		}
	}
	if strings.Contains(metrics, "fastnb_batch_items_count 400\n") {
		t.Error("no two requests were predicted together")
	}
}

// form makes a form of files.
func form(t testing.TB, files ...[]byte) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for i, f := range files {
		part, err := w.CreateFormFile("file", fmt.Sprintf("photo %d.png", i))
		check(t, err)
		_, err = part.Write(f)
		check(t, err)
	}
	check(t, w.Close())
	return w.FormDataContentType(), body
}

func TestForms(t *testing.T) {
	s, c := start(t, imageModel(t)), client(t)
	files := [][]byte{photoFile(t, true, 1), photoFile(t, false, 2), photoFile(t, true, 3)}
	contentType, body := form(t, files...)
	r := send(t, c, "POST", s.url+"/predict?top=1", contentType, body)
	p, err := sharedPhotos(t).PredictImages(files[0], files[1], files[2])
	check(t, err)
	if len(r.Predictions) != 3 {
		t.Fatalf("%d %s", r.status, r.text)
	}
	for i, got := range r.Predictions {
		if got.Name != fmt.Sprintf("photo %d.png", i) || got.Class != p.Classes[p.Predicted()[i]] || len(got.Top) != 1 {
			t.Errorf("prediction %d is %+v, want %v", i, got, p.Probs[i])
		}
	}
	contentType, body = form(t, files[0], []byte("%PDF-1.4 something"))
	r = send(t, c, "POST", s.url+"/predict", contentType, body)
	if r.status != 422 || !strings.Contains(r.Error, `item 1, "photo 1.png": the image can't be read: not an image`) {
		t.Errorf("a form with a document: %d %s", r.status, r.text)
	}
}

// Texts, rows and users are served as the learners' own verbs predict them.
func TestOtherModels(t *testing.T) {
	c := client(t)
	t.Run("texts", func(t *testing.T) {
		l := verdicts(t)
		p, err := l.PredictTexts("a good film", "quite bad")
		check(t, err)
		s := start(t, serve.Texts(l))
		r := send(t, c, "POST", s.url+"/predict", "application/json", strings.NewReader(`{"texts": ["a good film", "quite bad"]}`))
		near(t, "the first text", r.Predictions[0], p, 0)
		near(t, "the second text", r.Predictions[1], p, 1)
		for contentType, body := range map[string]string{
			"text/plain; charset=utf-8": "a good film", "application/json": `{"text": "a good film"}`,
			"application/json; charset=utf-8": `"a good film"`,
		} {
			r := send(t, c, "POST", s.url+"/predict", contentType, strings.NewReader(body))
			if r.status != 200 {
				t.Fatalf("%s: %s", contentType, r.text)
			}
			near(t, contentType, r.Predictions[0], p, 0)
		}
	})
	t.Run("rows", func(t *testing.T) {
		l := plants(t, tabular.Class("sun"))
		p, err := l.PredictRows(tabular.Row{"kind": "rose", "height": 50}, tabular.Row{"kind": "oak", "height": nil})
		check(t, err)
		s := start(t, serve.Rows(l, columns))
		for contentType, body := range map[string]string{
			"application/json": `[{"kind": "rose", "height": 50}, {"kind": "oak", "height": null}]`,
			"text/csv":         "height,kind\n50,rose\n,oak\n",
		} {
			r := send(t, c, "POST", s.url+"/predict", contentType, strings.NewReader(body))
			if r.status != 200 {
				t.Fatalf("%s: %s", contentType, r.text)
			}
			near(t, contentType, r.Predictions[0], p, 0)
			near(t, contentType, r.Predictions[1], p, 1)
		}
	})
	t.Run("numbers", func(t *testing.T) {
		l := plants(t, tabular.LogTarget("width"))
		p, err := l.PredictRow(tabular.Row{"kind": "rose", "height": 50})
		check(t, err)
		s := start(t, serve.Rows(l, columns, "width"))
		r := send(t, c, "POST", s.url+"/predict", "application/json", strings.NewReader(`{"kind": "rose", "height": 50}`))
		want := l.Values(p)[0]
		if v := r.Predictions[0].Values; len(v) != 1 || v[0].Target != "width" || math.Abs(v[0].Value-want) > 1e-4*want {
			t.Errorf("%s, want width %g, of which the net learned the logarithm", r.text, want)
		}
	})
	t.Run("users", func(t *testing.T) {
		l := kitchen(t)
		want, err := l.Recommend("guest 3", 2)
		check(t, err)
		s := start(t, serve.Users(l))
		r := send(t, c, "POST", s.url+"/predict?top=2", "application/json", strings.NewReader(`{"user": "guest 3"}`))
		if got := r.Predictions[0].Items; len(got) != 2 || got[0].Item != want[0].Item || got[1].Rating != want[1].Rating {
			t.Errorf("%s, want %v", r.text, want)
		}
		r = send(t, c, "POST", s.url+"/predict", "text/plain", strings.NewReader("nobody"))
		if r.status != 422 || r.Error != `no training row has the user "nobody" (8 users, such as "guest 0")` {
			t.Errorf("of a stranger: %d %s", r.status, r.text)
		}
	})
}

// A bad row is an error for who sent it alone, whoever it is predicted together with.
func TestOneBadRow(t *testing.T) {
	held := newHeld(serve.Rows(plants(t, tabular.Class("sun")), columns))
	s, c := start(t, held), client(t)
	statuses := make(chan reply, 4)
	for i, height := range []string{"1", "2", "1e300", "4"} {
		go func() {
			r, err := sent(c, "POST", s.url+"/predict", "application/json", strings.NewReader(`{"kind": "fern", "height": `+height+`}`))
			if err != nil {
				t.Error(err)
			}
			statuses <- r
		}()
		if i == 0 {
			<-held.began // the others wait behind it
		}
	}
	await(t, "all that wait", func() bool { return strings.Contains(send(t, c, "GET", s.url+"/metrics", "", nil).text, "waiting 4\n") })
	close(held.gate)
	good := 0
	for range 4 {
		r := <-statuses
		switch {
		case r.status == 200:
			good++
		case r.status != 422 || !strings.Contains(r.Error, `column "height" is 1e+300`):
			t.Errorf("%d %s", r.status, r.text)
		}
	}
	if good != 3 {
		t.Errorf("%d of 3 good rows were predicted", good)
	}
}

// spoiled are learners of a user's own, whose engine fails.
type spoiledRows struct{ *tabular.Learner }

func (spoiledRows) PredictRows(...tabular.Row) (*fastnb.Preds, error) { return nil, errSpoiled }

type spoiledUsers struct{ *collab.Learner }

func (spoiledUsers) Recommend(string, int) ([]collab.Advice, error) { return nil, errSpoiled }

type spoiledTexts struct{}

func (spoiledTexts) PredictTexts(...string) (*fastnb.Preds, error) { return nil, errSpoiled }

var errSpoiled = errors.New("the device is lost")

// What is wrong with the model is no fault of who asks: it is told as that, and logged.
func TestFaultsOfTheModel(t *testing.T) {
	c := client(t)
	for body, m := range map[string]serve.Model{
		`{"kind": "rose"}`: serve.Rows(spoiledRows{}, columns),
		`{"user": "ann"}`:  serve.Users(spoiledUsers{}),
		`{"text": "good"}`: serve.Texts(spoiledTexts{}),
	} {
		logged := make(chan string, 1)
		log := func(format string, args ...any) { logged <- fmt.Sprintf(format, args...) }
		s := start(t, m, serve.Log(log))
		r := send(t, c, "POST", s.url+"/predict", "application/json", strings.NewReader(body))
		if r.status != 500 || r.Error != "the model failed; the server's log says how" {
			t.Errorf("%s: %d %s", body, r.status, r.text)
		}
		select {
		case line := <-logged:
			if line != "serve: the device is lost" {
				t.Errorf("%s: the log says %q", body, line)
			}
		default:
			t.Errorf("%s: nothing is logged", body)
		}
	}
}

// held is a model that waits before it predicts, until the gate is opened.
type held struct {
	serve.Model
	gate, began chan struct{}
	once        sync.Once
}

func newHeld(m serve.Model) *held {
	return &held{Model: m, gate: make(chan struct{}), began: make(chan struct{})}
}

func (h *held) Predict(items []any) ([]serve.Prediction, error) {
	h.once.Do(func() { close(h.began) })
	<-h.gate
	return h.Model.Predict(items)
}

func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for began := time.Now(); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("%s: not after a minute", what)
		}
	}
}

// waiting sends a file n times, and returns where the replies come once the model is at the first and all wait.
func (h *held) waiting(t *testing.T, c *http.Client, url string, file []byte, n int) chan reply {
	t.Helper()
	replies := make(chan reply, n)
	for i := range n {
		go func() {
			r, err := sent(c, "POST", url+"/predict", "image/png", bytes.NewReader(file))
			if err != nil {
				t.Error(err)
			}
			replies <- r
		}()
		if i == 0 {
			<-h.began
		}
	}
	all := fmt.Sprintf("waiting %d\n", n)
	await(t, "items that wait", func() bool {
		return strings.Contains(send(t, c, "GET", url+"/metrics", "", nil).text, all)
	})
	return replies
}

// What is more than the queue holds is refused at once, and what waits is predicted together.
func TestQueue(t *testing.T) {
	held := newHeld(imageModel(t))
	s, c := start(t, held, serve.Queue(6), serve.MaxItems(6)), client(t)
	file := photoFile(t, true, 1)
	replies := held.waiting(t, c, s.url, file, 6)
	r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file))
	if r.status != 503 || r.header.Get("Retry-After") != "1" || !strings.Contains(r.Error, "ask again") {
		t.Errorf("the seventh: %d %v %s", r.status, r.header, r.text)
	}
	close(held.gate)
	for range 6 {
		if r := <-replies; r.status != 200 {
			t.Errorf("one of six: %d %s", r.status, r.text)
		}
	}
	metrics := send(t, c, "GET", s.url+"/metrics", "", nil).text
	if !strings.Contains(metrics, "fastnb_batch_items_count 2\n") || !strings.Contains(metrics, "fastnb_batch_items_sum 6\n") {
		t.Errorf("want two batches, of one and of the five that waited:\n%s", metrics)
	}
}

// A model that takes too long is an error in time, and so is one that fails.
func TestSlowAndBroken(t *testing.T) {
	c, file := client(t), photoFile(t, true, 1)
	slow := newHeld(imageModel(t))
	s := start(t, slow, serve.Timeout(200*time.Millisecond))
	r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file))
	if r.status != 503 || !strings.Contains(r.Error, "takes too long") {
		t.Errorf("a slow model: %d %s", r.status, r.text)
	}
	close(slow.gate)
	await(t, "an answer", func() bool {
		return send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file)).status == 200
	})
	for name, m := range map[string]serve.Model{"panics": panics{imageModel(t)}, "too few": tooFew{imageModel(t)}} {
		s := start(t, m)
		for range 2 { // it goes on
			r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(file))
			if r.status != 500 || r.Error != "the model failed; the server's log says how" {
				t.Errorf("%s: %d %s", name, r.status, r.text)
			}
		}
	}
}

type panics struct{ serve.Model }

func (panics) Predict([]any) ([]serve.Prediction, error) { panic("out of order") }

type tooFew struct{ serve.Model }

func (tooFew) Predict([]any) ([]serve.Prediction, error) { return nil, nil }

// A server that is stopped answers what it has, refuses what comes, and ends.
func TestStop(t *testing.T) {
	held := newHeld(imageModel(t))
	s, c := start(t, held), client(t)
	file := photoFile(t, true, 1)
	replies := held.waiting(t, c, s.url, file, 3)
	s.stop()
	await(t, "a closed door", func() bool {
		_, err := net.Dial("tcp", s.addr)
		return err != nil
	})
	close(held.gate)
	for range 3 {
		if r := <-replies; r.status != 200 {
			t.Errorf("what waited: %d %s", r.status, r.text)
		}
	}
	select {
	case err := <-s.ended:
		check(t, err)
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}

func TestClose(t *testing.T) {
	h, err := serve.New(imageModel(t))
	check(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	s := &http.Server{Handler: h} // a user's own
	go s.Serve(l)
	defer s.Close()
	url, c := "http://"+l.Addr().String(), client(t)
	if r := send(t, c, "GET", url+"/healthz", "", nil); r.status != 200 {
		t.Errorf("healthz: %d", r.status)
	}
	check(t, h.Close())
	check(t, h.Close())
	if r := send(t, c, "GET", url+"/healthz", "", nil); r.status != 503 {
		t.Errorf("healthz of a closed one: %d", r.status)
	}
	if r := send(t, c, "POST", url+"/predict", "image/png", bytes.NewReader(photoFile(t, true, 1))); r.status != 503 {
		t.Errorf("a closed one predicts: %d %s", r.status, r.text)
	}
}

var refused = []struct {
	name, method, path, contentType, body string
	status                                int
	says                                  string
}{
	{"no path", "GET", "/models/", "", "", 404, "POST to /predict"},
	{"a way up", "GET", "/../etc/passwd", "", "", 404, "there is nothing at"},
	{"GET of predict", "GET", "/predict", "", "", 405, "want POST"},
	{"DELETE", "DELETE", "/", "", "", 405, "want GET, POST"},
	{"PUT of health", "PUT", "/healthz", "", "", 405, "want GET"},
	{"no type", "POST", "/predict", "", "x", 415, "curl -H"},
	{"curl's type", "POST", "/predict", "application/x-www-form-urlencoded", "x", 415, "curl -F file=@photo.jpg"},
	{"bad type", "POST", "/predict", "a/b/c;;", "x", 415, "image/jpeg"},
	{"JSON for images", "POST", "/predict", "application/json", "{}", 415, "image/jpeg"},
	{"empty", "POST", "/predict", "image/png", "", 400, "the request is empty"},
	{"text as image", "POST", "/predict", "image/png", "hello", 422, `text that begins "hello"`},
	{"top", "POST", "/predict?top=many", "image/png", "x", 400, `top is "many"`},
	{"top 0", "POST", "/predict?top=0", "image/png", "x", 400, "1 or more"},
	{"form without boundary", "POST", "/predict", "multipart/form-data", "x", 400, "no boundary"},
	{"form cut short", "POST", "/predict", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nabc", 400, "cut short"},
	{"form of nothing", "POST", "/predict", "multipart/form-data; boundary=b", "--b--\r\n", 400, "nothing to predict"},
	{"no form", "POST", "/predict", "multipart/form-data; boundary=b", "hello", 400, "form"},
	{"the page without a photo", "POST", "/", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=image; filename=\"\"\r\n\r\n\r\n--b--\r\n", 400, "choose a photo first"},
	{"the page otherwise", "POST", "/", "text/plain", "x", 415, "multipart/form-data"},
}

func TestErrors(t *testing.T) {
	s, c := start(t, imageModel(t)), client(t)
	for _, e := range refused {
		r := send(t, c, e.method, s.url+e.path, e.contentType, strings.NewReader(e.body))
		if r.status != e.status || !strings.Contains(r.Error+r.text, e.says) || e.path != "/" && r.Error == "" {
			t.Errorf("%s: %d %s (want %d, %s)", e.name, r.status, r.text, e.status, e.says)
		}
	}
	many := make([][]byte, 65)
	contentType, body := form(t, many...)
	if r := send(t, c, "POST", s.url+"/predict", contentType, body); r.status != 413 || !strings.Contains(r.Error, "at most 64") {
		t.Errorf("65 files: %d %s", r.status, r.text)
	}
}

func TestErrorsOfTextsAndRows(t *testing.T) {
	c := client(t)
	texts := start(t, serve.Texts(verdicts(t)))
	rows := start(t, serve.Rows(plants(t, tabular.Class("sun")), columns), serve.MaxItems(3))
	for _, e := range []struct {
		s                 *server
		contentType, body string
		status            int
		says              string
	}{
		{texts, "application/json", `{"text": 7}`, 422, "text 0 is no string"},
		{texts, "application/json", `{"words": "a"}`, 422, `the keys ["words"]`},
		{texts, "application/json", `{"text": "a", "texts": []}`, 422, `the keys ["text" "texts"]`},
		{texts, "application/json", `{"texts": []}`, 400, "nothing to predict"},
		{texts, "application/json", `{"text": "a"`, 400, "the JSON can't be read"},
		{texts, "application/json", "{\"text\": \"\xff\"}", 400, "not in UTF-8"},
		{texts, "text/plain", "\xff\xfe", 422, "not in UTF-8"},
		{texts, "image/png", "x", 415, `{"text": "..."}`},
		{rows, "application/json", `{"kind": "rose", "colour": "red"}`, 422, `no column "colour" (the model sees "kind", "height")`},
		{rows, "application/json", `{"kind": "rose", "height": "tall"}`, 422, `column "height" is tall, a string (want number)`},
		{rows, "application/json", `{"kind": 7}`, 422, `column "kind" is 7`},
		{rows, "application/json", `{"kind": {"a": 1}}`, 422, "an array or an object"},
		{rows, "application/json", `{}`, 422, "the row has no column"},
		{rows, "application/json", `[1]`, 422, "row 0 is no object"},
		{rows, "application/json", `[{"kind":"a"},{"kind":"a"},{"kind":"a"},{"kind":"a"}]`, 413, "4 items at once (at most 3)"},
		{rows, "application/json", `{"height": 1e999}`, 400, "the JSON can't be read"},
		{rows, "text/csv", "kind,height\nrose\n", 400, "wrong number of fields"},
		{rows, "text/csv", "kind,height\nrose,tall\n", 422, `column "height" is "tall" (want a number such as 12.5, or nothing)`},
		{rows, "text/csv", "kind,height\nrose,NaN\n", 422, "want a finite number"},
		{rows, "text/csv", "kind,kind\nrose,rose\n", 422, `two columns are called "kind"`},
		{rows, "text/csv", "kind,height\n", 400, "nothing to predict"},
		{rows, "multipart/form-data; boundary=b", "x", 415, "text/csv with a header"},
	} {
		r := send(t, c, "POST", e.s.url+"/predict", e.contentType, strings.NewReader(e.body))
		if r.status != e.status || !strings.Contains(r.Error, e.says) {
			t.Errorf("%s %q: %d %s (want %d, %s)", e.contentType, e.body, r.status, r.text, e.status, e.says)
		}
	}
}

// A web page of another site can neither ask, nor read under a name that it made this machine's.
func TestGuard(t *testing.T) {
	s, c := start(t, imageModel(t), serve.Hosts("models.example.org")), client(t)
	port := s.addr[strings.LastIndex(s.addr, ":"):]
	for _, e := range []struct {
		header []string
		status int
	}{
		{nil, 200},
		{[]string{"Host", "localhost" + port}, 200},
		{[]string{"Host", "[::1]" + port}, 200},
		{[]string{"Host", "192.168.1.7"}, 200},
		{[]string{"Host", "MODELS.example.org."}, 200},
		{[]string{"Host", "evil.example.org" + port}, 403},
		{[]string{"Host", "localhost.evil.example.org"}, 403},
		{[]string{"Host", "127.0.0.1.evil.example.org" + port}, 403},
		{[]string{"Origin", s.url}, 200},
		{[]string{"Origin", "http://evil.example.org"}, 403},
		{[]string{"Origin", "http://localhost:1"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin", "Origin", s.url}, 200},
	} {
		r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(photoFile(t, true, 1)), e.header...)
		if r.status != e.status {
			t.Errorf("%q: %d %s (want %d)", e.header, r.status, r.text, e.status)
		}
	}
	for _, path := range []string{"/", "/metrics", "/model", "/healthz"} {
		if r := send(t, c, "GET", s.url+path, "", nil, "Host", "evil.example.org"); r.status != 403 {
			t.Errorf("GET %s under another name: %d", path, r.status)
		}
	}
	any := start(t, imageModel(t), serve.Hosts("*"))
	if r := send(t, c, "GET", any.url+"/healthz", "", nil, "Host", "evil.example.org"); r.status != 200 {
		t.Errorf("any name: %d", r.status)
	}
}

func TestBadOptions(t *testing.T) {
	for want, opt := range map[string]serve.Option{
		"BatchSize(0) (want 1 or more)": serve.BatchSize(0), "Queue(-1)": serve.Queue(-1), "MaxBody(0)": serve.MaxBody(0),
		"Timeout(0s)": serve.Timeout(0), "BatchWait(-1ns)": serve.BatchWait(-1), "an option is nil": nil,
		"Log(nil)": serve.Log(nil), `Hosts("http://a")`: serve.Hosts("http://a"), "MaxItems(1000) with Queue(256)": serve.MaxItems(1000),
	} {
		_, err := serve.New(imageModel(t), opt)
		if err == nil || !strings.HasPrefix(err.Error(), "serve: New: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v (want %s)", err, want)
		}
	}
	if _, err := serve.New(nil); err == nil {
		t.Error("a nil model is taken")
	}
}

// GET /model says what is to be sent.
func TestModel(t *testing.T) {
	c := client(t)
	s := start(t, imageModel(t), serve.Name("photos"), serve.Classes("cold", "warm"))
	if r := send(t, c, "GET", s.url+"/model", "", nil); r.text != `{"name":"photos","kind":"image","classes":["cold","warm"]}`+"\n" {
		t.Errorf("of images: %s", r.text)
	}
	s = start(t, serve.Rows(plants(t, tabular.Class("sun")), columns))
	if r := send(t, c, "GET", s.url+"/model", "", nil); !strings.Contains(r.text, `{"name":"height","kind":"number"}`) {
		t.Errorf("of rows: %s", r.text)
	}
	if r := send(t, c, "HEAD", s.url+"/model", "", nil); r.status != 200 || r.text != "" {
		t.Errorf("HEAD: %d %s", r.status, r.text)
	}
}

// Several labels are those above a half, as everywhere in fastnb: one of a half does not hold.
func TestLabelled(t *testing.T) {
	p := &fastnb.Preds{Classes: []string{"a", "b", "c"}, Probs: [][]float32{{.5, .25, .75}, {.1, .2, .3}}}
	labels, err := p.PredictedLabels()
	check(t, err)
	for i, got := range serve.Predictions(p, nil) {
		var want []string
		for _, k := range labels[i] {
			want = append(want, p.Classes[k])
		}
		if got = got.Labelled(); !slices.Equal(got.Labels, want) || got.Class != "" {
			t.Errorf("item %d has the labels %q, want %q", i, got.Labels, want)
		}
	}
	if got := (serve.Prediction{}).Labelled().Labels; got != nil {
		t.Errorf("a prediction without classes has the labels %q", got)
	}
}

// Each number of a regression has its target's name.
func TestSeveralNumbers(t *testing.T) {
	l := plants(t, tabular.Target("width", "sun"))
	m := serve.Rows(l, columns, "width", "sun")
	item, err := m.Prepare(map[string]any{"kind": "rose", "height": 50.})
	check(t, err)
	all, err := m.Predict([]any{item})
	check(t, err)
	p, err := l.PredictRow(tabular.Row{"kind": "rose", "height": 50})
	check(t, err)
	want := []serve.Value{{Target: "width", Value: float64(p.Probs[0][0])}, {Target: "sun", Value: float64(p.Probs[0][1])}}
	if !slices.Equal(all[0].Values, want) {
		t.Errorf("the numbers are %v, want %v", all[0].Values, want)
	}
}

// Several labels are those that hold.
func TestLabels(t *testing.T) {
	s, c := start(t, serve.Labels(imageModel(t))), client(t)
	r := send(t, c, "POST", s.url+"/predict", "image/png", bytes.NewReader(photoFile(t, true, 1)))
	p := r.Predictions[0]
	if p.Class != "" || len(p.Labels) != 1 || p.Labels[0] != p.Top[0].Class || p.Top[0].Prob < .5 {
		t.Errorf("%s", r.text)
	}
	huge := start(t, serve.Labels(imageModel(t)), serve.MaxPixels(100))
	if r := send(t, c, "POST", huge.url+"/predict", "image/png", bytes.NewReader(photoFile(t, true, 1))); r.status != 413 {
		t.Errorf("an image that is too large for a model of labels: %d", r.status)
	}
}
