package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// Service is a kind of account that can be added.
type Service = page.Service

// named gives the account that a command means: by its name, else the one under the
// cursor of the accounts, else the only one that can sign in.
func (m *Model) namedAccount(name string) (session.AccountInfo, bool) {
	var able []session.AccountInfo
	for _, a := range m.env.Accounts {
		if string(a.ID) == name {
			return a, true
		}
		if a.Can.SignIn {
			able = append(able, a)
		}
	}
	if name != "" {
		m.say(session.Warning, "no account is named “"+name+"”; :add-account adds one")
		return session.AccountInfo{}, false
	}
	if p, ok := m.current().(interface {
		Account() (session.AccountInfo, bool)
	}); ok {
		return p.Account()
	}
	if len(able) == 1 {
		return able[0], true
	}
	m.say(session.Info, "which account? "+m.keys.Key(keymap.GoAccounts)+" lists them")
	return session.AccountInfo{}, false
}

// accountAct does an action on an account; ok = it is one.
func (m *Model) accountAct(act keymap.Action, name string) (ok bool) {
	switch act {
	case keymap.Login, keymap.Logout, keymap.Forget, keymap.Relogin, keymap.AccountMenu:
	case keymap.AddAccount:
		m.addAccount()
		return true
	case keymap.Allow:
		m.allow()
		return true
	default:
		return false
	}
	a, known := m.namedAccount(name)
	switch {
	case !known && act == keymap.AccountMenu:
		m.addAccount()
	case !known:
	case act == keymap.AccountMenu:
		m.accountMenu(a)
	case !a.Can.SignIn:
		m.say(session.Info, page.AccountName(a.ID)+" needs no sign-in")
	case act == keymap.Login:
		m.login(a)
	case act == keymap.Logout:
		m.env.Send(session.Logout{Account: a.ID})
	case act == keymap.Relogin:
		m.env.Send(session.Relogin{Account: a.ID})
	case act == keymap.Forget:
		m.forget(a)
	}
	return true
}

// login begins to sign in; what is needed for it the service asks for.
func (m *Model) login(a session.AccountInfo) {
	m.env.Send(session.Login{Account: a.ID, How: session.SignIn{User: a.User, Remember: true}})
}

// allow signs in for what was refused last.
func (m *Model) allow() {
	in, ok := m.refusal.SignIn(m.env.Accounts)
	if !ok {
		m.say(session.Info, "nothing was refused that a sign-in would allow")
		return
	}
	m.env.Send(in)
	m.say(session.Info, "signing in to "+string(in.Account)+" …")
}

// accountMenu offers what can be done with an account.
func (m *Model) accountMenu(a session.AccountInfo) {
	var rows []menuRow
	send := func(label string, key keymap.Action, c session.Command) {
		rows = append(rows, menuRow{label, key, func() tea.Cmd { m.env.Send(c); return nil }})
	}
	if a.Can.SignIn {
		if a.State != session.ConnLoggedIn {
			if a.Remembered != "" {
				send("Sign in as "+a.Remembered, keymap.Relogin, session.Relogin{Account: a.ID})
			}
			rows = append(rows, menuRow{"Sign in …", keymap.Login, func() tea.Cmd { m.login(a); return nil }})
		} else {
			for _, l := range a.Lacks {
				send("Allow "+l.What+" …", "", page.SignInFor(a, []string{l.Feature}))
			}
			rows = append(rows, menuRow{"Sign in as somebody else …", keymap.Login, func() tea.Cmd {
				m.env.Send(session.Login{Account: a.ID, How: session.SignIn{Remember: true, Force: true}})
				return nil
			}})
			send("Sign out, and remember", keymap.Logout, session.Logout{Account: a.ID})
		}
		if a.Remembered != "" || a.Added {
			rows = append(rows, menuRow{"Forget …", keymap.Forget, func() tea.Cmd { m.forget(a); return nil }})
		}
	}
	if a.Can.Queue && a.State == session.ConnLoggedIn {
		send("Load the queue that was left there", keymap.LoadQueue, session.LoadQueue{Account: a.ID})
	}
	if a.Can.Scan {
		send("Read its library anew", keymap.Scan, session.Scan{Account: a.ID})
	}
	if s := a.Sync; s != nil {
		send("Fetch offline copies now", keymap.SyncNow, session.SyncOffline{Account: a.ID})
		if s.Paused {
			send("Go on fetching offline copies", "", session.SyncOffline{Account: a.ID, Pause: session.Off})
		} else if s.Syncing {
			send("Pause fetching offline copies", "", session.SyncOffline{Account: a.ID, Pause: session.On})
		}
	}
	for _, to := range []session.ScrobbleState{session.ScrobbleGlobal, session.ScrobbleOn, session.ScrobbleOff} {
		if to != a.Scrobble && (a.Can.Reports || a.ID == music.Local) {
			send(scrobbleWord(a.ID, to), "", session.Scrobbling{Account: a.ID, To: to})
		}
	}
	if len(rows) == 0 {
		m.say(session.Info, "there is nothing to do with "+page.AccountName(a.ID))
		return
	}
	m.menu(page.AccountName(a.ID), rows)
}

func scrobbleWord(id music.AccountID, to session.ScrobbleState) string {
	what := "Report plays there"
	if id == music.Local {
		what = "Count plays"
	}
	switch to {
	case session.ScrobbleOn:
		return what + ": always"
	case session.ScrobbleOff:
		return what + ": never"
	case session.ScrobbleGlobal:
	}
	return what + ": as set for all"
}

// forget asks first: what is forgotten has to be typed again.
func (m *Model) forget(a session.AccountInfo) {
	name := page.AccountName(a.ID)
	rows := []menuRow{
		{"Keep it", "", func() tea.Cmd { return nil }},
		{"Forget what it signs in with", "", func() tea.Cmd { m.env.Send(session.Forget{Account: a.ID}); return nil }},
	}
	if a.Added {
		label := "Forget it, take the account off the list and delete what is kept of it"
		if a.Sync != nil && a.Sync.Done > 0 {
			label += ": " + page.Copies(a.Sync.Done) + ", too"
		}
		rows = append(rows, menuRow{label, "", func() tea.Cmd {
			m.env.Send(session.Forget{Account: a.ID, Remove: true})
			return nil
		}})
	}
	m.menu("Forget "+name+"?", rows)
}

// addAccount offers the services that an account can be of, and asks what the chosen
// one needs before it can be tried.
func (m *Model) addAccount() {
	if len(m.opt.Services) == 0 {
		m.say(session.Info, "no services are built in that an account could be added of")
		return
	}
	var rows []menuRow
	for _, s := range m.opt.Services {
		rows = append(rows, menuRow{s.Title, "", func() tea.Cmd { m.describeAccount(s); return nil }})
	}
	m.menu("Add an account of", rows)
}

// describeAccount asks, line after line, for name, address, user and password. When
// the sign-in fails it asks again, from the line that was probably wrong, with what was
// typed; only the password has to be typed anew.
func (m *Model) describeAccount(s Service) {
	in := session.SignIn{Remember: true}
	spec := &session.Spec{Service: s.Name, ID: music.AccountID(s.Name)}
	type step struct {
		label  string
		secret bool
		typed  func() string // what stands there already
		take   func(text string) (wrong string)
	}
	steps := []step{{label: "name of the account: ", typed: func() string { return string(spec.ID) }, take: func(t string) string {
		if id := music.AccountID(t); !id.Valid() {
			return "a name has letters, digits, . _ and -"
		}
		if slices.ContainsFunc(m.env.Accounts, func(a session.AccountInfo) bool { return string(a.ID) == t }) {
			return "there is an account of that name"
		}
		spec.ID = music.AccountID(t)
		return ""
	}}}
	if s.Server {
		steps = append(steps, step{label: "address of the server: ", typed: func() string { return spec.Server },
			take: func(t string) string { spec.Server = t; return "" }})
	}
	if s.User {
		steps = append(steps,
			step{label: "user: ", typed: func() string { return spec.User }, take: func(t string) string { spec.User, in.User = t, t; return "" }},
			step{label: "password: ", secret: true, typed: func() string { return "" }, take: func(t string) string { in.Password = secret.New(t); return "" }})
	}
	var next func(i int, wrong string)
	next = func(i int, wrong string) {
		if i == len(steps) {
			m.adding = &adding{account: spec.ID, again: func(f *session.Fault) {
				from := min(1, len(steps)-1)
				if f.Kind == session.BadUsernameOrPassword {
					from = len(steps) - 1
				}
				next(from, "that did not work; Esc gives up")
			}}
			made := *spec // the session keeps what it is given
			m.env.Send(session.Login{Account: spec.ID, New: &made, How: in})
			m.say(session.Info, "signing in to "+string(spec.ID)+" …")
			return
		}
		st := steps[i]
		p := m.ask(promptAccount, st.label, st.typed())
		p.input.Secret, p.wrong = st.secret, wrong
		p.done = func(m *Model, text string) tea.Cmd {
			if text == "" {
				m.say(session.Info, "no account was added")
				return nil
			}
			if wrong := st.take(text); wrong != "" {
				next(i, wrong)
				m.prompt.input.Set(text)
				return nil
			}
			next(i+1, "")
			return nil
		}
	}
	next(0, "")
}

// adding is an account that is being added: what to do when its sign-in fails.
type adding struct {
	account music.AccountID
	again   func(f *session.Fault)
}

// signedIn tells of the end of a login; what went wrong has been said as a failure.
func (m *Model) signedIn(ev session.LoggedIn) {
	if added := m.adding; added != nil && added.account == ev.Account {
		m.adding = nil
		if ev.Fault != nil && ev.Fault.Kind != session.Cancelled && m.prompt == nil {
			added.again(ev.Fault)
		}
	}
	if ev.Fault != nil {
		return
	}
	name := ev.User.Display
	if name == "" {
		name = ev.User.Name
	}
	text := "signed in to " + string(ev.Account)
	if name = strings.TrimSpace(name); name != "" {
		text += " as " + name
	}
	m.say(session.Info, text)
}
