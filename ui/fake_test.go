package ui

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"time"

	"segue/internal/mailbox"
	"segue/internal/music"
	"segue/internal/pcm"
	"segue/player"
	"segue/session"
)

// fake is a session for tests: a small library, a queue that can be played in
// and edited, and a record of all commands. It answers in the goroutine that
// sends, by its box.
type fake struct {
	followed music.Ref // a playlist of somebody else's; zero = none
	mu       sync.Mutex
	sent     []session.Command
	box      *mailbox.Box[session.Event]
	tracks   []music.Track
	albums   []music.Album
	queue    []music.Track
	ids      []session.EntryID
	nextID   session.EntryID
	play     session.Playback
	qs       session.QueueState
	big      int  // rows of the section tracks, 0 = those of tracks
	open     bool // the section tracks does not say how long it is
	mute     bool // answers nothing
	fail     *session.Fault
	lyrics   []music.LyricLine
	reads    bool // what is to be played is still being read
	unsynced bool // the lyrics say no times
	noMusic  bool
	allNew   bool // no place of a chart is known from before
	bare     bool // there are no covers and no lyrics
	now      time.Time
	imageFor []music.Ref
	accounts []session.AccountInfo // beside local
	suggest  []string              // what the account local suggests
	pages    map[music.Ref][]music.Item
	radio    bool      // it finds what is like something
	writable music.Ref // a list that can be edited; zero = none but the queue
	promised int       // rows that are promised of pages but not given
}

func newFake() *fake {
	f := &fake{box: mailbox.New[session.Event](), now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	add := func(album, artist string, y int, titles ...string) {
		ref := music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: album}
		a := music.Album{Ref: ref, Title: album, Artists: []string{artist}, Year: y, Tracks: len(titles), HasCover: true}
		for i, title := range titles {
			t := music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: album + "/" + title}, Title: title,
				Artists: []string{artist}, Album: album, AlbumRef: ref, ArtistRef: music.Ref{Account: music.Local, Kind: music.KindArtist, ID: artist},
				Number: i + 1, Year: y, Duration: time.Duration(98+37*i) * time.Second, Plays: i % 4, Starred: i == 1,
				Audio: music.Audio{Codec: "FLAC", Rate: 44100, Bits: 16, Channels: 2}, HasCover: true}
			a.Duration += t.Duration
			f.tracks = append(f.tracks, t)
		}
		f.albums = append(f.albums, a)
	}
	add("Goldberg Variations", "Johann Sebastian Bach", 1741, "Aria", "Variatio 1. a 1 Clav.", "Variatio 2. a 1 Clav.",
		"Variatio 3. Canone all'Unisono", "Variatio 4. a 1 Clav.", "Variatio 5. a 1 ovvero 2 Clav.", "Variatio 6. Canone alla Seconda",
		"Variatio 7. al tempo di Giga", "Variatio 8. a 2 Clav.", "Variatio 9. Canone alla Terza", "Variatio 10. Fughetta", "Variatio 13. a 2 Clav.",
		"Variatio 25. Adagio", "Variatio 30. Quodlibet", "Aria da Capo")
	add("春の海", "宮城道雄", 1929, "春の海", "水の変態", "さくら変奏曲", "a title that goes on and on "+strings.Repeat("と長い題名 ", 60))
	add("Gymnopédies", "Erik Satie", 1888, "Lent et douloureux", "Lent et triste", "Lent et grave")
	add("Emoji & Friends 👨‍👩‍👧", "DJ ❤️ · عمرو دياب", 2021, "👍🏽 thumbs", "تملي معاك", "e\u0301tude\tin\ntabs", "\u202Eevil\u202C override")
	add("Nocturnes", "Frédéric Chopin", 1832, "No. 1 in B-flat minor", "No. 2 in E-flat major", "No. 3 in B major")
	f.play = session.Playback{Volume: 70, Repeat: session.RepeatOff, Device: "PulseAudio", State: player.Unloaded}
	f.qs.Index = -1
	return f
}

// start sends the first snapshot.
func (f *fake) start() {
	sec := func(id, name string, n int) music.Folder {
		return music.Folder{Ref: music.Section(music.Local, id), Name: name, Count: n}
	}
	f.box.Put(session.Resync{})
	all := []session.AccountInfo{{ID: music.Local, Kind: "local", State: session.ConnLoggedIn,
		Can: session.Can{Images: true, Star: true, Playlists: true, Scan: true, Suggest: len(f.suggest) > 0, Radio: f.radio},
		Sections: []music.Folder{sec("sampler", "Sampler", 6), sec("albums", "Albums", len(f.albums)), sec("artists", "Artists", 5), sec("tracks", "Tracks", len(f.tracks)),
			sec("genres", "Genres", -1), sec("years", "Years", -1), sec("files", "Files", -1), sec("recent", "Recently added", -1),
			sec("starred", "Starred", -1), sec("playlists", "Playlists", -1)}}}
	f.box.Put(session.AccountsChanged{Accounts: append(all, f.accounts...)})
	f.publish()
}

func (f *fake) publish() {
	f.box.Put(session.PlaybackChanged{Playback: f.play})
	f.box.Put(session.QueueChanged{Queue: f.qs})
}

func (f *fake) Take(ctx context.Context) ([]session.Event, bool) {
	for {
		if es := f.box.Take(); len(es) > 0 {
			return es, true
		}
		select {
		case <-ctx.Done():
			return nil, false
		case <-f.box.Ready():
		}
	}
}

func (f *fake) Send(c session.Command) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, c)
	switch c := c.(type) {
	case session.Load:
		f.load(c)
	case session.PlayContext:
		if !f.reads {
			f.playContext(c)
		}
	case session.Toggle:
		if f.play.State == player.Playing {
			f.play.State, f.play.Position.Rate = player.Paused, 0
		} else {
			f.play.State, f.play.Position.Rate = player.Playing, 1
		}
		f.publish()
	case session.LoadImage:
		f.imageFor = append(f.imageFor, c.Of)
		if f.bare {
			f.box.Put(session.ImageLoaded{Ticket: c.Ticket, Fault: &session.Fault{Kind: session.OtherPermanent, Op: "cover"}})
			return
		}
		f.box.Put(session.ImageLoaded{Ticket: c.Ticket, Image: music.Image{Of: c.Of, MIME: "image/png", Data: testCover()}})
	case session.LoadLyrics:
		f.box.Put(session.LyricsLoaded{Ticket: c.Ticket, Lyrics: music.Lyrics{Track: c.Track, Synced: !f.unsynced, Lines: f.lyrics}})
	case session.QueueMove:
		f.box.Put(session.Undoable{Text: fmt.Sprintf("moved %d tracks", len(c.Entries))})
	case session.QueueRemove:
		f.removeEntries(c.Entries)
	case session.Suggest:
		var texts []string
		for _, t := range f.suggest {
			if strings.Contains(strings.ToLower(t), strings.ToLower(c.Query)) {
				texts = append(texts, t)
			}
		}
		f.box.Put(session.SuggestionsLoaded{Ticket: c.Ticket, Query: c.Query, Texts: texts})
	case session.ChangeVolume:
		f.play.Volume += c.By
		f.publish()
	default:
	}
}

func (f *fake) removeEntries(gone []session.EntryID) {
	for _, g := range gone {
		for i, e := range f.ids {
			if e == g {
				f.queue = append(f.queue[:i:i], f.queue[i+1:]...)
				f.ids = append(f.ids[:i:i], f.ids[i+1:]...)
				break
			}
		}
	}
	f.qs.Version++
	f.qs.Len = len(f.queue)
	f.publish()
	f.box.Put(session.ContainerChanged{Of: music.Queue})
	f.box.Put(session.Undoable{Text: fmt.Sprintf("removed %d tracks", len(gone))})
}

func (f *fake) playContext(c session.PlayContext) {
	f.queue, f.ids = nil, nil
	for _, it := range f.rows(c.Ask) {
		if t, ok := it.(music.Track); ok {
			f.nextID++
			f.queue, f.ids = append(f.queue, t), append(f.ids, f.nextID)
		}
	}
	at := 0
	for i, t := range f.queue {
		if t.Ref == c.Start {
			at = i
		}
	}
	if len(f.queue) > 0 {
		f.playAt(at, 0)
	}
}

// playAt lets a row of the queue play from a position on.
func (f *fake) playAt(i int, pos time.Duration) {
	f.play.State, f.play.Track, f.play.Entry = player.Playing, f.queue[i], f.ids[i]
	f.play.Position = session.Anchor{Position: pos, At: f.now, Rate: 1}
	f.play.Format, f.play.Info, f.play.GainDB = pcm.Format{Rate: 44100, Channels: 2}, pcm.Info{Codec: "FLAC", Bits: 16}, -6.2
	f.qs = session.QueueState{Version: f.qs.Version + 1, Len: len(f.queue), Index: i, Entry: f.ids[i], Left: len(f.queue) - i - 1}
	f.publish()
	f.box.Put(session.ContainerChanged{Of: music.Queue})
}

// rows are all rows of a container, filtered by plain words.
func (f *fake) rows(ask music.Ask) []music.Item {
	var all []music.Item
	switch {
	case f.noMusic && ask.Of.ID != music.SectionSampler:
	case f.pages[ask.Of] != nil:
		all = append(all, f.pages[ask.Of]...)
	case ask.Of == music.Queue:
		for _, t := range f.queue {
			all = append(all, t)
		}
	case ask.Of.Kind == music.KindAlbum, ask.Of.Kind == music.KindArtist:
		for _, t := range f.tracks {
			if t.AlbumRef == ask.Of || t.ArtistRef == ask.Of {
				all = append(all, t)
			}
		}
	case ask.Of.ID == music.SectionAlbums:
		for _, a := range f.albums {
			all = append(all, a)
		}
	case ask.Of.ID == music.SectionPlaylists:
		all = append(all, music.Playlist{Ref: music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "evening"}, Name: "Evening", Tracks: 12, Duration: 47 * time.Minute, Writable: true})
	case strings.HasPrefix(ask.Of.ID, music.SectionToplist+"/tracks/month"):
		for i, t := range f.tracks[:8] {
			all = append(all, music.Chart{Rank: i + 1, Previous: f.before()[i], Plays: 40 - 4*i, Item: t})
		}
	case ask.Of.ID == music.SectionTracks, ask.Of.ID == music.SectionSearch, ask.Of.ID == music.SectionSearch+"/tracks":
		for _, t := range f.tracks {
			all = append(all, t)
		}
	case ask.Of.ID == music.SectionSampler:
		for _, t := range f.tracks[:15] {
			all = append(all, t)
		}
	}
	if ask.Filter == "" || strings.HasSuffix(ask.Filter, ":") { // a field without a value asks nothing
		return all
	}
	var out []music.Item
	for _, it := range all {
		if strings.Contains(strings.ToLower(it.ItemName()), strings.ToLower(ask.Filter)) {
			out = append(out, it)
		}
	}
	return out
}

func (f *fake) load(c session.Load) {
	if f.mute {
		return
	}
	if f.fail != nil {
		f.box.Put(session.PageLoaded{Ticket: c.Ticket, Page: music.Page{Ask: c.Ask}, Fault: f.fail})
		return
	}
	p := music.Page{Ask: c.Ask, Followed: !f.followed.IsZero() && c.Ask.Of == f.followed, Title: c.Ask.Of.ID, Sorts: []music.Sort{music.SortTitle, music.SortYear}}
	if f.big > 0 && c.Ask.Of.ID == music.SectionTracks {
		p.Title, p.Total = "Tracks", f.big
		for i := c.Ask.Offset; i < min(c.Ask.Offset+c.Ask.Limit, f.big); i++ {
			p.Items = append(p.Items, bigTrack(i))
		}
		if f.open && c.Ask.Offset+c.Ask.Limit <= f.big {
			p.Total = -1
		}
		f.box.Put(session.PageLoaded{Ticket: c.Ticket, Page: p})
		return
	}
	all := f.rows(c.Ask)
	p.Total = len(all)
	lo := min(c.Ask.Offset, len(all))
	hi := min(lo+c.Ask.Limit, len(all))
	p.Items = all[lo:hi]
	switch c.Ask.Of.Kind {
	case music.KindAlbum:
		for _, a := range f.albums {
			if a.Ref == c.Ask.Of {
				p.Title, p.Subtitle = a.Title, fmt.Sprintf("%s · %d · %d tracks, %d:%02d", a.Artist(), a.Year, a.Tracks, int(a.Duration.Minutes()), int(a.Duration.Seconds())%60)
			}
		}
	case music.KindSection:
		p.Title = strings.ToUpper(p.Title[:1]) + p.Title[1:]
	}
	if f.pages[c.Ask.Of] != nil {
		p.Total += f.promised
		p.Writable = c.Ask.Of == f.writable
	}
	ev := session.PageLoaded{Ticket: c.Ticket, Page: p}
	if c.Ask.Of == music.Queue {
		ev.Entries = append([]session.EntryID(nil), f.ids[lo:hi]...)
		ev.Page.Writable = true
		for _, t := range f.queue {
			ev.Page.Duration += t.Duration
		}
	}
	f.box.Put(ev)
}

func bigTrack(i int) music.Track {
	return music.Track{Ref: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: fmt.Sprint(i)}, Title: fmt.Sprintf("Track %06d with a name", i),
		Artists: []string{fmt.Sprintf("Artist %d", i%977)}, Album: fmt.Sprintf("Album %d", i/12), Number: i%12 + 1, Duration: time.Duration(60+i%300) * time.Second}
}

// commands gives what was sent of one type.
func commands[T session.Command](f *fake) []T {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []T
	for _, c := range f.sent {
		if v, ok := c.(T); ok {
			out = append(out, v)
		}
	}
	return out
}

// testCover is a picture with a shape that can be recognised.
func testCover() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 120, 120))
	for y := range 120 {
		for x := range 120 {
			dx, dy := x-60, y-60
			c := color.RGBA{uint8(40 + y), uint8(30 + x/2), 90, 255}
			if dx*dx+dy*dy < 1600 {
				c = color.RGBA{240, 168, 104, 255}
			}
			if dx*dx+dy*dy < 200 {
				c = color.RGBA{30, 26, 40, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if png.Encode(&b, img) != nil {
		return nil
	}
	return b.Bytes()
}

// before are the places of a chart when it was last read.
func (f *fake) before() []int {
	if f.allNew {
		return make([]int, 8)
	}
	return []int{1, 4, 2, 0, 5, 9, 7, 0}
}
