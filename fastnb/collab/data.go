package collab

import (
	"github.com/fastnb/fastnb/fastnb"
	"github.com/fastnb/fastnb/fastnb/tabular"
	"github.com/fastnb/fastnb/internal/verb"
)

// Data is ratings, one per row. It is a fastnb.Data.
type Data struct {
	*tabular.Data
	user, item string // columns
}

// FromTable makes data of a table of ratings; user, item and rating name its columns. Options are those of
// tabular.FromTable for the split, the batch size and the folder. A user or an item that no training row has shares one
// vector with all other such ones; the report counts them.
func FromTable(t *tabular.Table, user, item, rating string, opts ...tabular.DataOption) (d *Data, err error) {
	defer verb.Name(&err, "collab: FromTable")
	columns := []tabular.DataOption{tabular.Cats(user, item), tabular.Target(rating)}
	table, err := tabular.FromTable(t, append(columns, opts...)...)
	if err != nil {
		return nil, err
	}
	return &Data{table, user, item}, nil
}

// Refit is that of tabular.Data.
func (d *Data) Refit(fitted string) (fastnb.Data, error) {
	other, err := d.Data.Refit(fitted)
	if err != nil {
		return nil, err
	}
	return &Data{other.(*tabular.Data), d.user, d.item}, nil
}

// sizes returns the number of users and of items, the unknown one included.
func (d *Data) sizes() (users, items int, err error) {
	u, err := d.Categories(d.user)
	if err != nil {
		return 0, 0, err
	}
	i, err := d.Categories(d.item)
	return len(u), len(i), err
}
