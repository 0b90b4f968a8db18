package arch

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/fastnb/fastnb/fastnb/pretrained"
)

// awdNames map the names in fastai's files of a language model, without what is before "encoder", "rnns" and "decoder":
// of version 2, of version 1, which has a stale copy beside each raw weight, and of 0.7. What is left out is the
// embedding once more, or of no use to a language model.
var awdNames = pretrained.Table{
	{From: "encoder.weight", To: EmbeddingPath},
	{From: "encoder_dp.emb.weight"},
	{From: "encoder_with_dropout.embed.weight"},
	{From: "decoder.weight"},
	{From: "decoder.bias", To: "/decoder/bias"},
	{From: "rnns.*.weight_hh_l0_raw", To: "/encoder/rnn*/weight_hh", Layout: pretrained.DenseOI},
	{From: "rnns.*.module.weight_hh_l0_raw", To: "/encoder/rnn*/weight_hh", Layout: pretrained.DenseOI},
	{From: "rnns.*.module.weight_hh_l0"},
	{From: "rnns.*.module.weight_ih_l0", To: "/encoder/rnn*/weight_ih", Layout: pretrained.DenseOI},
	{From: "rnns.*.module.bias_ih_l0", To: "/encoder/rnn*/bias_ih"},
	{From: "rnns.*.module.bias_hh_l0", To: "/encoder/rnn*/bias_hh"},
}

// before is the place in a file's larger net: "0.", "1." or "0.module.".
var before = regexp.MustCompile(`^\d\.(module\.)?`)

// ReadAWDLSTM reads the weights of a language model that fastai trained: wt103's lstm_fwd.pth, of version 2 or 1, or
// 0.7's fwd_wt103.h5, which is no HDF5; or of its encoder alone. The net's sizes are the file's; its weights come by
// path, with /decoder/bias where the file has one. Tensors that are missing, of another shape or unknown are an error
// that names them.
func ReadAWDLSTM(src pretrained.Source) (AWDLSTM, map[string]pretrained.Tensor, error) {
	path, err := src.Fetch(context.Background())
	if err != nil {
		return AWDLSTM{}, nil, fmt.Errorf("fastnb: arch: AWD-LSTM: %w", err)
	}
	named, err := pretrained.Read(path)
	if err != nil {
		return AWDLSTM{}, nil, fmt.Errorf("fastnb: arch: AWD-LSTM: %w", err)
	}
	short := make(map[string]pretrained.Tensor, len(named))
	for name, t := range named {
		short[before.ReplaceAllString(name, "")] = t
	}
	net, err := awdSizes(short)
	if err != nil {
		return AWDLSTM{}, nil, fmt.Errorf("fastnb: arch: AWD-LSTM in %s: %w", path, err)
	}
	_, decoder := short["decoder.bias"]
	weights, err := awdNames.Map(short, net.Shapes(decoder))
	if err != nil {
		return AWDLSTM{}, nil, fmt.Errorf("fastnb: arch: AWD-LSTM in %s: %w", path, err)
	}
	return net, weights, nil
}

// awdSizes tells the sizes of a net by its weights.
func awdSizes(named map[string]pretrained.Tensor) (AWDLSTM, error) {
	emb, first := named["encoder.weight"], named["rnns.0.module.bias_ih_l0"]
	if len(emb.Shape) != 2 || len(first.Shape) != 1 || first.Shape[0]%4 != 0 {
		return AWDLSTM{}, errors.New("it has no encoder.weight of two axes and rnns.0.module.bias_ih_l0: " +
			"this is no AWD-LSTM of fastai's")
	}
	net := AWDLSTM{Vocab: emb.Shape[0], Embedding: emb.Shape[1], Hidden: first.Shape[0] / 4, Drops: LanguageModelDrops}
	for {
		if _, ok := named[fmt.Sprintf("rnns.%d.module.bias_ih_l0", net.Layers)]; !ok {
			return net, nil
		}
		net.Layers++
	}
}

// MatchWords gives weights of a net with the words old the rows of a vocabulary of the words new: the embedding and the
// decoder's bias of a word that old has, and the mean of all for one that it hasn't. It returns how many words were
// found. As fast.ai does since 0.7. An error if the weights are not of so many words.
func MatchWords(weights map[string]pretrained.Tensor, old, new []string) (map[string]pretrained.Tensor, int, error) {
	rows := make(map[string]int, len(old))
	for i, w := range old {
		rows[w] = i
	}
	from, found := make([]int, len(new)), 0
	for i, w := range new {
		row, ok := rows[w]
		if i < len(old) && old[i] == w {
			row = i // words that only fill a vocabulary come several times
		}
		if from[i] = row; !ok {
			from[i] = -1
			continue
		}
		found++
	}
	out := make(map[string]pretrained.Tensor, len(weights))
	for path, t := range weights {
		if out[path] = t; path != EmbeddingPath && path != "/decoder/bias" {
			continue
		}
		if len(t.Shape) == 0 || t.Shape[0] != len(old) {
			return nil, 0, fmt.Errorf("fastnb: arch: %s is of %d words, the vocabulary has %d", path, t.Shape[0], len(old))
		}
		out[path] = takeRows(t, from)
	}
	return out, found, nil
}

// takeRows returns a tensor of these rows of t, the mean row for -1.
func takeRows(t pretrained.Tensor, rows []int) pretrained.Tensor {
	width := len(t.Data) / t.Shape[0]
	sum := make([]float64, width)
	for i, x := range t.Data {
		sum[i%width] += float64(x)
	}
	out := pretrained.Tensor{Shape: append([]int{len(rows)}, t.Shape[1:]...), Data: make([]float32, len(rows)*width)}
	for i, row := range rows {
		to := out.Data[i*width : (i+1)*width]
		if row >= 0 {
			copy(to, t.Data[row*width:])
			continue
		}
		for k := range to {
			to[k] = float32(sum[k] / float64(t.Shape[0]))
		}
	}
	return out
}
