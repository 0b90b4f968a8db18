package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// endWithUs has the kernel killed when this process is.
func endWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// others lists the processes of our session but ourselves: Jupyter starts each kernel in a session of its own. Where
// it has not, there is no telling what is the kernel's.
func others() (all []member) {
	self := os.Getpid()
	if sid, _, err := syscall.RawSyscall(syscall.SYS_GETSID, 0, 0, 0); err != 0 || int(sid) != self {
		return nil
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		content, err := os.ReadFile(stat)
		if err != nil || pid == self {
			continue
		}
		head, rest, _ := cutLast(string(content), ") ")
		fields := strings.Fields(rest) // state, parent, group, session, ...
		if len(fields) < 4 || fields[0] == "Z" || fields[3] != strconv.Itoa(self) {
			continue
		}
		_, name, _ := strings.Cut(head, "(")
		dir, _ := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		all = append(all, member{pid, name, dir})
	}
	return all
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
