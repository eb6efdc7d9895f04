package spotify

import (
	"context"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/spotify/webapi"
)

// artistShelf are an artist's releases, newest first, ten to a page. What the artist is
// merely heard on is not among them.
func (s *Service) artistShelf(id string) shelf {
	return shelf{
		of: s.ref(music.KindArtist, id), most: mostFound, fresh: worksFor,
		fetch: pages(func(ctx context.Context, w webapi.Window) (webapi.Page[webapi.Album], error) {
			return s.api.ArtistAlbums(ctx, id, []string{"album", "single", "compilation"}, w)
		}, func(w webapi.Album) music.Item { return s.album(w) }),
	}
}

func (l *look) artistPage(ctx context.Context, what music.Ask) (music.Page, error) {
	id := what.Of.ID
	page := music.Page{Title: "Artist", Sorts: []music.Sort{music.SortDefault, music.SortTitle, music.SortYear}}
	sh := l.artistShelf(id)
	var err error
	if what.Filter == "" && what.Sort == music.SortDefault {
		page.Items, page.Total, err = l.window(ctx, sh, what)
		if page.Total >= 0 {
			page.Subtitle = rows.Count(page.Total, "album")
		}
	} else {
		var items []music.Item
		if items, err = l.whole(ctx, sh); err == nil {
			page = cut(page, items, what, "album")
		}
	}
	if err != nil {
		return page, err
	}
	w, err := l.oneArtist(ctx, id)
	if err != nil {
		return page, err
	}
	page.Title = named(w.Name, page.Title)
	if page.Total == 0 && what.Filter == "" {
		page.Note = "Spotify lists no albums of this artist"
	}
	return page, nil
}

func (l *look) oneArtist(ctx context.Context, id string) (webapi.Artist, error) {
	return inquire(ctx, l, worksFor, func(ctx context.Context) (webapi.Artist, error) { return l.api.Artist(ctx, id) })
}
