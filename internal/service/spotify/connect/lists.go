package connect

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// whole reports whether a URI is of something that plays as a whole.
func whole(uri string) bool {
	kind := kindOf(uri)
	return kind != "track" && kind != "episode" && kind != "chapter"
}

// IsList implements session.Lister.
func (p *Player) IsList(t music.Ref) bool {
	uri, ok := p.o.URI(t)
	return ok && whole(uri)
}

// StartList implements session.Lister. What the device shuffled before must not choose the
// first of it, so that is said before it begins; where a device takes that only while it
// plays it is said again (relax).
func (p *Player) StartList(ctx context.Context, t music.Ref, at time.Duration, o session.ListOrder) (session.Device, error) {
	uri, ok := p.o.URI(t)
	if !ok {
		return session.Device{}, notPlayable()
	}
	ctx = webapi.For(ctx, webapi.Playing)
	s := webapi.Start{Context: uri}
	s.OffsetURI, s.Position = p.within(uri, at)
	p.mu.Lock()
	p.order = o
	p.mu.Unlock()
	return p.begin(ctx, t, uri, s.OffsetURI, func(id string) error {
		_ = p.o.API.Shuffle(ctx, id, o.Shuffled)
		s.Device = id
		return p.o.API.Play(ctx, s)
	})
}

// OrderList implements session.Lister.
func (p *Player) OrderList(ctx context.Context, o session.ListOrder) error {
	p.mu.Lock()
	was := p.order
	p.order = o
	p.mu.Unlock()
	return p.command(ctx, func(ctx context.Context, id string) error {
		if o.Shuffled != was.Shuffled {
			if err := p.o.API.Shuffle(ctx, id, o.Shuffled); err != nil {
				return err
			}
		}
		if o.Again == was.Again {
			return nil
		}
		return p.o.API.Repeat(ctx, id, repeats(o))
	})
}

// repeats is how a device repeats: the queue is ours, but of a list it alone knows the songs.
func repeats(o session.ListOrder) string {
	if o.Again {
		return "track"
	}
	return "off"
}

// Back implements session.Lister. The first of a list has nothing before it.
func (p *Player) Back(ctx context.Context) error {
	return p.command(ctx, func(ctx context.Context, id string) error {
		err := p.o.API.Previous(ctx, id)
		if webapi.KindOf(err) == webapi.NotNow {
			return p.o.API.Seek(ctx, id, 0)
		}
		return err
	})
}

// within is where a list that was started goes on: in the part that was seen last, in this
// run or in the one before. One of which nothing was seen begins at its beginning.
func (p *Player) within(uri string, at time.Duration) (part string, in time.Duration) {
	kind := kindOf(uri)
	if at <= 0 || kind != "playlist" && kind != "album" { // others cannot be told where
		return "", 0
	}
	p.mu.Lock()
	seen := place{p.uri, p.part}
	p.mu.Unlock()
	if seen.List == "" {
		seen = p.readPlace()
	}
	if uri != seen.List || seen.Part == "" {
		return "", 0
	}
	return seen.Part, at
}

// place is what of a list was heard last, as it is remembered.
type place struct {
	List string `json:"list"`
	Part string `json:"part"`
}

// placeFile is where that is kept; "" = nowhere.
func (p *Player) placeFile() string {
	if p.o.File == "" {
		return ""
	}
	return strings.TrimSuffix(p.o.File, ".json") + "-list.json"
}

func (p *Player) readPlace() (seen place) {
	if data, err := os.ReadFile(p.placeFile()); err != nil || len(data) > memorySize || json.Unmarshal(data, &seen) != nil {
		return place{} // it begins at its beginning
	}
	return seen
}

// isIn takes note of what of the list is heard.
func (p *Player) isIn(list, part string) {
	p.mu.Lock()
	news := p.uri == list && p.part != part
	if news {
		p.part = part
	}
	p.mu.Unlock()
	if path := p.placeFile(); news && path != "" {
		if data, err := json.Marshal(place{list, part}); err == nil {
			_ = cache.WriteFile(path, data) // else it begins at its beginning, in the next run
		}
	}
}
