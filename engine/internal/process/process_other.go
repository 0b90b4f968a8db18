//go:build !unix

package process

// Started does not know of processes here: none seems to run.
func Started(int) (when string, ok bool) { return "", false }
