package tags_test

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// The writers of this file make the smallest files that show one thing.

// frame is a frame of ID3v2.
type frame struct {
	id    string
	body  []byte
	flags uint16
}

// id3v2 writes a tag of version 2.2, 2.3 or 2.4. The flags are those of its head.
func id3v2(version, flags byte, frames ...frame) []byte {
	var b bytes.Buffer
	for _, f := range frames {
		b.WriteString(f.id)
		switch version {
		case 2:
			b.Write([]byte{byte(len(f.body) >> 16), byte(len(f.body) >> 8), byte(len(f.body))})
		case 3:
			b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(f.body))))
		case 4:
			b.Write(syncsafe(len(f.body)))
		}
		if version > 2 {
			b.Write(binary.BigEndian.AppendUint16(nil, f.flags))
		}
		b.Write(f.body)
	}
	return id3raw(version, flags, b.Bytes())
}

// id3raw writes the head of a tag before its content.
func id3raw(version, flags byte, content []byte) []byte {
	b := append([]byte{'I', 'D', '3', version, 0, flags}, syncsafe(len(content))...)
	return append(b, content...)
}

func syncsafe(n int) []byte {
	return []byte{byte(n >> 21 & 127), byte(n >> 14 & 127), byte(n >> 7 & 127), byte(n & 127)}
}

// unsync puts a NUL behind every 0xff.
func unsync(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0xff}, []byte{0xff, 0}) }

func latin1(id, s string) frame   { return frame{id: id, body: append([]byte{0}, s...)} }
func utf8Text(id, s string) frame { return frame{id: id, body: append([]byte{3}, s...)} }

func utf16le(id, s string, mark bool) frame {
	b := []byte{1}
	if mark {
		b = append(b, 0xff, 0xfe)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return frame{id: id, body: b}
}

func utf16be(id, s string) frame {
	b := []byte{2}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return frame{id: id, body: b}
}

func userText(key, val string) frame {
	return frame{id: "TXXX", body: []byte("\x03" + key + "\x00" + val)}
}

// mp3 is n silent frames of 128 kbit/s, 44.1 kHz, stereo.
func mp3(n int) []byte {
	f := make([]byte, 417)
	copy(f, "\xff\xfb\x90\x00")
	return bytes.Repeat(f, n)
}

// xing is an info frame of LAME: frames, delay and padding.
func xing(frames, delay, padding int) []byte {
	f := mp3(1)
	copy(f[36:], "Info\x00\x00\x00\x01")
	binary.BigEndian.PutUint32(f[44:], uint32(frames))
	copy(f[48:], "LAME3.100")
	f[48+21], f[48+22], f[48+23] = byte(delay>>4), byte(delay<<4)|byte(padding>>8), byte(padding)
	return f
}

// id3v1 is a tag of version 1.1.
func id3v1(title, artist, album, year string, track, genre byte) []byte {
	b := make([]byte, 128)
	copy(b, "TAG")
	copy(b[3:33], title)
	copy(b[33:63], artist)
	copy(b[63:93], album)
	copy(b[93:97], year)
	b[126], b[127] = track, genre
	return b
}

// ape is an APEv2 tag with head and foot.
func ape(pairs ...string) []byte {
	var items []byte
	for i := 0; i < len(pairs); i += 2 {
		items = binary.LittleEndian.AppendUint32(items, uint32(len(pairs[i+1])))
		items = append(items, 0, 0, 0, 0)
		items = append(items, pairs[i]+"\x00"+pairs[i+1]...)
	}
	end := func(flags uint32) []byte {
		b := []byte("APETAGEX\xd0\x07\x00\x00")
		b = binary.LittleEndian.AppendUint32(b, uint32(len(items)+32))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(pairs)/2))
		b = binary.LittleEndian.AppendUint32(b, flags)
		return append(b, make([]byte, 8)...)
	}
	return cat(end(0xa0000000), items, end(0x80000000))
}

// comments is the body of a Vorbis comment.
func comments(fields ...string) []byte {
	b := []byte("\x04\x00\x00\x00test")
	b = binary.LittleEndian.AppendUint32(b, uint32(len(fields)))
	for _, f := range fields {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(f)))
		b = append(b, f...)
	}
	return b
}

// block is a metadata block of FLAC.
func block(kind byte, last bool, body []byte) []byte {
	if last {
		kind |= 0x80
	}
	return append([]byte{kind, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

// streamInfo is FLAC's: 44.1 kHz, stereo, 16 bits.
func streamInfo(frames uint64) []byte {
	b := make([]byte, 34)
	binary.BigEndian.PutUint16(b, 4096)
	binary.BigEndian.PutUint64(b[10:], 44100<<44|1<<41|15<<36|frames)
	return b
}

// flac is a file of metadata only, and some bytes instead of sound.
func flac(blocks ...[]byte) []byte {
	return cat([]byte("fLaC"), block(0, false, streamInfo(441000)), cat(blocks...), block(1, true, nil), make([]byte, 64))
}

func flacPicture(kind uint32, mime string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(mime)))
	b = append(b, mime...)
	b = append(b, make([]byte, 4+16)...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

// page is a page of Ogg with whole packets.
func page(serial uint32, flags byte, grain int64, packets ...[]byte) []byte {
	var lace, body []byte
	for _, p := range packets {
		for n := len(p); ; n -= 255 {
			if n < 255 {
				lace = append(lace, byte(n))
				break
			}
			lace = append(lace, 255)
		}
		body = append(body, p...)
	}
	b := append([]byte("OggS\x00"), flags)
	b = binary.LittleEndian.AppendUint64(b, uint64(grain))
	b = binary.LittleEndian.AppendUint32(b, serial)
	b = append(b, make([]byte, 8)...)
	b = append(b, byte(len(lace)))
	return cat(b, lace, body)
}

// preskip is what opus says of the frames to leave out at the begin.
const preskip = 312

// opus is a stream of one packet of 20 ms on each page after the comments; the
// first granule position is that before the sound.
func opus(serial uint32, origin int64, packets int, fields ...string) []byte {
	head := binary.LittleEndian.AppendUint16([]byte("OpusHead\x01\x02"), preskip)
	head = append(head, 0x80, 0xbb, 0, 0, 0, 0, 0)
	b := cat(page(serial, 2, 0, head), page(serial, 0, 0, append([]byte("OpusTags"), comments(fields...)...)))
	for i := range packets {
		b = append(b, page(serial, 0, origin+int64(i+1)*960, []byte{0xfc, 0, 0})...)
	}
	return b
}

// box is an atom of MP4.
func box(id string, parts ...[]byte) []byte {
	body := cat(parts...)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(append(b, id...), body...)
}

func be32(v ...uint32) []byte {
	var b []byte
	for _, n := range v {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

// data is a value of a tag of MP4.
func data(kind uint32, val string) []byte { return box("data", be32(kind, 0), []byte(val)) }

func free(key, val string) []byte {
	return box("----", box("mean", be32(0), []byte("com.apple.iTunes")), box("name", be32(0), []byte(key)), data(1, val))
}

// m4a is a file of AAC at 44.1 kHz that is so many frames long, with an edit that
// leaves out the first 1024 if it is asked for.
func m4a(frames uint32, edit bool, items ...[]byte) []byte {
	var edts []byte
	if edit {
		edts = box("edts", box("elst", be32(0, 1, (frames-1024)*1000/44100, 1024, 0x10000)))
	}
	entry := cat(make([]byte, 6), []byte{0, 1}, make([]byte, 8), []byte{0, 2, 0, 16, 0, 0, 0, 0}, be32(44100<<16))
	return cat(
		box("ftyp", []byte("M4A \x00\x00\x00\x00")),
		box("moov",
			box("mvhd", be32(0, 0, 0, 1000, frames*10/441), make([]byte, 80)),
			box("trak", edts, box("mdia", box("mdhd", be32(0, 0, 0, 44100, frames, 0)), box("hdlr", be32(0, 0), []byte("soun"), make([]byte, 12)),
				box("minf", box("stbl", box("stsd", be32(0, 1), box("mp4a", entry)))))),
			box("udta", box("meta", be32(0), box("hdlr", make([]byte, 25)), box("ilst", items...)))),
		box("mdat", make([]byte, 100)))
}

// wave is a WAV file of chunks; aiff is its cousin in the other order of bytes.
func wave(chunks ...[]byte) []byte {
	body := cat(append([][]byte{[]byte("WAVE")}, chunks...)...)
	return cat([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
}

func riffChunk(id string, body []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)))
	b = append(b, body...)
	return append(b, make([]byte, len(body)&1)...)
}

func aiff(chunks ...[]byte) []byte {
	body := cat(append([][]byte{[]byte("AIFF")}, chunks...)...)
	return cat([]byte("FORM"), be32(uint32(len(body))), body)
}

func iffChunk(id string, body []byte) []byte {
	b := append([]byte(id), be32(uint32(len(body)))...)
	b = append(b, body...)
	return append(b, make([]byte, len(body)&1)...)
}

// pcmFormat is the chunk "fmt " of 44.1 kHz, stereo, 16 bits.
func pcmFormat() []byte {
	return riffChunk("fmt ", []byte("\x01\x00\x02\x00\x44\xac\x00\x00\x10\xb1\x02\x00\x04\x00\x10\x00"))
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// opusPages is a stream whose comments go over as many pages as they need.
func opusPages(serial uint32, fields ...string) []byte {
	body := append([]byte("OpusTags"), comments(fields...)...)
	out := page(serial, 2, 0, []byte("OpusHead\x01\x02\x00\x00\x80\xbb\x00\x00\x00\x00\x00"))
	for len(body) > 0 {
		n := min(len(body), 255*255)
		b := append([]byte("OggS\x00\x01"), bytes.Repeat([]byte{0xff}, 8)...)
		b = append(binary.LittleEndian.AppendUint32(b, serial), make([]byte, 8)...)
		if n == 255*255 {
			b = append(append(b, 255), bytes.Repeat([]byte{255}, 255)...)
		} else {
			b = append(append(b, byte(n/255+1)), bytes.Repeat([]byte{255}, n/255)...)
			b = append(b, byte(n%255))
		}
		out = append(append(out, b...), body[:n]...)
		body = body[n:]
	}
	return append(out, page(serial, 4, 960, []byte{0xfc, 0, 0})...)
}

func readerAt(b []byte) *bytes.Reader { return bytes.NewReader(b) }

// monkey is a head of Monkey's Audio 3.99: 3 blocks of 73,728, the last of 100.
func monkey() []byte {
	b := make([]byte, 52+24)
	copy(b, "MAC \x96\x0f\x00\x00\x34\x00\x00\x00\x18")
	h := b[52:]
	for i, v := range []uint32{73728, 100, 3} {
		binary.LittleEndian.PutUint32(h[4+4*i:], v)
	}
	copy(h[16:], "\x10\x00\x02\x00\x44\xac\x00\x00")
	return cat(b, make([]byte, 100), ape("Title", "x", "Artist", "Anna"))
}

// dsf is a DSF file of 1000 samples with an ID3v2 tag.
func dsf() []byte {
	b := make([]byte, 28+52+12+64)
	copy(b, "DSD \x1c")
	copy(b[28:], "fmt \x34")
	for at, v := range map[int]uint32{20: uint32(len(b)), 40: 1, 48: 2, 52: 2, 56: 2822400, 60: 1, 64: 1000, 72: 4096} {
		binary.LittleEndian.PutUint32(b[at:], v)
	}
	copy(b[80:], "data\x4c")
	return cat(b, id3v2(3, 0, latin1("TIT2", "x"), latin1("TPE1", "Anna")))
}

// wavpack is the head of a block of WavPack: 1000 frames at 44.1 kHz, 16 bits, stereo.
func wavpack() []byte {
	b := make([]byte, 32)
	copy(b, "wvpk\x18\x00\x00\x00\x10\x04")
	binary.LittleEndian.PutUint32(b[12:], 1000)
	binary.LittleEndian.PutUint32(b[24:], 1|0x1800|9<<23)
	return cat(b, ape("Title", "x", "Artist", "Anna"))
}
