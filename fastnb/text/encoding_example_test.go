package text_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// Documents in Latin-1.
func ExampleEncoding() {
	dir, err := os.MkdirTemp("", "latin1")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, content := range map[string]string{"a.txt": "caf\xe9"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	docs, err := text.FromFolders(dir, text.Encoding("latin-1"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Text(fastnb.Train, 0))
	// Output: café <nil>
}

// shelf makes a folder of files.
func shelf(names ...string) (dir string) {
	dir, err := os.MkdirTemp("", "shelf")
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("What is written in "+name), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	return dir
}

func ExampleExtensions() {
	dir := shelf("a.txt", "b.md", "c.MD", "10001", "d.html")
	defer os.RemoveAll(dir)
	docs, err := text.FromFolders(dir, text.Extensions("md", "")) // "" is that of files without
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Names(fastnb.Train))
	// Output: [10001 b.md c.MD]
}

// What lies among the documents and is none is passed over, and told.
func ExampleDocs_Skipped() {
	dir := shelf("a.txt", "b.md", "c.md", "index.html")
	defer os.RemoveAll(dir)
	docs, err := text.FromFolders(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range docs.Skipped() {
		fmt.Println(s.Count, s.Names, s.Reason)
	}
	// Output:
	// 2 [b.md c.md] of extension .md; Extensions(".md") reads such files
	// 1 [] of extension .html; Extensions(".html") reads such files
}
