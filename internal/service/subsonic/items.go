package subsonic

import (
	"fmt"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/store"
	"segue/internal/service/subsonic/wire"
)

func (s *Service) ref(kind music.Kind, id wire.ID) music.Ref {
	if id == "" {
		return music.Ref{}
	}
	return music.Ref{Account: s.id, Kind: kind, ID: string(id)}
}

func (s *Service) section(id string) music.Ref { return music.Section(s.id, id) }

// codecs by the endings of names.
var codecs = map[string]string{
	"flac": "FLAC", "mp3": "MP3", "ogg": "Vorbis", "oga": "Vorbis", "opus": "Opus", "wav": "WAV", "aif": "AIFF", "aiff": "AIFF",
	"aac": "AAC", "m4a": "AAC", "m4b": "AAC", "mp4": "AAC", "alac": "ALAC", "wma": "WMA", "ape": "APE", "wv": "WavPack", "mpc": "Musepack", "dsf": "DSD", "dff": "DSD",
}

func names(people []wire.Person, one wire.Text) []string {
	var all []string
	for _, p := range people {
		if p.Name != "" {
			all = append(all, string(p.Name))
		}
	}
	if len(all) == 0 && one != "" {
		all = []string{string(one)}
	}
	return all
}

// genres are those of the list, else those of the one text, which some servers fill with several.
func genres(list []wire.Named, one wire.Text) []string {
	var all []string
	for _, g := range list {
		if g.Name != "" {
			all = append(all, string(g.Name))
		}
	}
	if len(all) > 0 || one == "" {
		return all
	}
	for part := range strings.SplitSeq(string(one), ";") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func seconds(n wire.Int) time.Duration {
	const most = 1000 * 3600 // of one recording
	return time.Duration(min(max(n, 0), most)) * time.Second
}

func small(n wire.Int) int { return int(min(max(n, 0), 1<<30)) }

func stars(n wire.Int) int { return int(min(max(n, 0), 5)) }

// plausible is a gain in decibels that a recording can have.
func plausible(f wire.Float) bool { return f.Set && f.Value >= -60 && f.Value <= 60 }

func gain(g wire.One[wire.Gain]) music.Gain {
	v := g.Value
	var out music.Gain
	if plausible(v.TrackGain) {
		out.TrackDB, out.HasTrack = v.TrackGain.Value, true
	}
	if plausible(v.AlbumGain) {
		out.AlbumDB, out.HasAlbum = v.AlbumGain.Value, true
	}
	if v.TrackPeak.Value > 0 && v.TrackPeak.Value < 100 {
		out.TrackPeak = v.TrackPeak.Value
	}
	if v.AlbumPeak.Value > 0 && v.AlbumPeak.Value < 100 {
		out.AlbumPeak = v.AlbumPeak.Value
	}
	if out.HasTrack && out.TrackDB == 0 && out.TrackPeak == 0 && !out.HasAlbum {
		return music.Gain{} // zeros are what servers say that know nothing
	}
	return out
}

// song is a song as we keep it. ok is false for what is none: a folder, a video, a row
// without an id.
func (s *Service) song(w wire.Song) (store.Song, bool) {
	if w.ID == "" || bool(w.IsDir) || bool(w.IsVideo) {
		return store.Song{}, false
	}
	t := music.Track{
		Ref: s.ref(music.KindTrack, w.ID), Title: string(w.Title), Artists: names(w.Artists, w.Artist), AlbumArtists: names(w.AlbumArtists, ""),
		Album: string(w.Album), AlbumRef: s.ref(music.KindAlbum, w.AlbumID), ArtistRef: s.ref(music.KindArtist, w.ArtistID),
		Disc: small(w.Disc), Number: small(w.Track), Year: small(w.Year), Genres: genres(w.Genres, w.Genre), Duration: seconds(w.Duration),
		Gain: gain(w.ReplayGain), Path: string(w.Path), Starred: !w.Starred.IsZero(), Rating: stars(w.Rating), Plays: small(w.PlayCount),
		Added: w.Created.Time, LastPlayed: w.Played.Time, HasCover: w.CoverArt != "",
		Audio: music.Audio{Codec: codecs[strings.ToLower(string(w.Suffix))], Rate: small(w.SamplingRate), Bits: small(w.BitDepth), Channels: small(w.Channels), Bitrate: w.Kbps()},
	}
	if t.ArtistRef.IsZero() && len(w.Artists) > 0 {
		t.ArtistRef = s.ref(music.KindArtist, w.Artists[0].ID)
	}
	if t.Title == "" {
		t.Title = string(w.Name)
	}
	if t.Title == "" {
		t.Title = lastOf(t.Path, "Untitled")
	}
	if w.Year > 0 {
		t.Date = fmt.Sprint(int64(w.Year))
	}
	if t.Year > 9999 {
		t.Year, t.Date = 0, ""
	}
	s.cover(t.Ref, w.CoverArt)
	return store.Song{Track: t, Cover: string(w.CoverArt), Size: max(int64(w.Size), 0), Suffix: string(w.Suffix)}, true
}

// lastOf is the name of a file in a path.
func lastOf(path, none string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 {
		path = path[i+1:]
	}
	if path == "" {
		return none
	}
	return path
}

func (s *Service) album(w wire.Album) (music.Album, bool) {
	if w.ID == "" {
		return music.Album{}, false
	}
	a := music.Album{
		Ref: s.ref(music.KindAlbum, w.ID), Title: string(w.Name), Artists: names(w.Artists, w.Artist), ArtistRef: s.ref(music.KindArtist, w.ArtistID),
		Year: small(w.Year), Genres: genres(w.Genres, w.Genre), Tracks: small(w.SongCount), Discs: len(w.Discs), Duration: seconds(w.Duration),
		Starred: !w.Starred.IsZero(), Rating: stars(w.Rating), Plays: small(w.PlayCount), Added: w.Created.Time, HasCover: w.CoverArt != "",
	}
	if a.Title == "" {
		a.Title = string(w.Title)
	}
	if a.Title == "" {
		a.Title = "Untitled album"
	}
	if a.Year > 9999 {
		a.Year = 0
	}
	if d := w.ReleaseDate.Value; d.Year > 0 && d.Year <= 9999 {
		a.Date = date(d)
	} else if a.Year > 0 {
		a.Date = fmt.Sprint(a.Year)
	}
	if a.Tracks == 0 {
		a.Tracks = len(w.Songs)
	}
	s.cover(a.Ref, w.CoverArt)
	return a, true
}

func date(d wire.Date) string {
	switch {
	case d.Month < 1 || d.Month > 12:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day < 1 || d.Day > 31:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func (s *Service) artist(w wire.Artist) (music.Artist, bool) {
	if w.ID == "" || w.Name == "" {
		return music.Artist{}, false
	}
	a := music.Artist{Ref: s.ref(music.KindArtist, w.ID), Name: string(w.Name), Albums: small(w.AlbumCount), Starred: !w.Starred.IsZero()}
	if a.Albums == 0 {
		a.Albums = len(w.Albums)
	}
	s.cover(a.Ref, w.CoverArt)
	return a, true
}

func (s *Service) playlist(w wire.Playlist) (music.Playlist, bool) {
	if w.ID == "" {
		return music.Playlist{}, false
	}
	p := music.Playlist{
		Ref: s.ref(music.KindPlaylist, w.ID), Name: string(w.Name), Description: string(w.Comment), Owner: string(w.Owner), Tracks: small(w.SongCount),
		Duration: seconds(w.Duration), Public: bool(w.Public), Changed: w.Changed.Time, Writable: !bool(w.ReadOnly) && s.mine(string(w.Owner)),
	}
	if p.Theirs = p.Owner != "" && !s.mine(p.Owner); p.Theirs { // some servers write whose it is into the name
		p.Name = strings.TrimPrefix(p.Name, "["+p.Owner+"] ")
	}
	if p.Name == "" {
		p.Name = "Untitled playlist"
	}
	if p.Tracks == 0 {
		p.Tracks = len(w.Entries)
	}
	s.cover(p.Ref, w.CoverArt)
	return p, true
}

// coversMost is how many pictures' ids are remembered.
const coversMost = 20_000

// cover remembers which picture is a thing's.
func (s *Service) cover(r music.Ref, id wire.ID) {
	if id == "" || string(id) == r.ID {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.covers) >= coversMost {
		clear(s.covers)
	}
	s.covers[r.String()] = string(id)
}

// mine reports whether a name is the signed-in user's. Servers that name no owner have
// but one user.
func (s *Service) mine(owner string) bool {
	if owner == "" {
		return true
	}
	return strings.EqualFold(owner, s.userName())
}

// userName is who is signed in, else who is configured.
func (s *Service) userName() string {
	s.mu.Lock()
	me := s.me
	s.mu.Unlock()
	if me != nil && me.Name != "" {
		return string(me.Name)
	}
	if u := s.srv.Credential().User; u != "" {
		return u
	}
	return s.user
}

func (s *Service) albums(list []wire.Album) []music.Item {
	items := make([]music.Item, 0, len(list))
	for _, w := range list {
		if a, ok := s.album(w); ok {
			items = append(items, a)
		}
	}
	return items
}

func (s *Service) artistItems(list []wire.Artist) []music.Item {
	items := make([]music.Item, 0, len(list))
	for _, w := range list {
		if a, ok := s.artist(w); ok {
			items = append(items, a)
		}
	}
	return items
}
