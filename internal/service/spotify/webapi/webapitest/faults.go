package webapitest

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

// Fault is something that goes wrong, or is slow. The first that fits a call is used.
type Fault struct {
	On    string // "METHOD PATH" as a pattern of path.Match, such as "GET /me/*"; "" = every call
	Times int    // how often; 0 = until Heal

	Status int // 0: the call is answered as ever, after the wait
	Header http.Header
	Body   string
	Cut    bool          // the answer breaks off in the middle
	Wait   time.Duration // before the answer
	Hold   bool          // no answer before Heal (or the caller gives up)

	used int
	held chan struct{}
}

// Fail lets something go wrong from now on.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.held = make(chan struct{})
	s.faults = append(s.faults, &f)
}

// Heal ends all faults; calls that are held are answered.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		close(f.held)
	}
	s.faults = nil
}

// fault finds the one that a call meets. Called with the lock held.
func (s *Server) fault(method, at string) *Fault {
	for _, f := range s.faults {
		fits, err := path.Match(f.On, method+" "+at)
		if f.On != "" && (!fits || err != nil) || f.Times > 0 && f.used >= f.Times {
			continue
		}
		f.used++
		return f
	}
	return nil
}

// Text is an answer in plain text.
func Text(status int, text string) Fault {
	return Fault{Status: status, Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, Body: text}
}

// JSON is an error as Spotify writes most; reason may be empty.
func JSON(status int, message, reason string) Fault {
	return Fault{Status: status, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: errorJSON(status, message, reason)}
}

func errorJSON(status int, message, reason string) string {
	if reason == "" {
		return fmt.Sprintf(`{"error":{"status":%d,"message":%q}}`, status, message)
	}
	return fmt.Sprintf(`{"error":{"status":%d,"message":%q,"reason":%q}}`, status, message, reason)
}

// TooMany is a plain 429; after = what Retry-After says, 0 = nothing.
func TooMany(after time.Duration) Fault {
	f := JSON(http.StatusTooManyRequests, "API rate limit exceeded", "")
	return f.after(after)
}

// QuotaUsedUp is a 429 about the developer's quota; after as with TooMany.
func QuotaUsedUp(after time.Duration) Fault {
	f := JSON(http.StatusTooManyRequests, "Quota exceeded for this app", "QUOTA_EXCEEDED")
	return f.after(after)
}

func (f Fault) after(d time.Duration) Fault {
	if d > 0 {
		f.Header.Set("Retry-After", fmt.Sprint(int(d.Seconds())))
	}
	return f
}

// WebPage is what a hotel's network answers.
func WebPage() Fault {
	return Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<!doctype html><h1>Welcome</h1>"}
}

// Broken is a fault of Spotify's own, without a body.
func Broken(status int) Fault { return Fault{Status: status} }

// For limits a fault to calls that fit a pattern.
func (f Fault) For(on string) Fault {
	f.On = on
	return f
}

// Once lets a fault happen so many times.
func (f Fault) Once(times int) Fault {
	f.Times = times
	return f
}

const (
	ownerText    = "Active premium subscription required for the owner of the app. When the subscription status changes, it can take a few hours before requests are allowed again."
	unlistedText = "Check settings on developer.spotify.com/dashboard, the user may not be registered."
)

// barred is why a call is refused whatever it is; nil: it is not. Called with the lock held.
func (s *Server) barred(userID string) *Fault {
	var f Fault
	u := s.users[userID]
	switch {
	case !s.ownerPremium:
		f = Text(http.StatusForbidden, ownerText)
	case userID == "":
		f = JSON(http.StatusUnauthorized, "The access token expired", "")
	case u == nil || u.Unlisted:
		f = Text(http.StatusForbidden, unlistedText)
	case s.full():
		f = TooMany(s.opens())
	default:
		return nil
	}
	return &f
}

// full counts a call and reports whether the window has no room for it. Called with the
// lock held.
func (s *Server) full() bool {
	now := s.clock()
	for len(s.window) > 0 && now.Sub(s.window[0]) >= 30*time.Second {
		s.window = s.window[1:]
	}
	if s.mostInWindow > 0 && len(s.window) >= s.mostInWindow {
		return true
	}
	s.window = append(s.window, now)
	return false
}

// opens is how long it takes until the window has room. Called with the lock held.
func (s *Server) opens() time.Duration {
	return max(time.Second, s.window[0].Add(30*time.Second).Sub(s.clock()).Round(time.Second))
}

// trimmed is a path without the base's.
func trimmed(p string) string { return strings.TrimPrefix(p, "/v1") }
