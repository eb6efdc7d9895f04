package ui

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// viewState of a test: what is opened, and the five states that it can be in.
type viewCase struct {
	name string
	of   music.Ref // the container that is opened; zero = by keys alone
	keys []string
}

func viewCases() []viewCase {
	home := func(k music.Kind, id string) music.Ref { return music.Ref{Account: "home", Kind: k, ID: id} }
	return []viewCase{
		{"albums", music.Section("home", music.SectionAlbums), nil},
		{"artists", music.Section("home", music.SectionArtists), nil},
		{"tracks", music.Section("home", music.SectionTracks), nil},
		{"genres", music.Section("home", music.SectionGenres), nil},
		{"years", music.Section("home", music.SectionYears), nil},
		{"files", home(music.KindFolder, "/music"), nil},
		{"album", home(music.KindAlbum, "album"), nil},
		{"artist", home(music.KindArtist, "artist"), nil},
		{"playlist", home(music.KindPlaylist, "list"), nil},
		{"starred", music.Section("home", music.SectionStarred), nil},
		{"playlists", music.Section("home", music.SectionPlaylists), nil},
		{"queue", music.Queue, nil},
		{"toplist", music.Section("home", music.SectionToplist+"/tracks/week"), nil},
		{"search", music.Section("home", music.SectionSearch), nil},
	}
}

// someRows are n rows as a container of that kind has them.
func someRows(v viewCase, n int) []music.Item {
	var items []music.Item
	ref := func(k music.Kind, i int) music.Ref {
		return music.Ref{Account: "home", Kind: k, ID: v.name + fmt.Sprint(i)}
	}
	for i := range n {
		t := music.Track{Ref: ref(music.KindTrack, i), Title: fmt.Sprintf("Track number %d", i), Artists: []string{fmt.Sprintf("Artist %d", i%7)}, Album: fmt.Sprintf("Album %d", i/9),
			Number: i + 1, Duration: time.Duration(61+17*i) * time.Second, Starred: i%5 == 2}
		switch v.name {
		case "albums", "artist":
			items = append(items, music.Album{Ref: ref(music.KindAlbum, i), Title: fmt.Sprintf("Album %d", i), Artists: t.Artists, Year: 1970 + i%50, Tracks: 1 + i%20, Duration: t.Duration * 9})
		case "artists":
			items = append(items, music.Artist{Ref: ref(music.KindArtist, i), Name: fmt.Sprintf("Artist %d", i), Albums: 1 + i%9, Tracks: 10 + i})
		case "genres", "years", "files":
			items = append(items, music.Folder{Ref: ref(music.KindFolder, i), Name: fmt.Sprintf("Folder %d", i), Count: i})
		case "playlists":
			items = append(items, music.Playlist{Ref: ref(music.KindPlaylist, i), Name: fmt.Sprintf("Playlist %d", i), Tracks: i, Writable: true})
		case "toplist":
			items = append(items, music.Chart{Rank: i + 1, Previous: (i * 7) % 11, Plays: 900 - i, Item: t})
		default:
			items = append(items, t)
		}
	}
	return items
}

// answer answers the newest question about a container.
func answer(r *rig, of music.Ref, p music.Page, fault *session.Fault) {
	r.t.Helper()
	loads := commands[session.Load](r.f)
	for i := len(loads) - 1; i >= 0; i-- {
		if l := loads[i]; l.Ask.Of == of && !strings.HasPrefix(l.Lane, "sidebar") {
			p.Ask = l.Ask
			ev := session.PageLoaded{Ticket: l.Ticket, Page: p, Fault: fault}
			if of == music.Queue {
				for n := range p.Items {
					ev.Entries = append(ev.Entries, session.EntryID(n+1))
				}
			}
			r.f.box.Put(ev)
			r.settle()
			return
		}
	}
	r.t.Fatalf("nothing was asked about %v", of)
}

// TestEveryViewInEveryState draws each view in the states that it can be in: while it
// reads, empty, with rows of before while the account is away, failed, and full.
func TestEveryViewInEveryState(t *testing.T) {
	for _, v := range viewCases() {
		t.Run(v.name, func(t *testing.T) {
			var all strings.Builder
			for _, size := range [][2]int{{80, 24}, {40, 10}} {
				for _, state := range []string{"loading", "empty", "partial", "failed", "full"} {
					fmt.Fprintf(&all, "=== %s, %dx%d\n%s", state, size[0], size[1], drawState(t, v, state, size))
				}
			}
			compare(t, filepath.Join("testdata", "state-"+v.name+".golden"), all.String())
		})
	}
}

func drawState(t *testing.T, v viewCase, state string, size [2]int) string {
	t.Helper()
	r := newRig(t, size[0], size[1], func(f *fake, _ *Options) {
		f.accounts = []session.AccountInfo{{ID: "home", Kind: "subsonic", State: session.ConnLoggedIn, Can: session.Can{Playlists: true, Star: true},
			Sections: []music.Folder{{Ref: music.Section("home", music.SectionAlbums), Name: "Albums", Count: -1}}}}
		if state == "partial" || state == "failed" {
			f.accounts[0].State, f.accounts[0].Since = session.ConnDisconnected, f.now.Add(-42*time.Minute)
			f.accounts[0].RetryAt = f.now.Add(3 * time.Minute)
		}
		f.mute = true
	})
	switch v.name {
	case "queue":
		r.keys("4")
	case "search":
		r.keys("2", "t:number")
		r.keys("esc", "`", "j", "j", "enter")
	case "toplist":
		r.m.show(page.Toplists)
		v.of = music.Section(music.Local, v.of.ID)
	default:
		r.m.openSection(music.Folder{Ref: v.of, Name: strings.ToUpper(v.name[:1]) + v.name[1:]})
	}
	r.send(eventsMsg{})
	title := strings.ToUpper(v.name[:1]) + v.name[1:]
	away := &session.Fault{Kind: session.UnableToContactServer, Account: "home", Op: "open " + v.name, Err: errors.New("the server could not be reached: connection refused"), Hint: "it is tried again"}
	switch state {
	case "loading":
		r.f.now = r.f.now.Add(time.Second)
		r.send(slowMsg{})
	case "empty":
		answer(r, v.of, music.Page{Title: title, Writable: v.name == "playlist" || v.name == "queue"}, nil)
	case "partial":
		answer(r, v.of, music.Page{Title: title, Subtitle: "3 rows", Items: someRows(v, 3), Total: 3, Note: "as it was on 2026-11-20 18:00"}, away)
	case "failed":
		answer(r, v.of, music.Page{Title: title}, away)
	case "full":
		answer(r, v.of, music.Page{Title: title, Subtitle: "1,000 rows", Items: someRows(v, 200), Total: 1000, Writable: true}, nil)
		r.keys("j", "j", "j")
	}
	lines := r.lines()
	if len(lines) != size[1] {
		t.Errorf("%s: %d lines", state, len(lines))
	}
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestAServerWithoutAlbumsOrWithAFaultDoesNotOpenTheSampler(t *testing.T) {
	for _, fault := range []*session.Fault{nil, {Kind: session.UnableToContactServer, Account: "home", Op: "open albums"}} {
		r := newRig(t, 120, 36, twoLibraries, func(f *fake, _ *Options) { f.mute = true })
		of := music.Section("home", music.SectionAlbums)
		r.m.openSection(music.Folder{Ref: of, Name: "Albums"})
		answer(r, of, music.Page{Title: "Albums"}, fault)
		if got := r.m.current().Place().Of; got != of {
			t.Errorf("with the fault %v it shows %v", fault, got)
		}
	}
}

func TestAToplistIsFoundInAndShowsByWhat(t *testing.T) {
	r := newRig(t, 120, 36)
	r.keys("6", ")", "/", "t:canone", "enter")
	r.want("Variatio 3. Canone")
	r.wantNot("Variatio 2. a 1")
	r.want("/canone")
	r.keys("esc")
	r.want("Variatio 2. a 1")
}

func TestAFailureTellsMoreWithDetails(t *testing.T) {
	r := newRig(t, 120, 36, func(f *fake, _ *Options) {
		f.fail = &session.Fault{Kind: session.SystemFailure, Op: "list albums", Err: errDisk, Hint: "check the disk", RetryAt: f.now.Add(time.Hour)}
	})
	r.keys("i")
	for _, want := range []string{"What went wrong", "SYSTEM_FAILURE", "the disk is gone", "13:00", "check the disk"} {
		r.want(want)
	}
}
