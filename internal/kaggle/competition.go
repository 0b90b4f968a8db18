package kaggle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/fastnb/fastnb/internal/fetch"
)

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Slug returns a competition's name as it stands in addresses, "plant-seedlings-classification". It takes the address
// of a page of it too.
func Slug(competition string) (string, error) {
	name := strings.TrimSpace(competition)
	for _, before := range []string{"/competitions/", "/c/"} {
		if _, rest, ok := strings.Cut(name, before); ok {
			name, _, _ = strings.Cut(rest, "/")
			name, _, _ = strings.Cut(name, "?")
		}
	}
	if lower := strings.ToLower(name); slug.MatchString(lower) {
		return lower, nil
	}
	return "", fmt.Errorf("%q is no competition's name: want what its page's address ends in, as "+
		"plant-seedlings-classification of %s/competitions/plant-seedlings-classification", competition, Site)
}

// Download fetches the competition's files as one zip into the cache, and returns its path. A download that was cut
// goes on where it stopped.
func Download(ctx context.Context, c Credentials, name string) (string, error) {
	path, err := fetch.URL{
		Addr:   Site + "/api/v1/competitions/data/download-all/" + name,
		Name:   name + ".zip",
		Header: c.Header(),
	}.Fetch(ctx)
	return path, explain(err, c, name)
}

// explain says in words what an answer of Kaggle's means, and what to do.
func explain(err error, c Credentials, name string) error {
	var status fetch.StatusError
	if !errors.As(err, &status) {
		return err
	}
	page, said := Site+"/competitions/"+name, message(status.Body)
	switch status.Code {
	case http.StatusUnauthorized:
		return fmt.Errorf("%s%s: Kaggle refuses the %v; a key ends when a newer one is made: "+
			"make another one at %s/settings and put it in its place", status.Status, said, c, Site)
	case http.StatusForbidden:
		return fmt.Errorf("%s%s: sign in, open %s/rules, join the competition (Late Submission, where it is over), "+
			"accept its rules, and try again; if you have, the name %q may be wrong, or Kaggle may want your phone verified",
			status.Status, said, page, name)
	case http.StatusNotFound:
		return fmt.Errorf("%s%s: Kaggle knows no competition %q; its name is what its page's address ends in, and "+
			"%s/competitions lists them all", status.Status, said, name, Site)
	case http.StatusTooManyRequests:
		return fmt.Errorf("%s%s: wait some minutes and try again", status.Status, said)
	}
	return fmt.Errorf("%s%s, says Kaggle; look at %s", status.Status, said, page)
}

// message is what an answer says, after a comma.
func message(body []byte) string {
	var answer struct{ Message string }
	if json.Unmarshal(body, &answer) != nil || answer.Message == "" {
		return ""
	}
	return fmt.Sprintf(", %q", answer.Message)
}

// Answer is what Kaggle says to a submission.
type Answer struct {
	Message string
	Ref     int // the submission's number, 0 where none was said
}

// File is a file to be submitted.
type File struct {
	Name     string
	Content  []byte
	Modified int64 // seconds since 1970, UTC
}

// Submit sends a file as a submission: it asks for an address, puts the file there and hands in what stands for it.
// The description is shown beside the score.
func Submit(ctx context.Context, c Credentials, name string, file File, description string) (Answer, error) {
	var place struct{ CreateURL, Token string }
	address := fmt.Sprintf("/competitions/%s/submissions/url/%d/%d", name, len(file.Content), file.Modified)
	if err := post(ctx, c, address, url.Values{"fileName": {file.Name}}, &place); err != nil {
		return Answer{}, explain(err, c, name)
	}
	if place.CreateURL == "" || place.Token == "" {
		return Answer{}, errors.New("the answer of Kaggle has no address to send the file to; nothing was submitted")
	}
	if err := put(ctx, place.CreateURL, file.Content); err != nil {
		return Answer{}, fmt.Errorf("sending the file: %w; nothing was submitted", err)
	}
	var a Answer
	err := post(ctx, c, "/competitions/submissions/submit/"+name,
		url.Values{"blobFileTokens": {place.Token}, "submissionDescription": {description}}, &a)
	return a, explain(err, c, name)
}

// post sends a form to the API and reads its answer.
func post(ctx context.Context, c Credentials, address string, form url.Values, answer any) error {
	body := strings.NewReader(form.Encode())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, Site+"/api/v1"+address, body)
	if err != nil {
		return err
	}
	req.Header = c.Header()
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := fetch.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("the answer of Kaggle is not JSON: %w", err)
	}
	return nil
}

// put sends a file's content to the address that Kaggle gave for it, which itself says who sends it.
func put(ctx context.Context, address string, content []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	resp, err := fetch.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
