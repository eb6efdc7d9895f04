package ring

// Mark says what begins or ends in front of the frame At.
type Mark struct {
	At    int64  // the ring's frame
	Item  uint64 // whose frames follow, or end here
	Frame int64  // for a beginning: number of the first frame within the item, at the ring's rate
	Over  int64  // for an end: frames of the item that sound on behind At (crossfade)
	End   bool
	Err   error // for an end: why the item broke off

	delivered bool
}

// Put sets a mark in front of the next frame to be written; its At is filled in.
func (g *Ring) Put(epoch uint64, m Mark) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if epoch != g.epoch {
		return false
	}
	m.At = g.w.Load()
	g.marks = append(g.marks, m)
	return true
}

// First is the oldest mark; Drop removes it.
func (g *Ring) First() (Mark, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.marks) == 0 {
		return Mark{}, false
	}
	return g.marks[0], true
}

// Drop removes the oldest mark.
func (g *Ring) Drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.marks) > 0 {
		n := copy(g.marks, g.marks[1:])
		g.marks = g.marks[:n]
	}
}

// Delivered gives the next end of an item that the consumer has reached, each
// once; wait is the number of frames until the next such end, -1 when none is known.
func (g *Ring) Delivered() (item uint64, ok bool, wait int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := g.r.Load()
	for i := range g.marks {
		m := &g.marks[i]
		if !m.End || m.delivered {
			continue
		}
		if m.At+m.Over > r {
			return 0, false, m.At + m.Over - r
		}
		m.delivered = true
		return m.Item, true, 0
	}
	return 0, false, -1
}

// CutBehind drops the beginning of the first other item behind the given one, and all
// that follows it, and begins a new epoch. Ends that stand at that frame
// stay, unless they are a crossfade's. When the consumer has taken frames of the other item
// already, nothing is done and ok is false: rewind first.
func (g *Ring) CutBehind(item uint64) (epoch uint64, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.marks {
		if m.End || m.Item == item {
			continue
		}
		if !g.cut(m.At) {
			return g.epoch, false
		}
		break
	}
	g.epoch++
	return g.epoch, true
}

// cut moves the writing end back to the frame at. The caller has mu.
func (g *Ring) cut(at int64) bool {
	was := g.w.Load()
	g.w.Store(at)
	if g.rd != nil {
		g.rd.settle()
	}
	if g.r.Load() > at {
		g.w.Store(was)
		return false
	}
	kept := g.marks[:0]
	for _, m := range g.marks {
		if m.At < at || m.At == at && m.End && m.Over == 0 {
			kept = append(kept, m)
		}
	}
	g.marks = kept
	g.ended.Store(false)
	g.final.Store(false)
	return true
}
