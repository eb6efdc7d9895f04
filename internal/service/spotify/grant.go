package spotify

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"segue/cache"
	"segue/internal/music"
	"segue/internal/secret"
	"segue/session"
)

// What of a grant stands beside Spotify's own keys in the token, so that it goes where
// the token goes and away with it. The client id is package oauth's.
const (
	keySignedIn = "segue_signed_in" // Unix seconds of the sign-in
	keyUser     = "segue_user"      // Spotify's id of the user
	keyName     = "segue_user_name" // what they are called
	keyClient   = "segue_client_id"
)

const (
	grantMonths = 6                   // a grant lives this long from its sign-in, however much it is used
	soon        = 14 * 24 * time.Hour // before its end people are told
)

// grant is what is known of an account's grant, without its secrets.
type grant struct {
	client   string // id it was made with, "" = not said: another program's
	user     string
	name     string
	scope    string
	signedIn time.Time // zero = nobody knows
}

// grantOf reads what a token says of its grant; nil has none.
func grantOf(t *cache.Token) grant {
	if t == nil {
		return grant{}
	}
	g := grant{client: textOf(t, keyClient), user: textOf(t, keyUser), name: textOf(t, keyName), scope: t.Scope}
	var at int64
	if json.Unmarshal(t.Extra(keySignedIn), &at) == nil && at > 0 {
		g.signedIn = time.Unix(at, 0)
	}
	return g
}

func textOf(t *cache.Token, key string) string {
	var text string
	if json.Unmarshal(t.Extra(key), &text) != nil {
		return ""
	}
	return music.Clean(text)
}

// until is when the grant ends, zero where nobody knows.
func (g grant) until() time.Time {
	if g.signedIn.IsZero() {
		return time.Time{}
	}
	return g.signedIn.AddDate(0, grantMonths, 0)
}

// same reports whether two tokens are of one grant, one of them perhaps refreshed since.
func (g grant) same(o grant) bool {
	return g.client == o.client && g.user == o.user && g.signedIn.Equal(o.signedIn) && !g.signedIn.IsZero()
}

// setText keeps a text beside the token's own keys.
func setText(t *cache.Token, key, text string) error {
	if text == "" {
		return t.SetExtra(key, nil)
	}
	value, err := json.Marshal(text)
	if err != nil {
		return err
	}
	return t.SetExtra(key, value)
}

// tokenBlob is a grant as the session's blob: the token, as it is kept.
func tokenBlob(t *cache.Token) (secret.Secret, error) {
	data, err := cache.JSON{}.Encode(t)
	return secret.New(string(data)), err
}

// errNoPlace says that the house gave no place for tokens.
var errNoPlace = errors.New("there is no place where its sign-in could be kept")

// grants is the session's Vault over the token cache: the grant is kept there and only
// there, because it changes while it is used.
type grants struct{ s *Service }

// Vault implements session.Keeper.
func (s *Service) Vault() session.Vault { return grants{s} }

// Load implements session.Vault.
func (v grants) Load(ctx context.Context, _ music.AccountID) (*session.Credential, error) {
	if v.s.cfg.Tokens == nil {
		return nil, nil //nolint:nilnil // the contract of Vault: nothing is no error
	}
	t, err := v.s.cfg.Tokens.Stored(ctx, string(v.s.id))
	if err != nil {
		return nil, v.s.fault("look for the sign-in", err)
	}
	if t.Judge(v.s.cfg.Now()) == cache.SignIn {
		if was := v.s.hasEnded(); was != nil { // Login says why
			return &session.Credential{Service: Kind, User: grantOf(was).userOr(v.s.user), Blob: secret.New(endedBlob)}, nil
		}
		return nil, nil //nolint:nilnil // as above: nothing of use is nothing
	}
	blob, err := tokenBlob(t)
	if err != nil {
		return nil, err
	}
	v.s.know(t)
	g := grantOf(t)
	return &session.Credential{Service: Kind, User: g.userOr(v.s.user), Blob: blob}, nil
}

// ofOne reports whether two tokens are of one grant, one of them perhaps refreshed since.
func ofOne(a, b *cache.Token) bool {
	return grantOf(a).same(grantOf(b)) || a.RefreshToken.Equal(b.RefreshToken)
}

// userOr is the user's id, or what the config calls them, or a word: a grant that another
// program made does not say whose it is, and is one all the same.
func (g grant) userOr(configured string) string {
	for _, name := range []string{g.user, configured} {
		if name != "" {
			return name
		}
	}
	return "whoever signed in"
}

// Store implements session.Vault. What Login has saved is there already.
func (v grants) Store(ctx context.Context, _ music.AccountID, c session.Credential) error {
	return v.s.adopt(ctx, c.Blob)
}

// Delete implements session.Vault: the token goes from every place where it may be.
func (v grants) Delete(ctx context.Context, _ music.AccountID) error {
	if v.s.cfg.Tokens == nil {
		return nil
	}
	err := v.s.cfg.Tokens.Clear(ctx, string(v.s.id))
	v.s.source.Drop()
	v.s.grantEnded(nil)
	return err
}

// Where implements session.Vault.
func (v grants) Where(music.AccountID) string {
	if v.s.cfg.Tokens == nil {
		return ""
	}
	return v.s.cfg.Tokens.Where(string(v.s.id))
}

// adopt takes a blob into the token cache, unless what is there is of the same grant: that
// is as new or newer, and a refresh token may be good only once.
func (s *Service) adopt(ctx context.Context, blob secret.Secret) error {
	if s.cfg.Tokens == nil {
		return errNoPlace
	}
	t, err := cache.JSON{}.Decode([]byte(blob.Reveal()))
	if err != nil {
		return &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: opSignIn, Err: errors.New("that is no remembered sign-in of Spotify")}
	}
	there, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	if err != nil {
		return err
	}
	if there != nil && ofOne(there, t) {
		return s.anotherGrant() // what has ended is not there any more
	}
	if was := s.hasEnded(); was != nil && ofOne(was, t) {
		return cache.ErrSignIn // it was read before that was known, and must not come back
	}
	if err := s.anotherGrant(); err != nil {
		return err
	}
	return s.put(ctx, t)
}

// put puts a grant in place of the one that is kept.
func (s *Service) put(ctx context.Context, t *cache.Token) error {
	err := s.cfg.Tokens.Put(ctx, string(s.id), t)
	s.source.Drop()
	return s.stored(err)
}

// stored is what came of saving a token: one that is only kept in memory for now is no
// failure, and the cache has said so.
func (s *Service) stored(err error) error {
	if errors.Is(err, cache.ErrKept) {
		return nil
	}
	return err
}

// know takes over what a token says of its grant.
func (s *Service) know(t *cache.Token) {
	g := grantOf(t)
	s.mu.Lock()
	s.grant = g
	s.mu.Unlock()
	if g.user != "" {
		s.api.SetOwner(s.owner(g.user))
	}
}

// owner is whose answers are kept.
func (s *Service) owner(user string) string { return string(s.id) + "/" + user }

// granted is what is known of the grant.
func (s *Service) granted() grant {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grant
}

// rotated hears of each token that comes by a refresh.
func (s *Service) rotated(t *cache.Token) {
	s.know(t)
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	s.warnOfEnd()
	if changed == nil {
		return
	}
	if blob, err := tokenBlob(t); err == nil {
		changed(session.Credential{Service: Kind, User: grantOf(t).userOr(s.user), Blob: blob})
	}
}

// OnCredential implements session.Rotator.
func (s *Service) OnCredential(changed func(session.Credential)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = changed
}

// endNote says, in the last two weeks of a grant, when it ends; else it is empty.
func (s *Service) endNote() string {
	end := s.granted().until()
	if now := s.cfg.Now(); end.IsZero() || now.Before(end.Add(-soon)) {
		return ""
	}
	return "this sign-in ends on " + end.Local().Format(time.DateOnly) + ", as Spotify's do after six months; renew it with: segue login " + string(s.id) + " --force"
}

// warnOfEnd says it once in a run that goes on for long.
func (s *Service) warnOfEnd() {
	text := s.endNote()
	s.mu.Lock()
	told := s.toldEnd
	s.toldEnd = told || text != ""
	s.mu.Unlock()
	if text != "" && !told {
		s.note("%s: %s", s.id, text)
	}
}
