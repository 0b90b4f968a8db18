package fetch

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// member is an entry of an archive under test.
type member struct {
	name string
	kind byte // a tar type; 0 is a file
	body string
}

var good = []member{
	{name: "./", kind: tar.TypeDir},
	{name: "pets/", kind: tar.TypeDir},
	{name: "pets/train/cat/1.jpg", body: "cat"}, // its folder has no entry
	{name: "./pets/été 2.txt", body: "accents"},
	{name: "pets/empty/", kind: tar.TypeDir},
	{name: "pets/zero", body: ""},
}

func tarOf(t *testing.T, members ...member) []byte {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Typeflag: m.kind, Mode: 0o755, Size: int64(len(m.body))}
		if m.kind == tar.TypeSymlink || m.kind == tar.TypeLink {
			h.Linkname, h.Size = m.body, 0
		} else if m.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		check(t, w.WriteHeader(h))
		if h.Size > 0 {
			_, err := io.WriteString(w, m.body)
			check(t, err)
		}
	}
	check(t, w.Close())
	return buf.Bytes()
}

func zipOf(t *testing.T, members ...member) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if m.kind == tar.TypeSymlink {
			h.SetMode(os.ModeSymlink | 0o777)
		}
		f, err := w.CreateHeader(h)
		check(t, err)
		_, err = io.WriteString(f, m.body)
		check(t, err)
	}
	check(t, w.Close())
	return buf.Bytes()
}

func gzipOf(t *testing.T, data []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write(data)
	check(t, err)
	check(t, w.Close())
	return buf.Bytes()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func extractBytes(t *testing.T, data []byte) (dir string, err error) {
	tmp := t.TempDir()
	mustWrite(t, filepath.Join(tmp, "archive"), data)
	dir = filepath.Join(tmp, "out", "data")
	return dir, Extract(filepath.Join(tmp, "archive"), dir)
}

func TestExtract(t *testing.T) {
	for name, data := range map[string][]byte{
		"tar": tarOf(t, good...), "tgz": gzipOf(t, tarOf(t, good...)), "zip": zipOf(t, good[1:]...),
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := extractBytes(t, data)
			check(t, err)
			wantFile(t, filepath.Join(dir, "pets/train/cat/1.jpg"), []byte("cat"))
			wantFile(t, filepath.Join(dir, "pets/été 2.txt"), []byte("accents"))
			wantFile(t, filepath.Join(dir, "pets/zero"), nil)
			if info, err := os.Stat(filepath.Join(dir, "pets/empty")); err != nil || !info.IsDir() {
				t.Errorf("empty folder: %v, %v", info, err)
			}
			if info, _ := os.Stat(filepath.Join(dir, "pets/zero")); info.Mode().Perm()&0o111 != 0 {
				t.Errorf("a file of an archive is executable: %v", info.Mode())
			}
		})
	}
}

func TestExtractHostile(t *testing.T) {
	defer func(n int64) { minGrowth = n }(minGrowth)
	minGrowth = 1 << 20
	file := member{name: "a/first", body: "x"}
	link := func(to string) member { return member{name: "a/link", kind: tar.TypeSymlink, body: to} }
	zeros := gzipOf(t, tarOf(t, file, member{name: "zeros", body: string(make([]byte, minGrowth+1))}))
	whole := gzipOf(t, tarOf(t, good...))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"parent":              {tarOf(t, file, member{name: "../evil", body: "x"}), `"../evil" would lie outside`},
		"parent inside":       {tarOf(t, file, member{name: "a/../../evil", body: "x"}), "would lie outside"},
		"absolute":            {tarOf(t, file, member{name: "/tmp/evil", body: "x"}), "would lie outside"},
		"parent folder":       {tarOf(t, file, member{name: "../evil/", kind: tar.TypeDir}), "would lie outside"},
		"symlink":             {tarOf(t, file, link("../.."), member{name: "a/link/evil", body: "x"}), `"a/link" is neither file nor folder`},
		"symlink inside":      {tarOf(t, file, link("first")), "neither file nor folder"},
		"device":              {tarOf(t, file, member{name: "tty", kind: tar.TypeChar}), "neither file nor folder"},
		"pipe":                {tarOf(t, file, member{name: "p", kind: tar.TypeFifo}), "neither file nor folder"},
		"file as folder":      {tarOf(t, file, member{name: "a/first/x", body: "x"}), "first"},
		"root as file":        {tarOf(t, file, member{name: ".", body: "x"}), ""},
		"zip parent":          {zipOf(t, file, member{name: "../evil", body: "x"}), "would lie outside"},
		"zip absolute":        {zipOf(t, file, member{name: "/evil", body: "x"}), "would lie outside"},
		"zip symlink":         {zipOf(t, file, link("/etc")), "neither file nor folder"},
		"bomb":                {zeros, "grows too much"},
		"zip bomb":            {zipOf(t, member{name: "zeros", body: string(make([]byte, minGrowth+1))}), "grows too much"},
		"cut tgz":             {whole[:len(whole)-10], "unexpected EOF"},
		"damaged tgz":         {append(bytes.Clone(whole[:len(whole)-8]), 1, 2, 3, 4, 5, 6, 7, 8), "checksum"},
		"cut tar":             {tarOf(t, good...)[:2000], "not a whole tar"},
		"cut tar, whole file": {tarOf(t, good...)[:2048], "not a whole tar"},
		"not an archive":      {[]byte("<html>not found</html>"), "not a whole tar"},
		"empty file":          {nil, "not a whole tar"},
		"damaged zip":         {[]byte("PK\x03\x04 and so on"), "zip"},
		"page for a file":     {bytes.Repeat([]byte("<html>"), 1000), "not a whole tar"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := extractBytes(t, c.data)
			if err == nil {
				t.Fatal("no error")
			}
			wantError(t, err, c.want, "extracting")
			wantOnly(t, filepath.Dir(dir), ".data.lock")
			wantOnly(t, filepath.Dir(filepath.Dir(dir)), "archive", "out")
		})
	}
}

// TestExtractHardLink: a tar can name another of its files, or one outside; neither is followed.
func TestExtractHardLink(t *testing.T) {
	_, err := extractBytes(t, tarOf(t, member{name: "passwd", kind: tar.TypeLink, body: "/etc/passwd"}))
	wantError(t, err, "is neither file nor folder")
}

func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for i, e := range entries {
		if len(entries) != len(names) || e.Name() != names[i] {
			t.Errorf("%s holds %v (want %v)", dir, entries, names)
			return
		}
	}
}

func TestExtractAtOnce(t *testing.T) {
	tmp := t.TempDir()
	archive, dir := filepath.Join(tmp, "a.tar"), filepath.Join(tmp, "data")
	mustWrite(t, archive, tarOf(t, good...))
	mustWrite(t, filepath.Join(tmp, ".data.part", "left behind"), []byte("by a cut run"))
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if err := Extract(archive, dir); err != nil {
				t.Error(err)
			}
			wantFile(t, filepath.Join(dir, "pets/train/cat/1.jpg"), []byte("cat"))
		})
	}
	wg.Wait()
	wantOnly(t, dir, "pets")
}

func FuzzExtract(f *testing.F) {
	t := &testing.T{}
	f.Add(tarOf(t, good...))
	f.Add(gzipOf(t, tarOf(t, good[2])))
	f.Add(zipOf(t, good[2]))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir, err := extractBytes(t, data)
		if exists(dir) != (err == nil) {
			t.Errorf("error %v, folder there: %v", err, exists(dir))
		}
	})
}
