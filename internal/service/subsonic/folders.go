package subsonic

import (
	"context"
	"net/url"
	"strings"

	"segue/internal/music"
	"segue/internal/rows"
	"segue/internal/service/subsonic/wire"
)

// filesPage is the top of the server's folders. A single music folder is passed over.
func (l *look) filesPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	page := music.Page{Title: "Folders"}
	reply, err := l.ask(ctx, "getMusicFolders", nil)
	if err != nil {
		return page, err
	}
	folders := reply.MusicFolders.Value.Folders
	if len(folders) == 1 {
		return l.indexPage(ctx, page, folders[0].ID, ask)
	}
	var items []music.Item
	for _, f := range folders {
		items = append(items, music.Folder{Ref: l.ref(music.KindFolder, wire.ID(topPrefix+string(f.ID))), Name: string(f.Name), Count: -1})
	}
	return rows.Cut(page, rows.Filter(items, ask.Filter), ask), nil
}

// topPrefix marks the ids of music folders, which are numbered apart from directories.
const topPrefix = "top\x00"

func (l *look) folderPage(ctx context.Context, ask music.Ask) (music.Page, error) {
	if id, ok := strings.CutPrefix(ask.Of.ID, topPrefix); ok {
		return l.indexPage(ctx, music.Page{Title: "Folders"}, wire.ID(id), ask)
	}
	reply, err := l.ask(ctx, "getMusicDirectory", url.Values{"id": {ask.Of.ID}})
	if err != nil {
		return music.Page{Title: "Folder"}, err
	}
	d := reply.Directory.Value
	return l.directory(ctx, music.Page{Title: string(d.Name)}, nil, d.Children, ask)
}

func (l *look) indexPage(ctx context.Context, page music.Page, folder wire.ID, ask music.Ask) (music.Page, error) {
	reply, err := l.ask(ctx, "getIndexes", url.Values{"musicFolderId": {string(folder)}})
	if err != nil {
		return page, err
	}
	return l.directory(ctx, page, reply.Indexes.Value.All(), reply.Indexes.Value.Songs, ask)
}

// directory is a page of folders and songs.
func (l *look) directory(ctx context.Context, page music.Page, folders []wire.Artist, children []wire.Song, ask music.Ask) (music.Page, error) {
	var items []music.Item
	for _, f := range folders {
		if f.ID != "" {
			items = append(items, music.Folder{Ref: l.ref(music.KindFolder, f.ID), Name: string(f.Name), Count: -1})
		}
	}
	for _, c := range children {
		if !bool(c.IsDir) || c.ID == "" {
			continue
		}
		name := c.Title
		if name == "" {
			name = c.Name
		}
		l.cover(l.ref(music.KindFolder, c.ID), c.CoverArt)
		items = append(items, music.Folder{Ref: l.ref(music.KindFolder, c.ID), Name: string(name), Count: -1})
	}
	tracks, err := l.learn(ctx, children)
	for _, t := range tracks {
		items = append(items, t)
	}
	if len(items) == 0 {
		page.Note = "nothing is in it"
	}
	items = rows.Filter(items, ask.Filter)
	rows.Sort(items, ask.Sort)
	return rows.Cut(page, items, ask), err
}

// deepest is how far folders are followed down.
const deepest = 20

// folderTracks are the tracks in a folder and below.
func (l *look) folderTracks(ctx context.Context, id string, depth int) ([]music.Track, error) {
	if top, ok := strings.CutPrefix(id, topPrefix); ok {
		return l.indexTracks(ctx, wire.ID(top))
	}
	reply, err := l.ask(ctx, "getMusicDirectory", url.Values{"id": {id}})
	if err != nil || depth > deepest {
		return nil, err
	}
	children := reply.Directory.Value.Children
	var all []music.Track
	for _, c := range children {
		if !bool(c.IsDir) || c.ID == "" {
			continue
		}
		below, err := l.folderTracks(ctx, string(c.ID), depth+1)
		if err != nil {
			return all, err
		}
		all = append(all, below...)
		if len(all) > refsMost {
			return all, nil
		}
	}
	own, err := l.learn(ctx, children)
	return append(all, own...), err
}

func (l *look) indexTracks(ctx context.Context, folder wire.ID) ([]music.Track, error) {
	reply, err := l.ask(ctx, "getIndexes", url.Values{"musicFolderId": {string(folder)}})
	if err != nil {
		return nil, err
	}
	var all []music.Track
	for _, a := range reply.Indexes.Value.All() {
		below, err := l.folderTracks(ctx, string(a.ID), 1)
		if err != nil {
			return all, err
		}
		all = append(all, below...)
	}
	own, err := l.learn(ctx, reply.Indexes.Value.Songs)
	return append(all, own...), err
}

func (l *look) rootTracks(ctx context.Context) ([]music.Track, error) {
	reply, err := l.ask(ctx, "getMusicFolders", nil)
	if err != nil {
		return nil, err
	}
	var all []music.Track
	for _, f := range reply.MusicFolders.Value.Folders {
		below, err := l.indexTracks(ctx, f.ID)
		if err != nil {
			return all, err
		}
		all = append(all, below...)
	}
	return all, nil
}
