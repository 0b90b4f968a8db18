package serve

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"net/http"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

//go:embed page.css
var style string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": func(p float32) string { return fmt.Sprintf("%.1f %%", 100*p) },
	"width":   func(p float32) string { return fmt.Sprintf("%.1f%%", 100*p) },
	"number":  func(x float64) string { return fmt.Sprintf("%.6g", x) },
	"style":   func() template.CSS { return template.CSS(style) },
}).Parse(pageText))

// policy lets the page have its own style and pictures, and nothing else: no script, nothing from elsewhere.
var policy = fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; img-src data:; form-action 'self'; "+
	"frame-ancestors 'none'; base-uri 'none'", styleSum())

func styleSum() string {
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// view is what the page shows.
type view struct {
	Name    string
	About   About
	MaxMB   int64
	Given   map[string]string // what was sent, by field
	Answer  *Prediction
	Picture template.URL // as the model sees it
	Took    time.Duration
	Error   string
}

// Of returns what was sent for a column.
func (v view) Of(c Column) string { return v.Given[columnField+c.Name] }

// Fields of the form.
const (
	imageField  = "image"
	textField   = "text" // a text, or a user
	columnField = "column."
)

// showPage is GET /.
func (h *Handler) showPage(w http.ResponseWriter, _ *http.Request) { h.write(w, http.StatusOK, view{}) }

func (h *Handler) write(w http.ResponseWriter, status int, v view) {
	v.Name, v.About, v.MaxMB = h.config.name, h.about, h.config.maxBody>>20
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		h.refuse(w, fmt.Errorf("the page: %w", err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // who asked may be gone
}

// answerPage is POST /, the page's form.
func (h *Handler) answerPage(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	v, err := h.fromForm(w, r)
	status := http.StatusOK
	if err != nil {
		f := h.told(err)
		status, v.Error = f.status, f.text
	}
	v.Took = time.Since(began).Round(time.Millisecond)
	h.write(w, status, v)
	h.metrics.request(status, time.Since(began))
}

func (h *Handler) fromForm(w http.ResponseWriter, r *http.Request) (v view, err error) {
	b, err := h.read(w, r)
	if err != nil {
		return v, err
	}
	defer b.close()
	it, given, err := h.parser.form(r.Header.Get("Content-Type"), b.data)
	v.Given = given
	if err != nil {
		return v, err
	}
	predictions, prepared, err := h.predict(r.Context(), []item{it})
	if err != nil {
		return v, err
	}
	best := predictions[0].Best(2 * defaultTop)
	v.Answer = &best
	if img, ok := prepared[0].(image.Image); ok {
		v.Picture, err = dataURL(img)
	}
	return v, err
}

func dataURL(img image.Image) (template.URL, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}

// form reads the page's form: the item, and what was sent, to be shown again.
func (p *parser) form(contentType string, data []byte) (it item, given map[string]string, err error) {
	if !strings.HasPrefix(contentType, "multipart/form-data") {
		return it, nil, failf(http.StatusUnsupportedMediaType, "the form's content type is %q (want multipart/form-data)",
			contentType)
	}
	fields, err := p.fields(contentType, data)
	if err != nil {
		return it, nil, err
	}
	if p.about.Kind == Image {
		it = item{value: fields[imageField]}
		if len(fields[imageField]) == 0 {
			err = failf(http.StatusBadRequest, "choose a photo first")
		}
		return it, nil, err
	}
	given = map[string]string{}
	for name, content := range fields {
		given[name] = strings.ToValidUTF8(string(content), "\ufffd")
	}
	if p.about.Kind == Row {
		row, err := p.formRow(given)
		return item{value: row}, given, err
	}
	s := strings.ReplaceAll(given[textField], "\r\n", "\n")
	if strings.TrimSpace(s) == "" {
		err = failf(http.StatusBadRequest, "write something first")
	}
	return item{value: s}, given, err
}

// formRow reads the fields of columns; an empty one is a missing value.
func (p *parser) formRow(given map[string]string) (map[string]any, error) {
	row := map[string]any{}
	for _, c := range p.about.Columns {
		x, err := c.value(strings.TrimSpace(given[columnField+c.Name]))
		if err != nil {
			return nil, failf(http.StatusUnprocessableEntity, "%v", err)
		}
		row[c.Name] = x
	}
	return row, nil
}
