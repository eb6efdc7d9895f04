package tags

import (
	"time"

	"segue/internal/pcm"
)

// finish draws the conclusions from all that was found.
func (p *parser) finish() {
	t := &p.t
	if len(p.artists) > 0 {
		t.Artists = p.artists
	}
	if len(p.albumArtists) > 0 {
		t.AlbumArtists = p.albumArtists
	}
	if md := p.monthDay; md > 0 && len(t.Date) == 4 {
		t.Date = ymd(digits(t.Date, 0, 4), md/100, md%100)
	}
	if _, t.Year = date(t.Date); t.Year == 0 {
		_, t.Year = date(t.OriginalDate)
	}
	p.finishLength()
}

// finishLength makes the duration of the frames, and the bit rate of the duration.
func (p *parser) finishLength() {
	t := &p.t
	if t.Frames >= 0 && t.Audio.Rate > 0 {
		if t.Frames > int64(t.Audio.Rate)*maxSeconds {
			p.warn("a length of %d frames cannot be true", t.Frames)
			t.Frames = -1
			return
		}
		t.Duration = pcm.Format{Rate: t.Audio.Rate}.Duration(t.Frames)
	}
	if t.Duration < 0 || t.Duration > maxSeconds*time.Second {
		p.warn("a length of %v cannot be true", t.Duration)
		t.Duration = 0
	}
}

// maxSeconds is the longest file that is believed: 400 days.
const maxSeconds = 400 * 24 * 3600

// bitrate sets the average rate of so many bytes of sound, once the length is known.
func (p *parser) bitrate(bytes int64) {
	p.finishLength()
	if ms := p.t.Duration.Milliseconds(); ms > 0 && bytes > 0 {
		p.t.Audio.Bitrate = int(min(bytes*8/ms, 1_000_000))
	}
}

// fill puts what a lesser tag of the same file says where the better says nothing.
func (t *Tags) fill(o *Tags) {
	fillText(&t.Title, o.Title)
	fillText(&t.Album, o.Album)
	fillText(&t.Date, o.Date)
	fillText(&t.OriginalDate, o.OriginalDate)
	fillText(&t.TitleSort, o.TitleSort)
	fillText(&t.AlbumSort, o.AlbumSort)
	fillText(&t.Comment, o.Comment)
	fillText(&t.Lyrics, o.Lyrics)
	fillText(&t.CueSheet, o.CueSheet)
	fillText(&t.MBTrack, o.MBTrack)
	fillText(&t.MBRecording, o.MBRecording)
	fillText(&t.MBAlbum, o.MBAlbum)
	fillText(&t.MBReleaseGroup, o.MBReleaseGroup)
	fillList(&t.Artists, o.Artists)
	fillList(&t.AlbumArtists, o.AlbumArtists)
	fillList(&t.Composers, o.Composers)
	fillList(&t.Genres, o.Genres)
	fillList(&t.ArtistSort, o.ArtistSort)
	fillList(&t.AlbumArtistSort, o.AlbumArtistSort)
	fillList(&t.MBArtists, o.MBArtists)
	fillList(&t.MBAlbumArtists, o.MBAlbumArtists)
	t.fillNumbers(o)
}

func (t *Tags) fillNumbers(o *Tags) {
	fillInt(&t.Number, o.Number)
	fillInt(&t.Numbers, o.Numbers)
	fillInt(&t.Disc, o.Disc)
	fillInt(&t.Discs, o.Discs)
	if t.BPM == 0 {
		t.BPM = o.BPM
	}
	t.Compilation = t.Compilation || o.Compilation
	t.HasCover = t.HasCover || o.HasCover
	if !t.Gain.HasTrack && o.Gain.HasTrack {
		t.Gain.TrackDB, t.Gain.TrackPeak, t.Gain.HasTrack = o.Gain.TrackDB, o.Gain.TrackPeak, true
	}
	if !t.Gain.HasAlbum && o.Gain.HasAlbum {
		t.Gain.AlbumDB, t.Gain.AlbumPeak, t.Gain.HasAlbum = o.Gain.AlbumDB, o.Gain.AlbumPeak, true
	}
}

func fillText(to *string, from string) {
	if *to == "" {
		*to = from
	}
}

func fillList(to *[]string, from []string) {
	if len(*to) == 0 {
		*to = from
	}
}

func fillInt(to *int, from int) {
	if *to == 0 {
		*to = from
	}
}

// lesser runs read, whose finds only fill the gaps of what is known already.
func (p *parser) lesser(read func() error) error {
	kept, artists, albumArtists := p.t, p.artists, p.albumArtists
	p.t = Tags{Frames: -1, Warnings: kept.Warnings}
	p.artists, p.albumArtists = nil, nil
	err := read()
	if len(kept.Artists) > 0 || len(artists) > 0 {
		p.artists = artists
	}
	if len(kept.AlbumArtists) > 0 || len(albumArtists) > 0 {
		p.albumArtists = albumArtists
	}
	found := p.t
	kept.Warnings = found.Warnings
	kept.fill(&found)
	p.t = kept
	return err
}
