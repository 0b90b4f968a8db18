package pretrained_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/pretrained"
)

// What a file of weights must be, before it is read; "" where nothing is checked.
func ExampleChecksum() {
	known := pretrained.URL("https://example.com/net-f2bc3dd0.pth", "f2bc3dd0")
	fmt.Printf("%q %q\n", pretrained.Checksum(known), pretrained.Checksum(pretrained.File("net.pth")))
	// Output: "f2bc3dd0" ""
}
