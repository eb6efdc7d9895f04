package tags

import "encoding/binary"

// inTrack takes the atoms inside a track.
func (m *mp4File) inTrack(a atom, depth int) error {
	t := &m.track
	switch string(a.id[:]) {
	case "edts", "mdia", "minf", "stbl":
		return m.walk(a.off, a.end, depth+1, m.inTrack)
	case "tkhd":
		if b, err := m.p.src.upTo(a.off, 24); err == nil && len(b) == 24 {
			t.id = binary.BigEndian.Uint32(b[12+8*int(b[0]&1):])
		}
	case "mdhd":
		t.scale, t.length = m.times(a)
	case "hdlr":
		if b, err := m.p.src.at(a.off, 12); err == nil && t.kind == "" {
			t.kind = string(b[8:12])
		}
	case "elst":
		m.edits(a)
	case "stsd":
		if t.kind == "soun" {
			return m.walk(a.off+8, a.end, depth+1, m.sampleEntry)
		}
	}
	return nil
}

// edits reads the list of edits. An empty edit before the first is a pause,
// which no player of music makes.
func (m *mp4File) edits(a atom) {
	b, err := m.p.src.at(a.off, int(min(a.end-a.off, 8+64*20)))
	if err != nil || len(b) < 8 {
		return
	}
	size := 12
	if b[0] == 1 {
		size = 20
	}
	t := &m.track
	for e := b[8:]; len(e) >= size; e = e[size:] {
		length, start := int64(binary.BigEndian.Uint32(e)), int64(int32(binary.BigEndian.Uint32(e[4:]))) //nolint:gosec // -1 is meant
		if size == 20 {
			length, start = int64(binary.BigEndian.Uint64(e)&(1<<62-1)), int64(binary.BigEndian.Uint64(e[8:])) //nolint:gosec // -1 is meant
		}
		if start < 0 {
			continue
		}
		if t.edits++; t.edits == 1 {
			t.edit, t.start = length, start
		}
	}
}

// sampleEntry reads the description of the sound.
func (m *mp4File) sampleEntry(a atom, depth int) error {
	b, err := m.p.src.upTo(a.off, 64)
	if err != nil || len(b) < 28 {
		return err
	}
	t := &m.track
	if t.codec != "" {
		return nil
	}
	be := binary.BigEndian
	t.chans, t.rate = int(be.Uint16(b[16:])), int(be.Uint32(b[24:])>>16)
	switch string(a.id[:]) {
	case "mp4a":
		t.codec = "AAC"
	case "alac":
		t.codec, t.bits = "ALAC", int(be.Uint16(b[18:]))
	case "fLaC":
		t.codec, t.bits = "FLAC", int(be.Uint16(b[18:]))
	case "Opus":
		t.codec, t.rate = "Opus", 48000
	case ".mp3":
		t.codec = "MP3"
	case "ac-3", "ec-3":
		t.codec = "AC-3"
	default:
		t.codec = line(a.id[:])
	}
	skip := int64(28)
	switch be.Uint16(b[8:]) { // QuickTime's longer descriptions
	case 1:
		skip = 44
	case 2:
		skip = 64
	}
	if a.end-a.off < skip+8 {
		return nil
	}
	return m.walk(a.off+skip, a.end, depth+1, m.config)
}

// config reads the decoder's configuration inside the description.
func (m *mp4File) config(a atom, depth int) error {
	t := &m.track
	switch string(a.id[:]) {
	case "wave":
		return m.walk(a.off, a.end, depth+1, m.config)
	case "esds":
		if b, err := m.p.src.upTo(a.off, int(min(a.end-a.off, 128))); err == nil {
			t.esds(b)
		}
	case "alac":
		if b, err := m.p.src.at(a.off, 28); err == nil && t.codec == "ALAC" {
			t.bits, t.chans = int(b[9]), int(b[13])
			t.bitrate, t.rate = int(binary.BigEndian.Uint32(b[20:])), int(binary.BigEndian.Uint32(b[24:]))
		}
	case "dfLa":
		if b, err := m.p.src.at(a.off, 4+4+34); err == nil {
			v := binary.BigEndian.Uint64(b[8+10:])
			t.rate, t.chans, t.bits = int(v>>44), int(v>>41&7)+1, int(v>>36&31)+1
		}
	}
	return nil
}

// esds reads the descriptors of MPEG-4: the kind of sound, its bit rate, and the
// rate at which it is decoded.
func (t *mp4Track) esds(b []byte) {
	if len(b) < 4 {
		return
	}
	for b = b[4:]; len(b) > 2; {
		tag := b[0]
		b = b[1:]
		for len(b) > 0 && b[0]&0x80 != 0 { // a length of up to four bytes, which is not needed
			b = b[1:]
		}
		if len(b) < 2 {
			return
		}
		b = b[1:]
		skip := 0
		switch tag {
		case 3: // the stream
			skip = 3
		case 4: // the decoder
			if len(b) < 13 {
				return
			}
			if b[0] == 0x69 || b[0] == 0x6b {
				t.codec = "MP3"
			}
			t.bitrate, skip = int(binary.BigEndian.Uint32(b[9:])), 13
		case 5: // its configuration
			t.aacConfig(b)
			return
		default:
			return
		}
		if len(b) < skip {
			return
		}
		b = b[skip:]
	}
}

// aacConfig reads the rate and the channels of an AudioSpecificConfig.
func (t *mp4Track) aacConfig(b []byte) {
	if len(b) < 2 || t.codec != "AAC" {
		return
	}
	i := int(b[0]&7)<<1 | int(b[1])>>7
	if i < len(adtsRates) && b[0]>>3 < 31 {
		t.rate = adtsRates[i]
		if c := int(b[1] >> 3 & 15); c > 0 && c < 7 {
			t.chans = c
		}
	}
}
