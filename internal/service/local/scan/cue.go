package scan

import (
	"fmt"
	"os"
	"path"
	"strings"

	"segue/internal/cue"
	"segue/internal/pcm"
	"segue/internal/service/local/index"
	"segue/internal/tags"
)

// maxCue bounds what is read of a cue sheet.
const maxCue = 1 << 20

// sheets reads the cue sheets of a folder. A sheet that cannot be read cuts nothing.
func sheets(dir string, names []string) []cue.Sheet {
	var list []cue.Sheet
	for _, n := range names {
		p := index.Join(dir, n)
		if st, err := os.Stat(p); err != nil || st.Size() > maxCue {
			continue
		}
		data, err := os.ReadFile(p)
		if err != nil {
			continue
		}
		if s, _ := cue.Parse(tags.Text(data)); len(s.Tracks) > 0 { // its faults are lines that are left out
			list = append(list, s)
		}
	}
	return list
}

// cutsOf are the tracks of the sheets that lie in a file: two at least.
func cutsOf(list []cue.Sheet, name string) (*cue.Sheet, []cue.Track) {
	for i := range list {
		var tracks []cue.Track
		for _, t := range list[i].Tracks {
			if sameFile(t.File, name) {
				tracks = append(tracks, t)
			}
		}
		if len(tracks) > 1 {
			return &list[i], tracks
		}
	}
	return nil, nil
}

// sameFile compares a name in a sheet with a file's: the ending may differ, as the
// file was often encoded after the sheet was written.
func sameFile(said, name string) bool {
	said = path.Base(strings.ReplaceAll(said, `\`, "/"))
	if strings.EqualFold(said, name) {
		return true
	}
	return strings.EqualFold(strings.TrimSuffix(said, path.Ext(said)), strings.TrimSuffix(name, path.Ext(name)))
}

// cut makes rows of the parts of a file.
func cut(whole *index.Row, sheet *cue.Sheet, tracks []cue.Track) []*index.Row {
	rate := whole.Audio.Rate
	if rate <= 0 {
		return []*index.Row{whole}
	}
	f := pcm.Format{Rate: rate}
	var rows []*index.Row
	for i, t := range tracks {
		r := *whole
		r.Name = fmt.Sprintf("%s\x00%02d", whole.Name, t.Number)
		r.Start = t.Frame(rate)
		r.Duration = max(whole.Duration-f.Duration(r.Start), 0)
		if i+1 < len(tracks) {
			r.End = tracks[i+1].Frame(rate)
			r.Duration = f.Duration(r.End - r.Start)
		}
		if r.Duration <= 0 {
			continue // beyond the end of the file
		}
		name(&r, sheet, t, len(tracks))
		rows = append(rows, &r)
	}
	if len(rows) < 2 {
		return []*index.Row{whole}
	}
	return rows
}

// name gives a part the names that its sheet has for it.
func name(r *index.Row, sheet *cue.Sheet, t cue.Track, total int) {
	r.Title, r.TitleSort = t.Title, ""
	if r.Title == "" {
		r.Title = fmt.Sprintf("Track %02d", t.Number)
	}
	r.Number, r.Numbers = t.Number, total
	if t.Performer != "" {
		r.Artists, r.ArtistSort = []string{t.Performer}, nil
	}
	if sheet.Performer != "" && len(r.AlbumArtists) == 0 {
		r.AlbumArtists = []string{sheet.Performer}
	}
	if sheet.Title != "" && r.Meta.Album == "" {
		r.Meta.Album = sheet.Title
	}
	if sheet.Disc > 0 && r.Disc == 0 {
		r.Disc, r.Discs = sheet.Disc, sheet.Discs
	}
	for _, d := range [...]string{t.Date, sheet.Date} {
		if d != "" && r.Date == "" {
			r.Date = d
			if _, err := fmt.Sscanf(d, "%4d", &r.Year); err != nil {
				r.Year = 0
			}
		}
	}
	for _, g := range [...]string{t.Genre, sheet.Genre} {
		if g != "" && len(r.Genres) == 0 {
			r.Genres = []string{g}
		}
	}
	if t.Gain.HasTrack || t.Gain.HasAlbum {
		r.Gain = t.Gain
	}
}
