package local

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

func TestEveryKindOfPathAndAddressIsResolved(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Chdir(home)
	for _, dir := range []string{"Music/A", "plain"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	strange := "a b#1?100%\xff.flac"
	for _, name := range []string{"Music/A/1.flac", "Music/list.m3u8", "Music/" + strange, "noending", "-dash.mp3"} {
		if err := os.WriteFile(filepath.Join(home, name), genlib.FLAC([]string{"TITLE=x"}, 2), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"pipe.flac", "pipe.m3u", "pipe"} {
		if err := unix.Mkfifo(filepath.Join(home, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("Music/A/1.flac", filepath.Join(home, "link.flac")); err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(home, name) }
	stream := func(id string) music.Ref {
		return music.Ref{Account: music.Local, Kind: music.KindStream, ID: id}
	}
	s := service(t, t.TempDir(), in("Music"))
	for text, want := range map[string]music.Ref{
		in("Music/A/1.flac"):                   trackRef(in("Music/A/1.flac")),
		"Music/A/1.flac":                       trackRef(in("Music/A/1.flac")),
		"./Music/../Music/A/1.flac":            trackRef(in("Music/A/1.flac")),
		"~/Music/A/1.flac":                     trackRef(in("Music/A/1.flac")),
		"~/Music":                              folderRef(in("Music")),
		"~":                                    folderRef(home),
		".":                                    folderRef(home),
		"Music/":                               folderRef(in("Music")),
		"noending":                             trackRef(in("noending")),
		"-dash.mp3":                            trackRef(in("-dash.mp3")),
		"Music/list.m3u8\n":                    playlistRef(in("Music/list.m3u8")),
		"Music/" + strange:                     trackRef(in("Music/" + strange)),
		"file://" + in("Music/A/1.flac"):       trackRef(in("Music/A/1.flac")),
		"file://localhost" + in("Music/A"):     folderRef(in("Music/A")),
		"FILE:" + in("Music/A/1.flac"):         trackRef(in("Music/A/1.flac")),
		"file://" + home + "/Music/A/%31.flac": trackRef(in("Music/A/1.flac")),
		"link.flac":                            trackRef(in("link.flac")),
		"http://radio.example/live?x=1":        stream("http://radio.example/live?x=1"),
		"HTTPS://radio.example/":               stream("HTTPS://radio.example/"),
		folderRef("/some where").String():      folderRef("/some where"),
	} {
		got, ok, err := s.Resolve(t.Context(), text)
		if got != want || !ok || err != nil {
			t.Errorf("%q: %v %v %v, want %v", text, got, ok, err, want)
		}
	}
	for text, want := range map[string]session.FaultKind{
		"/not/there.flac":           session.OtherPermanent,
		"~/gone":                    session.OtherPermanent,
		"gone.mp3":                  session.OtherPermanent,
		"./gone":                    session.OtherPermanent,
		"Music/A/1.flac/below.flac": session.OtherPermanent,
		"file://server/x.flac":      session.InvalidArgument,
		"file:":                     session.InvalidArgument,
		"http://":                   session.InvalidArgument,
		"segue:nonsense":            session.InvalidArgument,
		"/dev/null":                 session.InvalidArgument,
		"pipe.flac":                 session.InvalidArgument,
		"pipe.m3u":                  session.InvalidArgument,
		"~/pipe":                    session.InvalidArgument,
	} {
		_, ok, err := s.Resolve(t.Context(), text)
		var f *session.Fault
		if !ok || !errors.As(err, &f) || f.Kind != want {
			t.Errorf("%q: %v %v, want a fault %v", text, ok, err, want)
		}
	}
	for _, text := range []string{"", "river night", "spotify:track:1", "artist:river", "what/is this"} {
		if r, ok, err := s.Resolve(t.Context(), text); ok || err != nil {
			t.Errorf("%q is taken for %v, %v", text, r, err)
		}
	}
	foreign := music.Ref{Account: "other", Kind: music.KindTrack, ID: "x"}
	if _, ok, err := s.Resolve(t.Context(), foreign.String()); ok || err != nil {
		t.Errorf("another account's: %v %v", ok, err)
	}
}

func TestAPipeNobodyWritesToHoldsNothingUp(t *testing.T) {
	root := t.TempDir()
	s := service(t, t.TempDir(), root)
	for _, name := range []string{"pipe.flac", "pipe.m3u", "cover.jpg", "pipe.lrc"} {
		if err := unix.Mkfifo(filepath.Join(root, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := s.Open(t.Context(), trackRef(filepath.Join(root, "pipe.flac")), music.Quality{}); err == nil {
			t.Error("it plays")
		}
		if _, err := s.Children(t.Context(), music.Ask{Of: playlistRef(filepath.Join(root, "pipe.m3u"))}); err == nil {
			t.Error("it is a playlist")
		}
		if _, err := s.Tracks(t.Context(), []music.Ref{trackRef(filepath.Join(root, "pipe.flac"))}); err != nil {
			t.Error(err)
		}
		if i, err := s.Image(t.Context(), trackRef(filepath.Join(root, "pipe.flac")), 0); err != nil || i.Data != nil {
			t.Errorf("a picture of %d bytes, %v", len(i.Data), err)
		}
		if l, err := s.Lyrics(t.Context(), trackRef(filepath.Join(root, "pipe.flac"))); err != nil || len(l.Lines) > 0 {
			t.Errorf("lyrics %v, %v", l, err)
		}
		if err := s.Scan(t.Context(), nil, nil); err != nil {
			t.Error(err)
		}
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("it waits for somebody to write")
	}
}
