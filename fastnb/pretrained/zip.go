package pretrained

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/fastnb/safetensors"
)

// archive is a zip file of torch.save: NAME/data.pkl and the storages NAME/data/KEY, stored as they are.
type archive struct {
	buf     []byte
	members map[string]*zip.File // by path below NAME
	loaded  map[string]*storage
}

func readZip(data []byte) (map[string]Tensor, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	program, err := a.member("data.pkl")
	if err != nil {
		return nil, err
	}
	if order, err := a.member("byteorder"); err == nil && string(order) != "little" {
		return nil, fmt.Errorf("its numbers are %.10s-endian (want little)", order)
	}
	u := &unpickler{data: program, global: global, persistent: a.storage}
	root, err := u.load()
	if err != nil {
		return nil, err
	}
	return collect(root, len(data))
}

func openArchive(data []byte) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("the file is cut or damaged: %w", err)
	}
	a := &archive{buf: data, members: map[string]*zip.File{}, loaded: map[string]*storage{}}
	for _, f := range z.File {
		if _, name, ok := strings.Cut(f.Name, "/"); ok {
			a.members[name] = f
		}
	}
	switch {
	case a.members["data.pkl"] != nil && a.members["constants.pkl"] == nil:
		return a, nil
	case a.members["constants.pkl"] != nil:
		return nil, errors.New("this is a TorchScript program (want its weights: torch.save(model.state_dict(), ...))")
	}
	return nil, otherZip(z)
}

// otherZip says what is in an archive that torch.save did not write.
func otherZip(z *zip.Reader) error {
	names := make([]string, len(z.File))
	for i, f := range z.File {
		names[i] = f.Name
		if slices.Contains([]string{".pth", ".pt", ".bin", ".ckpt", safetensors.Ext}, path.Ext(f.Name)) {
			return fmt.Errorf("this is a zip archive with %s in it: unpack it first", shown(f.Name))
		}
	}
	return fmt.Errorf("this is a zip archive, but not of torch.save: it holds %s (want safetensors, or what torch.save writes)", fewOf(names))
}

// member returns the bytes of a member, which are a part of the file.
func (a *archive) member(name string) ([]byte, error) {
	f, ok := a.members[name]
	if !ok {
		return nil, fmt.Errorf("the archive has no %s", name)
	}
	start, err := f.DataOffset()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if f.Method != zip.Store {
		return nil, fmt.Errorf("%s is compressed, which torch.save does not do (was the archive unpacked and packed again? zip -0 does not compress)", name)
	}
	if rest := uint64(len(a.buf)) - uint64(start); uint64(start) > uint64(len(a.buf)) || f.UncompressedSize64 > rest {
		return nil, fmt.Errorf("%s: the file is cut or damaged", name)
	}
	return a.buf[start : uint64(start)+f.UncompressedSize64], nil
}

// storage finds what a persistent id refers to.
func (a *archive) storage(id any) (any, error) {
	d, key, _, _, err := storageID(id)
	if err != nil {
		return nil, err
	}
	if s, ok := a.loaded[key]; ok {
		return s, nil
	}
	data, err := a.member(path.Join("data", key))
	if err != nil {
		return nil, err
	}
	a.loaded[key] = &storage{dtype: d, data: data}
	return a.loaded[key], nil
}
