// Package kaggle speaks with Kaggle's public API as a user who has an account there: it fetches a competition's files
// and sends a submission. Its errors say what to do, with the page to visit.
package kaggle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Site is where Kaggle is. Tests have one of their own.
var Site = "https://www.kaggle.com"

// ErrNoCredentials says that nothing tells who the user is.
var ErrNoCredentials = errors.New("no Kaggle credentials")

// Credentials are what Kaggle knows a user by: a name and a key, or a token.
type Credentials struct {
	User string // "" with a token
	From string // where they were found: variables, or a file

	key, token string
}

// String returns where the credentials are from, and never what they are.
func (c Credentials) String() string { return "credentials of " + c.From }

// Header returns the header that says who asks.
func (c Credentials) Header() http.Header {
	r := http.Request{Header: http.Header{"User-Agent": {"fastnb"}}}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	} else {
		r.SetBasicAuth(c.User, c.key)
	}
	return r.Header
}

// Find returns the user's credentials, as Kaggle's own programs look for them: KAGGLE_API_TOKEN, then KAGGLE_USERNAME
// with KAGGLE_KEY, then kaggle.json in KAGGLE_CONFIG_DIR or in .kaggle or .config/kaggle below the home folder, then
// the file access_token there. ErrNoCredentials, with what to do step by step, where there is none of them.
func Find() (Credentials, error) {
	if token := env("KAGGLE_API_TOKEN"); token != "" {
		return Credentials{token: token, From: "KAGGLE_API_TOKEN"}, nil
	}
	user, key := env("KAGGLE_USERNAME"), env("KAGGLE_KEY")
	switch {
	case user != "" && key != "":
		return Credentials{User: user, key: key, From: "KAGGLE_USERNAME and KAGGLE_KEY"}, nil
	case key != "":
		return Credentials{}, errors.New("KAGGLE_KEY is set and KAGGLE_USERNAME is not: set both, as in kaggle.json")
	}
	dirs := folders()
	for _, dir := range dirs {
		if c, err := read(filepath.Join(dir, "kaggle.json"), ofJSON); !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
		if c, err := read(filepath.Join(dir, "access_token"), ofToken); !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
	}
	return Credentials{}, absent(dirs)
}

func env(name string) string { return strings.TrimSpace(os.Getenv(name)) }

// folders lists where files with credentials may lie: the one that is set, else those below the home folder.
func folders() []string {
	if dir := env("KAGGLE_CONFIG_DIR"); dir != "" {
		return []string{dir}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	return []string{filepath.Join(home, ".kaggle"), filepath.Join(home, ".config", "kaggle")}
}

// read reads a file with credentials.
func read(path string, parse func(text []byte) (Credentials, error)) (Credentials, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Credentials{}, err
	}
	c, err := parse(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if err != nil {
		return Credentials{}, fmt.Errorf("%s %w; make another one at %s/settings", path, err, Site)
	}
	c.From = path
	return c, nil
}

func ofJSON(text []byte) (Credentials, error) {
	var file struct{ Username, Key string }
	if err := json.Unmarshal(text, &file); err != nil {
		return Credentials{}, errors.New(`is not what Kaggle makes: want {"username":"...","key":"..."}`)
	}
	if file.Username == "" || file.Key == "" {
		return Credentials{}, errors.New(`lacks a name or a key: want {"username":"...","key":"..."}`)
	}
	return Credentials{User: file.Username, key: file.Key}, nil
}

func ofToken(text []byte) (Credentials, error) {
	if len(text) == 0 || bytes.ContainsAny(text, " \t\r\n") {
		return Credentials{}, errors.New("is not a token: want one word")
	}
	return Credentials{token: string(text)}, nil
}

// absent tells how to come by credentials.
func absent(dirs []string) error {
	file := "kaggle.json in the folder that KAGGLE_CONFIG_DIR names"
	if len(dirs) > 0 {
		file = filepath.Join(dirs[0], "kaggle.json")
	}
	return fmt.Errorf(`%w. To get some:
	1. sign in at %s, with an account that costs nothing
	2. open %[2]s/settings and make an API key there, which gives you the file kaggle.json
	3. put it at %s, or set KAGGLE_USERNAME and KAGGLE_KEY to the two words in it;
	   of the newer tokens, set KAGGLE_API_TOKEN to the token`, ErrNoCredentials, Site, file)
}
