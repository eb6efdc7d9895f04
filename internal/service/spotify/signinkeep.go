package spotify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
	"segue/session"
)

// takeOver puts a new grant in force, if the Web API says whose it is.
func (s *Service) takeOver(ctx context.Context, t *cache.Token, remember bool) (music.User, error) {
	if err := s.remember(remember); err != nil {
		return music.User{}, err
	}
	was := s.granted()
	if err := s.put(ctx, t); err != nil {
		return music.User{}, err
	}
	s.grantEnded(nil)
	s.know(t)
	user, err := s.whoAmI(ctx)
	if err != nil {
		return music.User{}, err
	}
	if was.user != "" && was.user != user.Name {
		s.api.Drop()
		if err := errors.Join(s.forgetBrowsing(), s.there().Forget(), s.forgetPremium()); err != nil {
			return music.User{}, err
		}
	}
	s.mu.Lock()
	s.toldEnd = false
	s.mu.Unlock()
	return user, errors.Join(s.mark(ctx, user), s.anotherGrant())
}

// remember chooses where the grant goes: the place of the config, or memory alone.
func (s *Service) remember(on bool) error {
	s.mu.Lock()
	was := s.passing
	s.passing = !on
	s.mu.Unlock()
	switch {
	case !on:
		return s.cfg.Tokens.Use(string(s.id), cache.NewMemory(nil))
	case was:
		return s.cfg.Tokens.Use(string(s.id), nil)
	}
	return nil
}

// mark writes into the token whose it is, in the account's critical section.
func (s *Service) mark(ctx context.Context, user music.User) error {
	unlock, err := s.cfg.Tokens.Lock(ctx, string(s.id))
	if err != nil {
		return err
	}
	defer unlock()
	t, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	if err != nil || t == nil {
		return err
	}
	if err := errors.Join(setText(t, keyUser, user.Name), setText(t, keyName, user.Display)); err != nil {
		return err
	}
	h, err := s.cfg.Tokens.Handler(string(s.id))
	if err != nil {
		return err
	}
	s.know(t)
	err = h.Save(ctx, t)
	s.source.Drop() // its token does not say it
	return s.stored(err)
}

// sameUser refuses a token of anybody but who is signed in. It is asked before anything is
// kept, so that what was granted before is not touched.
func (s *Service) sameUser(ctx context.Context, t *cache.Token) error {
	was := s.granted()
	if was.user == "" {
		return nil
	}
	req, err := httpx.NewRequest(ctx, http.MethodGet, s.cfg.API+"/me", http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.AccessToken.Reveal())
	_, body, err := s.http.Bytes(req)
	if err != nil {
		return err
	}
	var me struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &me); err != nil || me.ID == "" {
		return errors.New("Spotify does not say who has signed in")
	}
	if me.ID == was.user {
		return nil
	}
	return &session.Fault{Kind: session.OtherPermanent, Account: s.id, Op: opSignIn,
		Err:  fmt.Errorf("that was %s, but the account is of %s, who stays signed in", music.Clean(me.ID), named(was.name, was.user)),
		Hint: "segue login " + string(s.id) + " --force signs in somebody else"}
}

// standing is how an account stands before a sign-in that may come to nothing.
type standing struct {
	token   *cache.Token // nil = none
	passing bool         // which is in memory alone
	ended   *cache.Token // why there is none
	me      music.User
}

// goBack undoes a sign-in that came to nothing: what was there before holds again.
func (s *Service) goBack(ctx context.Context, was standing, remember bool) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := s.keepAgain(ctx, was, remember); err != nil {
		s.note("%s: %v", s.id, err)
	}
	s.source.Drop()
	s.know(was.token)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.me = was.ended, was.me
}

// keepAgain puts back where it was what a sign-in took the place of. remember is where the
// sign-in went.
func (s *Service) keepAgain(ctx context.Context, was standing, remember bool) error {
	var err error
	switch {
	case was.passing && remember:
		err = errors.Join(s.cfg.Tokens.Clear(ctx, string(s.id)), s.remember(false))
	case was.passing:
		err = s.remember(false)
	case !remember:
		return s.remember(true) // the memory goes with its token; what is remembered was not touched
	case was.token == nil:
		return s.cfg.Tokens.Clear(ctx, string(s.id))
	}
	if err != nil || was.token == nil {
		return err
	}
	return s.put(ctx, was.token)
}

// Logout implements session.Authenticator: the access token goes. A grant that is not
// remembered goes altogether.
func (s *Service) Logout(ctx context.Context) error {
	if s.cfg.Tokens == nil {
		return nil
	}
	defer s.source.Drop()
	s.mu.Lock()
	passing := s.passing
	s.me = music.User{}
	s.mu.Unlock()
	if passing {
		return s.remember(true)
	}
	return s.fault("sign out", s.cfg.Tokens.DropAccess(ctx, string(s.id)))
}

// Forget implements session.Authenticator. Spotify has no way to end a grant from here:
// it says where a person can. What it answered and the engine's sign-in go.
func (s *Service) Forget(ctx context.Context, _ session.Credential) error {
	s.source.Drop()
	s.api.Drop()
	s.know(nil)
	errs := []error{s.forgetBrowsing(), s.there().Forget(), s.forgetPremium(), s.anotherGrant()}
	s.remarkPremium()
	if e, err := s.theEngine(); err == nil && e != nil {
		errs = append(errs, e.Forget(ctx))
	}
	s.note("%s: forgotten here. Spotify still lists the app: %s takes its access away", s.id, appsPage)
	return s.fault("forget", errors.Join(errs...))
}
