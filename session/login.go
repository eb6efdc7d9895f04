package session

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"segue/internal/music"
)

// login is one attempt to sign an account in. Owned by Run.
type login struct {
	how    SignIn
	again  bool   // with what is remembered
	told   bool   // its end is told as LoggedIn, whatever it is: not so of silent repetitions
	quiet  bool   // but that nothing is remembered is no news
	fresh  bool   // the account goes off the list again if this fails
	why    *Fault // what it is tried again for; nil = it is the first try
	cancel context.CancelFunc
	asked  map[Ticket]*question
	ended  func(*Fault) // is told too; nil = nobody
}

// signedIn is what a worker learnt by signing in.
type signedIn struct {
	SignedIn
	how SignIn // what it was done with
}

// doLogin carries out Login.
func (s *Session) doLogin(c Login) {
	if c.New != nil {
		s.loginNew(c)
		return
	}
	a := s.account(c.Account)
	if a == nil {
		s.loginFailed(c.Account, noAccount(c.Account, "sign in"))
		return
	}
	s.signIn(a, &login{how: c.How, told: true})
}

// loginNew makes an account and signs it in. It stays only if that succeeds.
func (s *Session) loginNew(c Login) {
	spec := *c.New
	if spec.ID == "" {
		spec.ID = c.Account
	}
	f := s.nameFault(spec.ID)
	if f == nil && c.Account != "" && c.Account != spec.ID {
		f = &Fault{Kind: InvalidArgument, Op: "sign in", Err: errors.New("it names two accounts, " + string(c.Account) + " and " + string(spec.ID))}
	}
	if f != nil {
		s.loginFailed(spec.ID, f)
		return
	}
	call(s, inOrder("make accounts"), func(context.Context) (Service, error) {
		svc, f := s.makeService(spec)
		if f != nil {
			return nil, f
		}
		return svc, nil
	}, func(svc Service, err error) {
		f := faultOf(err, "", "add the account "+string(spec.ID))
		if f == nil {
			f = s.admit(spec.account(svc), &spec)
		}
		if f != nil {
			s.loginFailed(spec.ID, f)
			return
		}
		a := s.account(spec.ID)
		s.attach(a)
		s.signIn(a, &login{how: c.How, told: true, fresh: true})
	})
}

func (s *Session) loginFailed(id music.AccountID, f *Fault) {
	s.tellAccounts()
	s.emit(LoggedIn{Account: id, Fault: f})
	if f.Kind == Cancelled {
		return
	}
	c := *f
	c.Account = id // where the event knows it, the line for people must say it
	s.fail(&c)
}

// tellAccounts brings what is known of accounts before the event that follows.
func (s *Session) tellAccounts() {
	if s.accountsDirty {
		s.accountsDirty = false
		s.emit(AccountsChanged{Accounts: s.accountInfos()})
	}
}

// signing is where the calls that sign an account in and out run: one at a time.
func signing(id music.AccountID) where { return inOrder("sign-in " + string(id)) }

// signIn begins a login in place of one that is at work.
func (s *Session) signIn(a *account, lg *login) {
	if a.authenticator == nil {
		s.alwaysIn(a, lg)
		return
	}
	if f := s.loginFault(a, lg); f != nil {
		s.loginEnded(a, lg, signedIn{}, f)
		return
	}
	if old := a.login; old != nil {
		lg.fresh = lg.fresh || old.fresh
	}
	s.abortLogin(a)
	a.stopTimer()
	a.login, a.retryAt = lg, time.Time{}
	if lg.told {
		a.delay = 0
	}
	lg.asked = map[Ticket]*question{}
	s.accountsDirty = true
	ask := s.asker(a, lg)
	held := a.held
	lg.cancel = call(s, signing(a.id), func(ctx context.Context) (signedIn, error) {
		how := lg.how
		if lg.again {
			c, err := recall(ctx, a, held)
			if err != nil {
				return signedIn{}, err
			}
			how = SignIn{User: c.User, Blob: c.Blob, BlobOf: c.Service, Remember: true}
		}
		got, err := a.authenticator.Login(ctx, how, ask)
		return signedIn{got, how}, err
	}, func(got signedIn, err error) {
		if a.login != lg {
			return // a newer one, or a logout, took its place
		}
		a.login = nil
		s.accountsDirty = true
		s.closeQuestions(a, lg)
		s.loginEnded(a, lg, got, err)
	})
}

// alwaysIn answers for an account that needs no login.
func (s *Session) alwaysIn(a *account, lg *login) {
	if a.spec != nil && lg.fresh {
		s.known.Added = append(s.known.Added, *a.spec)
		s.saveKnown()
		s.begin(a)
	}
	s.tellAccounts()
	s.emit(LoggedIn{Account: a.id, User: *a.about})
	lg.end(nil)
}

// loginFault is why a login need not even be tried.
func (s *Session) loginFault(a *account, lg *login) *Fault {
	switch {
	case s.cutOff(a):
		return &Fault{Kind: NetworkDisabled, Account: a.id, Op: "sign in", Err: errors.New("offline mode is on"), Hint: "switch it off first"}
	case lg.how.Password.IsZero() && !lg.how.Blob.IsZero() && lg.how.BlobOf != "" && lg.how.BlobOf != a.kind:
		return foreign(a, lg.how.BlobOf)
	}
	return nil
}

func foreign(a *account, of string) *Fault {
	return &Fault{Kind: InvalidArgument, Account: a.id, Op: "sign in",
		Err: errors.New("that credential is of " + of + ", the account is of " + a.kind), Hint: "sign in with a password"}
}

// abortLogin ends a login at work without a word but to those who wait for it.
func (s *Session) abortLogin(a *account) {
	lg := a.login
	if lg == nil {
		return
	}
	a.login = nil
	s.accountsDirty = true
	lg.cancel()
	s.closeQuestions(a, lg)
	lg.end(&Fault{Kind: Cancelled, Account: a.id, Op: "sign in", Err: context.Canceled})
}

func (lg *login) end(f *Fault) {
	if lg.ended != nil {
		lg.ended(f)
		lg.ended = nil
	}
}

// loginEnded draws the conclusions from a login.
func (s *Session) loginEnded(a *account, lg *login, got signedIn, err error) {
	f := faultOf(err, a.id, "sign in")
	defer func() { lg.end(f) }()
	s.accountsDirty = true
	if f == nil {
		s.isIn(a, lg, got)
		return
	}
	if s.ending {
		return
	}
	if lg.again && got.how.User != "" && a.remembered == "" {
		a.remembered = got.how.User // the vault has it
	}
	gone := lg.again && lg.why == nil && f.Kind == NoCredentials && a.remembered != "" && a.held == nil
	if gone {
		f = a.gone(f)
	}
	var vf *vaultFault
	switch inVault := errors.As(err, &vf); {
	case lg.fresh:
		s.dismiss(a)
	case f.Kind == Cancelled, f.Kind == InvalidArgument, f.Kind == NetworkDisabled, f.Kind == NoCredentials, inVault:
		s.stillOut(a, f)
	case f.Kind.transient() && (lg.again || !lg.how.Password.IsZero() || !lg.how.Blob.IsZero()):
		s.cannotReach(a, f, func() { s.signIn(a, &login{how: lg.how, again: lg.again}) })
	case f.Kind.transient(): // it would ask a person again, who may be gone
		s.stillOut(a, f)
	default:
		s.refused(a, lg, f)
	}
	if !lg.again {
		defer s.fallBack(a)
	}
	switch {
	case lg.quiet && f.Kind == NoCredentials && !gone:
	case !lg.told && f.Kind.transient(): // ConnectionError tells it
	default:
		s.loginFailed(a.id, f)
	}
}

// fallBack lets an account whose login by hand has failed go on with what is
// remembered, as it did before.
func (s *Session) fallBack(a *account) {
	if s.account(a.id) == a && !a.in && a.login == nil && a.timer == nil && a.remembered != "" && !a.wishedOut && !s.cutOff(a) {
		s.signIn(a, &login{again: true, quiet: true})
	}
}

// stillOut is an account whose login came to nothing: it is what it was.
func (s *Session) stillOut(a *account, f *Fault) {
	if a.in {
		return
	}
	if f.Kind == NoCredentials && a.held == nil {
		a.remembered = ""
		s.note(a)
	}
	if f.Kind == NetworkDisabled && a.remembered != "" {
		a.note = f.Error()
		s.stateIsNow(a, ConnOffline)
		return
	}
	s.putOut(a, f)
}

// refused is an account that the service does not take in. What it refused is not
// remembered any longer; a mistyped password costs nothing that works.
func (s *Session) refused(a *account, lg *login, f *Fault) {
	if f.Kind == BadUsernameOrPassword && lg.again {
		s.drop(a)
	}
	if a.in && !lg.again {
		s.askRoot(a) // whether the login of before still holds
		return
	}
	was := a.in
	s.putOut(a, f)
	if was {
		s.tellAccounts()
		s.emit(LoggedOut{Account: a.id, Fault: f})
	}
}

// isIn is an account that was signed in.
func (s *Session) isIn(a *account, lg *login, got signedIn) {
	user := got.User
	if user.Name == "" {
		user.Name = got.how.User
	}
	a.in, a.keep, a.wishedOut, a.loginAt = true, got.how.Remember, false, time.Now()
	a.user, a.about, a.until, a.scopes, a.allows, a.lacks = user.Name, &user, got.Until, got.Scopes, got.Allows, got.Lacks
	s.note(a)
	s.keepOptions(a, got.Options)
	if a.spec != nil && lg.fresh {
		s.known.Added = append(s.known.Added, *a.spec)
		s.saveKnown()
	}
	s.isConnected(a)
	s.tellAccounts()
	if got.Note != "" { // before LoggedIn, at which commands end
		s.messageToUser(a, got.Note)
	}
	s.emit(LoggedIn{Account: a.id, User: user})
	s.keepCredential(a, user, got, lg.again)
	s.userIs(a, user)
	s.tellLacks(a)
	if len(got.how.For) > 0 {
		s.emit(ContainerChanged{}) // what was refused before can be read now
	}
	s.askRoot(a)
	s.watch(a, retryFirst)
}

// tellLacks says once what of the features in use a sign-in does not allow, and offers a
// sign-in for them. The rest of the account works meanwhile.
func (s *Session) tellLacks(a *account) {
	var names, what []string
	for _, l := range a.lacks {
		names, what = append(names, l.Feature), append(what, l.What)
	}
	of := strings.Join(names, ",")
	if of == s.known.Lacked[a.id] {
		return
	}
	s.known.Lacked[a.id] = of
	if len(names) == 0 {
		delete(s.known.Lacked, a.id)
	}
	s.saveKnown()
	if len(names) == 0 {
		return
	}
	f := &Fault{Kind: PermissionDenied, Account: a.id, Op: "sign-in", Needs: names,
		Err:  errors.New("it does not allow yet: " + strings.Join(what, ", ") + "; the rest works"),
		Hint: "segue login " + string(a.id) + " --for " + of + " asks for that"}
	s.notice(Warning, f.Error(), f)
}

// keepOptions keeps what a login learnt that belongs into the account's Spec.
func (s *Session) keepOptions(a *account, options map[string]string) {
	if a.spec == nil || len(options) == 0 {
		return
	}
	spec := *a.spec
	spec.Options = maps.Clone(spec.Options) // what was given is its caller's
	if spec.Options == nil {
		spec.Options = map[string]string{}
	}
	maps.Copy(spec.Options, options)
	a.spec = &spec
	for i := range s.known.Added {
		if s.known.Added[i].ID == a.id {
			s.known.Added[i] = spec
			s.saveKnown()
		}
	}
}
