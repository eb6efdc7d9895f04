package tags_test

import (
	"encoding/binary"
	"unicode/utf16"
)

// wide is a text of ASF: UTF-16 with a NUL behind it.
func wide(s string) []byte {
	var b []byte
	for _, u := range append(utf16.Encode([]rune(s)), 0) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// le is numbers of so many bytes each.
func le(size int, v ...uint64) []byte {
	var b []byte
	for _, n := range v {
		b = append(b, binary.LittleEndian.AppendUint64(nil, n)[:size]...)
	}
	return b
}

// asfObject is an object of ASF; the eight bytes of its name that tell it from others.
func asfObject(id string, parts ...[]byte) []byte {
	body := cat(parts...)
	return cat([]byte(id), make([]byte, 8), le(8, uint64(24+len(body))), body)
}

// asfField is a named value of the newer lists.
func asfField(name string, kind uint64, val []byte) []byte {
	n := wide(name)
	return cat(le(2, 0, 0, uint64(len(n)), kind), le(4, uint64(len(val))), n, val)
}

// wma is a file of 3 s that has every field once, most of them in a list of the older
// kind or the newer one.
func wma() []byte {
	old := func(name string, kind uint64, val []byte) []byte {
		n := wide(name)
		return cat(le(2, uint64(len(n))), n, le(2, kind, uint64(len(val))), val)
	}
	picture := cat([]byte{3}, le(4, 8), wide("image/jpeg"), wide("words"), []byte("\xff\xd8\xffcover"))
	title, artist, comment := wide("Títle"), wide("Anna"), wide("Words")
	objects := cat(
		asfObject("\xa1\xdc\xab\x8c\x47\xa9\xcf\x11", make([]byte, 40), le(8, 61_000_000, 0, 3100), make([]byte, 16)),
		asfObject("\x91\x07\xdc\xb7\xb7\xa9\xcf\x11", []byte("\x40\x9e\x69\xf8\x4d\x5b\xcf\x11"), make([]byte, 46), le(2, 0x161, 2), le(4, 44100, 16000), le(2, 1, 16, 0)),
		asfObject("\x33\x26\xb2\x75\x8e\x66\xcf\x11", le(2, uint64(len(title)), uint64(len(artist)), 2, uint64(len(comment)), 0), title, artist, []byte{0, 0}, comment),
		asfObject("\x40\xa4\xd0\xd2\x07\xe3\xd2\x11", le(2, 5), old("WM/AlbumTitle", 0, wide("Records")), old("WM/TrackNumber", 3, le(4, 3)),
			old("WM/PartOfSet", 0, wide("1/2")), old("WM/Year", 0, wide("1999")), old("WM/Genre", 0, wide("Jazz"))),
		asfObject("\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11", make([]byte, 22), asfObject("\x94\x1c\x23\x44\x98\x94\xd1\x49", le(2, 6),
			asfField("Author", 0, wide("Bert")), asfField("WM/AlbumArtist", 0, wide("Both")), asfField("WM/IsCompilation", 2, le(2, 1)),
			asfField("MusicBrainz/Album Id", 0, wide("an-id")), asfField("replaygain_track_gain", 0, wide("-7 dB")), asfField("WM/Picture", 1, picture))),
	)
	return cat([]byte("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), make([]byte, 8), le(8, uint64(30+len(objects))), le(4, 5), le(1, 1, 2), objects, make([]byte, 500))
}

// musepack7 is Musepack of 100 frames, the last of which has 500 samples, at 48 kHz.
func musepack7() []byte {
	return cat([]byte("MP+\x07"), le(4, 100, 1<<16, 0, 0, 1<<31|500<<20), make([]byte, 500), ape("Title", "x", "Artist", "Anna"))
}

// musepack8 is Musepack of 150,000 samples, the first 6000 of which are silence, at 48 kHz.
func musepack8() []byte {
	return cat([]byte("MPCK"), []byte("RG\x05\x01\x00"), []byte("SH\x0f\x00\x00\x00\x00\x08\x89\x93\x70\xae\x70\x3f\x10"), []byte("AP\x80\x7d"), make([]byte, 121), ape("Title", "x", "Artist", "Anna"))
}

// dff is DSDIFF of 8000 samples.
func dff(more ...[]byte) []byte {
	chunk := func(id string, body []byte) []byte {
		b := cat([]byte(id), binary.BigEndian.AppendUint64(nil, uint64(len(body))), body)
		return append(b, make([]byte, len(body)&1)...)
	}
	format := cat([]byte("SND "), chunk("FS  ", be32(2822400)), chunk("CHNL", []byte("\x00\x02SLFTSRGT")), chunk("CMPR", []byte("DSD \x0enot compressed")))
	words := cat(chunk("DIAR", cat(be32(4), []byte("Anna"))), chunk("DITI", cat(be32(1), []byte("x"))))
	body := cat([]byte("DSD "), chunk("FVER", be32(0x01050000)), chunk("PROP", format), chunk("DSD ", make([]byte, 2000)), chunk("DIIN", words))
	for _, m := range more {
		body = append(body, chunk("ID3 ", m)...)
	}
	return chunk("FRM8", body)
}
