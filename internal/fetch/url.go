package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
)

// URL is a file on the web.
type URL struct {
	Addr   string // http or https
	SHA256 string // hexadecimal; empty if it isn't known, then nothing is checked
	Name   string // base name in the cache and in mirrors; default: that of Addr

	// Header is sent with each request. Where the server sends us on to another host, net/http leaves out who we are.
	Header http.Header
}

// Fetch returns the cached file. If there is none, it takes it from a mirror or downloads it.
func (u URL) Fetch(ctx context.Context) (string, error) {
	name, err := u.name()
	if err != nil {
		return "", err
	}
	dst, err := cached("files", u.key(), name)
	if err != nil {
		return "", err
	}
	return dst, Once(ctx, dst, func(tmp string) error { return u.get(ctx, name, tmp) })
}

// String returns the address.
func (u URL) String() string { return u.Addr }

// Checksum returns the SHA-256, empty if it isn't known.
func (u URL) Checksum() string { return u.SHA256 }

// name returns the base name, which must be usable as a file's name.
func (u URL) name() (string, error) {
	addr, err := url.Parse(u.Addr)
	if err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	if addr.Scheme != "http" && addr.Scheme != "https" {
		return "", fmt.Errorf("fetch: %q is not an http or https address", u.Addr)
	}
	name := u.Name
	if name == "" {
		name = path.Base(addr.Path)
	}
	if name != filepath.Base(name) || !filepath.IsLocal(name) || name == "." {
		return "", fmt.Errorf("fetch: %s: %q is not a file name (set URL.Name)", u.Addr, name)
	}
	return name, nil
}

// key is the cache's folder for the file: files of one name from several places must not meet.
func (u URL) key() string {
	if len(u.SHA256) >= 16 {
		return u.SHA256[:16]
	}
	sum := sha256.Sum256([]byte(u.Addr))
	return hex.EncodeToString(sum[:8])
}

func (u URL) get(ctx context.Context, name, tmp string) error {
	done, rejected := copyMirrored(Mirrored(name), u.SHA256, tmp)
	if done && u.SHA256 == "" {
		rejected = checkMeant(tmp, name)
	}
	if done && rejected == nil {
		return nil
	}
	err := u.download(ctx, tmp)
	if err == nil && u.SHA256 == "" {
		err = checkMeant(tmp, name)
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	if !isChecksum(err) {
		err = fmt.Errorf("%w; %s", err, byHand(name, u.SHA256))
	}
	return fmt.Errorf("fetch: %s: %w", name, andRejected(err, rejected))
}

func isChecksum(err error) bool {
	var e *ChecksumError
	return errors.As(err, &e)
}
