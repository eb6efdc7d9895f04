package spotify

import (
	"strconv"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
)

// What Spotify says, in the words of the house. Nothing here fails: what is missing is
// empty, and what has no name is called so.

func artistNames(all []webapi.Artist) []string {
	var names []string
	for _, a := range all {
		if a.Name != "" {
			names = append(names, a.Name)
		}
	}
	return names
}

// firstArtist is the Ref of the first artist that has an id.
func (s *Service) firstArtist(all []webapi.Artist) music.Ref {
	for _, a := range all {
		if a.ID != "" {
			return s.ref(music.KindArtist, a.ID)
		}
	}
	return music.Ref{}
}

// year is that of a date: "1981", "1981-12" or "1981-12-15".
func year(date string) int {
	first, _, _ := strings.Cut(date, "-")
	n, err := strconv.Atoi(first)
	if err != nil || n < 0 || n > 9999 {
		return 0
	}
	return n
}

// Why Spotify does not play something.
const (
	whyMarket   = "Spotify does not offer it in your country"
	whyProduct  = "Spotify does not offer it with your subscription"
	whyExplicit = "your settings at Spotify leave out what is explicit"
	whyGone     = "Spotify does not play it any more"
	whyOff      = "the network is off, and Spotify plays by it"
)

func whyNot(playable bool, restricted string) string {
	switch {
	case restricted == "market":
		return whyMarket
	case restricted == "product":
		return whyProduct
	case restricted == "explicit":
		return whyExplicit
	case !playable || restricted != "":
		return whyGone
	}
	return ""
}

// named is a name, or what stands in for one.
func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// track is a track; of is its album, where the track does not say it.
func (s *Service) track(w webapi.Track, of webapi.Album) music.Track {
	if w.Local || strings.HasPrefix(w.URI, localPrefix) {
		return s.localTrack(w)
	}
	album := w.Album
	if album.ID == "" && album.Name == "" {
		album = of
	}
	t := music.Track{
		Ref: s.ref(music.KindTrack, w.ID), Title: named(w.Name, "Untitled track"), Artists: artistNames(w.Artists),
		AlbumArtists: artistNames(album.Artists), Album: album.Name, AlbumRef: s.ref(music.KindAlbum, album.ID), ArtistRef: s.firstArtist(w.Artists),
		Disc: w.Disc, Number: w.Number, Numbers: album.Total, Date: album.Released, Year: year(album.Released), Genres: album.Genres,
		Duration: w.Duration, Unplayable: whyNot(w.Playable, w.Restricted), HasCover: len(album.Images) > 0,
	}
	if r, ok := s.refOf(w.URI); ok && t.Ref.IsZero() {
		t.Ref = r
	}
	if t.Ref.IsZero() || !t.Ref.IsTrack() {
		return s.goneTrack(w.Name)
	}
	s.pictures.learn(t.Ref, album.Images)
	s.pictures.learn(t.AlbumRef, album.Images)
	return t
}

// goneTrack stands for a row that is not said any longer what it was.
func (s *Service) goneTrack(name string) music.Track {
	return music.Track{Ref: s.ref(music.KindTrack, goneID), Title: named(name, "Not at Spotify any more"), Unplayable: whyGone}
}

// episode is an episode as a track: its show is its album and, as far as Spotify says
// nothing better, its artist.
func (s *Service) episode(w webapi.Episode, of webapi.Show) music.Track {
	show := w.Show
	if show.ID == "" && show.Name == "" {
		show = of
	}
	if w.ID == "" {
		return s.goneTrack(w.Name)
	}
	t := music.Track{
		Ref: s.ref(music.KindTrack, "episode:"+w.ID), Title: named(w.Name, "Untitled episode"), Album: show.Name, AlbumRef: s.ref(kindShow, show.ID),
		Date: w.Released, Year: year(w.Released), Duration: w.Duration, Unplayable: whyNot(w.Playable, w.Restricted), Episode: true,
	}
	if who := named(show.Publisher, show.Name); who != "" {
		t.Artists = []string{who}
	}
	images := w.Images
	if len(images) == 0 {
		images = show.Images
	}
	t.HasCover = len(images) > 0
	s.pictures.learn(t.Ref, images)
	s.pictures.learn(t.AlbumRef, show.Images)
	return t
}

// item is what stands in a row: a track, an episode, or nothing that is known.
func (s *Service) item(w webapi.Item) music.Track {
	switch {
	case w.Track != nil:
		return s.track(*w.Track, webapi.Album{})
	case w.Episode != nil:
		return s.episode(*w.Episode, webapi.Show{})
	}
	return s.goneTrack("")
}

func (s *Service) album(w webapi.Album) music.Album {
	a := music.Album{
		Ref: s.ref(music.KindAlbum, w.ID), Title: named(w.Name, "Untitled album"), Artists: artistNames(w.Artists), ArtistRef: s.firstArtist(w.Artists),
		Year: year(w.Released), Date: w.Released, Genres: w.Genres, Tracks: w.Total, HasCover: len(w.Images) > 0,
	}
	s.pictures.learn(a.Ref, w.Images)
	return a
}

func (s *Service) artist(w webapi.Artist) music.Artist {
	a := music.Artist{Ref: s.ref(music.KindArtist, w.ID), Name: named(w.Name, "Unnamed artist")}
	s.pictures.learn(a.Ref, w.Images)
	return a
}

// show is a show as a row.
func (s *Service) show(w webapi.Show) music.Folder {
	f := music.Folder{Ref: s.ref(kindShow, w.ID), Name: named(w.Name, "Untitled show"), Count: -1}
	var detail []string
	if w.Publisher != "" {
		detail = append(detail, w.Publisher)
	}
	if w.Total > 0 {
		f.Count = w.Total
		detail = append(detail, rows.Count(w.Total, "episode"))
	}
	f.Detail = rows.Subtitle(detail...)
	s.pictures.learn(f.Ref, w.Images)
	return f
}

// length is the sum of what lasts.
func length(tracks []music.Track) (sum time.Duration) {
	for _, t := range tracks {
		sum += t.Duration
	}
	return sum
}

// counted is "12 tracks, 41:03".
func counted(n int, tracks []music.Track) string {
	what := rows.Count(n, "track")
	if sum := int(length(tracks) / time.Second); sum > 0 {
		what += ", " + strconv.Itoa(sum/60) + ":" + strconv.Itoa(sum%60/10) + strconv.Itoa(sum%10)
	}
	return what
}
