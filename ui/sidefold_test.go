package ui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/session"
)

// twoFull gives two servers with all the sections that a server can have, and playlists.
func twoFull(f *fake, _ *Options) {
	f.pages = map[music.Ref][]music.Item{}
	for _, id := range []music.AccountID{"home", "work"} {
		a := session.AccountInfo{ID: id, Kind: "subsonic", State: session.ConnLoggedIn, Can: session.Can{SignIn: true, Playlists: true, Star: true}}
		for _, s := range [][2]string{{music.SectionAlbums, "Albums"}, {music.SectionArtists, "Artists"}, {music.SectionTracks, "Tracks"}, {music.SectionGenres, "Genres"}, {music.SectionYears, "Years"},
			{music.SectionFiles, "Folders"}, {music.SectionRecent, "Recently added"}, {music.SectionPlayed, "Recently played"}, {music.SectionMost, "Most played"}, {"radios", "Radio stations"}, {"podcasts", "Podcasts"},
			{music.SectionStarred, "Starred"}, {music.SectionPlaylists, "Playlists"}} {
			a.Sections = append(a.Sections, music.Folder{Ref: music.Section(id, s[0]), Name: s[1], Count: -1})
		}
		f.accounts = append(f.accounts, a)
		for i := range 4 {
			f.pages[music.Section(id, music.SectionPlaylists)] = append(f.pages[music.Section(id, music.SectionPlaylists)],
				music.Playlist{Ref: music.Ref{Account: id, Kind: music.KindPlaylist, ID: fmt.Sprint(i)}, Name: fmt.Sprintf("%s list %d", id, i), Tracks: 3 * i})
		}
	}
}

// side is the sidebar's part of the screen.
func side(r *rig) string {
	var out []string
	for _, l := range r.lines()[r.m.lay.side.Y : r.m.lay.side.Y+r.m.lay.side.H] {
		out = append(out, strings.TrimRight(string([]rune(l)[:min(r.m.lay.side.W, len([]rune(l)))]), " "))
	}
	return strings.Join(out, "\n") + "\n"
}

func TestPlaylistsStayOnTheScreenBesideFullAccounts(t *testing.T) {
	var all strings.Builder
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
		r := newRig(t, size[0], size[1], twoFull)
		if size[0] == 80 {
			r.keys("B")
		}
		r.send(eventsMsg{})
		r.settle()
		if s := side(r); !strings.Contains(s, "home list 0") {
			t.Errorf("at %v no playlist is on the screen:\n%s", size, s)
		}
		fmt.Fprintf(&all, "=== %dx%d\n%s", size[0], size[1], side(r))
		r.m.openSection(music.Folder{Ref: music.Section("work", music.SectionGenres), Name: "Genres"})
		if size[0] == 80 {
			r.keys("B")
		}
		r.send(eventsMsg{})
		r.settle()
		if s := side(r); !strings.Contains(s, "Radio stations") || !strings.Contains(s, "Evening") {
			t.Errorf("at %v, in work:\n%s", size, s)
		}
		fmt.Fprintf(&all, "=== in work, %dx%d\n%s", size[0], size[1], side(r))
	}
	compare(t, filepath.Join("testdata", "side-full.golden"), all.String())
}

func TestOneAccountAtATimeIsOpenWhereThereIsLittleRoom(t *testing.T) {
	r := newRig(t, 120, 36, twoFull)
	s := &r.m.side
	shown := func() (open []music.AccountID) {
		for _, a := range s.accounts {
			if s.shows(a.ID) {
				open = append(open, a.ID)
			}
		}
		return open
	}
	if got := fmt.Sprint(shown()); got != "[local]" {
		t.Fatalf("at the start %s are open", got)
	}
	r.keys("tab")
	for s.heading() != "home" {
		before := s.cursor
		if r.keys("j"); s.cursor == before {
			t.Fatal("the heading of home cannot be reached")
		}
	}
	r.want("Enter show its sections")
	r.keys("enter")
	if got := fmt.Sprint(shown()); got != "[home]" || s.heading() != "home" {
		t.Errorf("%s are open, the cursor is at %q", got, s.heading())
	}
	r.keys("enter") // by wish none is
	if got := fmt.Sprint(shown()); got != "[]" {
		t.Errorf("%s are open", got)
	}
	r.send(tea.WindowSizeMsg{Width: 200, Height: 60}) // all have room, and the wish is remembered
	if got := fmt.Sprint(shown()); got != "[local work]" {
		t.Errorf("with more room %s are open", got)
	}
	r.f.box.Put(session.AccountsChanged{Accounts: s.accounts[:1]})
	r.settle()
	if got := fmt.Sprint(shown()); got != "[local]" {
		t.Errorf("alone %s are open", got)
	}
}
