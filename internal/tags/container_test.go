package tags_test

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/tags"
)

// fields are comments that say everything, and everyField what is read of them.
func fields() []string {
	return []string{
		"title=Title", "ARTIST=Anna & Bob", "ARTISTS=Anna", "ARTISTS=Bob", "ALBUM=Album", "ALBUM ARTIST=Various", "Composer=Bach",
		"GENRE=Rock", "GENRE=Pop; Jazz", "TRACKNUMBER=03", "TRACKTOTAL=12", "DISCNUMBER=1/2", "DATE=20010203", "ORIGINALDATE=1971-05",
		"TITLESORT=t", "ALBUMSORT=a", "ARTISTSORT=as", "ALBUMARTISTSORT=aas", "COMPILATION=1", "BPM=120", "DESCRIPTION=a\r\nb",
		"MUSICBRAINZ_TRACKID=r", "MUSICBRAINZ_RELEASETRACKID=t", "MUSICBRAINZ_ALBUMID=al", "MUSICBRAINZ_RELEASEGROUPID=rg",
		"MUSICBRAINZ_ARTISTID=a1", "MUSICBRAINZ_ARTISTID=a2", "MUSICBRAINZ_ALBUMARTISTID=va",
		"REPLAYGAIN_TRACK_GAIN=-7.03 dB", "REPLAYGAIN_TRACK_PEAK=1.02", "REPLAYGAIN_ALBUM_GAIN=-6 dB", "REPLAYGAIN_ALBUM_PEAK=0.5",
		"LYRICS=plain", "SYNCEDLYRICS=[00:01.00]timed", "CUESHEET=FILE x\nTRACK 01 AUDIO",
		"no equals sign", "UNKNOWN=x", "=", "TITLE=another",
	}
}

func everyField() tags.Tags {
	return tags.Tags{
		Title: "Title", Artists: []string{"Anna", "Bob"}, AlbumArtists: []string{"Various"}, Album: "Album", Composers: []string{"Bach"},
		Genres: []string{"Rock", "Pop", "Jazz"}, Disc: 1, Discs: 2, Number: 3, Numbers: 12, Date: "2001-02-03", OriginalDate: "1971-05", Year: 2001,
		TitleSort: "t", AlbumSort: "a", ArtistSort: []string{"as"}, AlbumArtistSort: []string{"aas"}, Compilation: true, BPM: 120, Comment: "a\nb",
		MBRecording: "r", MBTrack: "t", MBAlbum: "al", MBReleaseGroup: "rg", MBArtists: []string{"a1", "a2"}, MBAlbumArtists: []string{"va"},
		Gain:   music.Gain{TrackDB: -7.03, TrackPeak: 1.02, HasTrack: true, AlbumDB: -6, AlbumPeak: 0.5, HasAlbum: true},
		Lyrics: "[00:01.00]timed", CueSheet: "FILE x\nTRACK 01 AUDIO",
	}
}

func TestAllVorbisCommentsAreRead(t *testing.T) {
	got := read(t, "a.flac", flac(block(4, false, comments(fields()...))))
	want := everyField()
	want.Audio = music.Audio{Codec: "FLAC", Rate: 44100, Bits: 16, Channels: 2, Bitrate: got.Audio.Bitrate}
	want.Frames, want.Duration = 441000, 10*time.Second
	same(t, got, want)
}

func TestOpusIsCountedAndItsGainMovedToReplayGain(t *testing.T) {
	got := read(t, "a.opus", opus(7, 0, 10, "TITLE=x", "R128_TRACK_GAIN=-512", "R128_ALBUM_GAIN=256", "REPLAYGAIN_TRACK_GAIN=9 dB"))
	if got.Frames != 10*960-312 || got.Audio.Rate != 48000 || got.Audio.Codec != "Opus" {
		t.Errorf("%d frames of %+v, want %d", got.Frames, got.Audio, 10*960-312)
	}
	if g := got.Gain; g.TrackDB != 3 || g.AlbumDB != 6 || !g.HasTrack || !g.HasAlbum {
		t.Errorf("gain %+v, want 3 and 6 dB", g)
	}
	cut := read(t, "a.opus", opus(7, 48_000_000, 10, "TITLE=x"))
	if cut.Frames != 10*960-312 {
		t.Errorf("cut out of a long stream: %d frames, want %d", cut.Frames, 10*960-312)
	}
	joined := read(t, "a.opus", cat(opus(7, 0, 10, "TITLE=x"), opus(8, 0, 20, "TITLE=y")))
	if joined.Title != "x" || joined.Frames != 30*960-2*preskip || len(joined.Warnings) != 0 {
		t.Errorf("two streams: title %q, %d frames, warnings %q", joined.Title, joined.Frames, joined.Warnings)
	}
	mixed := read(t, "a.opus", cat(opus(8, 0, 10, "TITLE=x"), samples()["vorbis.ogg"]))
	if mixed.Frames != -1 || len(mixed.Warnings) != 1 {
		t.Errorf("two codecs: %d frames, warnings %q", mixed.Frames, mixed.Warnings)
	}
}

func TestACueSheetBlockBecomesACueSheet(t *testing.T) {
	b := make([]byte, 396)
	b[395] = 2
	for i, number := range []byte{1, 170} {
		track := make([]byte, 36)
		binary.BigEndian.PutUint64(track, uint64(i)*44100*61)
		track[8] = number
		track[35] = byte(1 - i)
		b = append(b, track...)
		if i == 0 {
			point := make([]byte, 12)
			binary.BigEndian.PutUint64(point, 588)
			point[8] = 1
			b = append(b, point...)
		}
	}
	got := read(t, "a.flac", flac(block(5, false, b)))
	if want := "FILE \"\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:01\n"; got.CueSheet != want {
		t.Errorf("%q, want %q", got.CueSheet, want)
	}
}

func TestAllAtomsAreRead(t *testing.T) {
	got := read(t, "a.m4a", m4a(45124, true,
		box("\xa9nam", data(1, "Title")), box("\xa9ART", data(1, "Anna"), data(1, "Bob")), box("\xa9alb", data(1, "Album")),
		box("aART", data(1, "Various")), box("\xa9wrt", data(1, "Bach; Busoni")), box("\xa9gen", data(1, "Rock")),
		box("trkn", data(0, "\x00\x00\x00\x03\x00\x0c\x00\x00")), box("disk", data(0, "\x00\x00\x00\x01\x00\x02")),
		box("\xa9day", data(1, "2001-02-03T08:00:00Z")), box("cpil", data(21, "\x01")), box("tmpo", data(21, "\x00\x78")),
		box("sonm", data(1, "t")), box("soal", data(1, "a")), box("soar", data(1, "as")), box("soaa", data(1, "aas")),
		box("\xa9cmt", data(1, "c")), box("\xa9lyr", data(1, "la")), box("covr", data(13, "\xff\xd8\xff picture")),
		free("iTunNORM", " 00000A"), free("replaygain_track_gain", "-7.03 dB"), free("MusicBrainz Track Id", "r"),
		free("MusicBrainz Release Track Id", "tr"), free("ORIGINALDATE", "1971"), free("ARTISTS", "Anna")))
	same(t, got, tags.Tags{
		Title: "Title", Artists: []string{"Anna"}, AlbumArtists: []string{"Various"}, Album: "Album", Composers: []string{"Bach", "Busoni"},
		Genres: []string{"Rock"}, Disc: 1, Discs: 2, Number: 3, Numbers: 12, Date: "2001-02-03", OriginalDate: "1971", Year: 2001,
		TitleSort: "t", AlbumSort: "a", ArtistSort: []string{"as"}, AlbumArtistSort: []string{"aas"}, Compilation: true, BPM: 120,
		Comment: "c", Lyrics: "la", MBRecording: "r", MBTrack: "tr", Gain: music.Gain{TrackDB: -7.03, HasTrack: true}, HasCover: true,
		Audio: music.Audio{Codec: "AAC", Rate: 44100, Channels: 2, Bitrate: got.Audio.Bitrate}, Frames: 44100, Duration: time.Second,
	})
}

func TestTheLengthOfAnM4AIsExact(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want int64
	}{
		{"no edit", m4a(44100, false), 44100},
		{"edit", m4a(45124, true), 44100},
		{"iTunes' own count beats the edit", m4a(46080, true, free("iTunSMPB", " 00000000 00000840 00000104 000000000000A9FC 00000000")), 0xa9fc},
		{"a count longer than the track", m4a(46080, false, free("iTunSMPB", " 00000000 00000840 00000104 00000000FFFFFFFF")), 46080},
	}
	for _, tt := range tests {
		if got := read(t, "a.m4a", tt.file); got.Frames != tt.want {
			t.Errorf("%s: %d frames, want %d", tt.name, got.Frames, tt.want)
		}
	}
}

func TestChunksOfWAVAndAIFFAreRead(t *testing.T) {
	list := riffChunk("LIST", cat([]byte("INFO"), riffChunk("INAM", []byte("Caf\xe9\x00")), riffChunk("IART", []byte("Anna")), riffChunk("ITRK", []byte("3"))))
	sound := riffChunk("data", make([]byte, 400))
	id3 := id3v2(4, 0, utf8Text("TIT2", "Better"), utf8Text("TALB", "Album"))
	tests := []struct {
		name, file string
		bytes      []byte
		title      string
	}{
		{"INFO", "a.wav", wave(pcmFormat(), list, sound), "Café"},
		{"ID3 before INFO", "a.wav", wave(pcmFormat(), riffChunk("id3 ", id3), sound, list), "Better"},
		{"odd chunks", "a.wav", wave(riffChunk("junk", []byte("x")), pcmFormat(), sound, list), "Café"},
		{"AIFF", "a.aiff", aiff(iffChunk("COMM", []byte("\x00\x02\x00\x00\x00\x64\x00\x10\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00")),
			iffChunk("NAME", []byte("Caf\xe9")), iffChunk("AUTH", []byte("Anna")), iffChunk("SSND", make([]byte, 408))), "Café"},
		{"AIFF with ID3", "a.aiff", aiff(iffChunk("COMM", []byte("\x00\x02\x00\x00\x00\x64\x00\x10\x40\x0e\xac\x44\x00\x00\x00\x00\x00\x00")),
			iffChunk("NAME", []byte("worse")), iffChunk("AUTH", []byte("Anna")), iffChunk("SSND", make([]byte, 408)), iffChunk("ID3 ", id3)), "Better"},
	}
	for _, tt := range tests {
		got := read(t, tt.file, tt.bytes)
		if got.Title != tt.title || !slices.Equal(got.Artists, []string{"Anna"}) && tt.name != "AIFF with ID3" && got.Artists == nil {
			t.Errorf("%s: title %q, artists %q", tt.name, got.Title, got.Artists)
		}
		if got.Frames != 100 || got.Audio.Rate != 44100 || got.Audio.Bits != 16 {
			t.Errorf("%s: %d frames of %+v, want 100", tt.name, got.Frames, got.Audio)
		}
	}
}

func TestTheFrontCoverIsTheOneThatIsGiven(t *testing.T) {
	back, front := "\x89PNG back", "\xff\xd8\xff front"
	apic := func(kind byte, s string) frame {
		return frame{id: "APIC", body: []byte("\x00image/x\x00" + string(kind) + "words\x00" + s)}
	}
	b64 := func(kind uint32, s string) string {
		return "METADATA_BLOCK_PICTURE=" + base64.StdEncoding.EncodeToString(flacPicture(kind, "image/x", []byte(s)))
	}
	long := front + string(make([]byte, 100_000))
	tests := []struct {
		name, file string
		bytes      []byte
		want       string
	}{
		{"FLAC", "a.flac", flac(block(6, false, flacPicture(4, "", []byte(back))), block(6, false, flacPicture(3, "", []byte(front)))), front},
		{"FLAC, comment", "a.flac", flac(block(4, false, comments(b64(4, back), b64(3, front)))), front},
		{"ID3v2.4", "a.mp3", cat(id3v2(4, 0, apic(4, back), apic(3, front)), mp3(8)), front},
		{"ID3v2.2", "a.mp3", cat(id3v2(2, 0, frame{id: "PIC", body: []byte("\x00JPG\x03\x00" + front)}), mp3(8)), front},
		{"ID3v2.3, unsynchronised", "a.mp3", cat(id3raw(3, 0x80, unsync(cat([]byte("APIC"), be32(uint32(len(apic(3, front).body))), []byte{0, 0}, apic(3, front).body))), mp3(8)), front},
		{"only a back", "a.mp3", cat(id3v2(4, 0, apic(4, back)), mp3(8)), back},
		{"APE", "a.mp3", cat(mp3(8), ape("Title", "x", "Cover Art (Front)", "cover.jpg\x00"+front)), front},
		{"Opus over many pages", "a.opus", opusPages(7, "TITLE=x", b64(4, back), b64(3, long), "ARTIST=Anna"), long},
		{"M4A", "a.m4a", m4a(44100, false, box("covr", data(13, front), data(14, back))), front},
		{"WAV", "a.wav", wave(pcmFormat(), riffChunk("id3 ", id3v2(4, 0, apic(3, front))), riffChunk("data", make([]byte, 40))), front},
		{"none", "a.flac", flac(block(4, false, comments("TITLE=x"))), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mime, got, err := tags.CoverFrom(readerAt(tt.bytes), int64(len(tt.bytes)), tt.file)
			if err != nil || string(got) != tt.want {
				t.Fatalf("%d bytes %.20q, %v; want %d", len(got), got, err, len(tt.want))
			}
			if want := map[byte]string{0: "", 0x89: "image/png", 0xff: "image/jpeg"}[append([]byte(tt.want), 0)[0]]; mime != want {
				t.Errorf("kind %q, want %q", mime, want)
			}
			if got := read(t, tt.file, tt.bytes); got.HasCover != (tt.want != "") {
				t.Errorf("HasCover is %v", got.HasCover)
			} else if tt.name == "Opus over many pages" && (got.Title != "x" || got.Artists[0] != "Anna") {
				t.Errorf("the fields around the picture: %+v", got)
			}
		})
	}
}

func TestLosslessFilesOfOtherKindsAreCountedExactly(t *testing.T) {
	want := map[string]int64{"new.ape": 2*73728 + 100, "tag.dsf": 1000, "ape.tta": 100, "ape.wv": 1000}
	for name, n := range want {
		got := read(t, name, samples()[name])
		if got.Frames != n || got.Title != "x" || got.Audio.Channels != 2 {
			t.Errorf("%s: %d frames of %+v, title %q; want %d", name, got.Frames, got.Audio, got.Title, n)
		}
	}
}
