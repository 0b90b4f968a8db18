package pretrained

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fastnb/fastnb/internal/instead"
)

// signs tell by how a file begins that it is none of ours, and what to do.
var signs = []struct{ begins, says string }{
	{"\x89HDF", "this is an HDF5 file (want safetensors, or what torch.save writes)"},
	{"GGUF", "this is a GGUF file, whose weights are quantised (want safetensors, or what torch.save writes)"},
	{"\x93NUMPY", "this is an array of NumPy's (want safetensors, or what torch.save writes)"},
	{"\x1f\x8b", "this is compressed with gzip: unpack it first"},
	{"BZh", "this is compressed with bzip2: unpack it first"},
	{"\xfd7zXZ\x00", "this is compressed with xz: unpack it first"},
	{"\x28\xb5\x2f\xfd", "this is compressed with zstd: unpack it first"},
	{"7z\xbc\xaf", "this is a 7z archive: unpack it first"},
	{"Rar!", "this is a RAR archive: unpack it first"},
}

// fetched says what came in the place of a file that was to be fetched; nil for anything else.
func fetched(data []byte) error {
	begin := data[:min(len(data), 1024)]
	switch {
	case len(data) == 0:
		return errors.New("the file is empty: fetch it again")
	case len(bytes.Trim(begin, "\x00")) == 0:
		return errors.New("the file begins with zeros alone, as one does whose download was cut: fetch it again")
	}
	return instead.Check(begin)
}

// foreign says what a file is that holds no weights that we read.
func foreign(data []byte) error {
	if err := fetched(data); err != nil {
		return err
	}
	switch text := bytes.TrimSpace(data[:min(len(data), 1024)]); {
	case bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")):
		return fmt.Errorf("this is text in JSON, not the weights: it begins with %.40q", text)
	case len(data) > 262 && string(data[257:262]) == "ustar":
		return errors.New("this is a tar archive: unpack it first (if torch.save wrote it, before PyTorch 0.2, save it again with a later one)")
	}
	for _, s := range signs {
		if bytes.HasPrefix(data, []byte(s.begins)) {
			return errors.New(s.says)
		}
	}
	if len(data) > 2 && data[0] == 0x80 && data[1] <= 5 {
		return errors.New("this is a bare pickle, not of torch.save: save the weights with torch.save(model.state_dict(), ...)")
	}
	return fmt.Errorf("neither safetensors nor of torch.save: it begins with %.12q", data)
}
