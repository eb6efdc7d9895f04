package spotify

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/secret"
	"segue/session"
)

// firstLook is how long the address is held back until it is known whether a page would
// come. Later news are added to it.
const firstLook = 700 * time.Millisecond

// scopesFor are the scopes to ask for: what the features in use need, or those of in.For,
// and what was granted before.
func (s *Service) scopesFor(id string, in session.SignIn) (string, error) {
	more, err := featuresNamed(in.For)
	if err != nil {
		return "", &session.Fault{Kind: session.InvalidArgument, Account: s.id, Op: opSignIn, Err: err}
	}
	g := s.granted()
	scopes := scopesOf(more)
	if len(more) == 0 || g.scope == "" {
		scopes = scopesOf(append(s.features(), more...))
	}
	if g.client == id && !in.Force || len(more) > 0 {
		scopes = cache.NormalizeScope(scopes + " " + g.scope)
	}
	return scopes, nil
}

// inBrowser lets a person sign in there.
func (s *Service) inBrowser(ctx context.Context, id string, in session.SignIn, ask session.Asker) (*cache.Token, error) {
	scopes, err := s.scopesFor(id, in)
	if err != nil {
		return nil, err
	}
	client := s.oauth(id, scopes)
	_, question, err := client.Start(oauth.SignIn{})
	if err != nil {
		return nil, err
	}
	if !s.allowed() {
		return nil, errOffline
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	out := s.look(ctx, question)
	if out.within(ctx, firstLook) && out.err != nil {
		return nil, s.noPage(out.err)
	}
	go func() { // ends with ctx
		if <-out.done; out.noPage() {
			end(s.noPage(out.err))
		}
	}()
	with := oauth.SignIn{Force: in.Force, Hint: in.User, Paste: in.Paste, Open: s.cfg.Opener}
	if ask != nil {
		with.Ask = func(ctx context.Context, p oauth.Prompt) (secret.Secret, error) {
			return out.during(ctx, func(ctx context.Context) (secret.Secret, error) {
				return ask(ctx, session.Question{What: session.QuestionBrowser, Text: s.browserText(p, in) + out.text(), URL: p.URL, Until: p.Until})
			})
		}
	}
	token, err := client.SignIn(ctx, with)
	if err != nil {
		var why *session.Fault
		if errors.As(context.Cause(ctx), &why) {
			return nil, why
		}
		return nil, err
	}
	at, err := json.Marshal(s.cfg.Now().Unix())
	if err != nil {
		return nil, err
	}
	return token, token.SetExtra(keySignedIn, at)
}

// noPage is the fault of a sign-in whose page would not come.
func (s *Service) noPage(err error) error {
	hint := ""
	switch {
	case errors.Is(err, errRedirect):
		hint = "open your app at " + dashboard + ", and enter " + s.cfg.RedirectURI + " under Redirect URIs, exactly so"
	case errors.Is(err, errClient):
		hint = "compare it with the Client ID of your app at " + dashboard
	default:
		return err
	}
	return &session.Fault{Kind: session.OtherPermanent, Account: s.id, Op: opSignIn, Err: err, Hint: hint}
}

// outlook is what the look at the accounts server finds while somebody signs in.
type outlook struct {
	done chan struct{} // closed when it is there
	err  error         // to be read after that
}

// look begins to look whether a page would come. It ends with ctx.
func (s *Service) look(ctx context.Context, question string) *outlook {
	o := &outlook{done: make(chan struct{})}
	go func() {
		defer close(o.done)
		o.err = s.probe(httpx.Once(ctx), question)
	}()
	return o
}

// within waits for it, and reports whether it came in time.
func (o *outlook) within(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-o.done:
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

// found reports whether it is there.
func (o *outlook) found() bool {
	select {
	case <-o.done:
		return true
	default:
		return false
	}
}

// noPage reports whether it is there, and says that no page would come: the sign-in ends with
// that, and a person is not asked any more.
func (o *outlook) noPage() bool {
	return o.found() && (errors.Is(o.err, errRedirect) || errors.Is(o.err, errClient))
}

// text is what a person is told of it behind the rest, "" as long as nothing is wrong.
func (o *outlook) text() string {
	if !o.found() || o.err == nil || o.noPage() {
		return ""
	}
	var h *httpx.Error
	why := "it does not answer"
	if errors.As(o.err, &h) {
		why = h.Bare()
	}
	return " Segue itself does not come through to Spotify (" + why + "): until it does, it cannot finish the sign-in."
}

// during asks a person, and asks again with the news where it comes meanwhile.
func (o *outlook) during(ctx context.Context, ask func(ctx context.Context) (secret.Secret, error)) (secret.Secret, error) {
	if o.found() {
		return ask(ctx)
	}
	mine, end := context.WithCancel(ctx)
	defer end()
	go func() {
		select {
		case <-o.done:
			if o.text() != "" {
				end()
			}
		case <-mine.Done():
		}
	}()
	answer, err := ask(mine)
	if err != nil && ctx.Err() == nil && mine.Err() != nil {
		return ask(ctx)
	}
	return answer, err
}

// browserText is what stands above the address.
func (s *Service) browserText(p oauth.Prompt, in session.SignIn) string {
	var text []string
	if p.Problem != "" {
		text = append(text, strings.ToUpper(p.Problem[:1])+p.Problem[1:]+".")
	}
	switch {
	case p.Opened:
		text = append(text, "A browser has opened: sign in to Spotify there, and agree.")
	case p.Listens:
		text = append(text, "Open this address in a browser on this machine, sign in to Spotify and agree. With a browser elsewhere, paste the address that it ends at; that its page does not load is as it should be.")
	default:
		text = append(text, "Open this address in any browser, sign in to Spotify and agree. Then paste the address that it ends at; that its page does not load is as it should be.")
	}
	if more := s.asksMore(in); len(more) > 0 {
		text = append(text, "Segue asks once more because it needs this, too: "+whyAll(more)+". What it may do already it goes on doing, whatever you answer.")
	}
	if len(in.For) == 0 && s.playsHere() {
		text = append(text, "A second sign-in follows, for the engine that plays here.")
	}
	return strings.Join(text, " ")
}

// asksMore are the features that a sign-in is to allow beside what was granted before.
func (s *Service) asksMore(in session.SignIn) []feature {
	scope := s.granted().scope
	if scope == "" {
		return nil // it is the first one
	}
	features, err := featuresNamed(in.For)
	if err != nil || len(features) == 0 {
		features = s.features()
	}
	return missing(scope, features)
}
