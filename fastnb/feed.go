package fastnb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"time"

	"github.com/fastnb/fastnb/fastnb/safetensors"
	"github.com/gomlx/gomlx/ml/model"
)

// feed is where batches come from: data, cached activations where the head trains on those, or rows of what is kept on
// the device.
type feed struct {
	graphs     *graphs
	data       Data
	prep       *prep                   // the data's Prepare
	precompute bool                    // cached activations stand for the data
	acts       map[string]*activations // by cache key
	host       bool                    // no batch is made on the device
	set        *Batch                  // the training items, where they are kept on the device
	stepTime   time.Duration           // of a training step on those, 0 if not known
}

func newFeed(g *graphs, data Data) *feed {
	return &feed{graphs: g, data: data, prep: newPrep(data), acts: map[string]*activations{}}
}

// take gives the feed other data. What is kept of the data before is dropped.
func (f *feed) take(data Data) {
	f.data, f.prep = data, newPrep(data)
	f.set, f.stepTime = nil, 0
}

// whole returns the feed of the same data, all of which the model gets to see: no activations stand for them.
func (f *feed) whole() *feed {
	w := *f
	w.precompute = false
	return &w
}

// onHost returns the feed of the same data whose batches are all made on the host.
func (f *feed) onHost() *feed {
	h := *f
	h.host = true
	return &h
}

// read yields the batches of a view. When ctx is done it yields ErrInterrupted.
func (f *feed) read(ctx context.Context, v View) iter.Seq2[Batch, error] {
	if v.Split == Train && v.Shuffle {
		if set := f.onDevice(); set != nil {
			return f.rows(ctx, v, set)
		}
	}
	if !f.precompute {
		return until(ctx, f.data.Batches(v))
	}
	a, err := f.activations(ctx, v.Split)
	if err != nil {
		return func(yield func(Batch, error) bool) { yield(Batch{}, err) }
	}
	return until(ctx, a.batches(v, f.data.BatchSize()))
}

// onDevice returns the training items that are kept on the device, nil where the data or the device can't do that.
func (f *feed) onDevice() *Batch {
	if f.host || f.precompute || !canLoop(f.graphs.net.be) {
		return nil
	}
	if f.set == nil {
		if r, ok := f.data.(OnDevice); ok {
			if set, ok := r.OnDevice(); ok {
				f.set = &set
			}
		}
	}
	return f.set
}

// rows yields the batches of a shuffled view of a set on the device: only the numbers of their rows.
func (f *feed) rows(ctx context.Context, v View, set *Batch) iter.Seq2[Batch, error] {
	return until(ctx, func(yield func(Batch, error) bool) {
		n, size := f.data.Len(v.Split), f.data.BatchSize()
		order := v.Order(n)
		for i := range v.NumBatches(n, size) {
			if !yield(Batch{Items: order[i*size : min((i+1)*size, n)], set: set}, nil) {
				return
			}
		}
	})
}

// activations returns the body's outputs for a split: from memory, from disk, or computed and then kept on disk.
func (f *feed) activations(ctx context.Context, split Split) (*activations, error) {
	key, err := f.activationKey(split)
	if err != nil {
		return nil, err
	}
	if a := f.acts[key]; a != nil {
		a.knows(f.data, split)
		return a, nil
	}
	name := fmt.Sprintf("activations-%s-%s%s", split, key[:20], safetensors.Ext)
	path := filepath.Join(f.data.Dir(), "tmp", name)
	a, err := readActivations(path, key)
	if err != nil {
		if a, err = f.compute(ctx, split); err != nil {
			return nil, err
		}
		if err := a.write(path, key); err != nil {
			return nil, err
		}
	}
	a.knows(f.data, split)
	f.acts[key] = a
	return a, nil
}

// activationKey names what the activations of a split depend on: the graph of Prepare and body and its weights, the
// files and how they are read and prepared, and the device that computes.
func (f *feed) activationKey(split Split) (string, error) {
	h, n := sha256.New(), f.graphs.net
	fmt.Fprintln(h, n.model.Name, n.be.Description(), split, f.data.Fingerprint(split))
	by, err := preparedBy(f.data)
	if err != nil {
		return "", err
	}
	in, err := inputShapes(f.data, split)
	if err != nil {
		return "", err
	}
	fmt.Fprintln(h, by, f.prep.body(n, in))
	for _, v := range n.bodyVariables() {
		fmt.Fprintln(h, v.Path(), v.Shape())
		if err := hashValue(h, v); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashValue(w io.Writer, v *model.Variable) error {
	t, err := v.Value()
	if err != nil {
		return err
	}
	return t.ConstBytes(func(data []byte) { _, _ = w.Write(data) })
}

// compute runs the body over a split.
func (f *feed) compute(ctx context.Context, split Split) (*activations, error) {
	start, show := time.Now(), f.graphs.show
	a := &activations{}
	n := f.data.Len(split)
	for b, err := range until(ctx, f.data.Batches(View{Split: split})) {
		if err != nil {
			return nil, err
		}
		out, err := f.graphs.body(b, f.prep)
		if err != nil {
			return nil, err
		}
		if err := a.add(b.Items, out, n); err != nil {
			return nil, err
		}
		show.note("precomputing activations of the %s split: %d of %d", split, b.Items[len(b.Items)-1]+1, n)
	}
	show.note("precomputed activations of the %s split in %.1f s", split, time.Since(start).Seconds())
	return a, nil
}

// hasTruth tells whether something is known of the training items that a model without Losses can learn.
func hasTruth(data Data) bool {
	_, targeted := data.(Targeted)
	return targeted || data.Labels(Train) != nil
}

// canPrecompute tells why activations can't stand for the data.
func (f *feed) canPrecompute() error {
	switch m := f.graphs.net.model; {
	case m.Losses != nil:
		return fmt.Errorf("model %s finds its losses from the data itself; "+
			"only a classifier's activations are cached", m.Name)
	case m.Body == nil:
		return fmt.Errorf("model %s has no Body to precompute", m.Name)
	case !hasTruth(f.data):
		return errors.New("the data has no class, labels or numbers for each item; " +
			"activations are cached to train a head that predicts those")
	case !f.graphs.net.bodyFrozen():
		return errors.New("the body is not frozen; call Freeze first")
	}
	return nil
}
