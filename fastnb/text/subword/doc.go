// Package subword cuts documents into the pieces of words that a public pretrained encoder was trained on.
//
//	tok, err := subword.Open(pretrained.MiniLMTokens, subword.MaxTokens(128))
//	tok.Tokens("unaffable!") // [CLS] una ##ffa ##ble ! [SEP]
//
// A [WordPiece] gives the tokens that Hugging Face's tokenizers give for BERT and its kin, on texts in all scripts; of
// characters, 624 that Unicode added or reclassified since its version 8 of 2015 are others, because the tables there
// are of that time. It is written anew because the Go libraries that read their files did not: on the 67 texts of
// testdata/hf_minilm.json, go-huggingface v0.4.3 differs on 5 (it keeps format characters, and its limit of 100
// characters to a word is one of bytes) and its time grows with the square of a text's length, 6 s for 10,000 words and
// 107 s for 40,000; sugarme/tokenizer v0.3.0 differs on 20, every letter with an accent among them.
package subword
