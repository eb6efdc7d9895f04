package ui

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"segue/internal/music"
	"segue/ui/page"
	"segue/ui/style"
)

func TestACoverThatComesLateIsNotShownForAnotherTrack(t *testing.T) {
	r := newRig(t, 200, 50)
	playing(r)
	c, err := page.Decode(music.Ref{Kind: music.KindTrack, ID: "long gone"}, testCover(), 240)
	if err != nil {
		t.Fatal(err)
	}
	r.m.env.Stage.SetCover(page.Cover{})
	before := r.m.View().Content
	r.send(coverMsg{c, nil})
	if r.m.View().Content != before {
		t.Error("the picture changed")
	}
}

// hugePNG is a small file that claims to be a picture of w x h pixels.
func hugePNG(w, h uint32) []byte {
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	head[12], head[13] = 8, 2
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestWhatIsNoCoverIsRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"no picture": []byte("no picture"), "nothing": nil, "cut off": testCover()[:300],
		"a gigabyte of pixels": hugePNG(16000, 16000), "a line of a million": hugePNG(1<<30, 1), "a file of 40 MB": make([]byte, 40<<20),
	} {
		c, err := page.Decode(music.Ref{ID: "x"}, data, 240)
		if err == nil || c.Image != nil {
			t.Errorf("%s: %v, %v", name, c.Image, err)
		}
	}
}

func TestTerminalsWithPlaceholdersAreKnownByName(t *testing.T) {
	for name, want := range map[string]bool{
		"kitty(0.28.0)": true, "kitty(0.42.1)": true, "kitty 1.0": true, "ghostty 1.1.3": true, "Ghostty(1.2)": true,
		"kitty(0.26.5)": false, "kitty": false, "kitty(new)": false, "WezTerm 20240203": false, "Konsole 24": false, "XTerm(390)": false, "tmux 3.4": false, "": false,
	} {
		if got := hasPlaceholders(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestPicturesAreOffWhereTheTerminalIsNotSure(t *testing.T) {
	in := func(vars ...string) tea.EnvMsg { return tea.EnvMsg(vars) }
	mux := func(name string, passes bool) func(*fake, *Options) {
		return func(_ *fake, o *Options) {
			o.Multiplexer = func(context.Context) (string, bool) { return name, passes }
		}
	}
	for _, c := range []struct {
		name   string
		env    tea.EnvMsg
		answer string
		want   bool
		change func(*fake, *Options)
	}{
		{name: "kitty", env: in("TERM=xterm-kitty"), answer: "kitty(0.35.2)", want: true},
		{name: "an old kitty", env: in("TERM=xterm-kitty"), answer: "kitty(0.26.5)"},
		{name: "kitty that does not answer", env: in("TERM=xterm-kitty")},
		{name: "tmux in kitty that passes", env: in("TMUX=/tmp/x", "KITTY_WINDOW_ID=1"), answer: "tmux 3.4", want: true, change: mux("kitty(0.35.2)", true)},
		{name: "tmux in kitty that does not", env: in("TMUX=/tmp/x", "TERM=screen"), change: mux("kitty(0.35.2)", false)},
		{name: "tmux in xterm", env: in("TMUX=/tmp/x"), change: mux("XTerm(379)", true)},
		{name: "tmux and nobody to ask", env: in("TMUX=/tmp/x")},
		{name: "blocks wanted", env: in("TERM=xterm-kitty"), answer: "kitty(0.35.2)", change: func(_ *fake, o *Options) { o.Pictures = PicturesBlocks }},
		{name: "pictures wanted", env: in("TERM=foot"), want: true, change: func(_ *fake, o *Options) { o.Pictures = PicturesKitty }},
	} {
		change := c.change
		if change == nil {
			change = func(*fake, *Options) {}
		}
		r := newRig(t, 200, 50, change)
		r.send(c.env)
		if c.answer != "" && (mayShow(c.env) || r.m.pics.tmux) {
			r.send(tea.TerminalVersionMsg{Name: c.answer})
		}
		if r.m.env.Kitty != c.want {
			t.Errorf("%s: %v", c.name, r.m.env.Kitty)
		}
	}
}

var chunk = regexp.MustCompile(`\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\`)

// kittyPicture puts together what was sent to the terminal.
func kittyPicture(t *testing.T, raw string) (img image.Image, opts []string) {
	t.Helper()
	var data strings.Builder
	for _, m := range chunk.FindAllStringSubmatch(raw, -1) {
		opts = append(opts, m[1])
		data.WriteString(m[2])
		if len(m[2]) > 4096 {
			t.Errorf("a chunk of %d bytes", len(m[2]))
		}
	}
	b, err := base64.StdEncoding.DecodeString(data.String())
	if err != nil {
		t.Fatal(err)
	}
	img, err = png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img, opts
}

func TestACoverIsSentOnceAndPlacedInItsSize(t *testing.T) {
	r := newRig(t, 200, 50)
	r.send(tea.EnvMsg{"TERM=xterm-kitty"})
	r.send(tea.TerminalVersionMsg{Name: "kitty(0.35.2)"})
	playing(r)
	if len(r.raw) != 1 {
		t.Fatalf("%d things were sent: %q", len(r.raw), r.raw)
	}
	img, opts := kittyPicture(t, r.raw[0])
	if img.Bounds().Dx() != 120 {
		t.Errorf("a picture of %v", img.Bounds())
	}
	id := r.m.pics.id
	if want := fmt.Sprintf("a=p,U=1,p=1,q=2,i=%d,c=34,r=17", id); opts[len(opts)-1] != want {
		t.Errorf("placed as %q, want %q", opts[len(opts)-1], want)
	}
	content := r.m.View().Content
	if n := strings.Count(content, "\U0010EEEE"); n != 34*17 {
		t.Errorf("%d placeholders", n)
	}
	if !strings.Contains(content, fmt.Sprintf("\x1b[38;5;%dm\U0010EEEE\u0305\u0305\U0010EEEE\u0305\u030D", id)) {
		t.Error("the first row is not numbered from 0,0")
	}
	for i, l := range strings.Split(content, "\n") {
		if w := ansi.StringWidth(l); w > 200 {
			t.Errorf("line %d is %d wide", i, w)
		}
	}
	r.keys("7") // the same picture, larger
	if len(r.raw) != 2 || strings.Contains(r.raw[1], "a=t") || !strings.Contains(r.raw[1], fmt.Sprintf("i=%d,c=", id)) {
		t.Fatalf("%q", r.raw[1:])
	}
	r.f.mu.Lock()
	r.f.queue[4] = r.f.tracks[16] // of another album
	r.f.playAt(4, 0)
	r.f.mu.Unlock()
	r.settle()
	if len(r.raw) != 3 || !strings.HasPrefix(r.raw[2], fmt.Sprintf("\x1b_Ga=d,d=I,q=2,i=%d", id)) || r.m.pics.id == id {
		t.Fatalf("%d things were sent, the number is %d", len(r.raw), r.m.pics.id)
	}
}

func TestThroughTmuxEverySequenceIsWrapped(t *testing.T) {
	r := newRig(t, 200, 50, func(_ *fake, o *Options) {
		o.Multiplexer = func(context.Context) (string, bool) { return "ghostty 1.2", true }
	})
	r.send(tea.EnvMsg{"TMUX=/tmp/x"})
	playing(r)
	if len(r.raw) != 1 {
		t.Fatalf("%q", r.raw)
	}
	rest := strings.ReplaceAll(r.raw[0], "\x1b\x1b_G", "")
	if strings.Contains(rest, "\x1b_G") || strings.Count(r.raw[0], "\x1bPtmux;") != strings.Count(r.raw[0], "\x1b\x1b_G") {
		t.Errorf("not all is wrapped: %.200q", r.raw[0])
	}
}

func TestTheAccentComesFromTheCoverWhereWanted(t *testing.T) {
	r := newRig(t, 200, 50, func(_ *fake, o *Options) { o.CoverAccent, o.Theme = true, "tide" })
	plain := r.m.env.Set.On(style.Accent)
	playing(r)
	if !r.m.tinted || r.m.env.Set.On(style.Accent) == plain {
		t.Fatalf("the accent is still %q", plain)
	}
	r = newRig(t, 200, 50, func(_ *fake, o *Options) { o.Theme = "tide" })
	playing(r)
	if r.m.env.Set.On(style.Accent) != plain {
		t.Error("the accent changed though nobody asked")
	}
}

func TestAnyAccentIsReadable(t *testing.T) {
	for _, name := range style.Names("") {
		th, err := style.Load("", name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []color.RGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {20, 10, 90, 255}, {255, 240, 10, 255}, {128, 128, 20, 255}, {200, 0, 40, 255}} {
			w := th.WithAccent(style.Colour{R: c.R, G: c.G, B: c.B})
			for half, x := range map[string]style.Colours{"dark": w.Dark, "light": w.Light} {
				for _, ground := range []style.Colour{x.Background, x.Select, x.Dim} {
					if k := style.Contrast(x.Accent, ground); k < 4.5 {
						t.Errorf("%s %s: %v became %v with contrast %.2f", name, half, c, x.Accent, k)
					}
				}
			}
		}
	}
}

func TestFewColoursShowNoPictures(t *testing.T) {
	r := newRig(t, 200, 50)
	r.send(tea.EnvMsg{"TERM=xterm-kitty"})
	r.send(tea.TerminalVersionMsg{Name: "kitty(0.35.2)"})
	r.send(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	playing(r)
	if len(r.raw) != 0 || strings.Contains(r.m.View().Content, "\U0010EEEE") {
		t.Error("a picture was sent to a terminal of sixteen colours")
	}
}

func TestCoversAreSquareInTheCellsThatTheTerminalHas(t *testing.T) {
	w, h := 9, 21
	for _, c := range []struct {
		name string
		size [2]int
		keys []string
	}{{"the pane at the right", [2]int{200, 50}, nil}, {"the page of what plays", [2]int{120, 36}, []string{"7"}}} {
		w, h = 9, 21
		r := newRig(t, c.size[0], c.size[1], func(_ *fake, o *Options) { o.CellSize = func() (int, int) { return w, h } })
		playing(r)
		r.keys(c.keys...)
		wide, rows := drawn(r)
		if cw, ch := r.m.coverSize(); wide < 20 || wide != cw || rows != ch || rows != (wide*w+h/2)/h {
			t.Errorf("%s: %d x %d cells, the terminal's own would be %d x %d", c.name, wide, rows, cw, ch)
		}
		w, h = 10, 20 // another font
		r.send(tea.WindowSizeMsg{Width: c.size[0], Height: c.size[1]})
		if wide, rows := drawn(r); rows != wide/2 {
			t.Errorf("%s: %d x %d cells, twice as high as wide", c.name, wide, rows)
		}
	}
}

// drawn is the size of the cover on the screen, in cells.
func drawn(r *rig) (wide, rows int) {
	for _, l := range r.lines() {
		if n := strings.Count(l, "▀"); n > 0 {
			rows, wide = rows+1, n
		}
	}
	return wide, rows
}
