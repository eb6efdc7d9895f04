package session

import (
	"context"
	"errors"
	"time"

	"segue/internal/music"
	"segue/internal/pcm"
)

// Transport is a remote player: a service whose tracks play on a device of the account
// rather than through Open. The session tells it what to do, one thing after the other,
// and hears by WatchDevice what became of it; queue, history and screen do not notice.
//
// Its methods are called from workers and must honour the context. What they return
// says who is at fault: InvalidDeviceID = there is no device to play on, so ask for
// one; UserNeedsPremium, PermissionDenied and everything transient = nothing can be
// played there now; anything else = this track cannot be played.
type Transport interface {
	// PlaysThere reports whether a track plays on a device now. It asks nobody.
	PlaysThere(t music.Ref) bool
	// Ready finds the device that Start will play on: the chosen one, else the one that is
	// active. It is cheap while the device is known to be there.
	Ready(ctx context.Context) (Device, error)
	// Devices lists what the account can play on, the device used last always among it.
	Devices(ctx context.Context) ([]Device, error)
	// Choose makes a device the one that Start plays on, also after a restart. move takes
	// along what plays or is paused on another one now; play lets it go on there.
	Choose(ctx context.Context, id string, move, play bool) (Device, error)
	// Start plays one track from a place, with nothing behind it, and neither shuffled nor
	// repeated. It returns the device.
	Start(ctx context.Context, t music.Ref, at time.Duration) (Device, error)
	// Enqueue puts a track behind the one that plays, so that the device goes on without a
	// gap. It cannot be taken back.
	Enqueue(ctx context.Context, t music.Ref) error
	// Skip lets the device go on to what was enqueued.
	Skip(ctx context.Context) error
	Pause(ctx context.Context) error
	Resume(ctx context.Context) error
	Seek(ctx context.Context, to time.Duration) error
	SetVolume(ctx context.Context, percent int) error
	// WatchDevice reports how the device stands until ctx ends: soon after each command, about
	// the end of a track, and else as seldom as will do. It reports from one goroutine.
	WatchDevice(ctx context.Context, report func(RemoteState)) error
}

// Looker is a Transport that can be told that somebody looks at the screen again: a
// WatchDevice that has not looked for a while does so at once, whatever its pace.
type Looker interface {
	LookAgain() // at once, and from any goroutine
}

// Lister is a Transport that plays some tracks as whole lists, of which the device alone
// knows what is in them. While such a list plays, Next and Previous are the device's, and
// RemoteState.Part is what is heard of it.
type Lister interface {
	// IsList reports whether a track is such a list. It asks nobody.
	IsList(t music.Ref) bool
	// StartList is Start for such a list, in that order.
	StartList(ctx context.Context, t music.Ref, at time.Duration, o ListOrder) (Device, error)
	// OrderList changes the order of the list that plays.
	OrderList(ctx context.Context, o ListOrder) error
	// Back lets the device go to what came before in its list; at the first of it, to that
	// one's beginning. Skip goes on.
	Back(ctx context.Context) error
}

// ListOrder is how a Lister's list is gone through: as the queue is.
type ListOrder struct {
	Shuffled bool
	Again    bool // what is heard of it, over and over
}

// Here is the ID of the Device that stands for this computer, where an account can play
// on it, too.
const Here = "here"

// Device is something that an account can play on.
type Device struct {
	ID         string
	Name       string
	Kind       string // "Speaker", "Smartphone" …, in the service's words; "" = not said
	Active     bool   // the account plays there, or did last
	Chosen     bool   // Start plays on it
	Missing    bool   // the service does not name it at present; it was used last
	Restricted bool   // takes no commands
	Private    bool   // somebody listens there in private
	Volume     int    // percent, -1 = not said
	Fixed      bool   // its volume cannot be set from here
}

// RemoteState is how a device of an account stands, as WatchDevice reports it.
type RemoteState struct {
	Track    music.Ref   // zero = nothing
	Part     music.Track // what of Track is heard, where that is a whole list; Position and Length are of it
	Title    string
	Length   time.Duration // 0 = not said
	Playing  bool
	Ended    bool // it came to the end of what it was started with
	Position time.Duration
	At       time.Time // when it stood there
	Asked    time.Time // what was told later than that is not in it
	Device   Device    // the active one; an ID of "" = none is, or it is not said
	Err      error     // nothing could be learnt; all else is zero
}

// remoteSource stands in an item for the sound that is made elsewhere. No player reads it.
type remoteSource struct {
	account *account
	track   music.Ref
}

var errFar = errors.New("this track is heard on another device")

func (r *remoteSource) Format() pcm.Format                        { return pcm.Format{} }
func (r *remoteSource) Read([]float32) (int, error)               { return 0, errFar }
func (r *remoteSource) Seek(time.Duration) (time.Duration, error) { return 0, errFar }
func (r *remoteSource) Close() error                              { return nil }
