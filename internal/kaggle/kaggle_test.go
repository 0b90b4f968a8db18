package kaggle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serve is a server that takes submissions as Kaggle does, for one competition and one user; said is what it says to
// the last step.
func serve(t *testing.T, status int, said string) *[]string {
	var steps []string
	var s *httptest.Server
	answer := func(w http.ResponseWriter, code int, v any) {
		w.WriteHeader(code)
		json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/competitions/plants/submissions/url/{size}/{time}", func(w http.ResponseWriter, r *http.Request) {
		if user, key, _ := r.BasicAuth(); user != "me" || key != "secret" {
			answer(w, 401, map[string]any{"code": 401, "message": "Unauthenticated"})
			return
		}
		steps = append(steps, fmt.Sprintf("url of %s bytes, %s, %s", r.PathValue("size"), r.PathValue("time"), r.FormValue("fileName")))
		answer(w, 200, map[string]string{"createUrl": s.URL + "/put?signed=1", "token": "blob"})
	})
	mux.HandleFunc("PUT /put", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		steps = append(steps, fmt.Sprintf("put %q, %d, authorised %t", body, r.ContentLength, r.Header.Get("Authorization") != ""))
	})
	mux.HandleFunc("POST /api/v1/competitions/submissions/submit/plants", func(w http.ResponseWriter, r *http.Request) {
		steps = append(steps, fmt.Sprintf("submit %s, %s", r.FormValue("blobFileTokens"), r.FormValue("submissionDescription")))
		answer(w, status, map[string]any{"message": said, "ref": 7, "code": status})
	})
	s = httptest.NewServer(mux)
	was := Site
	Site = s.URL
	t.Cleanup(func() { Site = was; s.Close() })
	return &steps
}

var (
	me   = Credentials{User: "me", key: "secret", From: "a test"}
	file = File{Name: "s.csv", Content: []byte("id,label\n1,0\n"), Modified: 1700000000}
)

func TestSubmit(t *testing.T) {
	steps := serve(t, 200, "Successfully submitted to Plants")
	got, err := Submit(context.Background(), me, "plants", file, "five folds & more")
	if err != nil || got != (Answer{"Successfully submitted to Plants", 7}) {
		t.Errorf("the answer is %v, %v", got, err)
	}
	want := `url of 13 bytes, 1700000000, s.csv
put "id,label\n1,0\n", 13, authorised false
submit blob, five folds & more`
	if got := strings.Join(*steps, "\n"); got != want {
		t.Errorf("the steps are\n%s\nwant\n%s", got, want)
	}
}

func TestSubmitErrors(t *testing.T) {
	for name, c := range map[string]struct {
		who    Credentials
		of     string
		status int
		want   string
	}{
		"another": {Credentials{User: "me", key: "old", From: "kaggle.json"}, "plants", 200, "401 Unauthorized"},
		"unknown": {me, "animals", 200, `no competition "animals"`},
		"too many": {me, "plants", 400,
			`400 Bad Request, "You have reached your daily limit", says Kaggle`},
	} {
		steps := serve(t, c.status, "You have reached your daily limit")
		_, err := Submit(context.Background(), c.who, c.of, file, "")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (want %s) after %q", name, err, c.want, *steps)
		}
	}
}

// A key is never shown, however it is printed.
func TestKeyIsNotShown(t *testing.T) {
	for _, c := range []Credentials{me, {token: "secret", From: "KAGGLE_API_TOKEN"}} {
		if s := fmt.Sprint(c) + fmt.Sprintf("%v %+v %s", c, &c, c); strings.Contains(s, "secret") {
			t.Error(s)
		}
	}
}

func TestSlug(t *testing.T) {
	for of, want := range map[string]string{
		"plants": "plants", " Plants-2024 ": "plants-2024",
		"https://www.kaggle.com/c/plants": "plants", "https://www.kaggle.com/competitions/plants/data?select=a.csv": "plants",
		"www.kaggle.com/competitions/plants?x": "plants",
		"me/plants":                            "", "plants.zip": "", "-": "", "../c/..": "",
	} {
		if got, err := Slug(of); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v (want %q)", of, got, err, want)
		}
	}
}
