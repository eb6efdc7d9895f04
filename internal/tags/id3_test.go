package tags_test

import (
	"bytes"
	"compress/zlib"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"

	"segue/internal/music"
	"segue/internal/tags"
)

// read reads bytes under a name and fails on an error.
func read(t *testing.T, name string, b []byte) tags.Tags {
	t.Helper()
	got, err := tags.ReadFrom(bytes.NewReader(b), int64(len(b)), name)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// readMP3 reads tags before eight frames of sound.
func readMP3(t *testing.T, before ...[]byte) tags.Tags {
	t.Helper()
	return read(t, "a.mp3", cat(cat(before...), mp3(8)))
}

func TestEachVersionOfID3IsRead(t *testing.T) {
	deflate := func(s string) []byte {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		if _, err := z.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	v4size := func(id, s string) []byte { // as old versions of iTunes wrote it
		return cat([]byte(id), be32(uint32(len(s)+1)), []byte{0, 0, 0}, []byte(s))
	}
	long := strings.Repeat("x", 200)
	tests := []struct {
		name string
		tag  []byte
		want string
	}{
		{"version 2.2", id3v2(2, 0, latin1("TT2", "Title")), "Title"},
		{"version 2.3", id3v2(3, 0, latin1("TIT2", "Title")), "Title"},
		{"version 2.4", id3v2(4, 0, utf8Text("TIT2", "Título")), "Título"},
		{"Latin-1", id3v2(3, 0, latin1("TIT2", "Caf\xe9")), "Café"},
		{"UTF-16 with a mark", id3v2(3, 0, utf16le("TIT2", "Ñandú 𝄞", true)), "Ñandú 𝄞"},
		{"UTF-16 without a mark", id3v2(3, 0, utf16le("TIT2", "Title", false)), "Title"},
		{"UTF-16BE", id3v2(4, 0, utf16be("TIT2", "Ñandú")), "Ñandú"},
		{"UTF-16 with half a character at the end", id3v2(3, 0, frame{id: "TIT2", body: []byte("\x01\xff\xfeA\x00B")}), "A"},
		{"UTF-8 in a frame that says Latin-1", id3v2(3, 0, latin1("TIT2", "Título")), "Título"},
		{"letters and accents apart", id3v2(4, 0, utf8Text("TIT2", "Cafe\u0301")), "Café"},
		{"control characters", id3v2(4, 0, utf8Text("TIT2", " A\x1b[31mB\x07\u0085\u202eC\nD ")), "ABC D"},
		{"broken UTF-8", id3v2(4, 0, utf8Text("TIT2", "A\xffB")), "A\ufffdB"},
		{"NULs around", id3v2(3, 0, latin1("TIT2", "Title\x00\x00")), "Title"},
		{"unsynchronised tag of 2.3", id3raw(3, 0x80, unsync(cat([]byte("TIT2"), be32(9), []byte{0, 0, 1, 0xff, 0xfe}, []byte("A\x00\xff\x00B\x00")))), "AÿB"},
		{"unsynchronised frame of 2.4", id3v2(4, 0, frame{id: "TIT2", flags: 2, body: unsync([]byte("\x01\xff\xfeA\x00"))}), "A"},
		{"extended header of 2.3", id3raw(3, 0x40, cat(be32(6, 0), []byte{0, 0}, []byte("TIT2"), be32(6), []byte{0, 0, 0}, []byte("Title"))), "Title"},
		{"extended header of 2.4", id3raw(4, 0x40, cat([]byte{0, 0, 0, 6, 1, 0}, []byte("TIT2"), syncsafe(6), []byte{0, 0, 0}, []byte("Title"))), "Title"},
		{"footer", cat(id3v2(4, 0x10, utf8Text("TIT2", "Title")), []byte("3DI\x04\x00\x10\x00\x00\x00\x10")), "Title"},
		{"compressed frame of 2.3", id3v2(3, 0, frame{id: "TIT2", flags: 0x80, body: cat(be32(6), deflate("\x00Title"))}), "Title"},
		{"compressed frame of 2.4", id3v2(4, 0, frame{id: "TIT2", flags: 0x09, body: cat(syncsafe(6), deflate("\x00Title"))}), "Title"},
		{"grouped frame of 2.4", id3v2(4, 0, frame{id: "TIT2", flags: 0x40, body: []byte("\x05\x00Title")}), "Title"},
		{"plain sizes in 2.4", id3raw(4, 0, cat(v4size("TPE1", long), v4size("TIT2", "Title"))), "Title"},
		{"padding", cat(id3raw(3, 0, cat([]byte("TIT2"), be32(6), []byte{0, 0, 0}, []byte("Title"), make([]byte, 500)))), "Title"},
		{"empty frame before it", id3v2(3, 0, frame{id: "TALB"}, latin1("TIT2", "Title")), "Title"},
		{"picture before it", id3v2(3, 0, frame{id: "APIC", body: append([]byte("\x00image/png\x00\x03\x00"), make([]byte, 90_000)...)}, latin1("TIT2", "Title")), "Title"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readMP3(t, tt.tag)
			if got.Title != tt.want {
				t.Errorf("title %q, want %q; warnings %q", got.Title, tt.want, got.Warnings)
			}
			if got.Audio.Codec != "MP3" || got.Audio.Bitrate < 127 || got.Audio.Bitrate > 129 {
				t.Errorf("audio %+v", got.Audio)
			}
		})
	}
}

func TestOldFilesAreReadInTheEncodingThatTheyReallyHave(t *testing.T) {
	tests := []struct {
		name string
		enc  encoding.Encoding
		text string
	}{
		{"Cyrillic of Windows", charmap.Windows1251, "Земфира - Прости меня, моя любовь"},
		{"Cyrillic capitals", charmap.Windows1251, "КИНО"},
		{"Cyrillic of an even number of letters", charmap.Windows1251, "Привет"},
		{"KOI8-R", charmap.KOI8R, "Группа крови"},
		{"Shift-JIS", japanese.ShiftJIS, "さくら さくら"},
		{"Shift-JIS with signs", japanese.ShiftJIS, "上を向いて歩こう"},
		{"EUC-JP", japanese.EUCJP, "さくらの花"},
		{"GBK", simplifiedchinese.GBK, "月亮代表我的心"},
		{"Korean", korean.EUCKR, "아리랑 노래"},
		{"German in Latin-1", charmap.Windows1252, "Für Elise, größer"},
		{"French in Latin-1", charmap.Windows1252, "Là où ça été créée"},
		{"Icelandic in Latin-1", charmap.Windows1252, "Ágætis byrjun"},
		{"Swedish in Latin-1", charmap.Windows1252, "Åå ÄÄÖ Blåsjön"},
		{"quotes of Windows", charmap.Windows1252, "Don’t – “stop”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := tt.enc.NewEncoder().String(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := readMP3(t, id3v2(3, 0, latin1("TIT2", raw))); got.Title != tt.text {
				t.Errorf("ID3v2: %q, want %q", got.Title, tt.text)
			}
			if got := read(t, "a.mp3", cat(mp3(8), id3v1(raw, "", "", "", 0, 255))); len(raw) <= 30 && got.Title != tt.text {
				t.Errorf("ID3v1: %q, want %q", got.Title, tt.text)
			}
			if got := tags.Text([]byte(raw)); got != tt.text {
				t.Errorf("text file: %q, want %q", got, tt.text)
			}
		})
	}
}

func TestAllFieldsOfID3AreRead(t *testing.T) {
	got := readMP3(t, id3v2(4, 0,
		utf8Text("TIT2", "Title"), utf8Text("TPE1", "Anna\x00Bob feat. C"), utf8Text("TPE2", "Various"), utf8Text("TALB", "Album"),
		utf8Text("TCOM", "Bach; Busoni"), utf8Text("TCON", "(17)\x00Jazz\x0032"), utf8Text("TRCK", "3/12"), utf8Text("TPOS", "1/2"),
		utf8Text("TDRC", "2001-02-03T04:05"), utf8Text("TDOR", "1971"), utf8Text("TBPM", "127.5"), utf8Text("TCMP", "1"),
		utf8Text("TSOT", "title, a"), utf8Text("TSOA", "album, an"), utf8Text("TSOP", "Anna, the"), utf8Text("TSO2", "V"),
		frame{id: "COMM", body: []byte("\x03eng\x00two\nlines")},
		frame{id: "COMM", body: []byte("\x03engiTunNORM\x00 0000")},
		frame{id: "USLT", body: []byte("\x03eng\x00la la")},
		frame{id: "UFID", body: []byte("http://musicbrainz.org\x00rec-id")},
		userText("MusicBrainz Release Track Id", "track-id"), userText("MusicBrainz Album Id", "album-id"),
		userText("MusicBrainz Artist Id", "a1/a2"), userText("MusicBrainz Album Artist Id", "a3"), userText("MusicBrainz Release Group Id", "rg"),
		userText("REPLAYGAIN_TRACK_GAIN", "-7.03 dB"), userText("replaygain_track_peak", "0.98"), userText("REPLAYGAIN_ALBUM_GAIN", "+1,5 dB"),
		frame{id: "APIC", body: []byte("\x03image/png\x00\x03\x00\x89PNG and so on")},
	))
	want := tags.Tags{
		Title: "Title", Artists: []string{"Anna", "Bob feat. C"}, AlbumArtists: []string{"Various"}, Album: "Album",
		Composers: []string{"Bach", "Busoni"}, Genres: []string{"Rock", "Jazz", "Classical"},
		Disc: 1, Discs: 2, Number: 3, Numbers: 12, Date: "2001-02-03", OriginalDate: "1971", Year: 2001,
		TitleSort: "title, a", AlbumSort: "album, an", ArtistSort: []string{"Anna, the"}, AlbumArtistSort: []string{"V"},
		Compilation: true, BPM: 127.5, Comment: "two\nlines", Lyrics: "la la",
		MBTrack: "track-id", MBRecording: "rec-id", MBAlbum: "album-id", MBReleaseGroup: "rg", MBArtists: []string{"a1", "a2"}, MBAlbumArtists: []string{"a3"},
		Gain:  music.Gain{TrackDB: -7.03, TrackPeak: 0.98, HasTrack: true, AlbumDB: 1.5, HasAlbum: true},
		Audio: got.Audio, Duration: got.Duration, Frames: -1, HasCover: true,
	}
	same(t, got, want)
}

func TestOldDatesOfID3AreJoined(t *testing.T) {
	got := readMP3(t, id3v2(3, 0, latin1("TYER", "1999"), latin1("TDAT", "3112"), latin1("TORY", "1970")))
	if got.Date != "1999-12-31" || got.Year != 1999 || got.OriginalDate != "1970" {
		t.Errorf("date %q, year %d, original %q", got.Date, got.Year, got.OriginalDate)
	}
}

func TestNamesAreDividedOnlyWhereItIsSafe(t *testing.T) {
	tests := []struct {
		name string
		tag  []byte
		want []string
	}{
		{"a slash inside a name", id3v2(3, 0, latin1("TPE1", "AC/DC")), []string{"AC/DC"}},
		{"a slash with blanks", id3v2(3, 0, latin1("TPE1", "Anna / Bob")), []string{"Anna", "Bob"}},
		{"a semicolon", id3v2(3, 0, latin1("TPE1", "Anna; Bob")), []string{"Anna", "Bob"}},
		{"NULs in UTF-16", id3v2(3, 0, utf16le("TPE1", "Anna\x00\ufeffBob", true)), []string{"Anna", "Bob"}},
		{"the same twice", id3v2(4, 0, utf8Text("TPE1", "Anna\x00Anna\x00")), []string{"Anna"}},
		{"NULs in 2.4 leave slashes alone", id3v2(4, 0, utf8Text("TPE1", "A / B\x00C")), []string{"A / B", "C"}},
		{"ARTISTS before ARTIST", id3v2(4, 0, utf8Text("TPE1", "Anna & Bob"), userText("ARTISTS", "Anna\x00Bob")), []string{"Anna", "Bob"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readMP3(t, tt.tag); !slices.Equal(got.Artists, tt.want) {
				t.Errorf("%q, want %q", got.Artists, tt.want)
			}
		})
	}
}

func TestGenresAreNamed(t *testing.T) {
	for in, want := range map[string][]string{
		"17": {"Rock"}, "(17)": {"Rock"}, "(51)(39)": {"Techno-Industrial", "Noise"}, "(4)Eurodisco": {"Disco", "Eurodisco"},
		"((Foo)": {"(Foo)"}, "RX": {"Remix"}, "(CR)": {"Cover"}, "Hip-Hop/Rap": {"Hip-Hop/Rap"}, "Rock; Pop": {"Rock", "Pop"},
		"(255)": {"(255)"}, "(Live) Rock": {"(Live) Rock"}, "80s": {"80s"}, "192": {"192"}, "191": {"Psybient"}, "0": {"Blues"},
	} {
		if got := readMP3(t, id3v2(3, 0, latin1("TCON", in))); !slices.Equal(got.Genres, want) {
			t.Errorf("%q: %q, want %q", in, got.Genres, want)
		}
	}
}

func TestTimedLyricsBecomeLRC(t *testing.T) {
	head := []byte("\x03eng\x02\x01\x00")
	lines := cat(head, []byte("one\x00"), be32(1000), []byte("two\x00"), be32(62_340))
	if got := readMP3(t, id3v2(4, 0, frame{id: "SYLT", body: lines})); got.Lyrics != "[00:01.00]one\n[01:02.34]two" {
		t.Errorf("lines: %q", got.Lyrics)
	}
	syllables := cat(head, []byte("Hel\x00"), be32(1000), []byte("lo\x00"), be32(1500), []byte("\nyou\x00"), be32(2000), []byte(" all\x00"), be32(2500))
	if got := readMP3(t, id3v2(4, 0, frame{id: "SYLT", body: syllables})); got.Lyrics != "[00:01.00]Hello\n[00:02.00]you all" {
		t.Errorf("syllables: %q", got.Lyrics)
	}
	plain := frame{id: "USLT", body: []byte("\x03eng\x00plain")}
	if got := readMP3(t, id3v2(4, 0, plain, frame{id: "SYLT", body: lines})); !strings.HasPrefix(got.Lyrics, "[00:01.00]") {
		t.Errorf("both: %q, want those with times", got.Lyrics)
	}
}

func TestRelativeVolumeIsReadAsGain(t *testing.T) {
	rva := []byte("track\x00\x01\xf2\x00\x10\x40\x00") // -3584/512 dB = -7, peak 0x4000/0x8000
	got := readMP3(t, id3v2(4, 0, frame{id: "RVA2", body: rva}))
	if g := got.Gain; !g.HasTrack || g.TrackDB != -7 || g.TrackPeak != 0.5 || g.HasAlbum {
		t.Errorf("%+v", g)
	}
}

func TestALaterTextTellsTheEncodingOfAnEarlierOne(t *testing.T) {
	enc := func(s string) string {
		b, err := charmap.Windows1251.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	got := readMP3(t, id3v2(3, 0, latin1("TPE1", enc("Би-2")), latin1("TIT2", enc("Полковнику никто не пишет"))))
	if len(got.Artists) != 1 || got.Artists[0] != "Би-2" {
		t.Errorf("artists %q", got.Artists)
	}
	got = read(t, "a.mp3", cat(mp3(8), id3v1(enc("Полковнику никто не пишет"), enc("Би-2"), "", "", 0, 255)))
	if got.Artists[0] != "Би-2" {
		t.Errorf("ID3v1: artists %q", got.Artists)
	}
}

func TestAnOlderTagBehindTheNewOneFillsItsGaps(t *testing.T) {
	got := readMP3(t, id3v2(4, 0, utf8Text("TIT2", "new")), id3v2(3, 0, latin1("TIT2", "old"), latin1("TALB", "Album")))
	if got.Title != "new" || got.Album != "Album" || got.Audio.Codec != "MP3" {
		t.Errorf("title %q, album %q, %+v", got.Title, got.Album, got.Audio)
	}
}

func TestATagThatClaimsTheWholeFileDoesNotHideTheSound(t *testing.T) {
	tag := id3v2(3, 0, latin1("TIT2", "Title"))
	copy(tag[6:10], "\x7f\x7f\x7f\x7f")
	if got := readMP3(t, tag); got.Title != "Title" || got.Audio.Codec != "MP3" || len(got.Warnings) == 0 {
		t.Errorf("title %q, %+v, warnings %q", got.Title, got.Audio, got.Warnings)
	}
}
