package subword_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/subword"
)

// The vocabulary goes to text.WithVocab, so that documents have the encoder's codes.
func ExampleWordPiece_Vocab() {
	dir, err := os.MkdirTemp("", "subword")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "vocab.txt")
	words := strings.Join(strings.Fields("[PAD] [UNK] [CLS] [SEP] [MASK] film"), "\n")
	if err := os.WriteFile(path, []byte(words), 0o644); err != nil {
		log.Fatal(err)
	}
	tok, err := subword.Open(pretrained.File(path), subword.Encoding("utf-8"))
	if err != nil {
		log.Fatal(err)
	}
	vocab, err := tok.Vocab()
	if err != nil {
		log.Fatal(err)
	}
	cased, err := subword.Open(pretrained.File(path), subword.Cased())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cased.Tokens("Film"), tok.Tokens("Film"))
	fmt.Println(len(tok.Words()), "words;", vocab.Decode(tok.Codes("film")), tok.Name() != "")
	// Output:
	// [[CLS] [UNK] [SEP]] [[CLS] film [SEP]]
	// 6 words; [[CLS] film [SEP]] true
}
