package text_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/text"
)

func ExampleTokenizer() {
	review := "I can't BELIEVE how good this was!!!! The well-known cast... :)"
	fmt.Printf("%q\n", text.English.Tokens(review))
	fmt.Printf("%q\n", text.Characters.Tokens("Aé!"))
	if j, ok := text.Characters.(text.Joiner); ok {
		fmt.Println(j.Join([]string{text.BOS, "A", "é", "!"}))
	}
	// Output:
	// ["xxbos" "i" "ca" "n't" "xxup" "believe" "how" "good" "this" "was" "xxrep" "4" "!" "xxmaj" "the" "well" "-" "known" "cast" "…" ":)"]
	// ["xxbos" "A" "é" "!"]
	// Aé!
}

func ExampleRules() {
	fmt.Println(text.Rules("It#39;s  VERY Good!!!! and/or no no no"))
	// Output:
	// xxbos xxmaj it's xxup very xxmaj good xxrep 4 ! and / or xxwrep 3 no
}

func ExampleSpecials() {
	fmt.Println(text.Specials())
	// Output: [xxunk xxpad xxbos xxeos xxfld xxrep xxwrep xxup xxmaj]
}

func ExampleJoin() {
	tokens := text.English.Tokens(`He said it wasn't "GOOD!" (or so). No!!!!`)
	fmt.Println(tokens)
	fmt.Println(text.Join(tokens))
	// Output:
	// [xxbos xxmaj he said it was n't " good ! " ( or so ) . xxmaj no xxrep 4 !]
	// He said it wasn't "good!" (or so). No!!!!
}

func ExampleMakeVocab() {
	vocab, err := text.MakeVocab(map[string]int{"the": 9, "film": 5, "rare": 1}, text.MinFreq(3), text.MaxVocab(100))
	if err != nil {
		log.Fatal(err)
	}
	codes := vocab.Encode([]string{"the", "rare", "film"})
	fmt.Println(vocab.Len(), codes, vocab.Decode(codes))
	// Output: 16 [9 0 10] [the xxunk film]
}

func ExampleNewVocab() {
	_, err := text.NewVocab([]string{"the", "film"})
	fmt.Println(err)
	// Output: text: NewVocab: a vocabulary that begins with ["the" "film"] (want xxunk, xxpad; MakeVocab puts them there)
}

func ExampleReadVocab() {
	dir, err := os.MkdirTemp("", "vocab")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	vocab, err := text.NewVocab([]string{text.Unk, text.Pad, "film"})
	if err != nil {
		log.Fatal(err)
	}
	path := filepath.Join(dir, "vocab.json")
	if err := vocab.Save(path); err != nil {
		log.Fatal(err)
	}
	read, err := text.ReadVocab(path)
	fmt.Println(read.Words(), err)
	// Output: [xxunk xxpad film] <nil>
}

// folder writes some reviews in the layout of IMDB.
func folder() string {
	dir, err := os.MkdirTemp("", "reviews")
	if err != nil {
		log.Fatal(err)
	}
	for name, review := range map[string]string{
		"train/pos/1.txt": "A good film!", "train/neg/1.txt": "A bad film!", "train/neg/2.txt": "So bad.", "test/pos/1.txt": "Good, not bad.",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(review), 0o666); err != nil {
			log.Fatal(err)
		}
	}
	return dir
}

func ExampleFromFolders() {
	path := folder()
	defer os.RemoveAll(path)
	docs, err := text.FromFolders(path, text.TrainIn("train"), text.ValidIn("test"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Len(fastnb.Train), docs.Classes(), docs.Labels(fastnb.Train), docs.Names(fastnb.Train))
	fmt.Println(docs.Text(fastnb.Valid, 0))
	// Output:
	// 3 [neg pos] [0 0 1] [train/neg/1.txt train/neg/2.txt train/pos/1.txt]
	// Good, not bad. <nil>
}

func ExampleFromCSV() {
	path := folder()
	defer os.RemoveAll(path)
	file := filepath.Join(path, "reviews.csv")
	table := "title,review,stars,held back\nA Film,\"Good, really.\",5,false\nThe Film,Bad.,1,true\n"
	if err := os.WriteFile(file, []byte(table), 0o666); err != nil {
		log.Fatal(err)
	}
	docs, err := text.FromCSV(file, text.TextColumns("title", "review"), text.ValidColumn("held back"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Text(fastnb.Train, 0))
	// Output: xxfld 1 A Film xxfld 2 Good, really. <nil>
}

func ExampleFromTexts() {
	docs, err := text.FromTexts([]string{"Good!", "Bad.", "Not so bad."}, []string{"pos", "neg", "neg"}, text.ValidRows([]int{2}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs.Len(fastnb.Train), docs.Len(fastnb.Valid), docs.Labels(fastnb.Train))
	// Output: 2 1 [1 0]
}

func ExampleDocs_Corpus() {
	path := folder()
	defer os.RemoveAll(path)
	docs, err := text.FromFolders(path, text.In("train"))
	if err != nil {
		log.Fatal(err)
	}
	vocab, err := docs.Vocab(text.English, text.MinFreq(2))
	if err != nil {
		log.Fatal(err)
	}
	corpus, err := docs.Corpus(fastnb.Train, text.English, vocab)
	if err != nil {
		log.Fatal(err)
	}
	defer corpus.Close()
	for i := range corpus.Len() {
		fmt.Println(corpus.Doc(i), vocab.Text(corpus.Doc(i)))
	}
	fmt.Println(len(corpus.Codes()))
	// Output:
	// [2 10 11 12 9] a bad film!
	// [2 8 0 11 0] xxunk bad xxunk
	// [2 10 0 12 9] a xxunk film!
	// 15
}
