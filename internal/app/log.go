package app

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// logName is the log's file in the state folder.
const logName = "segue.log"

// maxLog is how large segue.log may grow before the next start sets it aside.
const maxLog = 5 << 20

// openLog opens segue.log in the state folder; without one, or where it cannot be
// written, the log goes nowhere. One older file is kept beside it.
func openLog(dir, level string) (*slog.Logger, io.Closer) {
	if dir == "" || os.MkdirAll(dir, 0o700) != nil {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	path := filepath.Join(dir, logName)
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		_ = os.Rename(path, path+".1") // a log that cannot be moved goes on growing
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: l})), f
}
