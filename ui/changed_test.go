package ui

import (
	"fmt"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

var longList = music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "long"}

// withLongList gives a playlist that can be edited, of 1000 tracks.
func withLongList(f *fake, _ *Options) {
	var items []music.Item
	for i := range 1000 {
		items = append(items, bigTrack(i))
	}
	f.pages = map[music.Ref][]music.Item{longList: items}
	f.writable = longList
}

func openLong(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, 120, 36, withLongList)
	r.m.env.Open(page.Place{Of: longList, Title: "Long"})
	r.send(nil)
	r.settle()
	r.want("1/1,000")
	return r
}

func TestMarksInAPlaylistStayWhenItIsScrolledThrough(t *testing.T) {
	r := openLong(t)
	r.keys("x", "G", "x")
	r.want("2 marked")
	r.keys("g", "g")
	r.want("2 marked")
	r.keys("d")
	c := commands[session.PlaylistRemove](r.f)
	if len(c) != 1 || fmt.Sprint(c[0].Rows[0].Index, c[0].Rows[1].Index) != "0 999" {
		t.Fatalf("%+v", c)
	}
}

func TestMarksInAPlaylistGoWhenItsRowsHaveMoved(t *testing.T) {
	r := openLong(t)
	r.keys("j", "x", "x")
	r.want("2 marked")
	r.f.pages[longList] = append([]music.Item{bigTrack(5000)}, r.f.pages[longList]...)
	r.f.box.Put(session.ContainerChanged{Of: longList})
	r.settle()
	r.wantNot("marked")
}

func TestMarksOnRowsThatAreGoneGoWithThem(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys("4", "g", "g", "x", "x", "x")
	r.want("3 marked")
	r.f.mu.Lock()
	r.f.removeEntries(r.f.ids[1:2:2])
	r.f.mu.Unlock()
	r.settle()
	r.want("2 marked")
}

func TestARangeEndsWithAListThatGotShorter(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys("4", "G", "v", "k")
	r.want("2 selected")
	r.f.mu.Lock()
	r.f.removeEntries(append([]session.EntryID{}, r.f.ids[4:]...))
	r.f.mu.Unlock()
	r.settle()
	r.keys("A")
	r.wantNot("still being read")
}

func TestARangeKnowsNothingOfBeforeAChange(t *testing.T) {
	r := newRig(t, 120, 36, withLongList)
	r.m.env.Open(page.Place{Of: longList, Title: "Long"})
	r.send(nil)
	r.settle()
	r.keys("v", "G")
	r.want("1,000 selected")
	changed := append([]music.Item{}, r.f.pages[longList]...)
	changed[300] = bigTrack(7777)
	r.f.pages[longList] = changed
	r.f.box.Put(session.ContainerChanged{Of: longList})
	r.settle()
	r.keys("e")
	c := commands[session.Enqueue](r.f)
	if len(c) != 1 || c[0].Asks[300].Of.ID != "7777" {
		t.Fatalf("%d commands", len(c))
	}
}

func TestAListAsksAgainWhenItsAnswerWasLost(t *testing.T) {
	r := newRig(t, 120, 36)
	r.f.mute = true
	r.keys("enter")
	r.wantNot("Quodlibet")
	r.f.mute = false
	r.f.box.Put(session.Resync{}) // this reader was far behind: what waited for it is gone
	r.settle()
	r.want("Quodlibet")
}

func TestJobsOfBeforeAResyncAreForgotten(t *testing.T) {
	r := newRig(t, 120, 36)
	r.f.box.Put(session.Progress{Job: 3, Title: "reading /music"})
	r.settle()
	r.want("reading /music")
	r.f.box.Put(session.Resync{})
	r.settle()
	r.wantNot("reading /music")
}

func TestAnAnswerWithFewerRowsThanPromisedIsNotAskedForAgainAndAgain(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) {
		f.pages = map[music.Ref][]music.Item{longList: {bigTrack(1), bigTrack(2)}}
		f.promised = 10
	})
	r.m.env.Open(page.Place{Of: longList, Title: "Short"})
	r.send(nil)
	for range 50 {
		r.send(eventsMsg(r.f.box.Take()))
	}
	n := 0
	for _, l := range commands[session.Load](r.f) {
		if l.Ask.Of == longList {
			n++
		}
	}
	if n > 3 {
		t.Errorf("it was asked for %d times", n)
	}
}

func TestAStackOfPlacesHasABottom(t *testing.T) {
	r := newRig(t, 120, 36)
	for i := range 300 {
		r.m.env.Open(page.Place{Of: r.f.albums[i%4].Ref, Title: "x"})
		r.send(nil)
		r.settle()
	}
	if n := len(r.m.stacks[page.Library]); n > 60 {
		t.Errorf("%d places are kept", n)
	}
	for range 100 {
		r.keys("h")
		if len(r.m.stacks[page.Library]) == 1 {
			break
		}
	}
	if id := r.m.current().Place().Of.ID; id != music.SectionAlbums {
		t.Errorf("the way out ends at %s", id)
	}
	r.keys("enter")
	for _, s := range commands[session.SaveView](r.f) {
		if strings.Count(string(s.Data), `"of"`) > 100 {
			t.Fatal("more is saved than is read back")
		}
	}
}
