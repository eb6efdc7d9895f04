package tags

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// keyOf is the field that a text frame stands for, empty for none.
func keyOf(id [4]byte) string {
	switch string(id[:]) {
	case "TIT2":
		return "TITLE"
	case "TPE1":
		return "ARTIST"
	case "TPE2":
		return "ALBUMARTIST"
	case "TALB":
		return "ALBUM"
	case "TCOM":
		return "COMPOSER"
	case "TCON":
		return "GENRE"
	case "TRCK":
		return "TRACKNUMBER"
	case "TPOS":
		return "DISCNUMBER"
	case "TDRC", "TYER":
		return "DATE"
	case "TDOR", "TORY":
		return "ORIGINALDATE"
	case "TBPM":
		return "BPM"
	case "TCMP":
		return "COMPILATION"
	case "TSOT":
		return "TITLESORT"
	case "TSOA":
		return "ALBUMSORT"
	case "TSOP":
		return "ARTISTSORT"
	case "TSO2":
		return "ALBUMARTISTSORT"
	}
	return ""
}

// wanted reports whether a frame is read at all.
func wanted(id [4]byte) bool {
	switch string(id[:]) {
	case "TXXX", "COMM", "USLT", "SYLT", "UFID", "RVA2", "TDAT":
		return true
	}
	return keyOf(id) != ""
}

// id3Value takes the bytes of a frame.
func (p *parser) id3Value(id [4]byte, b []byte, version int) {
	switch string(id[:]) {
	case "TXXX":
		key, val, ok := cutText(b[0], b[1:])
		if ok {
			name, text := p.decode(b[0], key), p.decode(b[0], val)
			if version < 4 && bytes.EqualFold(name, []byte("ARTISTS")) {
				text = divide(text)
			}
			p.userText(name, text)
		}
	case "COMM", "USLT":
		p.langText(string(id[:]) == "USLT", b)
	case "SYLT":
		p.syncedText(b)
	case "UFID":
		if owner, ident, ok := bytes.Cut(b, []byte{0}); ok && string(owner) == "http://musicbrainz.org" {
			first(&p.t.MBRecording, ident)
		}
	case "RVA2":
		if name, rest, ok := bytes.Cut(b, []byte{0}); ok {
			relativeVolume(&p.t.Gain, strings.ToLower(line(name)), rest)
		}
	case "TDAT":
		p.dayMonth(p.decode(b[0], b[1:]))
	default:
		p.textFrame(id, p.decode(b[0], b[1:]), version)
	}
}

// textFrame takes the text of a frame that has a field of its own.
func (p *parser) textFrame(id [4]byte, val []byte, version int) {
	switch string(id[:]) {
	case "TPE1", "TPE2", "TCOM":
		if version < 4 || bytes.IndexByte(bytes.TrimRight(val, "\x00"), 0) < 0 {
			val = divide(val)
		}
	case "TCON":
		val = genreRefs(val)
	}
	p.field([]byte(keyOf(id)), val)
}

// divide parts names at "; " and " / ", which no name has inside, with NULs. A
// bare '/', which version 2.3 means for this, stays: AC/DC is one band.
func divide(val []byte) []byte {
	if bytes.IndexByte(val, ';') < 0 && bytes.IndexByte(val, '/') < 0 {
		return val
	}
	val = bytes.ReplaceAll(val, []byte("; "), []byte{0})
	return bytes.ReplaceAll(val, []byte(" / "), []byte{0})
}

// userText takes a frame TXXX. The keys of MusicBrainz are written in words there.
func (p *parser) userText(key, val []byte) {
	if bytes.HasPrefix(key, []byte("MusicBrainz ")) && len(key) < 64 {
		key = bytes.ReplaceAll(key, []byte("Id"), []byte("ID"))
	}
	p.field(key, val)
}

// langText takes a comment or lyrics: a language and a description stand before the text.
func (p *parser) langText(lyrics bool, b []byte) {
	if len(b) < 5 {
		return
	}
	about, val, ok := cutText(b[0], b[4:])
	if !ok { // without a description
		about, val = nil, b[4:]
	}
	if lyrics {
		p.lyrics(p.decode(b[0], val))
		return
	}
	switch name := line(p.decode(b[0], about)); {
	case strings.HasPrefix(name, "iTun"), strings.EqualFold(name, "ID3v1 Comment"), strings.HasPrefix(name, "Songs-DB"):
	case strings.EqualFold(name, "cuesheet"):
		p.field([]byte("CUESHEET"), p.decode(b[0], val))
	default:
		p.field([]byte("COMMENT"), p.decode(b[0], val))
	}
}

// syncedText turns lyrics with times in milliseconds into LRC.
func (p *parser) syncedText(b []byte) {
	if len(b) < 7 || b[4] != 2 { // 1 would be times in MPEG frames
		return
	}
	enc := b[0]
	_, b, ok := cutText(enc, b[6:])
	if !ok || synced(p.t.Lyrics) {
		return
	}
	lines := p.piecesAreLines(b, enc)
	var w strings.Builder
	p.eachPiece(b, enc, func(at time.Duration, piece string) bool {
		words := strings.TrimLeft(piece, "\r\n")
		if lines || w.Len() == 0 || words != piece { // a newline before a syllable begins a line
			if w.Len() > 0 {
				w.WriteByte('\n')
			}
			cs := at.Milliseconds() / 10
			fmt.Fprintf(&w, "[%02d:%02d.%02d]", cs/6000, cs/100%60, cs%100)
		}
		w.WriteString(strings.TrimRight(words, "\r\n"))
		return w.Len() < maxLong
	})
	if w.Len() > 0 {
		p.t.Lyrics = text([]byte(w.String()), maxLong)
	}
}

// eachPiece gives the pieces of a frame SYLT and when they are sung.
func (p *parser) eachPiece(b []byte, enc byte, do func(at time.Duration, piece string) bool) {
	for len(b) > 0 {
		s, rest, ok := cutText(enc, b)
		if !ok || len(rest) < 4 {
			return
		}
		at := time.Duration(binary.BigEndian.Uint32(rest)) * time.Millisecond
		if !do(at, string(p.decode(enc, s))) {
			return
		}
		b = rest[4:]
	}
}

// piecesAreLines reports whether the pieces are lines and not syllables: of
// syllables only those that begin a line have a newline before them.
func (p *parser) piecesAreLines(b []byte, enc byte) bool {
	n, begins := 0, 0
	p.eachPiece(b, enc, func(_ time.Duration, piece string) bool {
		n++
		if strings.HasPrefix(piece, "\n") || strings.HasPrefix(piece, "\r") {
			begins++
		}
		return n < 10_000
	})
	return begins == 0 || begins >= n-1
}

// dayMonth takes TDAT of version 2.3, DDMM, which belongs to TYER.
func (p *parser) dayMonth(val []byte) {
	s := line(val)
	d, m := digits(s, 0, 2), digits(s, 2, 2)
	if len(s) != 4 || d < 1 || d > 31 || m < 1 || m > 12 {
		return
	}
	p.monthDay = m*100 + d
}
