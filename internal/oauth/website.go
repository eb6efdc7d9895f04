package oauth

import (
	"context"
	"net/url"

	"segue/cache"
)

// Started is a sign-in that waits for its browser, for programs with a web server of
// their own: they keep it in the visitor's session between Start and Finish.
type Started struct {
	State    string       // comes back with the browser
	Verifier cache.Secret // proves that whoever trades the code asked for it
	Redirect string       // where the browser comes back to
}

// Start begins a sign-in whose redirect address (Provider.RedirectURL) the caller serves.
// The visitor is sent to addr.
func (c *Client) Start(in SignIn) (s Started, addr string, err error) {
	r, err := c.p.check()
	if err != nil {
		return Started{}, "", err
	}
	s = Started{State: random(), Verifier: cache.NewSecret(random()), Redirect: r.at(r.port)}
	return s, c.question(s, in), nil
}

// Finish ends it with what the browser came back with: a token, or an Error. A state that
// is not of this sign-in is one of kind BadCode, and no code is traded.
func (c *Client) Finish(ctx context.Context, s Started, query url.Values) (*cache.Token, error) {
	b := brought{code: query.Get("code"), state: query.Get("state"), err: query.Get("error"), why: query.Get("error_description")}
	if s.State == "" || b.state != s.State || b.code == "" && b.err == "" {
		return nil, c.p.fail(BadCode, "this page is of another sign-in: begin again")
	}
	return c.settle(ctx, s, b)
}
