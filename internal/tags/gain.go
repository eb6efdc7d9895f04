package tags

import (
	"encoding/binary"
	"strconv"

	"segue/internal/music"
)

// r128Shift moves a gain from EBU R128's -23 LUFS to ReplayGain's -18.
const r128Shift = 5.0

// loudness takes ReplayGain's fields and R128's.
func (p *parser) loudness(key, val []byte) bool {
	g := &p.t.Gain
	switch string(key) {
	case "REPLAYGAINTRACKGAIN":
		setGain(&g.TrackDB, &g.HasTrack, val, p.r128)
	case "REPLAYGAINALBUMGAIN":
		setGain(&g.AlbumDB, &g.HasAlbum, val, p.r128)
	case "REPLAYGAINTRACKPEAK":
		setPeak(&g.TrackPeak, val)
	case "REPLAYGAINALBUMPEAK":
		setPeak(&g.AlbumPeak, val)
	case "R128TRACKGAIN":
		p.setR128(&g.TrackDB, &g.HasTrack, val)
	case "R128ALBUMGAIN":
		p.setR128(&g.AlbumDB, &g.HasAlbum, val)
	default:
		return false
	}
	return true
}

// sane are the gains that can be meant; beyond them a tag is broken.
func sane(db float64) bool { return db > -64 && db < 64 }

func setGain(to *float64, has *bool, val []byte, better bool) {
	if db, ok := decimal(val); ok && sane(db) && !*has && !better {
		*to, *has = db, true
	}
}

func setPeak(to *float64, val []byte) {
	if f, ok := decimal(val); ok && *to == 0 && f > 0 && f < 100 {
		*to = f
	}
}

// setR128 reads a whole number of 1/256 dB. In Opus it stands above
// ReplayGain's fields (RFC 7845, 5.2.1), elsewhere below them.
func (p *parser) setR128(to *float64, has *bool, val []byte) {
	n, err := strconv.Atoi(line(val))
	if err != nil || n < -32768 || n > 32767 || *has && !p.opus {
		return
	}
	*to, *has = float64(n)/256+r128Shift, true
	p.r128 = p.opus
}

// relativeVolume reads the frame RVA2 of ID3v2.4: "track" or "album", NUL, and for
// each channel its kind, its gain in 1/512 dB and its peak.
func relativeVolume(g *music.Gain, id string, b []byte) {
	for len(b) >= 4 {
		kind, db := b[0], float64(int16(binary.BigEndian.Uint16(b[1:])))/512 //nolint:gosec // two's complement is meant
		bits := int(b[3])
		n := (bits + 7) / 8
		if len(b) < 4+n {
			return
		}
		peak := peakOf(b[4:4+n], bits)
		b = b[4+n:]
		if kind != 1 || !sane(db) { // 1 is the master volume
			continue
		}
		switch {
		case id == "album" && !g.HasAlbum:
			g.AlbumDB, g.HasAlbum, g.AlbumPeak = db, true, peak
		case id != "album" && !g.HasTrack:
			g.TrackDB, g.HasTrack, g.TrackPeak = db, true, peak
		}
	}
}

// peakOf is a peak of so many bits as a fraction of full scale, 0 where there is none.
func peakOf(b []byte, bits int) float64 {
	if bits < 2 || bits > 64 {
		return 0
	}
	var v uint64
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	f := float64(v) / float64(uint64(1)<<(bits-1))
	if f > 100 {
		return 0
	}
	return f
}
