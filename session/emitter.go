package session

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// EventKind names a kind of event, such as "LoggedIn"; "" stands for all.
type EventKind string

// Kind is the kind of events of a type: Kind[LoggedIn]().
func Kind[E Event]() EventKind { return EventKind(reflect.TypeFor[E]().Name()) }

// KindOf is the kind of an event.
func KindOf(e Event) EventKind { return EventKind(reflect.TypeOf(e).Name()) }

// Listener is called with an event and with what On was given behind it.
type Listener func(e Event, args ...any) Reply

// Reply is what a listener answers.
type Reply struct {
	Remove bool // call it no more
	Value  any  // for Call
}

// Typed makes a listener for events of one type, with its kind before it, as On takes them:
//
//	s.On(session.Typed(func(e session.LoggedIn, _ ...any) session.Reply { … }))
func Typed[E Event](fn func(e E, args ...any) Reply) (EventKind, Listener) {
	return Kind[E](), func(e Event, args ...any) Reply {
		typed, ok := e.(E)
		if !ok {
			return Reply{}
		}
		return fn(typed, args...)
	}
}

// ListenerID names a listener, since functions cannot be compared. 0 is none.
type ListenerID uint64

// Faults of an Emitter.
var (
	errOneListener = errors.New("this event takes one listener, and has one")
	errNoKind      = errors.New("a listener is for one kind of event")
	errNoListener  = errors.New("no listener")
)

// Emitter calls listeners. The zero value is ready; it may be used from any goroutine,
// and from inside a listener.
type Emitter struct {
	mu        sync.Mutex
	last      ListenerID
	listeners map[EventKind][]listening
}

type listening struct {
	id   ListenerID
	fn   Listener
	args []any
}

// oneListener reports whether a kind takes one listener only: its answer is needed.
func oneListener(k EventKind) bool {
	return k == Kind[MusicDelivery]() || k == Kind[GetAudioBufferStats]()
}

// On has fn called for each event of a kind, with args behind the event. A second
// listener for MusicDelivery or GetAudioBufferStats is an InvalidArgument.
func (m *Emitter) On(k EventKind, fn Listener, args ...any) (ListenerID, error) {
	op := "listen to " + string(k)
	if k == "" || fn == nil {
		return 0, &Fault{Kind: InvalidArgument, Op: "listen", Err: errNoKind}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if oneListener(k) && len(m.listeners[k]) > 0 {
		return 0, &Fault{Kind: InvalidArgument, Op: op, Err: errOneListener, Hint: "take the other one off first"}
	}
	if m.listeners == nil {
		m.listeners = map[EventKind][]listening{}
	}
	m.last++
	m.listeners[k] = append(slices.Clip(m.listeners[k]), listening{m.last, fn, args})
	return m.last, nil
}

// Off takes listeners off: those named; without one all of the kind; without a kind all.
func (m *Emitter) Off(k EventKind, which ...ListenerID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for have := range m.listeners {
		if k == "" || k == have {
			m.drop(have, which)
		}
	}
}

// drop takes listeners of a kind off, all where none is named. A list that is being
// called stays as it is: the new one is another.
func (m *Emitter) drop(k EventKind, which []ListenerID) {
	if len(which) == 0 {
		delete(m.listeners, k)
		return
	}
	var kept []listening
	for _, l := range m.listeners[k] {
		if !slices.Contains(which, l.id) {
			kept = append(kept, l)
		}
	}
	m.listeners[k] = kept
}

// NumListeners counts the listeners of a kind; of "" all.
func (m *Emitter) NumListeners(k EventKind) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for have, list := range m.listeners {
		if k == "" || k == have {
			n += len(list)
		}
	}
	return n
}

// Emit calls the listeners of an event's kind, in the order of their coming, on the
// caller's goroutine.
func (m *Emitter) Emit(e Event) {
	for _, l := range m.of(KindOf(e)) {
		m.tell(l, e)
	}
}

// Call calls the one listener of an event's kind and gives its answer. It fails with
// MissingCallback where there is none, and with InvalidArgument where there are several.
func (m *Emitter) Call(e Event) (any, error) {
	k := KindOf(e)
	list := m.of(k)
	switch len(list) {
	case 0:
		return nil, &Fault{Kind: MissingCallback, Op: "call " + string(k), Err: errNoListener}
	case 1:
		return m.tell(list[0], e), nil
	}
	return nil, &Fault{Kind: InvalidArgument, Op: "call " + string(k), Err: fmt.Errorf("it has %d listeners, and one can answer", len(list))}
}

func (m *Emitter) of(k EventKind) []listening {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.listeners[k]
}

func (m *Emitter) tell(l listening, e Event) any {
	r := l.fn(e, l.args...)
	if r.Remove {
		m.Off(KindOf(e), l.id)
	}
	return r.Value
}
