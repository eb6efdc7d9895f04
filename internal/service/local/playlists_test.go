package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/music"
	"segue/session"
)

func refsIn(t testing.TB, s *Service, p music.Ref) []music.Ref {
	t.Helper()
	var refs []music.Ref
	for _, it := range page(t, s, music.Ask{Of: p}).Items {
		refs = append(refs, it.ItemRef())
	}
	return refs
}

func kindOf(err error) session.FaultKind {
	var f *session.Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return session.OK
}

func TestPlaylistsAreFilesThatOtherPlayersRead(t *testing.T) {
	s, root := library(t, 24)
	scanned(t, s)
	refs, err := s.Refs(t.Context(), music.Ask{Of: folderRef(root)})
	if err != nil {
		t.Fatal(err)
	}
	foreign := music.Ref{Account: "home", Kind: music.KindTrack, ID: "a:b/c"}
	sample := s.sampler.all()[0].Ref
	stream := music.Ref{Account: music.Local, Kind: music.KindStream, ID: "http://radio.example/x"}
	first := []music.Ref{refs[0], foreign, refs[1], refs[0], sample, stream}
	p, err := s.CreatePlaylist(t.Context(), "Evening/Calm: one?", first)
	if err != nil {
		t.Fatal(err)
	}
	if got := refsIn(t, s, p); !slices.Equal(got, first) {
		t.Fatalf("rows %v, want %v", got, first)
	}
	text, err := os.ReadFile(p.ID)
	if err != nil || !strings.HasPrefix(string(text), "#EXTM3U\n") || !strings.Contains(string(text), "#EXTINF:4,"+genlib.Artist(0)+" - "+genlib.Title(0)+"\n../") {
		t.Errorf("file:\n%s %v", text, err)
	}
	after := []music.Ref{refs[1], refs[5], foreign, refs[0]}
	if err := s.EditPlaylist(t.Context(), p, first, after); err != nil {
		t.Fatal(err)
	}
	if got := refsIn(t, s, p); !slices.Equal(got, after) {
		t.Errorf("after the edit %v, want %v", got, after)
	}
	if err := s.EditPlaylist(t.Context(), p, first, after); kindOf(err) != session.Conflict {
		t.Errorf("an edit of what is no longer so: %v", err)
	}
	if _, err := s.CreatePlaylist(t.Context(), "Evening/Calm: one?", nil); kindOf(err) != session.Conflict {
		t.Errorf("a second of the same name: %v", err)
	}
	q, err := s.RenamePlaylist(t.Context(), p, "Night")
	if err != nil || filepath.Base(q.ID) != "Night.m3u8" {
		t.Fatal(q, err)
	}
	if pg := page(t, s, music.Ask{Of: q}); pg.Title != "Night" || !pg.Writable {
		t.Errorf("renamed: %q %v", pg.Title, pg.Writable)
	}
	if p := page(t, s, music.Ask{Of: section("search/playlists"), Filter: "nig"}); p.Total != 1 {
		t.Errorf("search found %d playlists", p.Total)
	}
	if err := s.DeletePlaylist(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Children(t.Context(), music.Ask{Of: q}); kindOf(err) != session.OtherPermanent {
		t.Errorf("a deleted one: %v", err)
	}
	if kept, err := filepath.Glob(filepath.Join(s.playlistDir(), ".deleted", "Night *.m3u8")); err != nil || len(kept) != 1 {
		t.Errorf("kept of the deleted: %v %v", kept, err)
	}
}

func TestWhatOtherProgramsWroteIntoAPlaylistStays(t *testing.T) {
	s, root := library(t, 12)
	list := filepath.Join(root, "mine.m3u")
	rel := func(i int) string { return genlib.Path(i) }
	content := "#EXTM3U\r\n#EXTENC: UTF-8\r\n#EXTINF:4 tvg-id=\"x\",Some - Thing\r\n#EXTVLCOPT:start-time=3\r\n" + rel(0) + "\r\n# a remark\r\n" + strings.ReplaceAll(rel(1), "/", `\`) + "\r\n./" + rel(2) + "\r\nmissing.flac\r\n# the end\r\n"
	if err := os.WriteFile(list, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	p := playlistRef(list)
	rows := page(t, s, music.Ask{Of: p})
	if rows.Total != 4 || rows.Items[0].ItemRef().ID != filepath.Join(root, rel(0)) || rows.Items[1].ItemRef().ID != filepath.Join(root, rel(1)) {
		t.Fatalf("rows %+v", rows.Items)
	}
	if tr, ok := rows.Items[3].(music.Track); !ok || tr.Unplayable == "" {
		t.Errorf("a missing file: %+v", rows.Items[3])
	}
	before := refsIn(t, s, p)
	after := []music.Ref{before[1], before[0], trackRef(filepath.Join(root, rel(5))), before[3]}
	if err := s.EditPlaylist(t.Context(), p, before, after); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"#EXTENC: UTF-8\r\n", "#EXTVLCOPT:start-time=3\r\n" + rel(0) + "\r\n", "# a remark\r\n" + strings.ReplaceAll(rel(1), "/", `\`) + "\r\n", "missing.flac\r\n", "# the end\r\n"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%q is gone from\n%s", want, got)
		}
	}
	if strings.Contains(string(got), rel(2)) || !strings.Contains(string(got), rel(5)+"\r\n") {
		t.Errorf("the edit is not in\n%s", got)
	}

	// Another program writes between reading and writing.
	if err := os.WriteFile(list, append(got, "new.flac\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.EditPlaylist(t.Context(), p, after, before); kindOf(err) != session.Conflict {
		t.Errorf("an edit over another program's: %v", err)
	}
	if now, err := os.ReadFile(list); err != nil || !bytes.HasSuffix(now, []byte("new.flac\n")) {
		t.Errorf("the other program's line is lost: %v", err)
	}
}

func TestPlaylistsThatLeadInCirclesAndOtherFormats(t *testing.T) {
	s, root := library(t, 12)
	write := func(name, text string) music.Ref {
		t.Helper()
		p := filepath.Join(root, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return playlistRef(p)
	}
	a := write("a.m3u8", "b.m3u8\n"+genlib.Path(0)+"\na.m3u8\n")
	write("b.m3u8", "a.m3u8\n"+genlib.Path(1)+"\nc.pls\n")
	pls := write("c.pls", "[playlist]\nNumberOfEntries=2\nFile2="+genlib.Path(3)+"\nFile1="+genlib.Path(2)+"\nTitle1=x\nLength1=4\nVersion=2\n")
	xspf := write("d.xspf", `<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>The list</title><trackList><track><location>file://`+filepath.Join(root, strings.ReplaceAll(genlib.Path(4), " ", "%20"))+`</location><title>T</title></track></trackList></playlist>`)
	refs, err := s.Refs(t.Context(), music.Ask{Of: a})
	if err != nil || len(refs) != 4 || refs[0].ID != filepath.Join(root, genlib.Path(1)) || refs[1].ID != filepath.Join(root, genlib.Path(2)) {
		t.Errorf("%v %v", refs, err)
	}
	if p := page(t, s, music.Ask{Of: pls}); p.Writable || p.Total != 2 {
		t.Errorf("pls %+v", p)
	}
	if p := page(t, s, music.Ask{Of: xspf}); p.Title != "The list" || p.Items[0].ItemRef().ID != filepath.Join(root, genlib.Path(4)) {
		t.Errorf("xspf %+v", p)
	}
	scanned(t, s)
	if p := page(t, s, music.Ask{Of: section(music.SectionPlaylists)}); p.Total != 4 {
		t.Errorf("%d playlists of the library", p.Total)
	}
	live, err := s.CreateLive(t.Context(), "Nights", "title:night")
	if err != nil {
		t.Fatal(err)
	}
	before := page(t, s, music.Ask{Of: live})
	if before.Total == 0 || before.Writable || before.Query != "title:night" {
		t.Errorf("live: %+v", before)
	}
	if err := os.WriteFile(filepath.Join(root, "new.flac"), genlib.FLAC([]string{"TITLE=night new"}, 2), 0o644); err != nil {
		t.Fatal(err)
	}
	scanned(t, s)
	if now := page(t, s, music.Ask{Of: live}); now.Total != before.Total+1 {
		t.Errorf("live: %d, then %d", before.Total, now.Total)
	}
}

func TestAPlaylistEditThatIsKilledLeavesTheOldOrTheNew(t *testing.T) {
	if list := os.Getenv("SEGUE_TEST_LIST"); list != "" {
		s := service(t, os.Getenv("SEGUE_TEST_DATA"))
		p := playlistRef(list)
		t.Log("begun")
		for {
			now := refsIn(t, s, p)
			turned := slices.Clone(now)
			slices.Reverse(turned)
			if err := s.EditPlaylist(context.Background(), p, now, turned); err != nil {
				t.Fatal(err)
			}
		}
	}
	data := t.TempDir()
	s := service(t, data)
	var refs []music.Ref
	for i := range 400 {
		refs = append(refs, trackRef(fmt.Sprintf("/nowhere/%03d.flac", i)))
	}
	p, err := s.CreatePlaylist(t.Context(), "Long", refs)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	turned := slices.Clone(refs)
	slices.Reverse(turned)
	for i := range 6 {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestAPlaylistEditThatIsKilledLeavesTheOldOrTheNew$", "-test.v")
		cmd.Env = append(os.Environ(), "SEGUE_TEST_LIST="+p.ID, "SEGUE_TEST_DATA="+data)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(30+i*17) * time.Millisecond) // the moment of the kill is the point
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		pg := page(t, s, music.Ask{Of: p, Limit: 500})
		var got []music.Ref
		for _, it := range pg.Items {
			got = append(got, it.ItemRef())
		}
		if !slices.Equal(got, refs) && !slices.Equal(got, turned) {
			t.Fatalf("kill %d: %d rows, neither the old nor the new", i, len(got))
		}
	}
}
