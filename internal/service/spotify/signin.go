package spotify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
)

// opSignIn is what failed where a sign-in did; an instruction it must not look like.
const opSignIn = "sign-in"

// Login implements session.Authenticator. Spotify takes no passwords: without a blob a
// person signs in in a browser, and the engine, if it plays here, is signed in after that.
func (s *Service) Login(ctx context.Context, in session.SignIn, ask session.Asker) (session.SignedIn, error) {
	if s.cfg.Tokens == nil {
		return session.SignedIn{}, &session.Fault{Kind: session.SystemFailure, Account: s.id, Op: opSignIn, Err: errNoPlace}
	}
	if !in.Blob.IsZero() {
		return s.relogin(ctx, in)
	}
	got, err := s.signIn(ctx, in, ask)
	if err != nil {
		return session.SignedIn{}, s.loginFault(err)
	}
	s.isIn(nil)
	s.remarkPremium()
	return got, nil
}

// isIn writes down that the last sign-in went well, or what came of it.
func (s *Service) isIn(trouble *session.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = trouble
}

// relogin signs in with what is remembered, and asks nobody. It stays in use while Spotify
// cannot be reached; only Spotify's word that it has ended costs it.
func (s *Service) relogin(ctx context.Context, in session.SignIn) (session.SignedIn, error) {
	if in.Blob.Reveal() == endedBlob && s.hasEnded() != nil {
		return session.SignedIn{}, s.loginFault(cache.ErrSignIn)
	}
	if err := s.adopt(ctx, in.Blob); err != nil {
		return session.SignedIn{}, s.loginFault(err)
	}
	t, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	if err != nil {
		return session.SignedIn{}, s.loginFault(err)
	}
	s.know(t)
	if g := s.granted(); t != nil && g.client == "" && s.cfg.ClientID == "" {
		return session.SignedIn{}, s.loginFault(&session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: opSignIn,
			Err: errors.New("its sign-in does not say with which client id it was made"), Hint: "set client_id under [spotify] in the config, or " + s.again()})
	}
	if _, err := s.source.Token(ctx, cache.Secret{}); err != nil {
		return session.SignedIn{}, s.loginFault(err)
	}
	user, err := s.whoAmI(ctx)
	if err != nil {
		return session.SignedIn{}, s.loginFault(err)
	}
	if g := s.granted(); g.user != user.Name || g.name != user.Display {
		if err := s.mark(ctx, user); err != nil {
			return session.SignedIn{}, s.loginFault(err)
		}
	}
	s.isIn(nil)
	s.remarkPremium()
	got := s.signedIn(user)
	got.Note = s.endNote()
	s.mu.Lock()
	s.toldEnd = s.toldEnd || got.Note != ""
	s.mu.Unlock()
	return got, nil
}

// signedIn is who is in, by the grant that is stored.
func (s *Service) signedIn(user music.User) session.SignedIn {
	g := s.granted()
	return session.SignedIn{User: user, Until: g.until(), Scopes: strings.Fields(g.scope), Allows: allowed(g.scope), Lacks: s.lacks()}
}

// signIn has a person sign in.
func (s *Service) signIn(ctx context.Context, in session.SignIn, ask session.Asker) (session.SignedIn, error) {
	old, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	if err != nil && !errors.Is(err, cache.ErrUnavailable) {
		return session.SignedIn{}, err
	}
	s.know(old)
	id, asked, err := s.clientID(ctx, ask)
	if err != nil {
		return session.SignedIn{}, err
	}
	token, err := s.inBrowser(ctx, id, in, ask)
	if err == nil && len(in.For) > 0 {
		err = s.sameUser(ctx, token)
	}
	if err != nil {
		return session.SignedIn{}, err
	}
	// What is to be gone back to may have been refreshed while the person signed in.
	if now, err := s.cfg.Tokens.Stored(ctx, string(s.id)); err == nil {
		old = now
	}
	s.mu.Lock()
	was := standing{token: old, passing: s.passing, ended: s.ended, me: s.me}
	s.mu.Unlock()
	user, err := s.takeOver(ctx, token, in.Remember)
	if err == nil {
		var note string
		if len(in.For) == 0 {
			note, err = s.engineToo(ctx, in, ask)
		}
		if err == nil {
			got := s.signedIn(user)
			got.Note = note
			got.Blob, err = s.blob(ctx)
			if asked {
				got.Options = map[string]string{optClientID: id}
			}
			return got, err
		}
	}
	s.goBack(context.WithoutCancel(ctx), was, in.Remember)
	return session.SignedIn{}, err
}

// blob is the grant that is stored.
func (s *Service) blob(ctx context.Context) (secret.Secret, error) {
	t, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	if err != nil || t == nil {
		return secret.Secret{}, err
	}
	return tokenBlob(t)
}

// The steps to a client id.
const howToApp = `Segue needs the client id of an app of your own at Spotify. It costs nothing, but whoever makes it must have Premium:
1. open ` + dashboard + ` and choose “Create app”
2. enter %s under “Redirect URIs”, tick “Web API”, and save
3. copy the Client ID, 32 digits and letters, and paste it here`

// clientID is the id to sign in with: what is configured, else what the last sign-in was
// made with, else a person is asked.
func (s *Service) clientID(ctx context.Context, ask session.Asker) (id string, asked bool, err error) {
	if s.cfg.ClientID != "" {
		return s.cfg.ClientID, false, nil
	}
	if id := s.granted().client; isClientID(id) {
		return id, true, nil // kept anew: the grant may go
	}
	if ask == nil {
		return "", false, s.noClientID()
	}
	text := fmt.Sprintf(howToApp, s.cfg.RedirectURI)
	for {
		answer, err := ask(ctx, session.Question{What: session.QuestionText, Text: text, URL: dashboard})
		if err != nil {
			return "", false, err
		}
		id := strings.ToLower(strings.TrimSpace(answer.Reveal()))
		if isClientID(id) {
			return id, true, nil
		}
		text = "That is no client id: it is 32 digits and letters from a to f, under “Client ID” in the settings of your app. The client secret is not asked for."
	}
}

func (s *Service) noClientID() error {
	return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: opSignIn, Err: errors.New("no client id is set"),
		Hint: "set client_id under [spotify] in the config, or " + s.again()}
}
