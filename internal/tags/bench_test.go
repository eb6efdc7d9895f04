package tags_test

import (
	"os"
	"path/filepath"
	"testing"

	"segue/internal/tags"
)

// BenchmarkRead reads one small file of each format again and again, warm.
// Beside the small ones stand those with a picture of 300 KB, which must not be read.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	in := wavFile(b, dir)
	jpg := filepath.Join(dir, "cover.jpg")
	writeFile(b, jpg, append([]byte("\xff\xd8\xff\xe0"), make([]byte, 300<<10)...))
	out := func(name string) string { return filepath.Join(dir, name) }
	run(b, "flac", "-s", "-T", "TITLE=Title", "-T", "ARTIST=Anna", "-T", "ALBUM=Records", "-T", "TRACKNUMBER=3", "-T", "DATE=1999", "-T", "GENRE=Jazz", "-o", out("flac"), in)
	run(b, "lame", "--quiet", "-V2", "--tt", "Title", "--ta", "Anna", "--tl", "Records", "--tn", "3/12", "--ty", "1999", in, out("mp3"))
	run(b, "oggenc", "-Q", "-t", "Title", "-a", "Anna", "-l", "Records", "-N", "3", "-o", out("vorbis"), in)
	run(b, "opusenc", "--quiet", "--title", "Title", "--artist", "Anna", in, out("opus"))
	run(b, "ffmpeg", "-v", "error", "-i", in, "-metadata", "title=Title", "-metadata", "artist=Anna", "-c:a", "aac", "-f", "mp4", out("m4a"))
	run(b, "ffmpeg", "-v", "error", "-i", in, "-f", "wv", out("wavpack.wv"))
	run(b, "ffmpeg", "-v", "error", "-i", in, "-f", "asf", "-c:a", "wmav2", out("wma"))
	names := []string{"flac", "mp3", "vorbis", "opus", "m4a", "in.wav", "wavpack.wv", "wma", "flac-picture"}
	writeFile(b, out("flac-picture"), withPicture(b, out("flac"), 300<<10))
	for _, n := range names {
		b.Run(n, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tags.Read(out(n)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// withPicture is a FLAC file with a picture of n bytes behind the first block.
func withPicture(tb testing.TB, path string, n int) []byte {
	tb.Helper()
	flac, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	pic := flacPicture(3, "image/jpeg", append([]byte("\xff\xd8\xff\xe0"), make([]byte, n-4)...))
	head := []byte{6, byte(len(pic) >> 16), byte(len(pic) >> 8), byte(len(pic))}
	at := 4 + 4 + 34
	out := append([]byte{}, flac[:at]...)
	out = append(append(out, head...), pic...)
	return append(out, flac[at:]...)
}

func writeFile(tb testing.TB, path string, b []byte) {
	tb.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		tb.Fatal(err)
	}
}
