package session

import (
	"context"
	"slices"
	"time"
)

// orderPatience is how long a device may take to obey.
const orderPatience = 15 * time.Second

// order is one thing that a device is told.
type order struct {
	what  orderKind
	op    string // in a user's words
	do    func(ctx context.Context) error
	then  func(error)
	quiet bool // that it was refused is for the log
}

// orderKind says which orders make older ones needless.
type orderKind int

const (
	orderStart orderKind = iota
	orderSkip
	orderEnqueue
	orderPause
	orderResume
	orderSeek
	orderStep
	orderArrange
	orderVolume
	orderChoose
)

// replaces reports whether an order makes an older one needless that was not carried
// out yet. Volume and the choice of the device stand by themselves.
func (k orderKind) replaces(older orderKind) bool {
	switch k {
	case orderSkip, orderStart:
		return older != orderVolume && older != orderChoose && older != orderSkip && (k == orderStart || older != orderArrange)
	case orderPause, orderResume:
		return older == orderPause || older == orderResume
	case orderStep:
		return older == orderSeek
	case orderSeek, orderVolume, orderChoose, orderArrange:
		return older == k
	case orderEnqueue:
	}
	return false
}

// orders carries out what a device is told, one after the other. Owned by Run.
type orders struct {
	f       *far
	waiting []order
	busy    bool
	done    time.Time // when the last was answered
}

func (o *orders) add(n order) {
	o.waiting = slices.DeleteFunc(o.waiting, func(old order) bool { return n.what.replaces(old.what) })
	o.waiting = append(o.waiting, n)
	o.next()
}

// recall takes orders back that were not given yet, and reports whether there were any.
func (o *orders) recall(kind orderKind) bool {
	n := len(o.waiting)
	o.waiting = slices.DeleteFunc(o.waiting, func(old order) bool { return old.what == kind })
	return len(o.waiting) < n
}

// clear forgets what was not carried out yet, but for silence.
func (o *orders) clear() {
	o.waiting = slices.DeleteFunc(o.waiting, func(old order) bool { return old.what != orderPause })
}

func (o *orders) next() {
	if o.busy || len(o.waiting) == 0 {
		return
	}
	n := o.waiting[0]
	o.waiting = o.waiting[1:]
	o.busy = true
	s, a := o.f.r.s, o.f.account
	call(s, inOrder("transport "+string(a.id)), func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, orderPatience)
		defer cancel()
		return struct{}{}, n.do(ctx)
	}, func(_ struct{}, err error) {
		o.busy, o.done = false, time.Now()
		o.answered(n, err)
		o.next()
	})
}

func (o *orders) answered(n order, err error) {
	s, a := o.f.r.s, o.f.account
	s.noticed(a, err)
	if f := faultOf(err, a.id, n.op); f != nil && (n.quiet || n.then == nil) && f.Kind != Cancelled {
		s.emit(LogMessage{Text: f.Error()})
	}
	if n.then != nil {
		n.then(err)
	}
}
