package local

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"segue/internal/genlib"
	"segue/internal/music"
)

// benchService is a scanned library of SEGUE_BENCH_TRACKS tracks (10,000), made anew or
// taken from SEGUE_BENCH_LIBRARY with the index in SEGUE_BENCH_DATA.
func benchService(b *testing.B) (*Service, int) {
	b.Helper()
	n := 10_000
	if s := os.Getenv("SEGUE_BENCH_TRACKS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	root, data := os.Getenv("SEGUE_BENCH_LIBRARY"), os.Getenv("SEGUE_BENCH_DATA")
	if root == "" {
		root = filepath.Join(b.TempDir(), "music")
		if err := genlib.Write(root, 0, n); err != nil {
			b.Fatal(err)
		}
	}
	if data == "" {
		data = b.TempDir()
	}
	s := service(b, data, root)
	if _, err := os.Stat(filepath.Join(data, "done")); err != nil {
		scanned(b, s)
		if err := os.WriteFile(filepath.Join(data, "done"), nil, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return s, n
}

// cpu is the processor time of this process so far, in nanoseconds.
func cpu(b *testing.B) int64 {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkAsk measures what the screen asks for: a window of each list, and searches
// as they are typed.
func BenchmarkAsk(b *testing.B) {
	s, n := benchService(b)
	for _, c := range []struct {
		name string
		ask  music.Ask
	}{
		{"tracks at the end", music.Ask{Of: section(music.SectionTracks), Offset: n * 9 / 10, Limit: 60}},
		{"tracks by artist at the end", music.Ask{Of: section(music.SectionTracks), Sort: music.SortArtist, Offset: n * 9 / 10, Limit: 60}},
		{"albums at the end", music.Ask{Of: section(music.SectionAlbums), Offset: n / 13, Limit: 60}},
		{"artists", music.Ask{Of: section(music.SectionArtists), Limit: 60}},
		{"genres", music.Ask{Of: section(music.SectionGenres), Limit: 60}},
		{"years", music.Ask{Of: section(music.SectionYears), Limit: 60}},
		{"recent", music.Ask{Of: section(music.SectionRecent), Limit: 60}},
		{"never played", music.Ask{Of: section(music.SectionNever), Limit: 60}},
		{"search r", music.Ask{Of: section("search/tracks"), Filter: "r", Limit: 60}},
		{"search 1", music.Ask{Of: section("search/tracks"), Filter: "1", Limit: 60}},
		{"search riv", music.Ask{Of: section("search/tracks"), Filter: "riv", Limit: 60}},
		{"search river night", music.Ask{Of: section("search/tracks"), Filter: "river night", Limit: 60}},
		{"search 1234", music.Ask{Of: section("search/tracks"), Filter: "1234", Limit: 60}},
		{"search a slip", music.Ask{Of: section("search/tracks"), Filter: "rivre nihgt", Limit: 60}},
		{"search nothing", music.Ask{Of: section("search/tracks"), Filter: "xyzzy", Limit: 60}},
		{"search fields", music.Ask{Of: section("search/tracks"), Filter: "artist:river year:1970-79 -genre:night time:<10m", Limit: 60}},
		{"search all kinds", music.Ask{Of: section("search"), Filter: "river", Limit: 60}},
		{"search albums", music.Ask{Of: section("search/albums"), Filter: "garden", Limit: 60}},
		{"search artists", music.Ask{Of: section("search/artists"), Filter: "gar", Limit: 60}},
	} {
		b.Run(c.name, func(b *testing.B) {
			page(b, s, c.ask)
			before := cpu(b)
			for b.Loop() {
				page(b, s, c.ask)
			}
			// On a machine that does other things too, this is the number to trust.
			b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.Logf("heap after all of it: %.1f MB", float64(m.HeapAlloc)/1e6)
}

// BenchmarkSuggest measures the completions of what is typed, and how soon one that
// nobody waits for any more gives up.
func BenchmarkSuggest(b *testing.B) {
	s, _ := benchService(b)
	for _, text := range []string{"r", "ri", "riv", "river n", "xyzzy"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Suggest(b.Context(), text, 8); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("of a question that is over", func(b *testing.B) {
		ctx, stop := context.WithCancel(b.Context())
		stop()
		for b.Loop() {
			if _, err := s.Suggest(ctx, "r", 8); err == nil {
				b.Fatal("it went on")
			}
		}
	})
}
