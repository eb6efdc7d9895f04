package enginetest

import (
	"fmt"
	"time"
)

// load decodes a track, or says why it does not.
func (d *daemon) load(uri string) (*stream, error) {
	t := d.be.track(uri)
	time.Sleep(time.Duration(t.LoadMs) * time.Millisecond)
	switch {
	case t.RefuseKey:
		d.say("warning", "skipping track: Spotify refused the audio key (code 1) for this playback context: "+uri)
		return nil, fmt.Errorf("failed retrieving audio key: code 1")
	case t.Unplayable:
		d.say("info", "skipping unplayable media: "+uri)
		return nil, fmt.Errorf("no supported formats")
	case t.FailPlay:
		return nil, fmt.Errorf("failed creating stream")
	}
	return &stream{uri: uri, as: t}, nil
}

func (d *daemon) emit(kind string, more map[string]any) {
	m := map[string]any{"context_uri": "", "uri": d.current, "play_origin": "go-librespot"}
	for k, v := range more {
		m[k] = v
	}
	d.hub.emit(kind, m)
}

// begin plays what was loaded, or shows it paused.
func (d *daemon) begin(s *stream, paused bool) error {
	if d.out == nil {
		out, err := newOutput(d.conf["audio_output_pipe"], d.src)
		if err != nil {
			return err
		}
		d.out = out
	}
	if d.loaded != s {
		d.src.set(s)
	}
	d.loaded, d.paused, d.since = s, paused, time.Now()
	d.out.pause(paused)
	d.hub.emit("metadata", map[string]any{"uri": s.uri, "name": "a track", "duration": s.as.Ms, "position": d.at})
	if paused {
		d.emit("paused", nil)
	} else {
		d.emit("playing", map[string]any{"resume": false})
	}
	d.planPrefetch()
	return nil
}

// play replaces everything by one track.
func (d *daemon) play(uri string, ms int64, paused bool) error {
	d.active = true
	d.tracks, d.queue, d.queued = []string{uri}, nil, nil
	d.current, d.at = uri, 0
	d.src.follow(nil)
	d.emit("will_play", nil)
	s, err := d.load(uri)
	if err != nil {
		return err
	}
	if d.be.NoPositionInPlay {
		ms = 0
	}
	if err := d.begin(s, paused || ms > 0); err != nil {
		return err
	}
	if ms > 0 {
		d.seek(ms)
		if !paused {
			d.resume()
		}
	}
	return nil
}

func (d *daemon) pause() {
	if d.loaded == nil {
		return
	}
	d.at = d.src.positionMs() // and what is written until the writer stops is not counted
	d.out.pause(true)
	d.paused = true
	d.emit("paused", nil)
}

func (d *daemon) resume() {
	if d.loaded == nil {
		return
	}
	d.src.seekMs(d.position())
	d.paused, d.since = false, time.Now()
	d.out.pause(false)
	d.emit("playing", map[string]any{"resume": !d.be.NoResumeInEvents})
	d.planPrefetch()
}

func (d *daemon) seek(ms int64) {
	if d.loaded == nil {
		return
	}
	ms = min(max(ms, 0), int64(d.loaded.as.Ms))
	d.src.seekMs(ms)
	d.at, d.since = ms, time.Now()
	d.emit("seek", map[string]any{"position": ms, "duration": d.loaded.as.Ms})
}

// inactive: another device plays, or we were told to stop.
func (d *daemon) inactive() {
	if d.out != nil {
		d.out.pause(true)
	}
	d.src.follow(nil)
	d.active, d.loaded, d.queued, d.current, d.queue = false, nil, nil, "", nil
	d.hub.emit("inactive", nil)
}

// planPrefetch has what follows loaded soon.
func (d *daemon) planPrefetch() {
	if d.loaded == nil || d.paused || len(d.queue) == 0 || d.be.NoPrefetch {
		d.when.Stop()
		return
	}
	d.when.Reset(10 * time.Millisecond)
}

func (d *daemon) prefetch() {
	if len(d.queue) == 0 || d.queued != nil || d.loaded == nil {
		return
	}
	s, err := d.load(d.queue[0])
	if err != nil {
		d.say("warning", "failed prefetching track stream: "+err.Error())
		return
	}
	d.queued = s
	d.src.follow(s)
}

// trackEnded goes on with what was queued, or back to the start of the context, paused.
func (d *daemon) trackEnded() {
	d.emit("not_playing", nil)
	for {
		paused := len(d.queue) == 0
		next := ""
		switch {
		case !paused:
			next, d.queue = d.queue[0], d.queue[1:]
		case len(d.tracks) > 0:
			next = d.tracks[0]
		default:
			return
		}
		d.current, d.at = next, 0
		d.emit("will_play", nil)
		s := d.queued
		d.queued = nil
		if s == nil || s.uri != next {
			d.src.follow(nil)
			var err error
			if s, err = d.load(next); err != nil {
				if paused {
					d.emit("stopped", nil)
					return
				}
				continue
			}
		} else {
			d.loaded = s // the writer is at it already
		}
		if err := d.begin(s, paused); err != nil {
			d.say("error", err.Error())
		}
		if paused {
			d.emit("stopped", nil)
		}
		return
	}
}
