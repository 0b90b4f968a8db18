package text_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/pretrained"
	"github.com/fastnb/fastnb/fastnb/text"
	"github.com/fastnb/fastnb/fastnb/text/subword"
)

// An encoder of 40 words stands for arch.MiniLM and its 30522.
func ExampleNewTransformer() {
	dir, err := os.MkdirTemp("", "transformer")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	words := strings.Fields("[PAD] [UNK] [CLS] [SEP] [MASK] good bad film ##s a the was , . ! it is very un ##watch ##able")
	for len(words) < 40 {
		words = append(words, fmt.Sprint("[unused", len(words), "]"))
	}
	if err := os.WriteFile(filepath.Join(dir, "vocab.txt"), []byte(strings.Join(words, "\n")), 0o644); err != nil {
		log.Fatal(err)
	}
	tok, err := subword.Open(pretrained.File(filepath.Join(dir, "vocab.txt")), subword.MaxTokens(8))
	if err != nil {
		log.Fatal(err)
	}
	vocab, err := tok.Vocab()
	if err != nil {
		log.Fatal(err)
	}
	texts, labels := []string{"A good film!", "It was very bad.", "Unwatchable films!", "Good."}, []string{"pos", "neg", "neg", "pos"}
	docs, err := text.FromTexts(texts, labels, text.ValidRows([]int{3}), text.WorkDir(dir))
	if err != nil {
		log.Fatal(err)
	}
	data, err := text.ForClassifier(docs, text.WithTokenizer(tok), text.WithVocab(vocab), text.BatchSize(2))
	if err != nil {
		log.Fatal(err)
	}
	weights := pretrained.File("../../testdata/hf_tiny_bert.safetensors")
	learn, err := text.NewTransformer(data, text.Encoder(tiny), text.EncoderWeights(weights), text.With(fastnb.WithProgress(nil)))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tok.Tokens(texts[2]))
	fmt.Println(len(learn.Model().Groups), "layer groups,", learn.FrozenTo(), "of them frozen")
	// Output:
	// [[CLS] un ##watch ##able film ##s ! [SEP]]
	// 4 layer groups, 3 of them frozen
}
