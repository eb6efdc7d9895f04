package session

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"segue/internal/music"
)

// Regions of toplists besides the two letters of a country.
const (
	RegionEverywhere = "everywhere"
	RegionUser       = "user"
)

// Bounds of toplists.
const (
	toplistRows = 100 // unless asked
	toplistMost = 1000
)

// toplistPeriods are the spans of toplists, and how they are called.
var toplistPeriods = []struct{ id, name string }{
	{"day", "last 24 hours"}, {"week", "last 7 days"}, {"month", "last 30 days"}, {"year", "last 365 days"}, {"all", "all time"},
}

func isPeriod(s string) bool {
	for _, p := range toplistPeriods {
		if p.id == s {
			return true
		}
	}
	return false
}

// Check gives the question with what is not said filled in, its words in lower case:
// tracks, everywhere (the user's own where one is named), 100 rows. What makes no sense
// is an InvalidArgument.
func (a ToplistAsk) Check() (ToplistAsk, error) {
	a.Type, a.Region, a.Period = strings.ToLower(a.Type), strings.ToLower(a.Region), strings.ToLower(a.Period)
	if a.Type == "" {
		a.Type = TypeTracks
	}
	if a.Region == "" {
		a.Region = RegionEverywhere
		if a.User != "" {
			a.Region = RegionUser
		}
	}
	if a.Limit == 0 {
		a.Limit = toplistRows
	}
	f := &Fault{Kind: InvalidArgument, Op: "open the toplist"}
	switch {
	case a.Type != TypeTracks && a.Type != TypeAlbums && a.Type != TypeArtists:
		f.Err, f.Hint = fmt.Errorf("there are no toplists of %q", music.Clean(a.Type)), "there are tracks, albums and artists"
	case a.User != "" && a.Region != RegionUser:
		f.Err = fmt.Errorf("a user's toplist has the region user, not %q", music.Clean(a.Region))
	case a.Period != "" && !isPeriod(a.Period):
		f.Err, f.Hint = fmt.Errorf("there is no period %q", music.Clean(a.Period)), "there are day, week, month, year and all"
	case a.Limit < 0 || a.Limit > toplistMost:
		f.Err = fmt.Errorf("a toplist of %d rows cannot be had", a.Limit)
		f.Hint = fmt.Sprintf("at most %d", toplistMost)
	case a.Region == RegionEverywhere || a.Region == RegionUser:
		return a, nil
	default:
		if f.Err, f.Hint = countryFault(a.Region); f.Err == nil {
			return a, nil
		}
	}
	return a, f
}

// countryFault says why a text is no country's two letters.
func countryFault(code string) (err error, hint string) { //nolint:revive,staticcheck // a Fault's two parts
	const general = "regions are everywhere, user, or the two letters of a country, such as us"
	r, parsed := language.ParseRegion(code)
	switch known := parsed == nil && r.IsCountry(); {
	case known && len(code) == 2:
		return nil, ""
	case known:
		return fmt.Errorf("there is no region %q", music.Clean(code)), "a country has two letters: " + strings.ToLower(r.String())
	case len(code) == 2:
		return fmt.Errorf("there is no country %q", music.Clean(code)), general
	}
	return fmt.Errorf("there is no region %q", music.Clean(code)), general
}

// Section is the container that the toplist is as a page, for an account in view ("" =
// none): "toplist/TYPE/REGION[/PERIOD]". Another user's region is "user:NAME"; "fresh"
// behind it asks the source again. Limit does not count, a page has its own.
func (a ToplistAsk) Section(view music.AccountID) music.Ref {
	id := music.SectionToplist + "/" + a.Type + "/" + a.Region
	if a.User != "" {
		id += ":" + url.PathEscape(a.User)
	}
	if a.Period != "" {
		id += "/" + a.Period
	}
	if a.Fresh {
		id += "/fresh"
	}
	return music.Section(view, id)
}

// parseToplist reads a section that the session itself answers: the toplists of no
// account, and of an account those with a region (it knows its own by period).
func parseToplist(of music.Ref) (a ToplistAsk, ok bool) {
	rest, ok := strings.CutPrefix(of.ID, music.SectionToplist)
	if !ok || of.Kind != music.KindSection || rest != "" && rest[0] != '/' {
		return a, false
	}
	parts := strings.Split(strings.TrimPrefix(rest, "/"), "/")
	if of.Account != "" && (len(parts) < 2 || isPeriod(parts[1])) {
		return a, false
	}
	a.Type = parts[0]
	for i, p := range parts[1:] {
		switch {
		case p == "fresh":
			a.Fresh = true
		case i == 0 && isPeriod(p):
			a.Region, a.Period = RegionUser, p
		case i == 0:
			a.Region = p
			if user, of := strings.CutPrefix(p, RegionUser+":"); of {
				a.Region = RegionUser
				a.User = user
				if name, err := url.PathUnescape(user); err == nil {
					a.User = name
				}
			}
		default:
			a.Period = p
		}
	}
	return a, true
}

// toplistMenu is the choice of toplists: "toplist", or the regions of a type.
func toplistMenu(a ToplistAsk, what music.Ask) (music.Page, bool) {
	page := music.Page{Ask: what, Title: "Toplists"}
	add := func(id, name, detail string) {
		page.Items = append(page.Items, music.Folder{Ref: music.Section(what.Of.Account, id), Name: name, Detail: detail, Count: -1})
		page.Total++
	}
	switch {
	case a.Type == "":
		for _, t := range []string{TypeTracks, TypeAlbums, TypeArtists} {
			add(music.SectionToplist+"/"+t, strings.ToUpper(t[:1])+t[1:], "")
		}
	case a.Region == "":
		add(ToplistAsk{Type: a.Type, Region: RegionEverywhere}.Section("").ID, "Everywhere", "what the world listens to")
		for _, p := range toplistPeriods {
			add(ToplistAsk{Type: a.Type, Region: RegionUser, Period: p.id}.Section("").ID, "Yours, "+p.name, "what you play most")
		}
	default:
		return page, false
	}
	return page, true
}

// toplist answers for a section that parseToplist reads.
func (s sources) toplist(ctx context.Context, what music.Ask) (music.Page, error) {
	a, _ := parseToplist(what.Of)
	if page, ok := toplistMenu(a, what); ok {
		return page, nil
	}
	a, err := a.Check()
	if err != nil {
		return music.Page{Ask: what}, err
	}
	page, err := s.toplistOf(ctx, a, what)
	page.Ask = what
	return page, err
}

func (s sources) toplistOf(ctx context.Context, a ToplistAsk, what music.Ask) (music.Page, error) {
	view := accountIn(s.accounts, what.Of.Account)
	if view != nil && view.toplister != nil && !s.isShut(view.id) {
		page, err := view.toplister.Toplist(ctx, a)
		var f *Fault
		if !errors.As(err, &f) || f.Kind != PermissionDenied {
			return page, faultOrNil(err, view.id, "open the toplist")
		}
		// It has none like this: somebody else may.
	}
	if a.Region == RegionUser && a.User == "" {
		return s.ownToplist(ctx, a, what)
	}
	return s.chart(ctx, a, what)
}

// ownToplist is what was heard here most, of all accounts.
func (s sources) ownToplist(ctx context.Context, a ToplistAsk, what music.Ask) (music.Page, error) {
	local := accountIn(s.accounts, music.Local)
	if local == nil {
		return music.Page{}, noAccount(music.Local, "open the toplist")
	}
	if a.Period == "" {
		a.Period = "all"
	}
	what.Of = music.Section(music.Local, music.SectionToplist+"/"+a.Type+"/"+a.Period)
	page, err := local.service.Children(ctx, what)
	return page, faultOrNil(err, music.Local, "open the toplist")
}

// faultOrNil is faultOf as an error that is nil where there is none.
func faultOrNil(err error, id music.AccountID, op string) error {
	if f := faultOf(err, id, op); f != nil {
		return f
	}
	return nil
}

// toplistRefs are the tracks of a toplist that can be played, in order.
func (s sources) toplistRefs(ctx context.Context, what music.Ask) ([]music.Ref, error) {
	what.Offset, what.Limit = 0, 0
	page, err := s.toplist(ctx, what)
	if err != nil {
		return nil, err
	}
	var asks []music.Ask
	for _, it := range page.Items {
		if r := it.ItemRef(); !r.IsZero() && r.Kind != music.KindSection {
			asks = append(asks, music.Ask{Of: r})
		}
	}
	return s.refs(ctx, asks)
}

// Toplist loads a toplist (get_toplist): of what is asked, and nothing else. Its rows
// are Charts; what no account can play has a zero Ref. view is the account whose
// tracks come first, "" = local.
func (s *Session) Toplist(ctx context.Context, a ToplistAsk, view music.AccountID) (music.Page, error) {
	a, err := a.Check()
	if err != nil {
		return music.Page{}, err
	}
	return s.Page(ctx, music.Ask{Of: a.Section(view), Limit: a.Limit})
}
