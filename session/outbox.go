package session

import (
	"context"
	"sync"

	"segue/internal/music"
)

// outboxLimit is how many events wait for one reader before it gets a fresh
// snapshot instead.
const outboxLimit = 4096

// slotKey names what a latest-wins event is the latest of; the zero key stands
// for events that all arrive.
type slotKey struct {
	kind kind
	of   music.Ref
	job  JobID
}

type kind int

const (
	mustArrive kind = iota
	kindPlayback
	kindQueue
	kindAccounts
	kindContainer
	kindProgress
	kindConnection
	kindMetadata
	kindPlaylist
	kindOffline
	kindSettings
	kindDevices
)

// keyOf says whether an event replaces an older one, and which.
func keyOf(e Event) slotKey {
	switch e := e.(type) {
	case PlaybackChanged:
		return slotKey{kind: kindPlayback}
	case QueueChanged:
		return slotKey{kind: kindQueue}
	case AccountsChanged:
		return slotKey{kind: kindAccounts}
	case ContainerChanged:
		return slotKey{kind: kindContainer, of: e.Of}
	case Progress:
		return slotKey{kind: kindProgress, job: e.Job}
	case ConnectionStateUpdated:
		return slotKey{kind: kindConnection, of: music.Ref{Account: e.Account}}
	case MetadataUpdated:
		return slotKey{kind: kindMetadata, of: music.Ref{Account: e.Account}}
	case PlaylistChanged:
		return slotKey{kind: kindPlaylist, of: e.Playlist}
	case OfflineStatusUpdated:
		return slotKey{kind: kindOffline, of: music.Ref{Account: e.Account}}
	case SettingsChanged:
		return slotKey{kind: kindSettings}
	case DevicesChanged:
		return slotKey{kind: kindDevices}
	default:
		return slotKey{}
	}
}

// Subscription is one reader's outbox. The session puts events in and never
// waits; one reader takes them out at its own pace.
//
// What the reader sees is the true course of events with outdated ones left out:
// a latest-wins event takes its newest place in the order, so that nothing that
// follows from it can come before it.
type Subscription struct {
	name  string
	ready chan struct{}
	gone  chan struct{} // closed by Close
	ended <-chan struct{}

	mu     sync.Mutex
	slots  []Event         // nil where a newer one replaced it
	latest map[slotKey]int // where in slots the newest of a kind waits
	live   int             // slots that are not nil
	closed bool
}

func newSubscription(name string, ended <-chan struct{}) *Subscription {
	return &Subscription{
		name:   name,
		ready:  make(chan struct{}, 1),
		gone:   make(chan struct{}),
		ended:  ended,
		latest: map[slotKey]int{},
	}
}

// put adds an event and reports whether there was room: when there was not, the
// outbox is empty afterwards, and the caller puts a snapshot.
func (b *Subscription) put(e Event) (room bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return true
	}
	key := keyOf(e)
	if key.kind != mustArrive {
		if i, waits := b.latest[key]; waits {
			b.slots[i] = nil
			b.live--
		}
	}
	if b.live >= outboxLimit {
		b.slots, b.live = nil, 0
		clear(b.latest)
		return false
	}
	if len(b.slots) > 64 && len(b.slots) > 2*b.live {
		b.compact()
	}
	if key.kind != mustArrive {
		b.latest[key] = len(b.slots)
	}
	b.slots = append(b.slots, e)
	b.live++
	select {
	case b.ready <- struct{}{}:
	default:
	}
	return true
}

// compact closes the gaps; it costs no more than the events that left them.
func (b *Subscription) compact() {
	kept := b.slots[:0]
	for _, e := range b.slots {
		if e == nil {
			continue
		}
		if key := keyOf(e); key.kind != mustArrive {
			b.latest[key] = len(kept)
		}
		kept = append(kept, e)
	}
	clear(b.slots[len(kept):])
	b.slots = kept
}

// Ready delivers a value when there is something to take (libspotify's
// NOTIFY_MAIN_THREAD). One delivery may stand for many events, and one may find
// the outbox already emptied.
func (b *Subscription) Ready() <-chan struct{} { return b.ready }

// Take gives all events that wait, oldest first, and blocks until there is one
// (libspotify's process_events). It returns false when ctx or the session has
// ended, or the subscription was closed, and nothing is left to take.
func (b *Subscription) Take(ctx context.Context) ([]Event, bool) {
	for {
		if events := b.take(); len(events) > 0 {
			return events, true
		}
		select {
		case <-b.ready:
		case <-ctx.Done():
			return nil, false
		case <-b.gone:
			events := b.take()
			return events, len(events) > 0
		case <-b.ended:
			events := b.take()
			return events, len(events) > 0
		}
	}
}

func (b *Subscription) take() []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.live == 0 {
		b.slots = b.slots[:0]
		return nil
	}
	if b.live < len(b.slots) {
		b.compact()
	}
	events := b.slots
	b.slots, b.live = nil, 0
	clear(b.latest)
	return events
}

// Close ends the subscription: the session puts nothing more in. What waits may
// still be taken. It may be called often and from anywhere.
func (b *Subscription) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.gone)
	}
}

func (b *Subscription) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}
