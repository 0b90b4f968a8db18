package resident

import (
	"os"
	"strconv"
	"strings"
)

// memoryKills counts the processes that the system has killed for lack of memory: of the whole machine, and of our
// group of processes.
func memoryKills() int64 {
	n := counted("/proc/vmstat")
	group, _ := os.ReadFile("/proc/self/cgroup")
	for line := range strings.Lines(string(group)) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			n += counted("/sys/fs/cgroup" + path + "/memory.events")
		}
	}
	return n
}

// counted reads the line "oom_kill N" of a file.
func counted(file string) int64 {
	content, _ := os.ReadFile(file)
	for line := range strings.Lines(string(content)) {
		if text, ok := strings.CutPrefix(line, "oom_kill "); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			return n
		}
	}
	return 0
}
