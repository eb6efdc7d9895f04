package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"segue/cache"
	"segue/internal/httpx"
)

// grantTime bounds one call to the token endpoint. It does not end with the caller's
// context: an answer that nobody waits for holds the only refresh token that still works.
const grantTime = 25 * time.Second

// clientKey is where a token says which client id its grant was made with, if it is
// not the one in the settings any more.
const clientKey = "segue_client_id"

// Client does the calls of one Provider. It may be used from any goroutine.
type Client struct {
	p     Provider
	http  *httpx.Client
	calls *Callbacks
	now   func() time.Time
}

// New makes a client. calls is shared by all clients of the process. Wrong settings are
// an Error when they are needed, not here, so that a program starts with them.
func New(p Provider, http *httpx.Client, calls *Callbacks) *Client {
	return &Client{p: p, http: http, calls: calls, now: time.Now}
}

// exchange trades the code for a token.
func (c *Client) exchange(ctx context.Context, code, verifier, redirect string) (*cache.Token, error) {
	answer, err := c.ask(ctx, c.p.TokenURL, as{c.p.ClientID, !c.p.OthersSecret}, url.Values{"grant_type": {"authorization_code"},
		"code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}})
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Code == "invalid_grant" {
			return nil, c.p.fail(BadCode, "the code was refused: it is too old, was used before or belongs to another sign-in")
		}
		return nil, err
	}
	t, err := cache.TokenFromAnswer(answer, c.now(), c.p.Scopes)
	if err != nil {
		return nil, c.p.fail(Refused, "its answer to the sign-in is no token")
	}
	if missing := missingScopes(t.Scope, c.p.Scopes); missing != "" {
		return nil, c.p.fail(Scopes, "it did not grant %s: sign in again and allow all that is asked for", missing)
	}
	name, err := json.Marshal(c.p.ClientID)
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	return t, t.SetExtra(clientKey, name)
}

func missingScopes(granted, wanted string) string {
	var missing []string
	for _, s := range strings.Fields(cache.NormalizeScope(wanted)) {
		if !cache.HasScopes(granted, s) {
			missing = append(missing, s)
		}
	}
	return strings.Join(missing, ", ")
}

// Refresh gets the token that follows old; it is a cache.Refresher, to be called in the
// account's critical section. It asks exactly once: a second question with a refresh
// token that may be spent would end the grant. It does not end with ctx, but after
// half a minute at most. The answer may lack a refresh token: the old one holds then.
// A dead grant is an Error of kind Dead, which is a cache.ErrDead.
func (c *Client) Refresh(ctx context.Context, old *cache.Token) (*cache.Token, error) {
	answer, err := c.ask(context.WithoutCancel(ctx), c.p.TokenURL, c.clientOf(old), url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {old.RefreshToken.Reveal()}})
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Code == "invalid_grant" {
			return nil, c.p.dead()
		}
		return nil, err
	}
	t, err := cache.TokenFromAnswer(answer, c.now())
	if err != nil {
		return nil, c.p.fail(Refused, "its answer to a refresh is no token")
	}
	return t.After(old), nil
}

// CanRevoke reports whether the service can end grants.
func (c *Client) CanRevoke() bool { return c.p.RevokeURL != "" }

// Revoke ends a grant at the service (RFC 7009). A service that cannot, and a grant that
// is gone already, are no errors.
func (c *Client) Revoke(ctx context.Context, t *cache.Token) error {
	if t == nil || !c.CanRevoke() {
		return nil
	}
	token, hint := t.RefreshToken, "refresh_token"
	if token.IsZero() {
		token, hint = t.AccessToken, "access_token"
	}
	_, err := c.ask(httpx.Repeatable(ctx), c.p.RevokeURL, c.clientOf(t), url.Values{"token": {token.Reveal()}, "token_type_hint": {hint}})
	return err
}

// as is whom an endpoint is asked as.
type as struct {
	client string
	secret bool // with the secret, if it is that client's
}

// clientOf is the client that a grant was made with: it cannot be refreshed with another.
func (c *Client) clientOf(t *cache.Token) as {
	var id string
	if json.Unmarshal(t.Extra(clientKey), &id) != nil || id == "" {
		return as{c.p.ClientID, true}
	}
	return as{id, !c.p.OthersSecret}
}

// ask posts a form to an endpoint and gives the answer of a success. Its errors are
// *Error and *httpx.Error.
func (c *Client) ask(ctx context.Context, to string, who as, form url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, grantTime)
	defer cancel()
	confidential := who.secret && !c.p.ClientSecret.IsZero() && who.client == c.p.ClientID
	if !confidential {
		form.Set("client_id", who.client)
	}
	req, err := httpx.NewRequest(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, c.p.fail(Setting, "an address in its settings is none")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if confidential {
		req.SetBasicAuth(url.QueryEscape(who.client), url.QueryEscape(c.p.ClientSecret.Reveal()))
	}
	// This cannot be asked twice, and a server may be about to end a connection that it has
	// kept since the sign-in began: it is asked by a new one.
	c.http.CloseIdle()
	_, answer, err := c.http.Bytes(req)
	if err != nil {
		return nil, c.understand(err, form)
	}
	return answer, nil
}

// understand finds what the service says in an answer that is an error. Where it says
// nothing that RFC 6749 knows, the error of the network stands: a limit is a limit, and a
// broken server is a broken server, not a dead grant.
func (c *Client) understand(err error, sent url.Values) error {
	var e *httpx.Error
	if !errors.As(err, &e) || e.Kind != httpx.Status {
		return err
	}
	var said struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
	}
	if json.Unmarshal(e.Body(), &said) != nil || e.Status >= 500 {
		return err
	}
	code, bad := strconv.Unquote(string(said.Error))
	if bad != nil || code == "" {
		return err
	}
	for _, key := range []string{"refresh_token", "code", "code_verifier", "token"} {
		if v := sent.Get(key); v != "" { // some servers repeat what they were sent
			said.Description = strings.ReplaceAll(said.Description, v, "…")
		}
	}
	return c.p.refused(code, said.Description)
}
