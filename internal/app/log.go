package app

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// logName is the log's file in the state folder.
const logName = "segue.log"

const (
	// maxLog is how large segue.log may grow before it is set aside, in bytes.
	maxLog = 5 << 20
	// logStep is how much of ours goes into it before its size is looked at again.
	logStep = maxLog / 16
)

// openLog opens segue.log in the state folder; without one, or where it cannot be
// written, the log goes nowhere. One older file is kept beside it.
func openLog(dir, level string) (*slog.Logger, io.Closer) {
	if dir == "" || os.MkdirAll(dir, 0o700) != nil {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	f := &logFile{path: filepath.Join(dir, logName)}
	if f.look() != nil {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: l})), f
}

// logFile is a log that is set aside when it is too large, however long a run lasts: at the
// level debug the engine's lines are in it, too. Several programs may write it at once.
type logFile struct {
	path string

	mu   sync.Mutex // guards what follows
	f    *os.File   // nil = not open
	left int64      // what may be written before the next look
}

// Write appends to the log; p is one line or more, which stay together.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return 0, os.ErrClosed
	}
	if l.left -= int64(len(p)); l.left < 0 {
		_ = l.look() // where no other can be opened this one goes on growing
	}
	return l.f.Write(p)
}

// Close ends the log.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return nil
	}
	f := l.f
	l.f = nil
	return f.Close()
}

// look sets the log aside if it is too large, and opens it anew if it is another file now,
// by our doing or another program's. mu is held, or nobody else has l.
func (l *logFile) look() error {
	l.left = logStep
	there, err := os.Stat(l.path)
	if err == nil && there.Size() > maxLog && os.Rename(l.path, l.path+".1") == nil {
		there = nil
	}
	if l.f != nil && err == nil && there != nil {
		if here, err := l.f.Stat(); err == nil && os.SameFile(here, there) {
			return nil
		}
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if l.f != nil {
		_ = l.f.Close() // all that was written is in it
	}
	l.f = f
	return nil
}
