package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"segue/internal/pause"
)

// usage is what a process has used up to a moment, all its threads together.
type usage struct {
	at       time.Time
	cpu      time.Duration
	switches int64 // context switches, voluntary and not
	rss, pss int64 // bytes
	threads  int
}

// read looks at a process. Threads that have ended are not counted, so a measuring
// window must not be one in which many come and go.
func read(pid int) (usage, error) {
	u := usage{at: time.Now()}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) == 0 {
		return u, fmt.Errorf("process %d is gone", pid)
	}
	u.threads = len(tasks)
	for _, t := range tasks {
		stat, err := os.ReadFile(filepath.Join(t, "schedstat"))
		if err != nil {
			continue // it has just ended
		}
		if f := strings.Fields(string(stat)); len(f) > 0 {
			ns, _ := strconv.ParseInt(f[0], 10, 64) // the kernel's own number
			u.cpu += time.Duration(ns)
		}
		u.switches += sum(filepath.Join(t, "status"), "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:")
	}
	u.rss = sum(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:") << 10
	u.pss = sum(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Pss:") << 10
	return u, nil
}

// sum adds the numbers behind names in a file of /proc.
func sum(path string, names ...string) int64 {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	var all int64
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		for _, n := range names {
			if len(f) > 1 && f[0] == n {
				v, _ := strconv.ParseInt(f[1], 10, 64) // the kernel's own number
				all += v
			}
		}
	}
	return all
}

// window measures processes, taken together, over a span.
func window(ctx context.Context, pids []int, span time.Duration) (before, after usage, err error) {
	if before, err = readAll(pids); err != nil {
		return before, after, err
	}
	if err = pause.For(ctx, span); err != nil {
		return before, after, err
	}
	after, err = readAll(pids)
	return before, after, err
}

func readAll(pids []int) (usage, error) {
	all := usage{at: time.Now()}
	for _, pid := range pids {
		u, err := read(pid)
		if err != nil {
			return all, err
		}
		all.cpu += u.cpu
		all.switches += u.switches
		all.rss += u.rss
		all.pss += u.pss
		all.threads += u.threads
	}
	return all, nil
}

// busy is how many cores other processes used over a window, to tell a quiet machine
// from one that is not.
type busy struct {
	idle, total int64
}

func machine() busy {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return busy{}
	}
	line, _, _ := strings.Cut(string(data), "\n")
	var b busy
	for i, w := range strings.Fields(line) {
		n, err := strconv.ParseInt(w, 10, 64)
		if err != nil || i > 8 {
			continue // the word "cpu"; guests are in user already
		}
		b.total += n
		if i == 4 || i == 5 {
			b.idle += n
		}
	}
	return b
}

// share is the part of the machine that was busy since.
func (b busy) share(since busy) float64 {
	total := b.total - since.total
	if total <= 0 {
		return 0
	}
	return 1 - float64(b.idle-since.idle)/float64(total)
}
