package collab

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/nn"
	"github.com/fastnb/fastnb/internal/verb"
)

// Item is what the model learned of an item.
type Item struct {
	Name    string
	Bias    float64   // how much it is liked beyond what its factors say of it
	Factors []float64 // of the taste that it meets
	Ratings int       // training ratings of it
}

// Items returns every item that training has, the best liked first. That is not the order of mean ratings: an item
// liked by those whose taste it meets has a low bias all the same.
func (l *Learner) Items() (items []Item, err error) {
	defer verb.Name(&err, "collab: Items")
	d := l.Data()
	names, err := d.Categories(d.item)
	if err != nil {
		return nil, err
	}
	counts, err := d.Counts(d.item)
	if err != nil {
		return nil, err
	}
	bias, err := nn.Vectors(l.Store(), "/"+itemBias)
	if err != nil {
		return nil, err
	}
	factors, err := nn.Vectors(l.Store(), "/"+itemFactors)
	if err != nil {
		return nil, err
	}
	items = make([]Item, 0, len(names)-1)
	for i := 1; i < len(names); i++ {
		items = append(items, Item{names[i], bias[i][0], factors[i], counts[i]})
	}
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(b.Bias, a.Bias) })
	return items, nil
}

// Popular returns the n items with the most ratings, the most first, of those given; all of them if there are fewer.
func Popular(items []Item, n int) []Item {
	byRatings := func(a, b Item) int { return cmp.Compare(b.Ratings, a.Ratings) }
	sorted := slices.SortedStableFunc(slices.Values(items), byRatings)
	return sorted[:min(max(n, 0), len(sorted))]
}

// Advice is an item and the rating that a user is predicted to give it.
type Advice struct {
	Item   string
	Rating float64
}

// Recommend returns the n items that a user is predicted to rate best, the best first, of those that he has not rated
// in training. The user is named as in the table, a number as its digits; an error if training has no such user. It
// gives no Preds, whose rows are those of a split: what is wanted here is the items, in another order.
func (l *Learner) Recommend(user string, n int) (advice []Advice, err error) {
	defer verb.Name(&err, "collab: Recommend")
	d := l.Data()
	code, err := d.userCode(user)
	if err != nil {
		return nil, err
	}
	names, err := d.Categories(d.item)
	if err != nil {
		return nil, err
	}
	unseen, err := d.unseen(code, len(names))
	if err != nil || len(unseen) == 0 {
		return nil, err
	}
	data, err := d.WithTestCodes(unseen)
	if err != nil {
		return nil, err
	}
	p, err := l.PredictOn(data, fastnb.Test)
	if err != nil {
		return nil, err
	}
	advice = make([]Advice, len(unseen))
	for i, codes := range unseen {
		advice[i] = Advice{names[codes[1]], float64(p.Probs[i][0])}
	}
	slices.SortStableFunc(advice, func(a, b Advice) int { return cmp.Compare(b.Rating, a.Rating) })
	return advice[:min(max(n, 0), len(advice))], nil
}

func (d *Data) userCode(user string) (int32, error) {
	users, err := d.Categories(d.user)
	if err != nil {
		return 0, err
	}
	code := 1 + slices.Index(users[1:], user) // a user may be called as the unknown one is
	if code < 1 {
		err := fmt.Errorf("no training row has the user %q (%d users, such as %q)", user, len(users)-1, users[1])
		return 0, &fastnb.ItemError{Err: err}
	}
	return int32(code), nil
}

// unseen returns the codes of a user with each item that he has no training rating of.
func (d *Data) unseen(user int32, items int) ([][]int32, error) {
	users, err := d.Codes(fastnb.Train, d.user)
	if err != nil {
		return nil, err
	}
	rated, err := d.Codes(fastnb.Train, d.item)
	if err != nil {
		return nil, err
	}
	seen := make([]bool, items)
	for i, u := range users {
		if u == user {
			seen[rated[i]] = true
		}
	}
	var pairs [][]int32
	for item := 1; item < items; item++ {
		if !seen[item] {
			pairs = append(pairs, []int32{user, int32(item)})
		}
	}
	return pairs, nil
}
