package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"segue/internal/watch"
	"segue/session"
	"segue/ui/page"
	"segue/ui/screen"
)

// How much of the log's end is shown, and how long it must be still before it is read on.
const (
	logTail  = 256 << 10
	logLines = 4000
	logStill = 100 * time.Millisecond
)

// logMsg is what was read of the log file.
type logMsg struct {
	lines []page.LogLine
	from  int64 // where they begin
	at    int64 // how far it is read
	anew  bool  // these are all the lines there are: the file is another one
	err   error
}

// following is the state of reading the log while its view is on the screen.
type following struct {
	stop context.CancelFunc // ends the wait for more; nil = nobody reads
	at   int64              // how far it is read, -1 = not at all: the end is on its way
}

// follow reads the log while its view is on the screen, and stops where it is left.
func (m *Model) follow() tea.Cmd {
	f := &m.logged
	switch on := m.view == page.Log && m.opt.LogFile != ""; {
	case on && f.stop == nil:
		f.stop, f.at = func() {}, -1
		return tailOf(m.opt.LogFile)
	case !on && f.stop != nil:
		f.stop()
		f.stop = nil
	}
	return nil
}

// read takes lines of the log and waits for more.
func (m *Model) read(msg logMsg) tea.Cmd {
	f, b := &m.logged, m.env.Log
	if !msg.anew && msg.from != f.at {
		return nil // of a reader of before: the one of now is at another place
	}
	if msg.err != nil {
		b.Fault = "the log cannot be read: " + screen.Clean(msg.err.Error())
	}
	if msg.anew {
		b.File = nil
	}
	b.File = append(b.File, msg.lines...)
	b.File = b.File[max(len(b.File)-logLines, 0):]
	b.Read = true
	b.Changed()
	f.at = msg.at
	if f.stop == nil || msg.err != nil {
		return nil
	}
	f.stop()
	ctx, stop := context.WithCancel(m.ctx)
	f.stop = stop
	return readOn(ctx, m.opt.LogFile, f.at)
}

// tailOf reads the end of the file.
func tailOf(path string) tea.Cmd {
	return func() tea.Msg { return readLog(path, -1) }
}

// readOn reads the file from a place on, once there is more: until then it sleeps in the kernel.
func readOn(ctx context.Context, path string, at int64) tea.Cmd {
	return func() tea.Msg {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		events, _, err := watch.Folder(ctx, filepath.Dir(path))
		if err != nil {
			return nil
		}
		if msg := readLog(path, at); len(msg.lines) > 0 || msg.anew { // came before the watch
			return msg
		}
		var still <-chan time.Time
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return nil
				}
				if (e.Lost || e.Path == path) && still == nil {
					still = time.After(logStill)
				}
			case <-still:
				still = nil
				if msg := readLog(path, at); len(msg.lines) > 0 || msg.anew || msg.err != nil {
					return msg
				}
			}
		}
	}
}

// readLog reads whole lines from a place on, or the end of the file.
func readLog(path string, at int64) logMsg {
	from := at
	f, err := os.Open(path) //nolint:gosec // the program's own log
	if errors.Is(err, fs.ErrNotExist) {
		return logMsg{anew: at < 0}
	}
	if err != nil {
		return logMsg{from: from, at: at, err: err}
	}
	defer func() { _ = f.Close() }()
	st, err := f.Stat()
	if err != nil {
		return logMsg{from: from, at: at, err: err}
	}
	anew, cut := at < 0 || at > st.Size(), false
	if anew {
		at = max(st.Size()-logTail, 0)
		cut = at > 0
	}
	data, err := io.ReadAll(io.NewSectionReader(f, at, st.Size()-at))
	if err != nil {
		return logMsg{from: from, at: at, err: err}
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	msg := logMsg{from: from, at: at + int64(whole), anew: anew}
	lines := strings.Split(strings.TrimSuffix(string(data[:whole]), "\n"), "\n")
	if cut { // the first of them is half a line
		lines = lines[1:]
	}
	for _, l := range lines {
		if l == "" {
			continue
		}
		x := parseLog(l)
		if n := len(msg.lines); x.At.IsZero() && n > 0 {
			x.At = msg.lines[n-1].At // it goes on with the line before
		}
		msg.lines = append(msg.lines, x)
	}
	return msg
}

// parseLog reads a line of slog's text; one of another form is shown as it is.
func parseLog(line string) page.LogLine {
	out := page.LogLine{Level: session.Info}
	var words []string
	rest := line
	for rest != "" {
		key, value, after, ok := logField(rest)
		if !ok {
			words = append(words, rest)
			break
		}
		rest = after
		switch key {
		case "time":
			at, err := time.Parse(time.RFC3339Nano, value)
			if err == nil {
				out.At = at
			}
		case "level":
			switch {
			case strings.HasPrefix(value, "DEBUG"):
				out.Debug = true
			case strings.HasPrefix(value, "WARN"):
				out.Level = session.Warning
			case strings.HasPrefix(value, "ERROR"):
				out.Level = session.Failure
			}
		case "msg":
			words = append(words, value)
		default:
			words = append(words, key+"="+value)
		}
	}
	out.Text = screen.Clean(strings.Join(words, " "))
	return out
}

// logField takes key=value, or key="value", from the beginning of a line.
func logField(s string) (key, value, rest string, ok bool) {
	key, after, ok := strings.Cut(s, "=")
	if !ok || key == "" || strings.ContainsAny(key, " \"") {
		return "", "", "", false
	}
	if quoted, err := strconv.QuotedPrefix(after); err == nil && strings.HasPrefix(after, `"`) {
		value, err = strconv.Unquote(quoted)
		return key, value, strings.TrimPrefix(after[len(quoted):], " "), err == nil
	}
	value, rest, _ = strings.Cut(after, " ")
	return key, value, rest, true
}
