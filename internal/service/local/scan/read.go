package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"segue/internal/cue"
	"segue/internal/service/local/index"
	"segue/internal/tags"
	"segue/player/decode"
)

// read turns a changed folder into findings.
func (s *scanner) read(ctx context.Context, j job) {
	if ctx.Err() != nil {
		return
	}
	j.sheets = sheets(j.dir, j.sides)
	if j.large {
		s.readLarge(ctx, j)
		return
	}
	var rows []*index.Entry
	if j.known {
		var err error
		if rows, err = s.db.In(ctx, j.dir); err != nil {
			s.unread(ctx, j, err)
			return
		}
	}
	f := s.piece(ctx, j, j.files, rows)
	f.First = true
	f.Lists = j.lists
	s.put(ctx, f)
}

// put sends a folder on, unless the scan was stopped while it was read.
func (s *scanner) put(ctx context.Context, f *index.Folder) {
	if ctx.Err() == nil {
		s.send(ctx, finding{folder: f})
	}
}

func (s *scanner) unread(ctx context.Context, j job, err error) {
	s.send(ctx, finding{faults: []index.Fault{{Path: j.dir, Reason: reason(err), At: s.began.Unix()}}})
}

// readLarge reads a folder of very many files in pieces. Its fingerprint is stored
// with the last: a scan that is stopped before comes back to it.
func (s *scanner) readLarge(ctx context.Context, j job) {
	fd, err := openFolder(j.dir)
	if err != nil {
		s.unread(ctx, j, err)
		return
	}
	defer func() { _ = unix.Close(fd) }()
	final := j.sum
	j.sum = 0
	var met index.Set
	first := true
	files := make([]file, 0, pieceSize)
	flush := func() {
		rows, err := s.rowsOf(ctx, j, files)
		if err != nil {
			s.unread(ctx, j, err)
			return
		}
		for _, r := range rows {
			met.Add(r.ID)
		}
		f := s.piece(ctx, j, files, rows)
		f.First = first
		if first {
			f.Lists = j.lists
		}
		first = false
		s.put(ctx, f)
		files = files[:0]
	}
	w := &walker{s: s}
	err = eachEntry(fd, newLister().buf, func(name string, typ entryType) {
		if ctx.Err() != nil {
			return
		}
		one := listing{}
		w.entry(&one, j.dir, fd, name, typ)
		files = append(files, one.files...)
		if len(files) == pieceSize {
			flush()
		}
	})
	if err != nil {
		s.unread(ctx, j, err)
		return
	}
	flush()
	old, err := s.db.IDsIn(ctx, j.dir)
	if err != nil {
		s.unread(ctx, j, err)
		return
	}
	end := &index.Folder{Path: j.dir, Sum: final, Device: j.device}
	for _, id := range old {
		if !met.Has(id) && j.known {
			end.Gone = append(end.Gone, id)
		}
	}
	s.put(ctx, end)
}

// rowsOf are the rows that the index has of some files.
func (s *scanner) rowsOf(ctx context.Context, j job, files []file) ([]*index.Entry, error) {
	var rows []*index.Entry
	if !j.known {
		return nil, nil
	}
	for i := range files {
		r, err := s.db.Parts(ctx, j.dir, files[i].name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r...)
	}
	return rows, nil
}

// piece compares files with the rows of before and reads what is new or changed.
func (s *scanner) piece(ctx context.Context, j job, files []file, rows []*index.Entry) *index.Folder {
	f := &index.Folder{Path: j.dir, Sum: j.sum, Device: j.device, Known: j.known}
	before := map[string][]*index.Entry{}
	for _, r := range rows {
		base, _, _ := strings.Cut(r.Name, "\x00")
		before[base] = append(before[base], r)
	}
	var changed []readFile
	for _, x := range files {
		old := before[x.name]
		delete(before, x.name)
		if same(x, old, j) {
			s.done.Add(1)
			f.Keep = append(f.Keep, &old[0].Row)
			continue
		}
		r := readFile{file: x}
		for _, o := range old {
			f.Gone = append(f.Gone, o.ID)
			r.added = o.Added
		}
		changed = append(changed, r)
	}
	for _, old := range before {
		for _, o := range old {
			f.Gone = append(f.Gone, o.ID)
		}
	}
	s.readAll(ctx, j, changed)
	for i := range changed {
		f.New = append(f.New, changed[i].rows...)
		if changed[i].fault != "" {
			f.Faults = append(f.Faults, index.Fault{Path: index.Join(j.dir, changed[i].name), Reason: changed[i].fault, At: s.began.Unix()})
		}
	}
	return f
}

// same reports whether a file need not be read again. Files that a cue sheet may cut
// always are, when something in their folder changed, and so are those whose picture
// may have been the folder's.
func same(x file, old []*index.Entry, j job) bool {
	if len(old) != 1 || len(j.sides) > 0 || strings.Contains(old[0].Name, "\x00") {
		return false
	}
	o := old[0]
	return o.Size == x.size && o.MTime == x.mtime && o.HasCover == (j.cover || o.HasCover && !o.FolderCover)
}

// readFile is a file that is read, and what came of it.
type readFile struct {
	file
	added int64
	rows  []*index.Row
	fault string
}

// readAll reads files, those of a large folder on two cores.
func (s *scanner) readAll(ctx context.Context, j job, files []readFile) {
	const worth = 256
	if len(files) < worth {
		s.readSome(ctx, j, files)
		return
	}
	var wg sync.WaitGroup
	half := len(files) / 2
	wg.Go(func() { s.readSome(ctx, j, files[:half]) })
	s.readSome(ctx, j, files[half:])
	wg.Wait()
}

func (s *scanner) readSome(ctx context.Context, j job, files []readFile) {
	for i := range files {
		if ctx.Err() != nil {
			return
		}
		s.readOne(j, &files[i])
		s.done.Add(1)
	}
}

// readOne reads the tags of a file. A file with faults that still tells something of
// its sound is listed among the tracks and among the faults.
func (s *scanner) readOne(j job, f *readFile) {
	p := index.Join(j.dir, f.name)
	t, err := tags.Read(p)
	if err != nil {
		f.fault = readReason(p, f, err)
		if t.Duration == 0 || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
	added := f.added
	if added == 0 {
		added = s.began.Unix()
		if s.first {
			added = min(added, f.mtime/1e9)
		}
	}
	r := &index.Row{Name: f.name, Size: f.size, MTime: f.mtime, Inode: f.inode, Added: added, Meta: MetaOf(&t, p)}
	if j.cover && !r.HasCover {
		r.HasCover, r.FolderCover = true, true
	}
	f.rows = []*index.Row{r}
	list := j.sheets
	if t.CueSheet != "" {
		if own, _ := cue.Parse(t.CueSheet); len(own.Tracks) > 0 {
			for i := range own.Tracks {
				own.Tracks[i].File = f.name
			}
			list = append(list[:len(list):len(list)], own)
		}
	}
	if sheet, parts := cutsOf(list, f.name); sheet != nil {
		f.rows = cut(r, sheet, parts)
	}
}

func readReason(path string, f *readFile, err error) string {
	switch {
	case f.size == 0:
		return "the file is empty"
	case errors.Is(err, tags.ErrNotAudio):
		return cmp.Or(decode.Look(path), "no tags can be read from this kind of file")
	case errors.Is(err, unix.EACCES):
		return "no permission to read it"
	}
	if inner := errors.Unwrap(err); inner != nil { // without the path, beside which it stands
		err = inner
	}
	return reason(err)
}

// MetaOf makes of a file's tags what the index keeps. Without a title, the file's
// name is it; a disc number in the album's or the folder's name counts where the tag
// is missing.
func MetaOf(t *tags.Tags, file string) index.Meta {
	m := index.Meta{
		Title: t.Title, Album: t.Album, Date: t.Date, OriginalDate: t.OriginalDate, TitleSort: t.TitleSort,
		AlbumSort: t.AlbumSort, MBAlbum: t.MBAlbum, MBRecording: t.MBRecording, Artists: t.Artists, AlbumArtists: t.AlbumArtists,
		ArtistSort: t.ArtistSort, AlbumArtistSort: t.AlbumArtistSort, Composers: t.Composers, Genres: t.Genres,
		Disc: t.Disc, Discs: t.Discs, Number: t.Number, Numbers: t.Numbers, Year: t.Year, BPM: int(t.BPM + 0.5),
		Compilation: t.Compilation, HasCover: t.HasCover, Gain: t.Gain, Audio: t.Audio, Duration: t.Duration,
	}
	if m.Title == "" {
		m.Title, m.Number = nameTitle(path.Base(file), m.Number)
	}
	if m.Disc == 0 {
		_, m.Disc = index.CutDisc(m.Album)
	}
	if m.Disc == 0 {
		m.Disc = index.FolderDisc(path.Base(path.Dir(file)))
	}
	return m
}

// nameTitle makes a title of a file's name: without the ending, and without a track
// number before it, which counts where there is no tag.
func nameTitle(name string, number int) (string, int) {
	title := strings.TrimSuffix(name, path.Ext(name))
	var n int
	digits := 0
	for digits < len(title) && digits < 3 && title[digits] >= '0' && title[digits] <= '9' {
		n = n*10 + int(title[digits]-'0')
		digits++
	}
	if rest := strings.TrimLeft(title[digits:], " .-_"); digits >= 2 && rest != "" && rest != title[digits:] {
		title = rest
		if number == 0 {
			number = n
		}
	}
	title = index.Clean(strings.ReplaceAll(title, "_", " "))
	if title == "" {
		title = fmt.Sprintf("%q", name)
	}
	return title, number
}
