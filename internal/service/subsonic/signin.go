package subsonic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"segue/internal/httpx"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/internal/service/subsonic/server"
	"segue/internal/service/subsonic/wire"
	"segue/session"
)

var errNothingGiven = errors.New("neither a password nor a remembered credential was given")

// Login signs in: with a password in the best form that the server takes, else with what
// is remembered. A certificate that nobody vouches for is trusted when a person says so.
func (s *Service) Login(ctx context.Context, in session.SignIn, ask session.Asker) (session.SignedIn, error) {
	op := "sign in"
	bad := func(err error) error {
		return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: err}
	}
	if in.Password.IsZero() && !in.Blob.IsZero() {
		return s.relogin(ctx, in)
	}
	if in.User == "" {
		in.User = s.user
	}
	if in.User == "" && s.wish != server.Key {
		return session.SignedIn{}, bad(errors.New("it needs a user name"))
	}
	if in.Password.IsZero() {
		if ask == nil {
			return session.SignedIn{}, bad(errNothingGiven)
		}
		what := "password of " + in.User
		if s.wish == server.Key {
			what = "API key"
		}
		word, err := ask(ctx, session.Question{What: session.QuestionPassword, Text: fmt.Sprintf("%s at %s", what, s.srv.Address())})
		if err != nil {
			return session.SignedIn{}, s.fault(op, err)
		}
		if word.IsZero() {
			return session.SignedIn{}, bad(errNothingGiven)
		}
		in.Password = word
	}
	was := s.srv.Credential()
	cred, err := s.srv.SignIn(ctx, in.User, in.Password, s.wish)
	if print := unknownCertificate(err); print != "" && ask != nil {
		if cred, err = s.trustAndSignIn(ctx, in, ask, print, err); err == nil {
			cred.Trust = print
		}
	}
	s.heardOf(err)
	if err != nil {
		return session.SignedIn{}, s.loginFault(op, err)
	}
	blob, err := cred.Blob()
	if err != nil {
		return session.SignedIn{}, s.fault(op, err)
	}
	s.otherUser(ctx, was, cred)
	return session.SignedIn{User: s.whoAmI(ctx, cred), Blob: secret.New(string(blob)), Note: noteOn(cred)}, nil
}

// noteOn is what the user must know of what is remembered.
func noteOn(c wire.Credential) string {
	if c.HoldsPassword() {
		return "this server takes no tokens: Segue has to keep the password itself"
	}
	return ""
}

// unknownCertificate is the fingerprint of a certificate that was not accepted.
func unknownCertificate(err error) string {
	var h *httpx.Error
	if errors.As(err, &h) && h.Kind == httpx.TLS {
		return h.Fingerprint
	}
	return ""
}

func (s *Service) trustAndSignIn(ctx context.Context, in session.SignIn, ask session.Asker, print string, why error) (wire.Credential, error) {
	answer, err := ask(ctx, session.Question{What: session.QuestionYesNo,
		Text: fmt.Sprintf("%s. Its SHA-256 is %s. Trust it from now on?", bare(why), spaced(print))})
	if err != nil {
		return wire.Credential{}, err
	}
	if yes := strings.ToLower(strings.TrimSpace(answer.Reveal())); yes != "yes" && yes != "y" {
		return wire.Credential{}, why
	}
	if err := s.srv.Trust(print); err != nil {
		return wire.Credential{}, err
	}
	return s.srv.SignIn(ctx, in.User, in.Password, s.wish)
}

func bare(err error) string {
	var h *httpx.Error
	if errors.As(err, &h) {
		return h.Bare()
	}
	return err.Error()
}

// spaced is a fingerprint in groups, as other programs show it.
func spaced(print string) string {
	var b strings.Builder
	for i := 0; i < len(print); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(print[i:min(i+2, len(print))]))
	}
	return b.String()
}

// relogin signs in with what is remembered. It stays in use while the server cannot be
// reached; only a refusal costs it.
func (s *Service) relogin(ctx context.Context, in session.SignIn) (session.SignedIn, error) {
	op := "sign-in"
	cred, err := wire.ParseBlob([]byte(in.Blob.Reveal()))
	if err != nil {
		return session.SignedIn{}, &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: op, Err: err}
	}
	if err := s.srv.Use(cred); err != nil {
		return session.SignedIn{}, s.fault(op, err)
	}
	err = s.srv.Greet(ctx, cred)
	s.heardOf(err)
	f := s.loginFault(op, err)
	var known *session.Fault
	if errors.As(f, &known) {
		if known.Kind == session.BadUsernameOrPassword {
			s.srv.Drop()
		}
		return session.SignedIn{}, f
	}
	return session.SignedIn{User: s.whoAmI(ctx, cred)}, nil
}

// otherUser forgets what another user was told.
func (s *Service) otherUser(ctx context.Context, was, now wire.Credential) {
	s.outdated()
	if was.User == "" || was.User == now.User {
		return
	}
	s.mu.Lock()
	s.me = nil
	s.mu.Unlock()
	if db, err := s.store(ctx); err == nil {
		if err := db.DropAnswers(ctx); err != nil {
			s.note("%s: what the server told another user is still remembered: %v", s.id, err)
		}
	}
}

// whoAmI asks who is signed in; a server that does not say leaves the name that was given.
func (s *Service) whoAmI(ctx context.Context, c wire.Credential) music.User {
	reply, _, err := s.srv.Ask(ctx, "getUser", url.Values{"username": {c.User}})
	if err != nil || reply.User.Value.Name == "" {
		return music.User{Name: c.User}
	}
	me := reply.User.Value
	s.mu.Lock()
	s.me = &me
	s.mu.Unlock()
	return music.User{Name: string(me.Name)}
}

// Logout drops what is in memory.
func (s *Service) Logout(context.Context) error {
	s.srv.Drop()
	s.outdated()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.me, s.probed = nil, false
	return nil
}

// Forget has nothing to make useless: these servers know no sessions. What the server
// told the user is forgotten.
func (s *Service) Forget(ctx context.Context, _ session.Credential) error {
	if err := s.Logout(ctx); err != nil {
		return err
	}
	db, err := s.store(ctx)
	if err != nil {
		return s.fault("forget", err)
	}
	return s.fault("forget", db.DropAnswers(ctx))
}

// SetNetwork says whether the network may be used.
func (s *Service) SetNetwork(allowed bool) {
	s.srv.SetNetwork(allowed)
	s.srv.CloseIdle() // what was connected before may be dead by now
	s.mu.Lock()
	s.blocked = !allowed
	s.mu.Unlock()
	s.outdated() // what can be played is another matter now
	if allowed {
		s.lookAgain()
	}
}

// User tells of oneself, or of another user where the server lets us ask.
func (s *Service) User(ctx context.Context, name string) (music.User, error) {
	c := s.srv.Credential()
	if name == "" || strings.EqualFold(name, c.User) {
		if c.IsZero() {
			return music.User{}, s.fault("look up the user", server.ErrNoCredential)
		}
		return s.whoAmI(ctx, c), nil
	}
	a, err := s.ask(ctx, "getUser", url.Values{"username": {name}})
	if err != nil {
		return music.User{}, s.fault("look up the user "+music.Clean(name), err)
	}
	return music.User{Name: string(a.User.Value.Name)}, nil
}
