package spotify

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"segue/cache"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// premium is what is known of a listener's subscription, which Spotify does not tell apps:
// only that it refused to play, until something plays.
type premium struct {
	mu   sync.Mutex // held while the file is read and written, too
	read bool
	last refusal
}

// refusal is that Spotify has refused somebody what takes Premium; zero = it has not.
type refusal struct {
	User string    `json:"user"`
	At   time.Time `json:"at"`
}

func (s *Service) premiumPath() string {
	if s.cfg.DataDir == "" {
		return ""
	}
	return filepath.Join(s.cfg.DataDir, "spotify-"+string(s.id)+"-premium.json")
}

// refused is when Spotify last refused the user who is signed in what takes Premium; zero =
// it has not, or something has played since.
func (s *Service) refused() time.Time {
	p := &s.premium
	p.mu.Lock()
	defer p.mu.Unlock()
	s.recallPremium()
	if p.last.User != s.myName() {
		return time.Time{}
	}
	return p.last.At
}

// recallPremium reads what is kept. p.mu is held.
func (s *Service) recallPremium() {
	p := &s.premium
	if p.read {
		return
	}
	p.read = true
	path := s.premiumPath()
	if path == "" {
		return
	}
	var kept refusal
	if data, err := os.ReadFile(path); err == nil && json.Unmarshal(data, &kept) == nil { // one that is unreadable says nothing
		p.last = kept
	}
}

// keepPremium writes it down. p.mu is held.
func (s *Service) keepPremium() error {
	path := s.premiumPath()
	if path == "" {
		return nil
	}
	data, err := json.Marshal(s.premium.last)
	if err != nil {
		return err
	}
	return cache.WriteFile(path, data)
}

// premiumNeeded takes note where a fault says that the user, not the app's owner, has no Premium.
func (s *Service) premiumNeeded(err error) {
	if !isListenersPremium(err) {
		return
	}
	p := &s.premium
	p.mu.Lock()
	p.last, p.read = refusal{User: s.myName(), At: s.cfg.Now().Round(time.Second)}, true
	failed := s.keepPremium()
	p.mu.Unlock()
	if failed != nil {
		s.note("%s: %v", s.id, failed)
	}
	s.remarkPremium()
}

// isListenersPremium tells the listener's subscription from that of the app's owner.
func isListenersPremium(err error) bool {
	var f *session.Fault
	return errors.As(err, &f) && f.Kind == session.UserNeedsPremium && webapi.KindOf(f) != webapi.OwnerNeedsPremium
}

// premiumWorks forgets a refusal: something plays, or Spotify says that there is Premium.
func (s *Service) premiumWorks() {
	if s.refused().IsZero() {
		return
	}
	if err := s.forgetPremium(); err != nil {
		s.note("%s: %v", s.id, err)
	}
	s.remarkPremium()
}

func (s *Service) forgetPremium() error {
	p := &s.premium
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.read = refusal{}, true
	path := s.premiumPath()
	if path == "" {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// premiumText says that playing was refused, "" where it was not.
func (s *Service) premiumText() string {
	at := s.refused()
	if at.IsZero() {
		return ""
	}
	return "Spotify refused to play on " + at.Local().Format("2006-01-02 15:04") + ": this user has no Premium"
}

// remarkPremium puts it on the account's page, or takes it away.
func (s *Service) remarkPremium() { s.say(session.NewsRemark{Text: s.premiumText()}) }
