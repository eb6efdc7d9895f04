package spotify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// Keeps says what Erase would delete.
func (s *Service) Keeps(context.Context) (string, error) {
	return "what is remembered of Spotify, and the engine's sign-in if there is one", nil
}

// Erase deletes what of the account is on this machine. The grant is the token cache's,
// and goes with Forget.
func (s *Service) Erase(ctx context.Context) error {
	var errs []error
	if e, err := s.theEngine(); err == nil && e != nil {
		errs = append(errs, e.Forget(ctx))
	}
	errs = append(errs, s.Close(), s.forgetBrowsing(), s.there().Forget(), s.forgetPremium())
	s.api.Drop()
	if path := s.memoryPath(); path != "" {
		aside, err := filepath.Glob(path + ".bad-*") // what could not be read is the account's, too
		errs = append(errs, err)
		for _, p := range aside {
			errs = append(errs, os.Remove(p))
		}
	}
	return s.fault("delete what is kept", errors.Join(errs...))
}
