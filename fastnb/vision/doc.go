// Package vision is image classification in the manner of fast.ai: data from folders of pictures, transforms that
// run on the device, pretrained nets with a new head, and a look at what the net gets right and wrong.
//
// Files are decoded by Go's image packages and golang.org/x/image. What is written here beside them is what makes the
// pixels those of Pillow, with which the public weights were trained: the colours of a JPEG (Go repeats chroma samples,
// libjpeg interpolates them), bilinear resizing, EXIF's turns, and the kinds of TIFF, BMP and PNG that Go's decoders
// refuse.
package vision
