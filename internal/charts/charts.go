package charts

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/session"
)

// The usual addresses.
const (
	ListenBrainz = "https://api.listenbrainz.org"
	Apple        = "https://rss.marketingtools.apple.com"
	appleOld     = "https://rss.applemarketingtools.com" // the same under its older name
	iTunes       = "https://itunes.apple.com"            // what Apple had before
	coverArt     = "https://coverartarchive.org"
)

const (
	young      = time.Hour // a fetch is not repeated within this
	usualCount = 100       // rows that are fetched unless more are wanted
	mostCount  = 1000      // rows that ListenBrainz has
	mostAnswer = 4_000_000 // bytes: 1,000 rows are about 500 kB
	answerTime = 15 * time.Second
	patience   = 5 * time.Second // for a newer chart where an older one is there
	keyPrefix  = "charts/1/"     // of what is kept
)

// Options are where charts come from and where they are kept.
type Options struct {
	// ListenBrainz and Apple are the addresses of the sources; empty: none. With Apple's
	// usual one its two older ones are asked when it fails.
	ListenBrainz, Apple string
	// AppleOld and ITunes are those two, for others than the usual; may be empty.
	AppleOld, ITunes string
	Version          string       // of Segue, for the User-Agent
	Blobs            *cache.Blobs // keeps the fetches; nil: memory only
	PlainHosts       []string     // that may be asked without encryption
	Now              func() time.Time
}

// Charts is a session.Charts.
type Charts struct {
	o        Options
	brainz   *httpx.Client
	apple    *httpx.Client
	shut     atomic.Bool // no network, by wish
	mu       sync.Mutex
	fetching map[string]chan struct{} // one place for each chart that is being fetched
	memory   map[string]kept          // without Blobs
}

// New makes the charts; nothing is fetched yet.
func New(o Options) (*Charts, error) {
	o.ListenBrainz, o.Apple = strings.TrimRight(o.ListenBrainz, "/"), strings.TrimRight(o.Apple, "/")
	if o.Apple == Apple {
		o.AppleOld, o.ITunes = appleOld, iTunes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	client := func(name string) (*httpx.Client, error) {
		return httpx.New(httpx.Options{Service: name, Version: o.Version, Timeout: answerTime, MaxBody: mostAnswer,
			PlainHosts: o.PlainHosts, Redirects: httpx.StripForOthers})
	}
	brainz, err := client("ListenBrainz")
	if err != nil {
		return nil, err
	}
	apple, err := client("Apple Music")
	if err != nil {
		return nil, err
	}
	return &Charts{o: o, brainz: brainz, apple: apple, fetching: map[string]chan struct{}{}, memory: map[string]kept{}}, nil
}

// SetNetwork says whether the network may be used. Without it the last fetches are given.
func (c *Charts) SetNetwork(allowed bool) { c.shut.Store(!allowed) }

// source fetches one chart.
type source interface {
	// key tells charts apart; it is part of a file's name on disk.
	key() string
	title() string
	name() string // of the source
	// fetch asks for n rows. old is what was fetched last, nil for nothing; an answer
	// that is still the same is errSame.
	fetch(ctx context.Context, n int, old *kept) (kept, error)
}

// errSame says that the source has nothing newer than what is kept.
var errSame = errors.New("not changed")

// kept is what is kept of a chart.
type kept struct {
	Chart  session.Chart  `json:"chart"`
	Before map[string]int `json:"before"` // what rank each row had at the fetch before; nil: there was none
	Asked  int            `json:"asked"`  // rows that were asked for
	From   string         `json:"from"`   // the address
	ETag   string         `json:"etag"`
}

// Chart implements session.Charts. A chart that its source has not computed, or that it
// does not have, is an error with no rows.
func (c *Charts) Chart(ctx context.Context, ask session.ToplistAsk) (session.Chart, error) {
	ask, err := ask.Check()
	if err != nil {
		return session.Chart{}, err
	}
	src, err := c.sourceOf(ask)
	if err != nil {
		return session.Chart{}, err
	}
	leave, err := c.enter(ctx, src.key())
	if err != nil {
		return session.Chart{}, faultOf(src, err)
	}
	defer leave()
	n := min(max(ask.Limit, usualCount), mostCount)
	old := c.load(src.key())
	now := c.o.Now()
	if old != nil && !ask.Fresh && old.Asked >= n && old.Chart.Fetched.After(now.Add(-young)) && !old.Chart.Fetched.After(now.Add(young)) {
		return old.chart(src), nil
	}
	asking := ctx
	if old != nil && !ask.Fresh { // there is something to show: nobody waits long for something newer
		var cancel context.CancelFunc
		asking, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	fresh, err := c.fetch(asking, src, n, old)
	if err != nil {
		if old == nil {
			return session.Chart{Source: src.name(), Title: src.title()}, faultOf(src, err)
		}
		return old.chart(src), faultOf(src, err)
	}
	c.save(src.key(), fresh)
	return fresh.chart(src), nil
}

// fetch asks the source, and puts what it says beside what was.
func (c *Charts) fetch(ctx context.Context, src source, n int, old *kept) (kept, error) {
	if c.shut.Load() {
		return kept{}, errOffline
	}
	if old != nil && old.Asked < n {
		withoutTag := *old
		withoutTag.ETag = "" // the answer would be longer
		old = &withoutTag
	}
	fresh, err := src.fetch(ctx, n, old)
	if errors.Is(err, errSame) && old != nil {
		fresh, err = *old, nil
	} else if old != nil && err == nil {
		fresh.Before = old.ranks()
		if sameRanks(fresh.ranks(), fresh.Before) {
			fresh.Before = old.Before // nothing moved: the moves of last time stay to be seen
		}
	}
	if err != nil {
		return kept{}, err
	}
	fresh.Chart.Fetched, fresh.Asked = c.o.Now().Round(0), n
	return fresh, nil
}

func sameRanks(a, b map[string]int) bool {
	for k, rank := range a {
		if b[k] != rank {
			return false
		}
	}
	return len(a) > 0
}

// chart is what is kept with its moves.
func (k *kept) chart(src source) session.Chart {
	out := k.Chart
	out.Source, out.Title = src.name(), src.title()
	out.Rows = make([]session.ChartRow, len(k.Chart.Rows))
	for i, r := range k.Chart.Rows {
		r.Rank, r.First = i+1, k.Before == nil
		r.Previous = k.Before[identity(r)]
		out.Rows[i] = r
	}
	return out
}

// ranks are the places of all rows.
func (k *kept) ranks() map[string]int {
	ranks := make(map[string]int, len(k.Chart.Rows))
	for i, r := range k.Chart.Rows {
		if id := identity(r); ranks[id] == 0 {
			ranks[id] = i + 1
		}
	}
	return ranks
}

// identity is what makes a row the same one at two fetches.
func identity(r session.ChartRow) string {
	if r.Recording != "" {
		return r.Recording
	}
	return strings.ToLower(r.Title + "\x00" + strings.Join(r.Artists, "\x00"))
}

// enter waits until nobody else fetches the same chart: what they got is taken then.
func (c *Charts) enter(ctx context.Context, key string) (leave func(), err error) {
	c.mu.Lock()
	place := c.fetching[key]
	if place == nil {
		place = make(chan struct{}, 1)
		c.fetching[key] = place
	}
	c.mu.Unlock()
	select {
	case place <- struct{}{}:
		return func() { <-place }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// load is what is kept of a chart; nil: nothing that can be used.
func (c *Charts) load(key string) *kept {
	if c.o.Blobs == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if k, ok := c.memory[key]; ok {
			return &k
		}
		return nil
	}
	blob, ok := c.o.Blobs.Get(keyPrefix + key)
	if !ok {
		return nil
	}
	var k kept
	if json.Unmarshal(blob.Data, &k) != nil || k.Asked == 0 {
		return nil // it is fetched again
	}
	return &k
}

func (c *Charts) save(key string, k kept) {
	if c.o.Blobs == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.memory[key] = k
		return
	}
	text, err := json.Marshal(k)
	if err != nil {
		return // strings and numbers: it cannot be
	}
	// A chart that is not kept is fetched again next time.
	_ = c.o.Blobs.Put(keyPrefix+key, cache.Blob{Data: text, Type: "application/json", ETag: k.ETag, Fetched: k.Chart.Fetched})
}

// sourceOf finds who has such a chart.
func (c *Charts) sourceOf(a session.ToplistAsk) (source, error) {
	fault := func(kind session.FaultKind, text, hint string) error {
		return &session.Fault{Kind: kind, Op: "open the toplist", Err: errors.New(text), Hint: hint}
	}
	switch {
	case a.Region == session.RegionUser && a.User == "":
		return nil, fault(session.InvalidArgument, "whose toplist is not said", "")
	case a.Region == session.RegionEverywhere, a.Region == session.RegionUser:
		if c.o.ListenBrainz == "" {
			return nil, fault(session.PermissionDenied, "no ListenBrainz server is set", "set charts.listenbrainz")
		}
		return brainzChart{c, a}, nil
	case c.o.Apple == "":
		return nil, fault(session.PermissionDenied, "no source of countries' toplists is set", "set charts.apple")
	}
	return appleChart{c, a}, nil
}

// text cleans a text of a source.
func text(s string) string { return music.Clean(strings.TrimSpace(s)) }
