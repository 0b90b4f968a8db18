package resident

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fastnb/fastnb/engine/internal/process"
)

// ErrLost is what a *LostError is: everything that needs an engine which is no longer there returns one.
var ErrLost = errors.New("the engine that this cell computed with has ended")

// LostError says why an engine is no longer there, as far as that is known.
type LostError struct {
	PID int
	Why string // "it was stopped by ..."
	Log string // where the engine wrote
	End string // of the log; "" where it holds nothing of this engine
}

func (e *LostError) Error() string {
	says := fmt.Sprintf("%v: %s (run the cell again: a new one starts, and what was saved is there)", ErrLost, e.Why)
	if e.End != "" {
		says += "\n\tthe end of its log, " + e.Log + ":\n\t\t" + strings.ReplaceAll(e.End, "\n", "\n\t\t")
	}
	return says
}

func (e *LostError) Is(target error) bool { return target == ErrLost }

// watch is what is known of an engine while it runs, to tell why it ended.
type watch struct {
	pid    atomic.Int64 // 0 until it has introduced itself
	socket string
	kills  int64 // for lack of memory, on this machine, when the connection began
}

// lost makes the error of what the engine said last, how its process ended, and its log.
func (w *watch) lost(said string) error {
	e := &LostError{PID: int(w.pid.Load()), Log: logOf(w.socket)}
	if e.PID == 0 {
		e.Why = "it did not answer"
		return e
	}
	if said == "" {
		process.Wait(e.PID, 2*time.Second) // its sockets go before it does
	}
	e.End = lastWords(e.Log, e.PID)
	e.Why = cmp.Or(said, w.exit(e.PID), w.guess(e.PID, e.End))
	return e
}

// exit tells how the process ended, where it is a child of this one.
func (w *watch) exit(pid int) string {
	ended, ok := children.Load(pid)
	if !ok {
		return ""
	}
	select {
	case state := <-ended.(chan string):
		ended.(chan string) <- state
		return w.memory(fmt.Sprintf("process %d ended with %q", pid, state))
	case <-time.After(2 * time.Second):
		return ""
	}
}

// crashes are what a program of Go, or the C++ of XLA, says when it ends by a fault of its own.
var crashes = []string{"panic:", "fatal error:", "SIGSEGV", "SIGABRT", "SIGBUS", "terminate called", "Check failed"}

// guess tells what an engine that said nothing died of: SIGKILL alone leaves no trace.
func (w *watch) guess(pid int, end string) string {
	switch {
	case process.Running(pid):
		return fmt.Sprintf("its connection broke, though process %d goes on", pid)
	case crash(strings.Split(end, "\n")) >= 0:
		return fmt.Sprintf("process %d crashed", pid)
	}
	return w.memory(fmt.Sprintf("process %d was killed, without a word in its log (signal: killed)", pid))
}

// crash returns the first line that tells of a crash, or -1.
func crash(lines []string) int {
	return slices.IndexFunc(lines, func(line string) bool {
		return slices.ContainsFunc(crashes, func(sign string) bool { return strings.Contains(line, sign) })
	})
}

// memory adds that the system has ended processes for lack of memory meanwhile.
func (w *watch) memory(why string) string {
	if now := memoryKills(); now > w.kills {
		return why + "; meanwhile the system killed a process for lack of memory: take smaller batches, or end other programs"
	}
	return why
}

// logOf names the file beside an engine's socket that holds what the engine says.
func logOf(socket string) string { return strings.TrimSuffix(socket, ".sock") + ".log" }

// firstWords are the line that an engine begins its log with.
var firstWords = regexp.MustCompile(` process [0-9]+\n`)

// lastWords returns the end of what the engine with the process number wrote, at most ten lines; those that begin with
// a crash, if there was one.
func lastWords(log string, pid int) string {
	content, err := os.ReadFile(log)
	if err != nil {
		return ""
	}
	text := string(content)
	at := strings.LastIndex(text, fmt.Sprintf(" process %d\n", pid))
	if at < 0 && firstWords.MatchString(text) {
		return "" // another engine's
	}
	at = max(at, 0) // a long log has lost its first lines
	text = text[strings.LastIndexByte(text[:at], '\n')+1:]
	return lastLines(strings.Split(strings.TrimSpace(text), "\n"))
}

func lastLines(lines []string) string {
	from := max(0, len(lines)-10)
	if at := crash(lines); at >= 0 {
		from = at
	}
	lines = lines[from:min(len(lines), from+10)]
	for i, line := range lines {
		lines[i] = line[:min(len(line), 300)]
	}
	return strings.Join(lines, "\n")
}

// wordsFrom returns the end of what was written to a log behind an offset.
func wordsFrom(log string, offset int64) string {
	content, _ := os.ReadFile(log)
	text := string(content[min(int(offset), len(content)):])
	return lastLines(strings.Split(strings.TrimSpace(text), "\n"))
}
