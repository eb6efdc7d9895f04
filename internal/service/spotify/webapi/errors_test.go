package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/service/spotify/webapi"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestEachRefusalIsNamedByItsTrueCause(t *testing.T) {
	for _, step := range []struct {
		name  string
		fault webapitest.Fault
		kind  webapi.Kind
		fk    session.FaultKind
		text  string // in the line for people
		not   string
	}{
		{"an expired token, twice", webapitest.JSON(401, "The access token expired", ""), webapi.TokenRefused, session.NoCredentials, "no longer takes the token", "rate"},
		{"a token without the scope", webapitest.JSON(401, "Permissions missing", ""), webapi.Scope, session.PermissionDenied, "does not allow this", "rate"},
		{"a 401 without a body", webapitest.Broken(401), webapi.TokenRefused, session.NoCredentials, "no longer takes the token", "rate"},
		{"an owner without Premium, in plain text", webapitest.Text(403, "Active premium subscription required for the owner of the app. It can take a few hours."), webapi.OwnerNeedsPremium, session.UserNeedsPremium, "owner", ""},
		{"a user who is not on the list, in plain text", webapitest.Text(403, "Check settings on developer.spotify.com/dashboard, the user may not be registered."), webapi.NotOnList, session.PermissionDenied, "list of users", ""},
		{"a user who is not on the list, in JSON", webapitest.JSON(403, "User not registered in the Developer Dashboard", ""), webapi.NotOnList, session.PermissionDenied, "list of users", ""},
		{"a scope that is missing", webapitest.JSON(403, "Insufficient client scope", ""), webapi.Scope, session.PermissionDenied, "Insufficient client scope", ""},
		{"any other 403", webapitest.JSON(403, "Forbidden", ""), webapi.Forbidden, session.PermissionDenied, "not allowed: Forbidden", ""},
		{"a 403 without a body", webapitest.Broken(403), webapi.Forbidden, session.PermissionDenied, "not allowed", ""},
		{"a 404", webapitest.JSON(404, "Resource not found", ""), webapi.NotFound, session.OtherPermanent, "no such thing", ""},
		{"a 404 that is a web page", webapitest.Text(404, "<html>none</html>"), webapi.NotFound, session.OtherPermanent, "no such thing", "html"},
		{"a 400", webapitest.JSON(400, "Invalid base62 id", ""), webapi.Invalid, session.InvalidArgument, "Invalid base62 id", ""},
		{"a 501 without a body", webapitest.Broken(501), webapi.Server, session.OtherTransient, "(501)", ""},
		{"a 418", webapitest.Broken(418), webapi.Strange, session.InvalidIndata, "418", ""},
		{"a web page", webapitest.WebPage(), webapi.Strange, session.InvalidIndata, "web page", ""},
		{"JSON of another shape", webapitest.Fault{Status: 200, Body: `["ada"]`}, webapi.Strange, session.InvalidIndata, "another shape", ""},
		{"null", webapitest.Fault{Status: 200, Body: `null`}, webapi.Strange, session.InvalidIndata, "nothing", ""},
		{"nothing", webapitest.Fault{Status: 200}, webapi.Strange, session.InvalidIndata, "nothing", ""},
		{"JSON that ends too early", webapitest.Fault{Status: 200, Body: `{"id":"ad`}, webapi.Strange, session.InvalidIndata, "cut short", ""},
		{"text", webapitest.Text(200, "hello"), webapi.Strange, session.InvalidIndata, "not JSON", ""},
		{"an error that is a text", webapitest.Fault{Status: 400, Body: `{"error":"invalid_request","error_description":"No token"}`}, webapi.Invalid, session.InvalidArgument, "No token", ""},
	} {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			s := webapitest.New(t)
			c := client(t, s.Options(webapitest.Ada))
			s.Fail(step.fault)
			_, err := c.Me(t.Context())
			var e *webapi.Error
			if !errors.As(err, &e) || e.Kind != step.kind || e.FaultKind() != step.fk {
				t.Fatalf("it is %#v, want kind %d", err, step.kind)
			}
			if line := err.Error(); !strings.Contains(line, step.text) || step.not != "" && strings.Contains(line, step.not) || strings.ContainsAny(line, "\n<") {
				t.Errorf("it says %q", line)
			}
			if step.fault.Status >= 400 && e.Status != step.fault.Status {
				t.Errorf("its status is %d", e.Status)
			}
		})
	}
}

func TestThePlayersOwnRefusals(t *testing.T) {
	for reason, want := range map[string]webapi.Kind{"PREMIUM_REQUIRED": webapi.NeedsPremium, "UNKNOWN": webapi.NotNow, "VOLUME_CONTROL_DISALLOW": webapi.NotNow} {
		s := webapitest.New(t)
		c := client(t, s.Options(webapitest.Ada))
		s.Fail(webapitest.JSON(403, "Player command failed", reason))
		var e *webapi.Error
		if err := c.Pause(t.Context(), ""); !errors.As(err, &e) || e.Kind != want || e.Reason != reason {
			t.Errorf("%s is %v", reason, err)
		}
	}
}

func TestAnExpiredTokenIsRenewedOnce(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Expire(webapitest.Ada)
	must[webapi.User](t)(c.Me(t.Context()))
	calls := s.Calls()
	if len(calls) != 2 || calls[0].Status != 401 || calls[1].Status != 200 {
		t.Errorf("the calls were %+v", calls)
	}
	equal(t, "requests by the client's count", c.Stats().Requests, 2)
}

func TestTheOwnersPremiumAndTheListOfUsers(t *testing.T) {
	c, s, f := filled(t)
	s.SetOwnerPremium(false)
	_, err := c.Track(t.Context(), f.Tracks[0])
	equal(t, "without the owner's Premium", webapi.KindOf(err), webapi.OwnerNeedsPremium)
	s.SetOwnerPremium(true)
	s.ChangeUser(webapitest.User{ID: webapitest.Ada, Unlisted: true})
	_, err = c.Track(t.Context(), f.Tracks[0])
	equal(t, "a user who is not on the list", webapi.KindOf(err), webapi.NotOnList)
}

// kindAt gives the kind of an error and whether it says when to come back.
func kindAt(err error) (webapi.Kind, time.Duration) {
	var e *webapi.Error
	if !errors.As(err, &e) || e.RetryAt.IsZero() {
		return webapi.KindOf(err), 0
	}
	return e.Kind, time.Until(e.RetryAt)
}

func TestTheQuotaIsNotAskedForAgain(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.QuotaUsedUp(0))
	for range 3 {
		_, err := c.Me(t.Context())
		if k, in := kindAt(err); k != webapi.Quota || in != 0 || !strings.Contains(err.Error(), "quota") {
			t.Fatalf("it is %v", err)
		}
	}
	equal(t, "calls", s.Count(""), 1)
	why, until := c.Limited()
	equal(t, "why no call is made", why, webapi.Quota)
	if !until.IsZero() {
		t.Error("an end is told that nobody said")
	}
}

func TestTheQuotasEndIsToldWhereSpotifySaysIt(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.QuotaUsedUp(6 * time.Hour))
	for range 2 {
		_, err := c.Me(t.Context())
		if k, in := kindAt(err); k != webapi.Quota || in < 5*time.Hour || !strings.Contains(err.Error(), "again at") {
			t.Fatalf("it is %v", err)
		}
	}
	equal(t, "calls", s.Count(""), 1)
}

func TestAPlain429IsWaitedForWhenItIsShort(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.TooMany(time.Second).Once(1))
	begin := time.Now()
	must[webapi.User](t)(c.Me(t.Context()))
	if time.Since(begin) < 900*time.Millisecond {
		t.Error("nobody waited")
	}
	equal(t, "calls", s.Count(""), 2)
}

func TestAPlain429ThatIsLongIsToldWithItsEnd(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.TooMany(10 * time.Minute))
	for range 2 {
		_, err := c.Me(t.Context())
		if k, in := kindAt(err); k != webapi.RateLimited || in < 9*time.Minute {
			t.Fatalf("it is %v", err)
		}
	}
	equal(t, "calls", s.Count(""), 1)
	why, until := c.Limited()
	if why != webapi.RateLimited || time.Until(until) < 9*time.Minute {
		t.Errorf("no call is made for %v until %v", why, until)
	}
}

func TestAMoveIsNotMadeTwiceWhenItIsNotKnownWhetherItWasDone(t *testing.T) {
	c, s, f := filled(t)
	s.Fail(webapitest.Broken(502).Once(1))
	_, err := c.MoveItems(t.Context(), f.Long, webapi.Move{Start: 1, Before: 0})
	equal(t, "a 502", webapi.KindOf(err), webapi.Server)
	equal(t, "calls", s.Count("PUT /playlists/{id}/items"), 1)
	s.Fail(webapitest.TooMany(time.Second).Once(1))
	must[string](t)(c.MoveItems(t.Context(), f.Long, webapi.Move{Start: 1, Before: 0}))
	equal(t, "calls after a 429, which was not done", s.Count("PUT /playlists/{id}/items"), 3)
}

func TestAnAnswerThatIsCutAndAServerThatIsGone(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.Fault{Status: 200, Body: strings.Repeat(" ", 4000) + "{}", Cut: true})
	_, err := c.Me(t.Context())
	equal(t, "a cut answer", webapi.KindOf(err), webapi.Unreachable)
	s.Close()
	_, err = c.Me(t.Context())
	equal(t, "a server that is gone", webapi.KindOf(err), webapi.Unreachable)
	var h *httpx.Error
	if !errors.As(err, &h) || !strings.Contains(err.Error(), "cannot reach 127.0.0.1") {
		t.Errorf("it says %v", err)
	}
}

func TestWhoGivesUpIsToldSoAndHowLongItTookIsNotHidden(t *testing.T) {
	s := webapitest.New(t)
	c := client(t, s.Options(webapitest.Ada))
	s.Fail(webapitest.Fault{Hold: true})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := c.Me(ctx)
	equal(t, "who gives up", webapi.KindOf(err), webapi.Cancelled)
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = c.Pause(ctx, "")
	equal(t, "a time that is over", webapi.KindOf(err), webapi.Unreachable)
	ctx, cancel2 := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel2()
	_, err = c.Me(ctx)
	equal(t, "a question whose time is over", webapi.KindOf(err), webapi.Unreachable)
}

// failing is a layer that cannot sign.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, httpx.Pass(f.err) }

func TestWhyThereIsNoTokenIsToldApart(t *testing.T) {
	for _, step := range []struct {
		err  error
		kind webapi.Kind
		fk   session.FaultKind
	}{
		{fmt.Errorf("cache: ada: %w", cache.ErrSignIn), webapi.SignIn, session.NoCredentials},
		{cache.ErrDead, webapi.SignIn, session.NoCredentials},
		{cache.ErrUnavailable, webapi.TokenTrouble, session.OtherTransient},
		{&httpx.Error{Kind: httpx.Unreachable, Host: "accounts.spotify.com", Reason: "no computer has this name"}, webapi.Unreachable, session.UnableToContactServer},
	} {
		c := client(t, webapi.Options{Base: "http://127.0.0.1:1/v1", Sign: func(http.RoundTripper) http.RoundTripper { return failing{step.err} }})
		_, err := c.Me(t.Context())
		var e *webapi.Error
		if !errors.As(err, &e) || e.Kind != step.kind || e.FaultKind() != step.fk || !errors.Is(err, step.err) {
			t.Errorf("%v is %v", step.err, err)
		}
	}
}

func TestNoErrorHoldsASecret(t *testing.T) {
	for name, f := range map[string]webapitest.Fault{
		"a message with a token":   webapitest.JSON(400, "bad token=abcSECRETdef at https://api.spotify.com/v1/me?access_token=SECRET2", ""),
		"plain text with one":      webapitest.Text(403, "Authorization: Bearer SECRETSECRET refused"),
		"a page with one":          webapitest.Text(500, "<p>SECRET</p>"),
		"an answer with one":       {Status: 200, Body: `{"access_token":"SECRET`},
		"a status that is strange": webapitest.Text(402, "code: SECRET3"),
	} {
		s := webapitest.New(t)
		c := client(t, s.Options(webapitest.Ada))
		s.Fail(f)
		_, err := c.Search(t.Context(), "SECRETWORDS", nil, webapi.Window{})
		for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			if err == nil || strings.Contains(text, "SECRET") || strings.Contains(text, "token-ada") {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

func TestABaseThatIsNoneIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, base := range []string{"api.spotify.com", "ftp://x/v1", "https://u:SECRET@x/v1", "https://x/v1?a=SECRET", "https://%zz", "https:///v1"} {
		_, err := webapi.New(webapi.Options{Base: base})
		if err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", base, err)
		}
	}
	equal(t, "the host of the usual one", webapi.Host(""), "api.spotify.com")
	equal(t, "the host of a test's", webapi.Host("http://127.0.0.1:99/v1"), "127.0.0.1:99")
}
