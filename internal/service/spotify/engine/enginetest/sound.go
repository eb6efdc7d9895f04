package enginetest

import (
	"encoding/binary"
	"os"
	"sync"
	"time"
)

// stream is a track that is being decoded.
type stream struct {
	uri string
	as  Track
	pos int64
}

// sources is the track that is heard, and the one that follows it without a gap.
type sources struct {
	mu          sync.Mutex
	there       *sync.Cond
	now, next   *stream
	done        chan struct{}
	eofReported bool
}

func newSources() *sources {
	s := &sources{done: make(chan struct{}, 1)}
	s.there = sync.NewCond(&s.mu)
	return s
}

func (s *sources) set(now *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.eofReported = now, false
	s.there.Broadcast()
}

func (s *sources) follow(next *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = next
}

// read fills dst with frames; end: nothing more comes until another track is set.
func (s *sources) read(dst []byte) (n int, end bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.now == nil {
		s.there.Wait()
	}
	for n+4 <= len(dst) && s.now.pos < s.now.as.Frames {
		l, r := Frame(s.now.uri, s.now.pos)
		binary.LittleEndian.PutUint16(dst[n:], uint16(l))
		binary.LittleEndian.PutUint16(dst[n+2:], uint16(r))
		s.now.pos++
		n += 4
	}
	if s.now.pos < s.now.as.Frames {
		return n, false
	}
	if !s.eofReported {
		s.eofReported = true
		select {
		case s.done <- struct{}{}:
		default:
		}
	}
	if s.next == nil {
		return n, true
	}
	s.now, s.next, s.eofReported = s.next, nil, false
	return n, false
}

func (s *sources) positionMs() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return 0
	}
	return s.now.pos * 1000 / Rate
}

func (s *sources) seekMs(ms int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		s.now.pos = min(ms*Rate/1000, s.now.as.Frames)
		s.eofReported = false
	}
}

// output writes to the pipe. It holds its lock while it waits for the reader: whoever
// pauses waits as long.
type output struct {
	lock   chan struct{} // a mutex that can be waited for with an end
	paused bool
	closed bool
	wake   chan struct{}
	from   *sources
	to     *os.File
}

// lockPatience: a call that cannot have the writer for so long hangs for ever.
const lockPatience = 1500 * time.Millisecond

func newOutput(pipe string, from *sources) (*output, error) {
	f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	o := &output{lock: make(chan struct{}, 1), wake: make(chan struct{}, 1), paused: true, from: from, to: f}
	go o.run()
	return o, nil
}

func (o *output) run() {
	buf := make([]byte, 4*Block)
	for {
		o.lock <- struct{}{}
		if o.closed {
			<-o.lock
			return
		}
		if o.paused {
			<-o.lock
			<-o.wake
			continue
		}
		n, end := o.from.read(buf)
		if _, err := o.to.Write(buf[:n]); err != nil {
			o.closed = true
		}
		if end {
			o.paused = true
		}
		<-o.lock
	}
}

// pause stops or starts the writer, after the block it is writing.
func (o *output) pause(on bool) {
	t := time.NewTimer(lockPatience)
	defer t.Stop()
	select {
	case o.lock <- struct{}{}:
	case <-t.C:
		select {} // as the contract has it: the daemon hangs
	}
	o.paused = on
	<-o.lock
	select {
	case o.wake <- struct{}{}:
	default:
	}
}
