// Package vision is image classification in the manner of fast.ai: data from folders of pictures, transforms that
// run on the device, pretrained nets with a new head, and a look at what the net gets right and wrong.
package vision
