package ui

import (
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/style"
)

func sung(f *fake, _ *Options) {
	f.lyrics = []music.LyricLine{{At: 0, Text: "first words"}, {At: 10 * time.Second, Text: "second words"},
		{At: 20 * time.Second, Text: "third words"}, {At: 30 * time.Second, Text: "fourth words"}}
}

func TestEnterOnALineOfTheLyricsSingsFromThere(t *testing.T) {
	r := newRig(t, 120, 36, sung)
	playing(r)
	r.keys("7")
	r.want("third words")
	n := len(commands[session.SeekTo](r.f))
	r.keys("enter")
	if len(commands[session.SeekTo](r.f)) != n {
		t.Fatal("Enter seeks though no line is chosen")
	}
	r.keys("k")
	r.want("from this line")
	r.keys("enter")
	c := commands[session.SeekTo](r.f)
	if len(c) != n+1 || c[n].Position != 20*time.Second {
		t.Fatalf("%+v", c)
	}
	r.wantNot("from this line")
	r.keys("j", "esc")
	r.wantNot("from this line")
	r.want("third words")
}

func TestTheLyricsOfATrackKeepTheirShift(t *testing.T) {
	r := newRig(t, 120, 36, sung)
	r.keys("z", "+")
	r.want("there are no synced lyrics")
	playing(r)
	r.keys("7", "z", "+", "z", "+")
	r.want("lyrics 0.2 s sooner")
	r.keys("k", "enter")
	c := commands[session.SeekTo](r.f)
	if len(c) != 1 || c[0].Position != 20*time.Second-200*time.Millisecond {
		t.Fatalf("%+v", c)
	}
	saved := commands[session.SaveView](r.f)
	again := newRig(t, 120, 36, sung)
	playing(again)
	again.m.restore(saved[len(saved)-1].Data)
	again.keys("7", "z", "-")
	again.want("lyrics 0.1 s sooner")
	again.keys("z", "-", "z", "-")
	again.want("lyrics 0.1 s later")
}

func TestLinesSungTogetherAreAllLit(t *testing.T) {
	r := newRig(t, 120, 36, sung, func(f *fake, _ *Options) {
		f.lyrics = []music.LyricLine{{At: 0, Text: "first"}, {At: time.Minute, Text: "words"}, {At: time.Minute, Text: "their translation"}, {At: 2 * time.Minute, Text: "last"}}
	})
	playing(r)
	st := r.m.env.Stage
	if at, ok := st.NextLine(63 * time.Second); !ok || at != 2*time.Minute {
		t.Errorf("the line after both is at %v", at)
	}
	lit := r.m.env.Set.On(style.AccentStrong)
	for _, l := range st.Lyrics(30, 10, -1) {
		both := strings.Contains(l, "words") || strings.Contains(l, "translation")
		if got := strings.Contains(l, lit); got != both {
			t.Errorf("%q is lit: %v", l, got)
		}
	}
}
