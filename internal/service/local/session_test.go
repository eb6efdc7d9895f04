package local

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/session"
	"segue/session/sessiontest"
)

// inSession runs a session over the service, with a reader.
func inSession(t *testing.T, s *Service) (*session.Session, *session.Subscription) {
	t.Helper()
	x := session.New(session.Config{}, sessiontest.NewPlayer(nil), nil, session.Account{ID: music.Local, Kind: "local", User: me().Name, Service: s})
	sub := x.Subscribe("test")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return x, sub
}

// done waits until a change has been made, and fails on a failure.
func done(t *testing.T, sub *session.Subscription) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	sessiontest.Until(ctx, t, sub, "a change", func(e session.Event) bool {
		if n, ok := e.(session.Notice); ok && n.Level == session.Failure {
			t.Fatal(n.Text)
		}
		_, ok := e.(session.Undoable)
		return ok
	})
}

// otherProgram writes a playlist as programs do: a new file in its place.
func otherProgram(t *testing.T, path string, change func(lines []string) []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(change(strings.Split(strings.TrimSpace(string(data)), "\n")), "\n") + "\n"
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestEditsHereAndInAnotherProgramAreBothKept(t *testing.T) {
	root := t.TempDir()
	var refs []music.Ref
	for _, n := range []string{"a", "b", "c", "d"} {
		refs = append(refs, trackRef(named(t, root, n+".flac", "Artist", "Album", n, 1)))
	}
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	x, sub := inSession(t, s)
	ask := func(r ...music.Ref) (asks []music.Ask) {
		for _, r := range r {
			asks = append(asks, music.Ask{Of: r})
		}
		return asks
	}
	x.Send(session.PlaylistCreate{Account: music.Local, Name: "Summer/Beach", Add: ask(refs[:3]...)})
	done(t, sub)
	tree, err := x.PlaylistContainer(t.Context(), music.Local)
	if err != nil || len(tree) != 2 || tree[0].Folder == nil || tree[0].Folder.Name != "Summer" || tree[1].Depth != 1 || tree[1].Playlist.Name != "Beach" {
		t.Fatalf("the tree: %+v %v", tree, err)
	}
	list := tree[1].Playlist.Ref
	otherProgram(t, list.ID, func(l []string) []string {
		at := slices.IndexFunc(l, func(s string) bool { return strings.HasPrefix(s, "#EXTINF") })
		return slices.Insert(l, at, "# theirs", filepath.Join(root, "d.flac"))
	})
	x.Send(session.PlaylistRemove{Playlist: list, Rows: []session.Row{{Index: 1, Track: refs[1]}}}) // as it was seen before
	done(t, sub)
	x.Send(session.PlaylistAdd{Playlist: list, Add: ask(refs[0])})
	done(t, sub)
	want := []music.Ref{refs[3], refs[0], refs[2], refs[0]}
	if got, err := s.Refs(t.Context(), music.Ask{Of: list}); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	if data, err := os.ReadFile(list.ID); err != nil || !strings.Contains(string(data), "# theirs\n") {
		t.Errorf("%s %v", data, err)
	}
	x.Send(session.Undo{})
	x.Send(session.Undo{})
	until(t, "undo", func() bool {
		got, err := s.Refs(t.Context(), music.Ask{Of: list})
		return err == nil && slices.Equal(got, []music.Ref{refs[3], refs[0], refs[1], refs[2]})
	})
}

func TestTheContractHoldsForTheLibrary(t *testing.T) {
	root := t.TempDir()
	file := named(t, root, "1.flac", "Led Zeppelin", "IV", "Stairway to Heaven", 10)
	s := service(t, t.TempDir(), root)
	scanned(t, s)
	x, _ := inSession(t, s)
	ctx := t.Context()

	l, err := x.Link(ctx, "spotify:local:Led+Zeppelin::Stairway+to+Heaven:10#0:05")
	if err != nil || l.Ask.Of != trackRef(file) || l.Link.Offset != 5*time.Second {
		t.Errorf("link: %+v %v", l, err)
	}
	track, err := x.LocalTrack(ctx, music.LocalTrack{Title: "stairway to heaven", Artist: "LED ZEPPELIN", Duration: 10400 * time.Millisecond})
	if err != nil || track.Ref != trackRef(file) || track.Path != file {
		t.Errorf("local track: %+v %v", track, err)
	}
	album, err := x.Album(ctx, track.AlbumRef)
	if err != nil || album.Title != "IV" || album.Tracks != 1 {
		t.Errorf("album: %+v %v", album, err)
	}
	artist, err := x.Artist(ctx, track.ArtistRef)
	if err != nil || artist.Name != "Led Zeppelin" || artist.Tracks != 1 {
		t.Errorf("artist: %+v %v", artist, err)
	}
	u, err := x.User(ctx, music.Local, "")
	if err != nil || u.Name != me().Name {
		t.Errorf("user: %+v %v", u, err)
	}
	r, err := x.Search(ctx, session.Search{Query: "stairwy", Windows: []session.SearchWindow{{Type: session.TypeTracks, Limit: 1}}})
	if err != nil || r.DidYouMean != "stairway" || r.Pages[0].Total != 1 {
		t.Errorf("search: %+v %v", r, err)
	}
	if texts, err := x.Suggest(ctx, "led"); err != nil || !slices.Equal(texts, []string{"Led Zeppelin"}) {
		t.Errorf("suggest: %q %v", texts, err)
	}
	p, err := x.Toplist(ctx, session.ToplistAsk{Region: session.RegionUser, Period: "week"}, "")
	if err != nil || p.Note == "" || p.Total != 0 {
		t.Errorf("an empty toplist: %+v %v", p, err)
	}
	if err := s.Report(ctx, session.Heard{Track: track, Started: time.Now().Add(-time.Minute), Heard: 10 * time.Second, Counts: true}); err != nil {
		t.Fatal(err)
	}
	p, err = x.Toplist(ctx, session.ToplistAsk{Region: session.RegionUser}, "")
	if c, ok := firstItem(p).(music.Chart); err != nil || !ok || c.ItemRef() != trackRef(file) || c.Plays != 1 {
		t.Errorf("toplist: %+v %v", p, err)
	}
	path, err := x.Share(ctx, music.Local, "nina", []music.Ref{trackRef(file)}, "listen")
	if data, failed := os.ReadFile(path); err != nil || failed != nil || !strings.Contains(string(data), file) {
		t.Errorf("share: %s %v", path, err)
	}
	if _, err := x.Starred(ctx, music.Local, "nobody else", music.Ask{}); kindOf(err) != session.NoSuchUser {
		t.Errorf("stars of another: %v", err)
	}
}

func firstItem(p music.Page) music.Item {
	if len(p.Items) == 0 {
		return music.Folder{}
	}
	return p.Items[0]
}
