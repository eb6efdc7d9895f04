package spotify

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"segue/cache"
)

// endedBlob stands for a grant that has ended, of which nothing is kept: with it Login
// tells the cause.
const endedBlob = "ended"

// grantEnded is told by the token's source: nil = another grant took its place.
func (s *Service) grantEnded(was *cache.Token) {
	s.mu.Lock()
	s.ended = was
	s.mu.Unlock()
	if was == nil {
		return
	}
	g := grantOf(was)
	if data, err := json.Marshal(endOf{User: g.userOr(s.user), SignedIn: g.signedIn}); err == nil && s.cfg.DataDir != "" {
		_ = cache.WriteFile(s.endPath(), data) // else the next run says that nobody is signed in
	}
}

// endOf is a grant that has ended, as it is remembered for `segue doctor`, which is another run.
type endOf struct {
	User     string    `json:"user"`
	SignedIn time.Time `json:"signedIn"` // zero = nobody knows
}

func (s *Service) endPath() string {
	return filepath.Join(s.cfg.DataDir, "spotify-"+string(s.id)+"-ended.json")
}

// lastEnd is the grant that has ended and that nothing took the place of, in whichever run.
func (s *Service) lastEnd() (end endOf, ok bool) {
	data, err := os.ReadFile(s.endPath())
	if s.cfg.DataDir == "" || err != nil || json.Unmarshal(data, &end) != nil {
		return endOf{}, false
	}
	return end, true
}

// anotherGrant forgets that one has ended.
func (s *Service) anotherGrant() error {
	s.grantEnded(nil)
	if s.cfg.DataDir == "" {
		return nil
	}
	if err := os.Remove(s.endPath()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// hasEnded is the last token of a grant that has ended, as long as no other took its place.
func (s *Service) hasEnded() *cache.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}
