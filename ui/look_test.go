package ui

import (
	"os"
	"testing"
	"time"
)

// TestLook writes what a scene looks like to the file LOOK names, for pictures.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK names no folder for pictures")
	}
	for _, s := range scenes() {
		r := newRig(t, s.w, s.h, s.change...)
		s.play(r)
		if err := os.WriteFile(dir+"/"+s.name+".ans", []byte(r.m.View().Content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// scene is a screen that is worth looking at.
type scene struct {
	name   string
	w, h   int
	change []func(*fake, *Options)
	play   func(*rig)
}

func playing(r *rig) {
	r.keys("enter", "down", "down", "enter")
	r.f.mu.Lock()
	r.f.playAt(2, 63*time.Second)
	r.f.mu.Unlock()
	r.settle()
}

func scenes() []scene {
	var out []scene
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}, {200, 50}} {
		n := map[int]string{40: "40", 80: "80", 120: "120", 200: "200"}[size[0]]
		out = append(out,
			scene{name: "album-" + n, w: size[0], h: size[1], play: playing},
			scene{name: "albums-" + n, w: size[0], h: size[1], play: func(*rig) {}},
			scene{name: "queue-" + n, w: size[0], h: size[1], play: func(r *rig) { playing(r); r.keys("4") }},
			scene{name: "now-" + n, w: size[0], h: size[1], play: func(r *rig) { playing(r); r.keys("7") }},
			scene{name: "wide-" + n, w: size[0], h: size[1], play: func(r *rig) { r.keys("h", "down", "down", "enter", "G") }},
			scene{name: "help-" + n, w: size[0], h: size[1], play: func(r *rig) { playing(r); r.keys("?") }},
			scene{name: "toplist-" + n, w: size[0], h: size[1], play: func(r *rig) { playing(r); r.keys("6", ")") }},
			scene{name: "search-" + n, w: size[0], h: size[1], play: func(r *rig) { r.keys("2", "t:vari") }},
		)
	}
	return out
}
