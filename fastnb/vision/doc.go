// Package vision is image classification in the manner of fast.ai: data from folders of pictures, transforms that
// run on the device, pretrained nets with a new head, and a look at what the net gets right and wrong.
//
// JPEG, PNG, GIF and WebP are decoded by Go's image packages and golang.org/x/image. What is written here beside them
// makes the pixels those of Pillow, with which the public weights were trained: the colours of a JPEG (Go repeats
// chroma samples, libjpeg interpolates them), bilinear resizing, EXIF's turns. BMP and TIFF are read here, with the
// decompressors of x/image, because its decoders refuse much of what Pillow and so the data sets of others have.
package vision
