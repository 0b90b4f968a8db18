// Package process tells whether a process runs. The os package finds out only by a signal, which also reaches one that
// has ended and that nobody has waited for, or another one that has got its number since.
package process

import "time"

// Running tells whether a process is there and has not ended. One that has ended and whose parent does not ask for it
// does not run.
func Running(pid int) bool {
	_, ok := Started(pid)
	return ok
}

// Wait returns when the process does not run, or after the time.
func Wait(pid int, most time.Duration) {
	for began := time.Now(); time.Since(began) < most && Running(pid); time.Sleep(5 * time.Millisecond) {
	}
}
