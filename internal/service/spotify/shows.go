package spotify

import (
	"context"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
)

// showShelf are the episodes of a show, newest first.
func (s *Service) showShelf(w webapi.Show) shelf {
	about := w
	about.Episodes = webapi.Page[webapi.Episode]{}
	return shelf{
		of: s.ref(kindShow, w.ID), most: mostSaved, fresh: freshFor,
		fetch: pages(func(ctx context.Context, win webapi.Window) (webapi.Page[webapi.Episode], error) {
			return s.api.ShowEpisodes(ctx, w.ID, win)
		}, func(e webapi.Episode) music.Item { return s.episode(e, about) }),
	}
}

func (l *look) oneShow(ctx context.Context, id string) (webapi.Show, error) {
	return inquire(ctx, l, worksFor, func(ctx context.Context) (webapi.Show, error) { return l.api.Show(ctx, id) })
}

func (l *look) showPage(ctx context.Context, what music.Ask) (music.Page, error) {
	w, err := l.oneShow(ctx, what.Of.ID)
	if err != nil {
		return music.Page{Title: "Podcast"}, err
	}
	page := l.aboutShow(w)
	if what.Filter != "" || what.Sort != music.SortDefault {
		items, err := l.whole(ctx, l.showShelf(w))
		if err != nil {
			return page, err
		}
		return cut(page, items, what, "episode"), nil
	}
	page.Items, page.Total, err = l.window(ctx, l.showShelf(w), what)
	if page.Total == 0 {
		page.Note = "Spotify lists no episodes of it"
	}
	return page, err
}

func (s *Service) aboutShow(w webapi.Show) music.Page {
	f := s.show(w)
	return music.Page{Title: f.Name, Subtitle: f.Detail, Sorts: episodeSorts}
}

func (l *look) wholeShow(ctx context.Context, id string) ([]music.Item, error) {
	w, err := l.oneShow(ctx, id)
	if err != nil {
		return nil, err
	}
	return l.whole(ctx, l.showShelf(w))
}
