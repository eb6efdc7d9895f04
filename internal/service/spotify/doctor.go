package spotify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"segue/internal/httpx"
	"segue/internal/oauth"
	"segue/internal/service/spotify/webapi"
	"segue/session"
)

// clockSlack is how far off a clock may be before that is said.
const clockSlack = 2 * time.Minute

// Examine implements session.Examiner: what is set up, then what the last sign-in came to,
// then what would play. Each thing is asked once, and nothing is changed.
func (s *Service) Examine(ctx context.Context) []session.Finding {
	var all []session.Finding
	all = append(all, s.examineApp(ctx)...)
	all = append(all, s.examineClock()...)
	all = append(all, s.examineGrant(ctx)...)
	all = append(all, s.examinePremium()...)
	all = append(all, s.examineEngine(ctx)...)
	return append(all, s.examineDevices(ctx)...)
}

// examineApp looks at the user's app: its client id and its redirect address.
func (s *Service) examineApp(ctx context.Context) []session.Finding {
	id := s.cfg.ClientID
	if id == "" {
		id = s.granted().client
	}
	if id == "" {
		return []session.Finding{{Level: session.Failure, Text: "no client id is set, and no sign-in is remembered that has one",
			Advice: "segue login " + string(s.id) + " asks for it, and says how to get one; or set client_id under [spotify] in the config."}}
	}
	_, question, err := s.oauth(id, "").Start(oauth.SignIn{})
	if err != nil {
		return []session.Finding{{Level: session.Failure, Text: s.faultOf(opSignIn, err).Err.Error(), Advice: "Correct redirect_uri under [spotify] in the config."}}
	}
	if !s.allowed() {
		return nil
	}
	switch err := s.probe(ctx, question); {
	case errors.Is(err, errRedirect):
		return []session.Finding{{Level: session.Failure, Text: "the redirect address " + s.cfg.RedirectURI + " is not registered with the app",
			Advice: "Open the app at " + dashboard + " and enter it under Redirect URIs, exactly so."}}
	case errors.Is(err, errClient):
		return []session.Finding{{Level: session.Failure, Text: "Spotify does not know the client id",
			Advice: "Compare it with the Client ID of the app at " + dashboard + "; the app may have been deleted."}}
	case err != nil:
		return []session.Finding{{Level: session.Warning, Text: "the accounts server: " + s.faultOf(opSignIn, err).Err.Error(),
			Advice: "Look at the network: until it is reached nobody can sign in."}}
	}
	return []session.Finding{{Level: session.Info, Text: "the client id is set, and " + s.cfg.RedirectURI + " is its redirect address"}}
}

// examineClock compares clocks, as far as Spotify has said what time it is.
func (s *Service) examineClock() []session.Finding {
	ahead, known := s.clock.off()
	if !known || ahead.Abs() <= clockSlack {
		return nil
	}
	word := "ahead of"
	if ahead < 0 {
		word = "behind"
	}
	return []session.Finding{{Level: session.Warning, Text: fmt.Sprintf("this machine's clock is %s %s Spotify's", ahead.Abs().Round(time.Second), word),
		Advice: "Sign-ins hold all the same, but times shown are wrong, and encrypted connections may fail: timedatectl set-ntp true sets it right."}}
}

// examineGrant looks at the sign-in, and at what it came to.
func (s *Service) examineGrant(ctx context.Context) []session.Finding {
	var all []session.Finding
	s.mu.Lock()
	trouble := s.trouble
	s.mu.Unlock()
	if trouble != nil {
		all = append(all, session.Finding{Level: session.Failure, Text: plain(trouble), Advice: s.advice(trouble)})
	}
	if s.cfg.Tokens == nil {
		return append(all, session.Finding{Level: session.Failure, Text: errNoPlace.Error(), Advice: "Set HOME, or XDG_STATE_HOME and XDG_CACHE_HOME."})
	}
	t, err := s.cfg.Tokens.Stored(ctx, string(s.id))
	switch {
	case err != nil:
		return append(all, session.Finding{Level: session.Failure, Text: s.faultOf("", err).Err.Error(), Advice: "Unlock it, or set cache.tokens in the config to another place, such as file."})
	case t == nil && trouble == nil && s.hadEnd(&all):
		return all
	case t == nil && trouble == nil:
		return append(all, session.Finding{Level: session.Warning, Text: "nobody is signed in", Advice: "segue login " + string(s.id) + " signs in."})
	case t == nil:
		return all
	}
	g := grantOf(t)
	if note := s.endNote(); note != "" {
		all = append(all, session.Finding{Level: session.Warning, Text: note})
	} else if !g.until().IsZero() {
		all = append(all, session.Finding{Level: session.Info, Text: "the sign-in holds until " + g.until().Local().Format(time.DateOnly) + ", in " + s.cfg.Tokens.Where(string(s.id))})
	}
	if more := missing(g.scope, s.features()); len(more) > 0 {
		var names []string
		for _, f := range more {
			names = append(names, string(f))
		}
		all = append(all, session.Finding{Level: session.Warning, Text: "the sign-in does not allow all that is in use; it lacks what is needed " + whyAll(more),
			Advice: "segue login " + string(s.id) + " --for " + strings.Join(names, ",") + " asks Spotify for it."})
	}
	return all
}

// hadEnd adds that a sign-in has ended in an earlier run, and reports whether one has.
func (s *Service) hadEnd(all *[]session.Finding) bool {
	end, ok := s.lastEnd()
	if ok {
		*all = append(*all, session.Finding{Level: session.Failure, Text: s.whyEnded(grant{user: end.User, signedIn: end.SignedIn}),
			Advice: "segue login " + string(s.id) + " signs in anew."})
	}
	return ok
}

// examinePremium tells what Spotify has said of the listener's subscription.
func (s *Service) examinePremium() []session.Finding {
	text := s.premiumText()
	if text == "" {
		return nil
	}
	return []session.Finding{{Level: session.Warning, Text: text,
		Advice: "Playing takes Premium of whoever listens; lists, search and editing do without. This is forgotten as soon as something plays."}}
}

// plain is a fault without its account, its hint and what was tried.
func plain(f *session.Fault) string {
	text := f.Op
	if f.Err != nil {
		text = f.Err.Error()
	}
	if !f.RetryAt.IsZero() {
		text += ", again at " + f.RetryAt.Local().Format("2006-01-02 15:04")
	}
	return text
}

// advice is what to do about what a sign-in came to: what is most likely first, where
// nobody says what it is.
func (s *Service) advice(f *session.Fault) string {
	var w *webapi.Error
	var h *httpx.Error
	var o *oauth.Error
	switch {
	case errors.As(f, &w) && w.Kind == webapi.OwnerNeedsPremium:
		return "Since 2026 whoever made the app must have Premium: get it for that account, or make an app with one that has it."
	case errors.As(f, &w) && w.Kind == webapi.NotOnList:
		return "The app's owner adds the user, by name and e-mail address, under User Management at " + dashboard + "; five have room."
	case errors.As(f, &w) && w.Kind == webapi.Forbidden:
		return "Spotify does not say why. Most likely first: the owner of the app has no Premium; the user is not under User Management of the app; “Web API” is not ticked in its settings; it was blocked. All of it is at " + dashboard + "."
	case errors.As(f, &w) && w.Kind == webapi.Quota:
		return "The quota is the app's own and counts for all that use it. It comes back by itself, mostly within a day; trying again does not help."
	case errors.As(f, &w) && w.Kind == webapi.RateLimited:
		return "It comes back by itself. Another program with the same client id counts, too."
	case errors.As(f, &w) && w.Kind == webapi.TokenRefused:
		return "Most likely first: the clock of this machine is wrong; [spotify] api in the config is not Spotify's; the app was deleted. Else segue login " + string(s.id) + " --force signs in anew."
	case errors.As(f, &w) && w.Kind == webapi.Server:
		return "Nothing is wrong here, unless a proxy answers so: Spotify has trouble, and is asked again by itself. What is kept of the lists is shown meanwhile."
	case errors.As(f, &w) && w.Kind == webapi.Strange, errors.As(f, &o) && o.Kind == oauth.Refused && o.Code == "":
		return "Most likely it is the network that answers, not Spotify: open any page in a browser, and sign in to the network if it asks. Segue tries again by itself."
	case f.Kind == session.UnableToContactServer, errors.As(f, &h):
		return "Look at the network, and at HTTPS_PROXY if there is one. What is kept of the lists is shown meanwhile; the sign-in stays."
	case f.Kind == session.BadUsernameOrPassword:
		return "segue login " + string(s.id) + " signs in anew."
	case f.Hint != "":
		return strings.ToUpper(f.Hint[:1]) + f.Hint[1:] + "."
	}
	return ""
}

// examineEngine looks at what plays here, where that is wanted.
func (s *Service) examineEngine(ctx context.Context) []session.Finding {
	if s.cfg.Playback == PlayConnect {
		return nil
	}
	e, err := s.theEngine()
	version := ""
	if err == nil {
		version, err = e.Version(ctx)
	}
	level, out := session.Failure, session.Warning
	if s.cfg.Playback == PlayAuto {
		level, out = session.Info, session.Info // a device plays instead
	}
	again := "segue login " + string(s.id) + " --force signs it in."
	switch {
	case err != nil:
		return []session.Finding{{Level: level, Text: "the engine: " + said(err),
			Advice: "Install go-librespot (github.com/devgianlu/go-librespot), or name it by engine under [spotify]; playback = \"connect\" needs none."}}
	}
	all := []session.Finding{{Level: session.Info, Text: "the engine go-librespot " + version + " is signed in"}}
	if !e.SignedIn() {
		all[0] = session.Finding{Level: out, Text: "the engine go-librespot " + version + " is not signed in: it has a sign-in of its own", Advice: again}
	}
	if r, ok := e.(signInRefusals); ok && r.SignInRefused() {
		all[0] = session.Finding{Level: out, Text: "Spotify does not take the sign-in of the engine go-librespot " + version + " any more", Advice: again}
	}
	if k, ok := e.(keyRefusals); ok && !k.KeysRefused().IsZero() {
		all = append(all, session.Finding{Level: session.Warning, Text: "Spotify refused the engine its keys on " + k.KeysRefused().Local().Format(time.DateOnly),
			Advice: "Where nothing plays it is the account: those made since about December 2024 cannot play through go-librespot: use playback = \"connect\" under [spotify]."})
	}
	if o, ok := e.(oldEngine); ok && o.Old() {
		all = append(all, session.Finding{Level: session.Warning, Text: "go-librespot " + version + " is old: it signs in only with a browser on this machine",
			Advice: "A version newer than 0.9.0 takes a code on any device."})
	}
	return all
}

// What an engine may know besides.
type (
	keyRefusals interface {
		// KeysRefused is when Spotify last refused it the keys of a track, zero = never.
		KeysRefused() time.Time
	}
	signInRefusals interface {
		// SignInRefused reports whether Spotify takes its sign-in no more.
		SignInRefused() bool
	}
	oldEngine interface {
		// Old reports whether the program lacks what newer ones have.
		Old() bool
	}
)

// said is an error without what this program puts before it.
func said(err error) string { return strings.TrimPrefix(err.Error(), "engine: ") }

// examineDevices looks for a device to play on, where one is wanted and can be asked for.
func (s *Service) examineDevices(ctx context.Context) []session.Finding {
	s.mu.Lock()
	in := s.trouble == nil && s.me.Name != ""
	s.mu.Unlock()
	if !in || s.cfg.Playback == PlayEngine || !s.allowed() || len(missing(s.granted().scope, []feature{featPlayback})) > 0 {
		return nil
	}
	devices, err := s.api.Devices(ctx)
	if err != nil {
		f := s.faultOf("look for devices", err)
		return []session.Finding{{Level: session.Warning, Text: "the devices cannot be listed: " + plain(f), Advice: s.advice(f)}}
	}
	var names []string
	for _, d := range devices {
		if d.Restricted {
			d.Name += " (takes no commands)"
		}
		names = append(names, d.Name)
	}
	switch wish := s.cfg.Device; {
	case !slices.ContainsFunc(devices, func(d webapi.Device) bool { return !d.Restricted }):
		return []session.Finding{{Level: session.Warning, Text: "no device is there to play on",
			Advice: "Open Spotify on a phone, a computer or a speaker and play something there for a moment; then Segue lists it. Spotify's own player without a screen is Soloist."}}
	case wish != "" && !slices.ContainsFunc(devices, func(d webapi.Device) bool { return d.ID == wish || strings.EqualFold(d.Name, wish) }):
		return []session.Finding{{Level: session.Warning, Text: "the device “" + wish + "” is not there; there are " + strings.Join(names, ", "),
			Advice: "Switch it on, or correct device under [spotify] in the config."}}
	}
	text := "devices to play on: " + strings.Join(names, ", ")
	if s.refused().IsZero() {
		text += "; that needs Premium, and Spotify does not say who has it"
	}
	return []session.Finding{{Level: session.Info, Text: text}}
}
