package subword_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text/subword"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "subword")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	vocab := filepath.Join(dir, "vocab.txt")
	words := strings.Fields("[PAD] [UNK] [CLS] [SEP] [MASK] un una ##ffa ##ble the film is !")
	if err := os.WriteFile(vocab, []byte(strings.Join(words, "\n")), 0o644); err != nil {
		panic(err)
	}
	tok, err := subword.Open(pretrained.File(vocab), subword.MaxTokens(8))
	if err != nil {
		panic(err)
	}
	fmt.Println(tok.Tokens("The film is unaffable!"))
	fmt.Println(tok.Codes("The film is unaffable!"))
	fmt.Println(tok.Tokens("La film is..."))
	// Output:
	// [[CLS] the film is una ##ffa ##ble [SEP]]
	// [2 9 10 11 6 7 8 3]
	// [[CLS] [UNK] film is [UNK] [UNK] [UNK] [SEP]]
}
