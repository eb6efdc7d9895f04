package session

import "context"

// Examiner is a service that can look for what keeps it from working, or will, and say
// what to do: for `segue doctor`. The session never asks it. It may call the network, and
// must honour the context.
type Examiner interface {
	Examine(ctx context.Context) []Finding
}

// Finding is one thing that was found.
type Finding struct {
	Level  Level  // Info: this is as it should be
	Text   string // what it is, in one line
	Advice string // what to do; "" = nothing, or nobody knows
}
