package subsonic_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/internal/service/subsonic"
)

// BenchmarkFirstSound is from Open to the first block of frames, of a track that is not in
// the cache, over loopback.
func BenchmarkFirstSound(b *testing.B) {
	f := newFake(b, "navidrome")
	f.on("stream", serveFile(wav(300)))
	s := f.account(b, subsonic.Config{})
	buf := make([]float32, 4096)
	for i := 0; b.Loop(); i++ {
		src, err := s.Open(b.Context(), music.Ref{Account: "home", Kind: music.KindTrack, ID: strconv.Itoa(i)}, music.Quality{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := src.Read(buf); err != nil {
			b.Fatal(err)
		}
		if err := src.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstRow is from the question for the first window of 10,000 albums to its rows,
// nothing being remembered.
func BenchmarkFirstRow(b *testing.B) {
	f := newFake(b, "navidrome")
	const n = 10_000
	f.on("getAlbumList2", func(w http.ResponseWriter, r *http.Request) {
		from, err1 := strconv.Atoi(r.Form.Get("offset"))
		size, err2 := strconv.Atoi(r.Form.Get("size"))
		if err1 != nil || err2 != nil {
			b.Error(err1, err2)
		}
		var rows []string
		for i := from; i < min(from+size, n); i++ {
			rows = append(rows, fmt.Sprintf(`{"id":"%022d","name":"Album %d","artist":"Some Artist","artistId":"%022d","coverArt":"al-%d","songCount":12,"duration":2400,
				"created":"2026-11-21T09:40:17.63568132Z","year":1999,"genre":"Ambient","genres":[{"name":"Ambient"}],"artists":[{"id":"x","name":"Some Artist"}],"isCompilation":false}`, i, i, i, i))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"subsonic-response":{"status":"ok","albumList2":{"album":[%s]}}}`, strings.Join(rows, ","))
	})
	for b.Loop() {
		b.StopTimer()
		s := f.account(b, subsonic.Config{DataDir: b.TempDir()})
		if _, err := s.Tracks(b.Context(), nil); err != nil { // its memory is open
			b.Fatal(err)
		}
		b.StartTimer()
		p, err := s.Children(b.Context(), music.Ask{Of: music.Section("home", music.SectionAlbums), Limit: 60})
		if err != nil || len(p.Items) != 60 {
			b.Fatal(len(p.Items), err)
		}
	}
}
