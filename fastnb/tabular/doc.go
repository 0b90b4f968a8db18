// Package tabular learns from tables: categories become embeddings, numbers are normalised, and a small net does the
// rest (Guo, Berkhahn 2016, https://arxiv.org/abs/1604.06737; the net is fast.ai's).
//
// A [Table] is typed columns; package duck reads one from CSV, Parquet or JSON files with SQL in between. [FromTable]
// fits what turns columns into numbers on the training rows and applies it to all of them, and [NewLearner] puts a
// net on top:
//
//	data, err := tabular.FromTable(table, tabular.Class("salary"), tabular.ValidShare(.2))
//	learn, err := tabular.NewLearner(data, tabular.Layers(200, 100))
//	err = learn.FitOneCycle(fastnb.LR(1e-2), 3)
package tabular
