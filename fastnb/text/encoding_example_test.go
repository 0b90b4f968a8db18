package text_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

// Documents in Latin-1, and what lies beside them.
func ExampleEncoding() {
	dir, err := os.MkdirTemp("", "latin1")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, content := range map[string]string{"a.txt": "caf\xe9", "notes.md": "no document"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	docs, err := text.FromFolders(dir, text.Encoding("latin-1"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Text(fastnb.Train, 0))
	for _, s := range docs.Skipped() {
		fmt.Println(filepath.Base(s.Path), "-", s.Reason)
	}
	// Output:
	// café <nil>
	// notes.md - of extension .md; Extensions(".md") reads such files
}
