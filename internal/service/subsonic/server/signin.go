package server

import (
	"context"
	"errors"
	"fmt"

	"segue/internal/httpx"
	"segue/internal/secret"
	"segue/internal/service/subsonic/wire"
)

// Wish says which form of proof to use.
type Wish string

// The wishes; the zero one takes the best form that the server takes.
const (
	Best         Wish = ""
	OnlyToken    Wish = "token"    // never send the password
	OnlyPassword Wish = "password" // for servers behind another directory of users
	Key          Wish = "apikey"   // what is given as the password is an API key
)

// ParseWish reads what a config says.
func ParseWish(text string) (Wish, error) {
	switch w := Wish(text); w {
	case Best, OnlyToken, OnlyPassword, Key:
		return w, nil
	case "auto":
		return Best, nil
	}
	return "", fmt.Errorf("auth is %q, not one of auto, token, password, apikey", text)
}

// SignIn finds the form in which the server takes the password, learns what it can do,
// and keeps the credential for calls. The password itself is only in the credential
// when the server takes nothing else.
func (s *Server) SignIn(ctx context.Context, user string, password secret.Secret, wish Wish) (wire.Credential, error) {
	forms, err := offers(user, password, wish)
	if err != nil {
		return wire.Credential{}, err
	}
	var first error
	for _, c := range forms {
		c.Trust = s.trusted()
		err := s.Greet(ctx, c)
		if err == nil {
			return c, nil
		}
		if first == nil || wrongPassword(err) {
			first = err
		}
		if !otherForm(err) {
			break
		}
	}
	return wire.Credential{}, first
}

func (s *Server) trusted() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o.Fingerprint
}

// offers are the forms to try, in order.
func offers(user string, password secret.Secret, wish Wish) ([]wire.Credential, error) {
	token, err := wire.WithToken(user, password)
	if err != nil {
		return nil, err
	}
	encoded := wire.WithPassword(user, password, wire.FormEncoded)
	plain := wire.WithPassword(user, password, wire.FormPassword)
	switch wish {
	case Key:
		return []wire.Credential{wire.WithKey(user, password)}, nil
	case OnlyToken:
		return []wire.Credential{token}, nil
	case OnlyPassword:
		return []wire.Credential{encoded, plain}, nil
	case Best:
	}
	return []wire.Credential{token, encoded, plain}, nil
}

// otherForm reports whether the server refused the form rather than the password.
func otherForm(err error) bool {
	var refused *wire.Error
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Code {
	case wire.CodeMissing, wire.CodeNoToken, wire.CodeAuthUnsupported, wire.CodeAuthConflict, wire.CodeInvalidKey:
		return true
	}
	return false
}

func wrongPassword(err error) bool {
	var refused *wire.Error
	return errors.As(err, &refused) && refused.Code == wire.CodeWrongPassword
}

// Greet asks the server who it is, with a credential, and keeps both if it is taken.
func (s *Server) Greet(ctx context.Context, c wire.Credential) error {
	if err := s.Trust(c.Trust); err != nil {
		return err
	}
	reply, _, err := s.try(httpx.Repeatable(ctx), "ping", nil, c, false)
	var refused *wire.Error
	if errors.As(err, &refused) && refused.Code == wire.CodeServerTooOld && s.older(string(refused.Version)) {
		reply, _, err = s.try(httpx.Repeatable(ctx), "ping", nil, c, false)
	}
	if errors.As(err, &refused) && refused.Unsupported() {
		return fmt.Errorf("%w (%d to a ping)", wire.ErrForeign, refused.Status)
	}
	if err != nil {
		return err
	}
	about := About{
		Version: string(reply.Version), Kind: string(reply.Type), Release: string(reply.ServerVersion),
		Open: bool(reply.OpenSubsonic), Extensions: map[string][]int{},
	}
	if about.Open {
		if err := s.extensions(ctx, c, &about); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cred, s.about = c, about
	return nil
}

// extensions asks for what the server offers beyond the old protocol. One that does
// not know the question offers nothing.
func (s *Server) extensions(ctx context.Context, c wire.Credential, about *About) error {
	reply, _, err := s.try(httpx.Repeatable(ctx), "getOpenSubsonicExtensions", nil, c, false)
	var refused *wire.Error
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	if err != nil {
		return nil //nolint:nilerr // it offers nothing
	}
	for _, e := range reply.Extensions {
		for _, v := range e.Versions {
			about.Extensions[string(e.Name)] = append(about.Extensions[string(e.Name)], int(v))
		}
	}
	return nil
}
