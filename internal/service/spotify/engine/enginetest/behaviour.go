// Package enginetest is a go-librespot for tests: what it does as the real one does it, and
// what it can be told to do badly. The program itself is engine/standin; Build makes it.
//
// The rules are those of the contract, and of the real program's source: one loop answers
// calls and events alike; the writer holds its lock while it waits for the pipe's reader;
// resume goes back to the millisecond at which pause was called, not to the frame that was
// delivered last; a track that is prefetched follows in the pipe without a mark.
package enginetest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Rate of the frames, and what is written at once: with a pipe of 16 KiB behind it the
// writer is up to 418 ms ahead of its reader.
const (
	Rate  = 44100
	Block = 14336 // frames
)

// Track is one that the stand-in can play.
type Track struct {
	Ms     int   // length that its metadata claim; 0 = that of Frames
	Frames int64 // length in truth; 0 = 20 s
	// RefuseKey: Spotify gives no key for it, as for all tracks of new accounts.
	// Unplayable: there is no such media here. FailPlay: 500 without a word.
	RefuseKey, Unplayable, FailPlay bool
	LoadMs                          int // how long it takes to load
}

// Behaviour is what the stand-in does. The zero value is a well-behaved newest one.
type Behaviour struct {
	Version string // "" = 0.9.1; up to 0.9.0 device_auth is not known
	SayMs   int    // until it says which it is
	Offline bool   // exits with 1 at once
	// Refused: the remembered sign-in is no longer good. NoSession: 204 for everything.
	// NewAccount: no key for any track.
	Refused, NoSession, NewAccount bool
	Mute                           bool // does not say on which port it listens
	ApproveMs                      int  // a person signs in after so long; 0 = when asked by Control
	IgnoreTerm                     bool // stays when it is told to go
	NoPositionInPlay               bool // an older one: play begins at 0 whatever it is told
	NoPrefetch                     bool // what follows is loaded only when its turn has come
	NoResumeInEvents               bool // an older one: its events do not tell going on from a start
	HangOn                         string
	Tracks                         map[string]Track
}

// Write puts a behaviour into the folder of an engine, for all its next lives.
func (b Behaviour) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, behaviourFile), data, 0o600)
}

// SignedIn puts a sign-in into the folder of an engine.
func SignedIn(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "state.json"), []byte(`{"device_id":"d0","credentials":{"username":"somebody","data":"YmxvYg=="}}`), 0o600)
}

const (
	behaviourFile = "standin.json"
	portFile      = "standin.port"
	// behaviourEnv names a behaviour's file, for engines whose folder is not known.
	behaviourEnv = "SEGUE_STANDIN"
)

// behaviourOf finds the behaviour of an engine's folder: in it, in the one above, or where
// the environment says.
func behaviourOf(dir string) (b Behaviour, err error) {
	for _, path := range []string{filepath.Join(dir, behaviourFile), filepath.Join(filepath.Dir(dir), behaviourFile), os.Getenv(behaviourEnv)} {
		data, err := os.ReadFile(path)
		if err == nil {
			return b, json.Unmarshal(data, &b)
		}
	}
	return b, nil
}

// track is how a URI plays.
func (b Behaviour) track(uri string) Track {
	t := b.Tracks[uri]
	if t.Frames == 0 {
		t.Frames = 20 * Rate
	}
	if t.Ms == 0 {
		t.Ms = int(t.Frames * 1000 / Rate)
	}
	t.RefuseKey = t.RefuseKey || b.NewAccount
	return t
}

// Frame is the i-th frame of a track: no two frames of any two tracks are alike, so that
// one lost, doubled or moved frame shows.
func Frame(uri string, i int64) (left, right int16) {
	return int16(uint16(i)), int16(uint16(i>>16)&0x3ff | mark(uri)<<10)
}

// Which says which frame of which track it is, of those that are asked about.
func Which(left, right int16, uris ...string) (uri string, i int64) {
	i = int64(uint16(left)) | int64(uint16(right)&0x3ff)<<16
	for _, u := range uris {
		if mark(u) == uint16(right)>>10 {
			return u, i
		}
	}
	return "", i
}

func mark(uri string) uint16 {
	h := uint32(2166136261)
	for _, c := range []byte(uri) {
		h = (h ^ uint32(c)) * 16777619
	}
	return uint16(h>>16^h) & 0x3f
}

// Build makes the program in a folder, under the name of the real one, and returns its
// path. It needs the go command.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "go-librespot")
	out, err := exec.Command("go", "build", "-o", path, "segue/internal/service/spotify/engine/standin").CombinedOutput() //nolint:noctx // the test's own deadline ends it
	if err != nil {
		return "", fmt.Errorf("enginetest: build: %w: %s", err, out)
	}
	return path, nil
}
