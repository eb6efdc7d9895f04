package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"segue/internal/music"
	"segue/session"
)

// Service is the service of an account of this house; local's for the empty name
// and for names that are not known.
func (h *House) Service(id music.AccountID) session.Service {
	if s, ok := h.made.get(id); ok {
		return s
	}
	return h.Local
}

// pageOf is where a thing is on the web, for everybody to open; "" = nowhere. It asks nobody.
func (h *House) pageOf(ref music.Ref) string {
	k, ok := h.Service(ref.Account).(session.Linker)
	if !ok {
		return ""
	}
	l, ok := k.LinkOf(ref)
	if !ok {
		return ""
	}
	return l.URL()
}

// HasAccount reports whether there is an account of this name.
func (h *House) HasAccount(id music.AccountID) bool {
	_, ok := h.made.get(id)
	return ok
}

// Configured reports whether an account stands in the config: nothing but a change there
// takes it away.
func (h *House) Configured(id music.AccountID) bool {
	return slices.ContainsFunc(h.accounts, func(a session.Account) bool { return a.ID == id })
}

// LocalOnly reports whether there is no account but this machine's.
func (h *House) LocalOnly() bool { return len(h.made.ids()) == 1 }

// Reachable lists the accounts that were signed in when Settled last looked; local,
// where nothing was started.
func (h *House) Reachable() []music.AccountID {
	if h.reachable == nil {
		return []music.AccountID{music.Local}
	}
	return h.reachable
}

// Resolve makes containers or tracks of what somebody named on the command line: a
// path, a URL, a link, or else words to search for.
func (h *House) Resolve(ctx context.Context, args []string) ([]music.Ask, error) {
	var asks []music.Ask
	for _, a := range args {
		more, err := h.ResolveIn(ctx, music.Local, a)
		if err != nil {
			return nil, err
		}
		asks = append(asks, more...)
	}
	return asks, nil
}

// ResolveIn is Resolve of one argument; words are looked for in an account, "" is local.
func (h *House) ResolveIn(ctx context.Context, id music.AccountID, arg string) ([]music.Ask, error) {
	l, err := session.FollowLink(ctx, h.all(), arg)
	var f *session.Fault
	switch {
	case err == nil:
		return []music.Ask{l.Ask}, nil
	case !errors.As(err, &f) || f.Kind != session.InvalidArgument && f.Kind != session.OtherPermanent:
		return nil, err
	}
	ask := music.Ask{Of: music.Section(cmp.Or(id, music.Local), music.SectionSearch+"/tracks"), Filter: arg}
	refs, rerr := h.Service(id).Refs(ctx, ask)
	switch {
	case rerr == nil && len(refs) > 0:
		return []music.Ask{ask}, nil // a path to nothing may be words, such as AC/DC
	case f.Kind == session.OtherPermanent:
		return nil, nothing(err.Error())
	case rerr != nil:
		return nil, rerr
	}
	return nil, fmt.Errorf("%w: %s is no file, folder or link, and the library holds nothing like it", ErrNothing, arg)
}

// foreignPatience is how long an account may take to tell of tracks that are only named.
const foreignPatience = 3 * time.Second

// foreign is what accounts know of tracks; those of an account that does not answer are left
// out, and those that are gone.
func (h *House) foreign(ctx context.Context, refs []music.Ref) []music.Track {
	ctx, cancel := context.WithTimeout(ctx, foreignPatience)
	defer cancel()
	byAccount := map[music.AccountID][]music.Ref{}
	for _, r := range refs {
		byAccount[r.Account] = append(byAccount[r.Account], r)
	}
	var all []music.Track
	for id, mine := range byAccount {
		svc, ok := h.made.get(id)
		if !ok {
			continue
		}
		tracks, err := svc.Tracks(ctx, mine)
		if err != nil {
			continue
		}
		all = append(all, slices.DeleteFunc(tracks, func(t music.Track) bool { return t.Unplayable != "" && t.Duration == 0 })...)
	}
	return all
}

// Told fills in what other accounts know of their tracks among rows of this machine's
// playlists, which have of them what the file says.
func (h *House) Told(ctx context.Context, rows []music.Item) []music.Item {
	var refs []music.Ref
	for _, it := range rows {
		if t, ok := it.(music.Track); ok && t.Ref.Account != music.Local && t.Duration == 0 {
			refs = append(refs, t.Ref)
		}
	}
	known := map[music.Ref]music.Track{}
	for _, t := range h.foreign(ctx, refs) {
		known[t.Ref] = t
	}
	out := slices.Clone(rows)
	for i, it := range rows {
		if t, ok := known[it.ItemRef()]; ok {
			out[i] = t
		}
	}
	return out
}

// Elsewhere makes an ask of words that this machine holds nothing for: of the first account
// that finds something. Accounts that could not be asked are named in the error.
func (h *House) Elsewhere(ctx context.Context, known []session.AccountInfo, words string) (music.Ask, error) {
	var away []string
	for _, a := range known {
		if !a.Can.SignIn || !h.HasAccount(a.ID) {
			continue
		}
		if a.State == session.ConnLoggedOut {
			away = append(away, string(a.ID)+": "+cmp.Or(strings.TrimPrefix(a.Note, string(a.ID)+": "), string(a.State)))
			continue
		}
		ask := music.Ask{Of: music.Section(a.ID, music.SectionSearch+"/tracks"), Filter: words}
		refs, err := h.Service(a.ID).Refs(ctx, ask)
		switch {
		case err == nil && len(refs) > 0:
			return ask, nil
		case err != nil:
			away = append(away, err.Error())
		case a.State != session.ConnLoggedIn:
			away = append(away, string(a.ID)+" is away: "+cmp.Or(strings.TrimPrefix(a.Note, string(a.ID)+": "), string(a.State)))
		}
	}
	text := words + " is no file, folder or link, and the accounts hold nothing like it"
	if len(away) > 0 {
		text = words + " is no file, folder or link, and what can be asked holds nothing like it; " + strings.Join(away, "; ")
	}
	return music.Ask{}, nothing(text)
}

// all are the accounts, local first, those that logins added behind those of the config.
func (h *House) all() []session.Account {
	all := slices.Clone(h.accounts)
	for _, id := range h.made.ids() {
		if !slices.ContainsFunc(all, func(a session.Account) bool { return a.ID == id }) {
			all = append(all, session.Account{ID: id, Service: h.Service(id)})
		}
	}
	return all
}

// ExplainLink says what a link is and what the accounts have for it.
func (h *House) ExplainLink(ctx context.Context, text string) (session.LinkInfo, error) {
	return session.ExplainLink(ctx, h.all(), text)
}

// DidYouMean is what was probably meant by words that found nothing; "" = no idea.
func (h *House) DidYouMean(ctx context.Context, ids []music.AccountID, words string) string {
	from := slices.DeleteFunc(h.all(), func(a session.Account) bool { return !slices.Contains(ids, a.ID) })
	r, err := session.SearchAccounts(ctx, from, session.Search{Query: words})
	if err != nil {
		return ""
	}
	return r.DidYouMean
}
