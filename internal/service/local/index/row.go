package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"time"

	"segue/internal/music"
)

// Row is one track of the index. Name is the file's name as the system has it, any
// bytes; a part of a file that a cue sheet cuts has "\x00" and its number behind.
type Row struct {
	ID    uint32
	Name  string
	Size  int64
	MTime int64 // nanoseconds since 1970
	Inode uint64
	Added int64 // seconds since 1970
	Part  int64 // the number of its album in its folder, 0 = none
	Meta
}

// Meta is what tags say of a track, cleaned for showing.
type Meta struct {
	Title, Album, Date, OriginalDate                   string
	TitleSort, AlbumSort, MBAlbum                      string
	MBRecording                                        string // MusicBrainz's number of the recording
	Artists, AlbumArtists, ArtistSort, AlbumArtistSort []string
	Composers, Genres                                  []string
	Disc, Discs, Number, Numbers, Year, BPM            int
	Compilation, HasCover, FolderCover                 bool // FolderCover: the picture is a file beside it
	Gain                                               music.Gain
	Audio                                              music.Audio
	Duration                                           time.Duration
	Start, End                                         int64 // frames of a part of a file; End 0 = to the end
}

// Ident is a fingerprint that stays when a file is moved or renamed: what the tags
// say, the duration and the size.
func (r *Row) Ident() int64 {
	h := fnv.New64a()
	part := func(s string) {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	part(r.Title)
	part(strings.Join(r.Artists, "\x01"))
	part(r.Album)
	part(fmt.Sprintf("%d.%d %d %d", r.Disc, r.Number, r.Duration, r.Size))
	if _, n, ok := strings.Cut(r.Name, "\x00"); ok {
		part(n)
	}
	return int64(h.Sum64())
}

// pos orders the tracks of an album.
func (m *Meta) pos() int64 { return int64(max(m.Disc, 0))<<20 | int64(min(max(m.Number, 0), 1<<20-1)) }

// metaVersion is the first byte of an encoded Meta.
const metaVersion = 1

// encode packs a Meta: it is read by rows that are shown only, never searched.
func (m *Meta) encode(b []byte) []byte {
	b = append(b, metaVersion)
	for _, s := range [...]string{m.Title, m.Album, m.Date, m.OriginalDate, m.TitleSort, m.AlbumSort, m.MBAlbum, m.Audio.Codec} {
		b = putString(b, s)
	}
	for _, l := range [...][]string{m.Artists, m.AlbumArtists, m.ArtistSort, m.AlbumArtistSort, m.Composers, m.Genres} {
		b = binary.AppendUvarint(b, uint64(len(l)))
		for _, s := range l {
			b = putString(b, s)
		}
	}
	for _, n := range [...]int64{int64(m.Disc), int64(m.Discs), int64(m.Number), int64(m.Numbers), int64(m.Year), int64(m.BPM),
		int64(m.Audio.Rate), int64(m.Audio.Bits), int64(m.Audio.Channels), int64(m.Audio.Bitrate),
		int64(m.Duration), m.Start, m.End} {
		b = binary.AppendVarint(b, n)
	}
	var flags byte
	for i, on := range [...]bool{m.Compilation, m.HasCover, m.Gain.HasTrack, m.Gain.HasAlbum, m.FolderCover, m.MBRecording != ""} {
		if on {
			flags |= 1 << i
		}
	}
	b = append(b, flags)
	if m.Gain.HasTrack {
		b = putFloat(putFloat(b, m.Gain.TrackDB), m.Gain.TrackPeak)
	}
	if m.Gain.HasAlbum {
		b = putFloat(putFloat(b, m.Gain.AlbumDB), m.Gain.AlbumPeak)
	}
	if m.MBRecording != "" {
		b = putString(b, m.MBRecording)
	}
	return b
}

func putString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func putFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}

var errRow = errors.New("index: a row is damaged")

// reader takes an encoded Meta apart; after the first fault everything is empty.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) fail() { r.bad, r.b = true, nil }

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) string() string {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) list() []string {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return nil
	}
	if n == 0 {
		return nil
	}
	l := make([]string, n)
	for i := range l {
		l[i] = r.string()
	}
	return l
}

func (r *reader) float() float64 {
	if len(r.b) < 8 {
		r.fail()
		return 0
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
	r.b = r.b[8:]
	return f
}

func (m *Meta) decode(b []byte) error {
	if len(b) == 0 || b[0] != metaVersion {
		return errRow
	}
	r := &reader{b: b[1:]}
	for _, s := range [...]*string{&m.Title, &m.Album, &m.Date, &m.OriginalDate, &m.TitleSort, &m.AlbumSort, &m.MBAlbum, &m.Audio.Codec} {
		*s = r.string()
	}
	for _, l := range [...]*[]string{&m.Artists, &m.AlbumArtists, &m.ArtistSort, &m.AlbumArtistSort, &m.Composers, &m.Genres} {
		*l = r.list()
	}
	for _, n := range [...]*int{&m.Disc, &m.Discs, &m.Number, &m.Numbers, &m.Year, &m.BPM, &m.Audio.Rate, &m.Audio.Bits, &m.Audio.Channels, &m.Audio.Bitrate} {
		*n = int(r.int())
	}
	m.Duration, m.Start, m.End = time.Duration(r.int()), r.int(), r.int()
	if len(r.b) == 0 {
		return errRow
	}
	flags := r.b[0]
	r.b = r.b[1:]
	m.Compilation, m.HasCover, m.FolderCover = flags&1 != 0, flags&2 != 0, flags&16 != 0
	if flags&4 != 0 {
		m.Gain.HasTrack, m.Gain.TrackDB, m.Gain.TrackPeak = true, r.float(), r.float()
	}
	if flags&8 != 0 {
		m.Gain.HasAlbum, m.Gain.AlbumDB, m.Gain.AlbumPeak = true, r.float(), r.float()
	}
	if flags&32 != 0 {
		m.MBRecording = r.string()
	}
	if r.bad {
		return errRow
	}
	return nil
}
