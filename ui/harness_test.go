package ui

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// rig drives a model without a program: keys in, lines out.
type rig struct {
	t *testing.T
	f *fake
	m *Model
	// raw is what was written past the screen.
	raw []string
	// held lets what is read in a Cmd never come.
	held bool
}

func newRig(t *testing.T, w, h int, change ...func(*fake, *Options)) *rig {
	t.Helper()
	f := newFake()
	opt := Options{Session: f, Events: f, Mouse: true, Clock: func() time.Time { return f.now }}
	for _, c := range change {
		c(f, &opt)
	}
	r := &rig{t: t, f: f, m: New(opt)}
	r.send(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
	r.send(tea.WindowSizeMsg{Width: w, Height: h})
	f.start()
	r.settle()
	return r
}

// send gives the model a message and runs the Cmds that end by themselves.
func (r *rig) send(msg tea.Msg) {
	_, cmd := r.m.Update(msg)
	r.run(cmd)
}

// run runs Cmds but those that wait: timers, the wait for news, the watch of themes.
func (r *rig) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	name := runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name()
	for _, waits := range []string{"bubbletea/v2.Tick", "(*Model).wait", "(*Model).watch", "readOn.func"} {
		if strings.Contains(name, waits) {
			return
		}
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		switch msg := msg.(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				r.run(c)
			}
		case coverMsg, themeMsg, sentMsg, muxMsg, logMsg, cellMsg:
			if !r.held {
				r.send(msg)
			}
		case tea.RawMsg:
			r.raw = append(r.raw, fmt.Sprint(msg.Msg))
		}
	case <-time.After(patience):
		r.t.Errorf("%s does not end", name)
	}
}

// settle hands over all news until there is none.
func (r *rig) settle() {
	for {
		es := r.f.box.Take()
		if len(es) == 0 {
			return
		}
		r.send(eventsMsg(es))
	}
}

// keys presses keys: names divided by spaces, or text after "t:".
func (r *rig) keys(list ...string) {
	for _, k := range list {
		if text, ok := strings.CutPrefix(k, "t:"); ok {
			for _, c := range text {
				r.send(tea.KeyPressMsg{Code: c, Text: string(c)})
				r.settle()
			}
			continue
		}
		r.send(press(k))
		r.settle()
	}
}

func press(k string) tea.KeyPressMsg {
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "pgdown": tea.KeyPgDown, "end": tea.KeyEnd, "home": tea.KeyHome}
	if k == "space" {
		return tea.KeyPressMsg{Code: ' ', Text: " "}
	}
	if c, ok := named[k]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if c, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

func (r *rig) lines() []string {
	return strings.Split(ansi.Strip(r.m.View().Content), "\n")
}

func (r *rig) screen() string { return strings.Join(r.lines(), "\n") }

func (r *rig) want(text string) {
	r.t.Helper()
	if s := r.screen(); !strings.Contains(s, text) {
		r.t.Fatalf("%q is not on the screen:\n%s", text, s)
	}
}

func (r *rig) wantNot(text string) {
	r.t.Helper()
	if s := r.screen(); strings.Contains(s, text) {
		r.t.Fatalf("%q is on the screen:\n%s", text, s)
	}
}
