package plain

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/player"
	"segue/session"
	"segue/ui/page"
)

// shelf is a session with a queue, playlists and tracks, which answers as a real one.
type shelf struct{ *fake }

func trackRef(id string) music.Ref {
	return music.Ref{Account: music.Local, Kind: music.KindTrack, ID: id}
}

func listRef(id string) music.Ref {
	return music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: id}
}

func (f shelf) Send(c session.Command) {
	f.mu.Lock()
	f.sent = append(f.sent, c)
	f.mu.Unlock()
	switch c := c.(type) {
	case session.Load:
		f.box.Put(f.page(c))
	case session.LoadLyrics:
		f.box.Put(session.LyricsLoaded{Ticket: c.Ticket, Lyrics: music.Lyrics{Track: c.Track, Lines: []music.LyricLine{{Text: "alas my\x1b[2J love"}, {}, {Text: "you do me wrong"}}}})
	case session.InboxPost:
		f.box.Put(session.Shared{Ticket: c.Ticket, Link: "https://home.example/share/1"})
	default:
	}
}

func (f shelf) page(c session.Load) session.PageLoaded {
	ev := session.PageLoaded{Ticket: c.Ticket, Page: music.Page{Ask: c.Ask, Title: c.Ask.Of.ID}}
	switch c.Ask.Of.ID {
	case music.SectionPlaylists:
		ev.Page.Items = []music.Item{music.Playlist{Ref: listRef("evening"), Name: "Evening", Tracks: 3, Writable: true}}
	default:
		for i, title := range []string{"one", "two", "three", "four"} {
			ev.Page.Items = append(ev.Page.Items, music.Track{Ref: trackRef(title), Title: title, Album: "Numbers", AlbumRef: music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "numbers"}, Starred: i == 1})
			if c.Ask.Of == music.Queue {
				ev.Entries = append(ev.Entries, session.EntryID(i+1))
			}
		}
		ev.Page.Writable = true
	}
	ev.Page.Total = len(ev.Page.Items)
	return ev
}

// speak gives what a script of lines says and sends. The account keeps ratings.
func speak(t *testing.T, script string, opt Options) (said string, sent []session.Command) {
	t.Helper()
	f := shelf{newFake()}
	f.play.State, f.play.Track, f.play.Entry = player.Paused, music.Track{Ref: trackRef("two"), Title: "two", AlbumRef: music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "numbers"}, Album: "Numbers"}, 2
	opt.In = strings.NewReader(script)
	said = talkTo(t, f, opt)
	for _, c := range f.sent {
		switch c.(type) {
		case session.Load, session.LoadLyrics:
		default:
			sent = append(sent, c)
		}
	}
	return said, sent
}

func TestAllThatIsDoneToRowsIsDoneByTheirNumbers(t *testing.T) {
	asks := func(ids ...string) (out []music.Ask) {
		for _, id := range ids {
			out = append(out, music.Ask{Of: trackRef(id)})
		}
		return out
	}
	rows := func(at ...int) (out []session.Row) {
		for _, i := range at {
			out = append(out, session.Row{Index: i, Track: trackRef([]string{"one", "two", "three", "four"}[i])})
		}
		return out
	}
	list := listRef("evening")
	for _, c := range []struct {
		script string
		want   session.Command
	}{
		{"queue\nenqueue 1-2,4", session.Enqueue{Asks: asks("one", "two", "four"), Where: session.AtEnd}},
		{"queue\nremove 2-3", session.QueueRemove{Entries: []session.EntryID{2, 3}}},
		{"queue\nmove-down 1", session.QueueMove{Entries: []session.EntryID{1}, Before: 3}},
		{"queue\nmove-down 1 9", session.QueueMove{Entries: []session.EntryID{1}}},
		{"queue\nmove-up 3-4 2", session.QueueMove{Entries: []session.EntryID{3, 4}, Before: 1}},
		{"queue\nstar 1,3", session.Star{Refs: []music.Ref{trackRef("one"), trackRef("three")}}},
		{"queue\nrate 2 4", session.Rate{Refs: []music.Ref{trackRef("two")}, Stars: 4}},
		{"queue\nmark-offline 2", session.MarkOffline{Refs: []music.Ref{trackRef("two")}}},
		{"queue\nplay-container 2-3", session.PlayContext{Ask: music.Ask{Of: trackRef("two")}, More: asks("three")}},
		{"queue\nadd-to-playlist 1-2 evening", session.PlaylistAdd{Playlist: list, Add: asks("one", "two")}},
		{"queue\nadd-to-playlist 3 Late at night", session.PlaylistCreate{Account: music.Local, Name: "Late at night", Add: asks("three")}},
		{"playlists\nopen 1\nremove 2", session.PlaylistRemove{Playlist: list, Rows: rows(1)}},
		{"playlists\nopen 1\nmove-up 2", session.PlaylistMove{Playlist: list, Rows: rows(1)}},
		{"playlists\nopen 1\nrename-playlist 2 late", session.PlaylistRename{Playlist: list, Name: "2 late"}},
		{"playlists\nrename-playlist 1 Night", session.PlaylistRename{Playlist: list, Name: "Night"}},
		{"playlists\ndelete-playlist 1", session.PlaylistDelete{Playlist: list}},
		{"clear-queue", session.QueueClear{}},
		{"star-playing", session.Star{Refs: []music.Ref{trackRef("two")}}},
		{"search bach\nsave-search All Bach", session.PlaylistCreate{Account: music.Local, Name: "All Bach", Query: "bach"}},
		{"add-account subsonic https://h.example anna home", session.Login{Account: "home", New: &session.Spec{Service: "subsonic", ID: "home", Server: "https://h.example", User: "anna"}, How: session.SignIn{User: "anna", Remember: true}}},
	} {
		said, sent := speak(t, c.script+"\n", Options{Services: []page.Service{{Name: "subsonic", Server: true, User: true}}})
		if !slices.ContainsFunc(sent, func(x session.Command) bool { return reflect.DeepEqual(x, c.want) }) {
			t.Errorf("%q sends %+v, want %+v\n%s", c.script, sent, c.want, said)
		}
	}
}

func TestWhatIsMissingInACommandIsSaid(t *testing.T) {
	for script, want := range map[string]string{
		"queue\nadd-to-playlist 1":       "the name of a playlist",
		"queue\nadd-to-playlist Evening": "needs the number of a row",
		"queue\nopen 1-2":                "open takes one row",
		"queue\nmove-up 1":               "that is the first row",
		"queue\nmove-down 4":             "that is the last row",
		"queue\nmove-down 1 far":         `"far" is no number of rows`, "volume": "volume needs 70 or +5 or -5",
		"queue\nrate 1 9":                           "no rating",
		"queue\nrename-playlist 1 x":                "number of a playlist",
		"library\nopen 1\nmove-up 2":                "nothing can be moved here",
		"save-search x":                             "nothing is listed yet",
		"queue\nsave-search x":                      "search there first",
		"add-account":                               "needs a service: subsonic",
		"add-account subsonic https://h.example":    "ADDRESS USER",
		"playlists nowhere":                         "no account is named nowhere",
		"cancel":                                    "no job is running",
		"settings nonsense":                         "no setting is named nonsense",
		"help nonsense":                             "no command is called nonsense",
		"playlists\nopen 1\nfind one\nremove 1":     "filtered or sorted",
		"log":                                       "nothing went wrong since the start",
		"zz":                                        "no command is named",
		"theme ember":                               "needs the screen",
		"playlists\nrename-playlist 1":              "needs the new name",
		"queue\nenqueue 3-2":                        "needs the number of a row",
		"queue\nenqueue 1,9":                        "needs the number of a row",
		"queue\nrow-artist 1":                       "the artist of one is not known",
		"library\nopen 1\nremove 1":                 "nothing can be removed from here",
		"cancel nothing\nqueue\nopen-link\nshare 1": "shared https://home.example/share/1",
	} {
		said, _ := speak(t, script+"\n", Options{Services: []page.Service{{Name: "subsonic", Server: true, User: true}}})
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q:\n%s", script, want, said)
		}
	}
}

func TestWhatTheScreenTellsIsToldInLines(t *testing.T) {
	said, _ := speak(t, "now-playing\nqueue\nplaying-row\ndetails 2\ngo-album\nsettings\nsettings theme\nlog\nhelp playlist\n", Options{
		Settings: []page.Setting{{Key: "screen.theme", Value: "ember", Source: "default"}}, ConfigPath: "~/config.toml", LogFile: "/state/segue.log",
		PageOf: func(music.Ref) string { return "https://web.example/two" }})
	for _, want := range []string{"alas my love\nyou do me wrong", "2. two, from Numbers, starred, paused", "album: Numbers", "page: https://web.example/two",
		"private session: off, from now", "screen.theme: ember, from default", "the file is ~/config.toml", "the log is /state/segue.log",
		"add-to-playlist ROWS NAME: add to a playlist", "delete-playlist [ROW]"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	if n := strings.Count(said, "report plays"); n != 1 {
		t.Errorf("the settings are told %d times, though the second time only the theme was asked for", n)
	}
	if strings.ContainsAny(said, "\x1b") {
		t.Error("a control character came through")
	}
}

func TestTheNumbersOfRowsFollowAnEdit(t *testing.T) {
	said, _ := speak(t, "queue\nremove 1\nremove 1\n", Options{})
	if n := strings.Count(said, "4 in all"); n != 1 {
		t.Errorf("the queue is told %d times:\n%s", n, said)
	}
	for _, edit := range []string{"remove 1", "move-down 1", "move-up 2"} {
		f := shelf{newFake()}
		talkTo(t, f, Options{In: strings.NewReader("queue\n" + edit + "\n" + edit + "\n")})
		loads := 0
		for _, c := range f.sent {
			if _, ok := c.(session.Load); ok {
				loads++
			}
		}
		if loads != 2 { // for "queue", and after the first edit
			t.Errorf("%s: the rows were read %d times", edit, loads)
		}
	}
}

func TestEveryCommandOfTheHelpDoesSomething(t *testing.T) {
	said, _ := speak(t, "help\n", Options{})
	n := 0
	_, help, _ := strings.Cut(said, "Rows are meant")
	for _, line := range strings.Split(help, "\n") {
		name, _, found := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, " ")
		if !found || name == "quit" {
			continue
		}
		n++
		if got, _ := speak(t, "queue\n"+name+"\n", Options{}); strings.Contains(got, "needs the screen") || strings.Contains(got, "no command is named") {
			t.Errorf("the help names %s, which does nothing:\n%s", name, got)
		}
	}
	if n < 70 {
		t.Errorf("the help names %d commands only", n)
	}
}

func TestNothingIsSaidTwiceAndEveryChangeOnce(t *testing.T) {
	f := shelf{newFake()}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	track := music.Track{Ref: trackRef("one"), Title: "one", Artists: []string{"Anna"}, Album: "Numbers", Duration: 3 * time.Minute}
	f.play.State, f.play.Track, f.play.Position = player.Playing, track, session.Anchor{Position: 10 * time.Second, At: at, Rate: 1}
	var out strings.Builder
	p := &talker{opt: Options{Out: &out, Session: f}, keys: keymap.Default()}
	tell := func(change func(*session.Playback)) string {
		out.Reset()
		now := p.play
		change(&now)
		p.playback(now)
		return out.String()
	}
	p.playback(f.play)
	for _, c := range []struct {
		change func(*session.Playback)
		want   string
	}{
		{func(n *session.Playback) {
			n.Position = session.Anchor{Position: 40 * time.Second, At: at.Add(30 * time.Second), Rate: 1}
		}, ""},
		{func(n *session.Playback) {
			n.Position = session.Anchor{Position: time.Minute, At: at.Add(31 * time.Second), Rate: 1}
		}, "at 1:00\n"},
		{func(n *session.Playback) { n.State, n.Position.Rate = player.Paused, 0 }, "paused: one\n"},
		{func(n *session.Playback) { n.Track.Ref, n.Track.Title = trackRef("two"), "two" }, "paused: two, by Anna, from Numbers, 3:00\n"},
		{func(n *session.Playback) { n.Shuffle = true }, ""}, // "shuffled the queue; undo takes it back" says it
		{func(n *session.Playback) { n.GainMode = player.GainTrack }, "loudness by track\n"},
		{func(n *session.Playback) { n.SleepAt = at }, "it pauses after the track that plays at " + at.Local().Format("15:04") + "\n"},
		{func(n *session.Playback) { n.SleepAt = time.Time{} }, "the sleep timer is off\n"},
		{func(n *session.Playback) { n.Repeat = session.RepeatOne }, "repeat one\n"},
	} {
		if got := tell(c.change); got != c.want {
			t.Errorf("it says %q, want %q", got, c.want)
		}
	}
}

func TestAListSaysWhatItIsAndNoAlbumOnEachOfItsRows(t *testing.T) {
	said, _ := speak(t, "queue\nfind two\nback\nqueue\nrow-album 1\nsearch bach\nradio\n", Options{})
	for _, want := range []string{"queue, what matches two, 4 in all", "numbers, 4 in all\n1. one\n", "search for bach, 4 in all\n1. "} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	if n := strings.Count(said, "\nqueue, 4 in all"); n != 3 {
		t.Errorf("after find and back the whole queue is told %d times, want 3:\n%s", n, said)
	}
}

func TestASignInAndOutIsSaidOnce(t *testing.T) {
	var out strings.Builder
	f := shelf{newFake()}
	p := &talker{opt: Options{Out: &out, Session: f}, keys: keymap.Default(), greeted: true}
	home := func(state session.ConnState, note string) {
		p.accounts([]session.AccountInfo{{ID: "home", State: state, Note: note, Can: session.Can{SignIn: true}}})
	}
	home(session.ConnLoggedOut, "")
	home(session.ConnLoggedIn, "") // LoggedIn says so
	home(session.ConnDisconnected, "no answer")
	home(session.ConnLoggedIn, "")
	home(session.ConnLoggedOut, signedOut) // LoggedOut says so
	if want := "home is disconnected: no answer\nhome is logged in\n"; out.String() != want {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
	out.Reset()
	p.tellAccounts()
	if got := out.String(); got != "home: logged out\n" {
		t.Errorf("%q", got)
	}
	p.account(keymap.Forget, "home remove")
	if last, is := f.sent[len(f.sent)-1].(session.Forget); !is || !last.Remove || last.Account != "home" {
		t.Errorf("%+v", f.sent)
	}
}
