package spotify

import (
	"context"
	"errors"

	"segue/internal/music"
	"segue/session"
)

// whoAmI asks who is signed in. In development mode Spotify tells no country, address or
// subscription.
func (s *Service) whoAmI(ctx context.Context) (music.User, error) {
	me, err := s.api.Me(ctx)
	if err != nil {
		return music.User{}, err
	}
	u := music.User{Name: me.ID, Display: me.Name, Country: me.Country, Product: me.Product}
	if u.Name == "" {
		return u, errors.New("Spotify does not say who is signed in")
	}
	s.mu.Lock()
	s.me = u
	s.mu.Unlock()
	if u.Product == "premium" {
		s.premiumWorks()
	}
	return u, nil
}

// User implements session.UserTeller: oneself, and nobody else since 2026.
func (s *Service) User(ctx context.Context, name string) (music.User, error) {
	s.mu.Lock()
	me := s.me
	s.mu.Unlock()
	switch {
	case name != "" && name != me.Name && name != s.granted().user:
		return music.User{}, &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: "look up the user " + music.Clean(name),
			Err: errors.New("Spotify tells apps nothing of other users since 2026")}
	case me.Name != "":
		return me, nil
	}
	u, err := s.whoAmI(ctx)
	return u, s.fault("look up the user", err)
}
