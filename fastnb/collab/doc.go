// Package collab learns who likes what: from ratings of items by users it finds a vector of factors and a bias for each
// of both, such that a rating is about their dot product (Koren, Bell, Volinsky 2009,
// https://doi.org/10.1109/MC.2009.263; fast.ai's EmbeddingDotBias).
//
//	data, err := collab.FromTable(ratings, "user", "title", "rating")
//	learn, err := collab.NewLearner(data, collab.Factors(50), collab.YRange(0, 5.5))
//	err = learn.FitOneCycle(fastnb.LR(5e-3), 5, fastnb.WD(.1))
//
// A net on the same data is tabular.NewLearner(data.Data, ...).
package collab
