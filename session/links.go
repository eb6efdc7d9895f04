package session

import (
	"context"
	"errors"
	"strings"

	"segue/internal/music"
)

// LinkInfo is what a link leads to.
type LinkInfo struct {
	Link music.Link // its Type is empty where the text is no link, but an account knows it
	Ask  music.Ask  // what to load or play; the zero Ask where no account has it
	Item music.Item // the thing itself, nil where nothing is known of it
	User *music.User
	Own  music.Link // of a segue: reference: the link that its service has for it; zero = none
	// Fault says why no account has it, or why nothing more is known; nil = all is well.
	Fault *Fault
}

// ExplainLink takes a text apart and asks the accounts, in their order, what they have
// for it: for a program without a running session. It fails for a text that is neither
// a link nor a path; a link that leads nowhere has the Fault in its LinkInfo.
func ExplainLink(ctx context.Context, accounts []Account, text string) (LinkInfo, error) {
	all := make([]*account, len(accounts))
	for i, a := range accounts {
		all[i] = newAccount(a)
	}
	l, f := newLinker(all).explain(ctx, text)
	if f != nil {
		return LinkInfo{Link: l.Link}, f
	}
	return l, nil
}

// Link takes a text apart and asks the accounts what they have for it (libspotify's
// get_link). It fails like ExplainLink.
func (s *Session) Link(ctx context.Context, text string) (LinkInfo, error) {
	return ask(ctx, s, "", "open "+shownLink(text), func() (func(context.Context) (LinkInfo, error), *Fault) {
		from := s.linker()
		return func(ctx context.Context) (LinkInfo, error) {
			l, f := from.explain(ctx, text)
			if f != nil {
				return l, f
			}
			return l, nil
		}, nil
	})
}

// linker is what a worker needs to follow links.
type linker struct {
	accounts []*account
	users    map[music.AccountID]string // who they belong to
}

func (s *Session) linker() linker { return newLinker(s.accounts) }

func newLinker(accounts []*account) linker {
	k := linker{accounts: accounts, users: make(map[music.AccountID]string, len(accounts))}
	for _, a := range accounts {
		k.users[a.id] = a.user
	}
	return k
}

// explain resolves a text and looks up what it leads to.
func (k linker) explain(ctx context.Context, text string) (LinkInfo, *Fault) {
	l, f := k.resolve(ctx, text)
	if f != nil && l.Link.Type == "" {
		return l, f
	}
	if l.Fault = f; f != nil || l.User != nil {
		return l, nil
	}
	a := accountIn(k.accounts, l.Ask.Of.Account)
	if a != nil {
		l.Own = a.ownLink(l.Link)
	}
	if a == nil || l.Ask.Filter != "" || l.Ask.Of.Kind == music.KindSection {
		return l, nil
	}
	item, err := itemOf(ctx, a, l.Ask.Of)
	l.Item, l.Fault = item, faultOf(err, a.id, "open "+shownLink(text))
	return l, nil
}

// Linker is a service whose things have links of their own, which others can open.
type Linker interface {
	// LinkOf is the link to a thing; false = it has none.
	LinkOf(of music.Ref) (music.Link, bool)
}

// ownLink is the link that an account's service has for what a reference names.
func (a *account) ownLink(l music.Link) music.Link {
	k, ok := a.service.(Linker)
	if !ok || l.Ref.IsZero() {
		return music.Link{}
	}
	own, ok := k.LinkOf(l.Ref)
	if !ok {
		return music.Link{}
	}
	own.Offset = l.Offset
	return own
}

// shownLink is a link for people and the log: what may be secret in an address on the
// web, its user and its query, is left out.
func shownLink(text string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(text), "://")
	if s := strings.ToLower(scheme); !ok || s != "http" && s != "https" {
		return music.Clean(text)
	}
	rest, _, _ = strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	return music.Clean(strings.TrimSuffix(scheme+"://"+host+"/"+path, "/"))
}

// resolve finds what to ask for a link. The Fault says why there is nothing.
func (k linker) resolve(ctx context.Context, text string) (LinkInfo, *Fault) {
	op := "open " + shownLink(text)
	link, perr := music.ParseLink(text)
	l := LinkInfo{Link: link}
	switch {
	case perr == nil && !link.Ref.IsZero():
		if accountIn(k.accounts, link.Ref.Account) == nil && link.Ref != music.Queue {
			return l, noAccount(link.Ref.Account, op)
		}
		l.Ask.Of = link.Ref
		return l, nil
	case perr != nil && hasScheme(text):
		return l, &Fault{Kind: InvalidArgument, Op: op, Err: whyNot(perr)}
	}
	ref, ok, f := k.ask(ctx, given(text, link))
	if ok {
		l.Ask.Of = ref
		return l, nil
	}
	if f != nil {
		f.Op = op
		return l, f
	}
	if perr != nil {
		return l, &Fault{Kind: InvalidArgument, Op: op, Err: whyNot(perr), Hint: "give a path, a URL or a link"}
	}
	return k.general(ctx, l, op)
}

// whyNot is what is wrong with a text, without the text: a Fault's Op has it.
func whyNot(err error) error {
	var l *music.LinkError
	if errors.As(err, &l) {
		return errors.New(l.Why)
	}
	return err
}

// given is the text that accounts are asked for: Spotify's links in one form, without
// the offset, and paths as they were typed.
func given(text string, l music.Link) string {
	if l.Type == "" || l.Type == music.LinkFile && l.Offset == 0 {
		return text
	}
	l.Offset = 0
	return l.URI()
}

// hasScheme reports whether a text means to be a link of a kind that everybody knows;
// with a mistake in it, no account can know better.
func hasScheme(text string) bool {
	scheme, _, ok := strings.Cut(strings.ToLower(strings.TrimSpace(text)), ":")
	switch scheme {
	case "spotify", "segue", "http", "https", "file":
		return ok
	}
	return false
}

// ask asks each account. The Fault is the first that one had, if none knew.
func (k linker) ask(ctx context.Context, text string) (ref music.Ref, ok bool, failed *Fault) {
	for _, a := range k.accounts {
		if a.resolver == nil {
			continue
		}
		ref, ok, err := a.resolver.Resolve(ctx, text)
		if ok && err == nil {
			return ref, true, nil
		}
		if failed == nil {
			failed = faultOf(err, a.id, "")
		}
	}
	return music.Ref{}, false, failed
}

// general answers links that mean the same in every account: a search, stars, users.
func (k linker) general(ctx context.Context, l LinkInfo, op string) (LinkInfo, *Fault) {
	f := &Fault{Kind: OtherPermanent, Op: op}
	switch l.Link.Type {
	case music.LinkSearch:
		if len(k.accounts) > 0 {
			l.Ask = music.Ask{Of: music.Section(k.accounts[0].id, music.SectionSearch), Filter: l.Link.ID}
			return l, nil
		}
	case music.LinkStarred:
		for _, a := range k.accounts {
			if l.Link.User == "" || l.Link.User == k.users[a.id] {
				l.Ask.Of = music.Section(a.id, music.SectionStarred)
				return l, nil
			}
		}
		f.Kind, f.Err = NoSuchUser, errors.New("no account belongs to the user "+music.Clean(l.Link.User))
		return l, f
	case music.LinkProfile:
		for _, a := range k.accounts {
			if a.userTeller == nil {
				continue
			}
			if u, err := a.userTeller.User(ctx, l.Link.User); err == nil {
				l.User = &u
				return l, nil
			}
		}
		f.Kind, f.Err = NoSuchUser, errors.New("no account knows the user "+music.Clean(l.Link.User))
		return l, f
	case music.LinkFile:
		f.Err = errors.New("there is no such file")
		return l, f
	case music.LinkStream:
		f.Err = errors.New("no account can open this address")
		return l, f
	case music.LinkTrack, music.LinkAlbum, music.LinkArtist, music.LinkPlaylist, music.LinkLocalTrack, music.LinkImage,
		music.LinkEpisode, music.LinkShow, music.LinkContainer:
	}
	f.Err = errors.New("no account can open this link to Spotify (" + strings.ToLower(string(l.Link.Type)) + ")")
	f.Hint = "segue login spotify signs one in that can"
	return l, f
}

// openLink finds the account that knows a path or link, and plays or adds it.
func (s *Session) openLink(c OpenLink) {
	from := s.linker()
	op := "open " + shownLink(c.Text)
	patient(s, inOrder("links"), op, func(ctx context.Context) (LinkInfo, error) {
		l, f := from.resolve(ctx, c.Text)
		switch {
		case f != nil:
			return l, f
		case l.Ask.Of.IsZero():
			return l, &Fault{Kind: InvalidArgument, Op: op, Err: errors.New("it leads to nothing that plays")}
		}
		return l, nil
	}, func(l LinkInfo, err error) {
		if f := faultOf(err, "", op); f != nil {
			s.fail(f)
			return
		}
		if c.Where == "" {
			s.do(PlayContext{Ask: l.Ask, At: l.Link.Offset})
			return
		}
		s.do(Enqueue{Asks: []music.Ask{l.Ask}, Where: c.Where})
	})
}

// FollowLink is ExplainLink without a look at what the link leads to: only what to
// load or play. A link that leads nowhere is an error here.
func FollowLink(ctx context.Context, accounts []Account, text string) (LinkInfo, error) {
	all := make([]*account, len(accounts))
	for i, a := range accounts {
		all[i] = newAccount(a)
	}
	l, f := newLinker(all).resolve(ctx, text)
	if f != nil {
		return l, f
	}
	return l, nil
}
