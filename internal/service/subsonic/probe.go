package subsonic

import (
	"context"
	"net/url"
	"sync"
	"time"
)

// highest is the list of the best rated albums, which not every server has.
const highest = "getAlbumList2/highest"

// probeMost is how long a server may take to say what it lacks.
const probeMost = 3 * time.Second

// probe finds out, once for a sign-in, which of the sections that a server may have this one
// has not, so that the sidebar shows no way into a wall. Nobody has to answer: what stays
// unknown stays in the sidebar.
func (l *look) probe(ctx context.Context) {
	l.mu.Lock()
	done := l.probed
	l.probed = true
	l.mu.Unlock()
	if done {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, probeMost)
	defer cancel()
	var asked sync.WaitGroup
	ask := func(method string, p url.Values) {
		if !l.lacks(method) {
			asked.Go(func() { _, _, _ = l.srv.Ask(ctx, method, p) }) // the answer is in lacks
		}
	}
	ask("getPodcasts", url.Values{"includeEpisodes": {"false"}})
	for _, method := range []string{"getInternetRadioStations", "getBookmarks", "getShares"} {
		ask(method, nil)
	}
	if !l.lacks(highest) {
		asked.Go(func() { _, _ = l.albumWindow(ctx, albumLists[sectionRated], 0, 1) })
	}
	asked.Wait()
}
