package oauth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"segue/cache"
	"segue/internal/secret"
)

// usualWait is how long a sign-in waits for a person.
const usualWait = 10 * time.Minute

// SignIn says how a sign-in goes.
type SignIn struct {
	Force bool   // show the service's own dialog again, to choose another user
	Hint  string // whom to sign in, where the service takes a hint; may be empty
	// Paste: no listener and no browser; the person pastes the address. Needs Ask.
	Paste bool
	// Open shows an address in a browser; nil: nobody can, Ask shows it to the person.
	Open Opener
	// Ask shows the address to the person and waits for what they paste, until ctx ends;
	// it is asked again when that was of no use. nil: the browser alone.
	Ask func(ctx context.Context, q Prompt) (secret.Secret, error)
	// Within is the time for all of it; 0 = 10 minutes.
	Within time.Duration
}

// Prompt is what a person is shown.
type Prompt struct {
	URL     string
	Opened  bool      // a browser shows it already
	Listens bool      // nothing need be pasted where the browser is on this machine
	Problem string    // what was wrong with what was pasted before, or why no browser opened
	Until   time.Time // when it is too late
}

// SignIn lets a person sign in, in a browser on this machine or by pasting, whichever
// comes first, and gives the token. Where nothing listens (Paste, or a redirect address
// elsewhere) and Ask is nil, it is an Error of kind Setting. The token is not saved.
func (c *Client) SignIn(ctx context.Context, in SignIn) (*cache.Token, error) {
	r, err := c.p.check()
	if err != nil {
		return nil, err
	}
	if in.Within == 0 {
		in.Within = usualWait
	}
	ctx, cancel := context.WithTimeout(ctx, in.Within)
	defer cancel()
	f := flow{c: c, in: in, Started: Started{State: random(), Verifier: cache.NewSecret(random()), Redirect: r.at(r.port)}}
	if in.Paste || len(r.hosts) == 0 {
		if in.Ask == nil {
			return nil, c.p.fail(Setting, "the sign-in must be pasted, and there is nobody to ask")
		}
		return f.run(ctx)
	}
	if f.visit, err = c.calls.join(ctx, c.p, r, f.State); err != nil {
		return nil, err
	}
	defer f.visit.leave()
	f.Redirect = r.at(f.visit.at.port)
	return f.run(ctx)
}

// flow is one sign-in.
type flow struct {
	c     *Client
	in    SignIn
	visit *visit // nil: paste only
	Started
}

func (f *flow) run(ctx context.Context) (*cache.Token, error) {
	until, _ := ctx.Deadline()
	q := Prompt{URL: f.c.question(f.Started, f.in), Listens: f.visit != nil, Until: until}
	if f.in.Open != nil && !f.in.Paste {
		err := f.in.Open(ctx, q.URL)
		if q.Opened = err == nil; err != nil {
			q.Problem = err.Error()
		}
	}
	if !q.Opened && f.in.Ask == nil {
		return nil, f.c.p.fail(Setting, "no browser can be opened here, and there is nobody to show the address to")
	}
	b, byBrowser, err := f.wait(ctx, q)
	if err != nil {
		return nil, err
	}
	token, err := f.c.settle(ctx, f.Started, b)
	if byBrowser || f.visit != nil && len(f.visit.came) > 0 { // it may come while we deal with what was pasted
		f.visit.tell(err)
	}
	return token, err
}

// settle makes a token of what came.
func (c *Client) settle(ctx context.Context, s Started, b brought) (*cache.Token, error) {
	if b.err != "" {
		return nil, c.p.refused(b.err, b.why)
	}
	return c.exchange(ctx, b.code, s.Verifier.Reveal(), s.Redirect)
}

// answer is what asking a person brought.
type answer struct {
	b   brought
	err error
}

// wait waits for the browser and the person, the first of them.
func (f *flow) wait(ctx context.Context, q Prompt) (b brought, byBrowser bool, err error) {
	asking, stop := context.WithCancel(ctx)
	defer stop()
	var came chan brought
	if f.visit != nil {
		came = f.visit.came
	}
	var answers chan answer
	if f.in.Ask != nil {
		answers = make(chan answer, 1)
		go func() { answers <- f.ask(asking, q) }()
	}
	select {
	case b = <-came:
		return b, true, nil
	case a := <-answers:
		if a.err != nil && ctx.Err() != nil {
			return b, false, f.c.p.givenUp(ctx)
		}
		return a.b, false, a.err
	case <-ctx.Done():
		return b, false, f.c.p.givenUp(ctx)
	}
}

// ask asks the person until they paste something of use.
func (f *flow) ask(ctx context.Context, q Prompt) answer {
	for {
		text, err := f.in.Ask(ctx, q)
		if err != nil {
			return answer{err: err}
		}
		b, problem := pasted(text.Reveal(), f.State)
		if problem == "" {
			return answer{b: b}
		}
		q.Problem = problem
	}
}

// random is 256 bits in 43 characters that are good in URLs, for states and verifiers
// (RFC 7636, 4.1).
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
