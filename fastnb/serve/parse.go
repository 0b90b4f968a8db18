package serve

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"
)

// item is one of those that a request has.
type item struct {
	name  string
	value any
}

// parser reads the items of a request to /predict.
type parser struct {
	about    About
	maxItems int
	columns  map[string]Column
}

func newParser(about About, maxItems int) *parser {
	p := &parser{about, maxItems, map[string]Column{}}
	for _, c := range about.Columns {
		p.columns[c.Name] = c
	}
	return p
}

// items reads a body as its content type says.
func (p *parser) items(contentType string, data []byte) ([]item, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, p.wrongType(contentType)
	}
	if len(data) == 0 {
		return nil, failf(http.StatusBadRequest, "the request is empty; %s", p.want())
	}
	var all []item
	switch image := p.about.Kind == Image; {
	case kind == "multipart/form-data" && p.about.Kind != Row:
		all, err = p.parts(params["boundary"], data)
	case image && (strings.HasPrefix(kind, "image/") || kind == "application/octet-stream"):
		all = []item{{value: data}}
	case image:
		return nil, p.wrongType(kind)
	case kind == "application/json":
		all, err = p.fromJSON(data)
	case kind == "text/csv" && p.about.Kind == Row:
		all, err = p.fromCSV(data)
	case kind == "text/plain" && p.about.Kind != Row:
		all, err = one(string(data))
	default:
		return nil, p.wrongType(kind)
	}
	if err != nil {
		return nil, err
	}
	return all, p.count(len(all))
}

// count tells whether a request may have so many items.
func (p *parser) count(n int) error {
	switch {
	case n == 0:
		return failf(http.StatusBadRequest, "there is nothing to predict; %s", p.want())
	case n > p.maxItems:
		return failf(http.StatusRequestEntityTooLarge, "%d items at once (at most %d); send several requests", n, p.maxItems)
	}
	return nil
}

func (p *parser) wrongType(kind string) error {
	return failf(http.StatusUnsupportedMediaType, "the content type is %q; %s", kind, p.want())
}

// want says what is to be sent.
func (p *parser) want() string {
	switch p.about.Kind {
	case Image:
		return "send the file's bytes as image/jpeg or the like (curl -H 'Content-Type: image/jpeg' " +
			"--data-binary @photo.jpg), or multipart/form-data (curl -F file=@photo.jpg)"
	case Text:
		return `send application/json, {"text": "..."} or {"texts": ["...", "..."]}, or text/plain`
	case Row:
		return `send application/json, a row {"column": value, ...} or an array of them, or text/csv with a header`
	}
	return `send application/json, {"user": "..."}, or text/plain`
}

// one is a text or a user.
func one(s string) ([]item, error) {
	if !utf8.ValidString(s) {
		return nil, failf(http.StatusUnprocessableEntity, "the text is not in UTF-8; save it as that")
	}
	return []item{{value: s}}, nil
}

// parts reads the files of a form.
func (p *parser) parts(boundary string, data []byte) (all []item, err error) {
	err = eachPart(boundary, data, func(part *multipart.Part, content []byte) error {
		if len(all) == p.maxItems {
			return p.count(len(all) + 1)
		}
		it := item{name: part.FileName(), value: content}
		if p.about.Kind != Image {
			it.value = string(content)
		}
		all = append(all, it)
		return nil
	})
	return all, err
}

// mostFields is how many fields the page's form may have.
const mostFields = 10_000

// fields reads the page's form by its fields; a file is one, too.
func (p *parser) fields(contentType string, data []byte) (map[string][]byte, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, failf(http.StatusBadRequest, "the form's content type can't be read: %v", err)
	}
	fields := map[string][]byte{}
	err = eachPart(params["boundary"], data, func(part *multipart.Part, content []byte) error {
		if len(fields) == mostFields {
			return failf(http.StatusRequestEntityTooLarge, "the form has more than %d fields", mostFields)
		}
		fields[part.FormName()] = content
		return nil
	})
	return fields, err
}

// eachPart reads the parts of a form one after the other.
func eachPart(boundary string, data []byte, do func(part *multipart.Part, content []byte) error) error {
	if boundary == "" {
		return failf(http.StatusBadRequest, "the form has no boundary; let the program that sends it set the content type")
	}
	form := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := form.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return brokenForm(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return brokenForm(err)
		}
		if err := do(part, content); err != nil {
			return err
		}
	}
}

func brokenForm(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return failf(http.StatusBadRequest, "the form is cut short; send it again")
	}
	return failf(http.StatusBadRequest, "the form can't be read: %v", err)
}

// fromJSON reads texts, users or rows.
func (p *parser) fromJSON(data []byte) ([]item, error) {
	if !utf8.Valid(data) {
		return nil, failf(http.StatusBadRequest, "the JSON is not in UTF-8; save it as that")
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, failf(http.StatusBadRequest, "the JSON can't be read: %v", err)
	}
	if p.about.Kind == Row {
		return p.jsonRows(v)
	}
	return p.jsonTexts(v)
}

func (p *parser) jsonRows(v any) (all []item, err error) {
	list, several := v.([]any)
	if !several {
		list = []any{v}
	}
	for i, x := range list {
		row, ok := x.(map[string]any)
		if !ok {
			return nil, failf(http.StatusUnprocessableEntity, "row %d is no object; %s", i, p.want())
		}
		for _, name := range sortedKeys(row) {
			if err := p.fits(name, row[name]); err != nil {
				return nil, failf(http.StatusUnprocessableEntity, "row %d: %v", i, err)
			}
		}
		all = append(all, item{value: row})
	}
	return all, nil
}

// fits tells whether a column can have a value. That the model has the column is told by Prepare.
func (p *parser) fits(name string, value any) error {
	want := p.columns[name].Kind
	switch value.(type) {
	case nil:
		return nil
	case string:
		if want == "text" || want == "" {
			return nil
		}
	case float64, bool:
		if want != "text" {
			return nil
		}
	default:
		return fmt.Errorf("column %q is an array or an object (want text, a number, true, false or null)", name)
	}
	return fmt.Errorf("column %q is %v, a %T (want %s)", name, value, value, want)
}

// jsonTexts reads {"text": "..."}, {"texts": [...]}, a string or an array of strings; of users likewise.
func (p *parser) jsonTexts(v any) (all []item, err error) {
	single := string(p.about.Kind) // "text", "user"
	if object, is := v.(map[string]any); is {
		x, one := object[single]
		list, many := object[single+"s"]
		if one == many || len(object) != 1 {
			return nil, failf(http.StatusUnprocessableEntity, "the JSON has the keys %q; %s", sortedKeys(object), p.want())
		}
		if v = x; many {
			v = list
		}
	}
	list, several := v.([]any)
	if !several {
		list = []any{v}
	}
	for i, x := range list {
		s, ok := x.(string)
		if !ok {
			return nil, failf(http.StatusUnprocessableEntity, "%s %d is no string; %s", single, i, p.want())
		}
		all = append(all, item{value: s})
	}
	return all, nil
}

// fromCSV reads rows below a header.
func (p *parser) fromCSV(data []byte) (all []item, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	header, err := r.Read()
	if err != nil {
		return nil, failf(http.StatusBadRequest, "the CSV can't be read: %v", err)
	}
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, failf(http.StatusBadRequest, "the CSV can't be read: %v", err)
		}
		if len(all) == p.maxItems {
			return nil, p.count(len(all) + 1)
		}
		row, err := p.row(header, fields)
		if err != nil {
			return nil, failf(http.StatusUnprocessableEntity, "row %d: %v", len(all), err)
		}
		all = append(all, item{value: row})
	}
}

// row reads fields as their columns want them.
func (p *parser) row(header, fields []string) (map[string]any, error) {
	row := map[string]any{}
	for i, name := range header {
		if !utf8.ValidString(name) || !utf8.ValidString(fields[i]) {
			return nil, errors.New("it is not in UTF-8; save it as that")
		}
		value, err := p.columns[name].value(fields[i])
		if err != nil {
			return nil, err
		}
		if _, twice := row[name]; twice {
			return nil, fmt.Errorf("two columns are called %q; rename one", name)
		}
		row[name] = value
	}
	return row, nil
}
