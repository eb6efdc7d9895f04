package plain

import (
	"strings"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/keymap"
	"segue/session"
	"segue/ui/page"
)

// account does what concerns accounts; ok = it is such a command.
func (p *talker) account(a keymap.Action, arg string) (ok bool) {
	switch a {
	case keymap.GoAccounts:
		p.tellAccounts()
		return true
	case keymap.Allow:
		if in, ok := p.refusal.SignIn(p.accts); ok {
			p.send(in)
		} else {
			p.say("nothing was refused that a sign-in would allow")
		}
		return true
	case keymap.AddAccount:
		p.addAccount(strings.Fields(arg))
		return true
	case keymap.Login, keymap.Logout, keymap.Relogin, keymap.Forget:
	default:
		return false
	}
	arg, rest, _ := strings.Cut(arg, " ")
	id, known := p.named(arg)
	if !known {
		return true
	}
	switch a {
	case keymap.Login:
		p.send(session.Login{Account: id, How: session.SignIn{Remember: true}})
	case keymap.Logout:
		p.send(session.Logout{Account: id})
	case keymap.Relogin:
		p.send(session.Relogin{Account: id})
	default:
		p.send(session.Forget{Account: id, Remove: rest == "remove"})
	}
	return true
}

// addAccount makes an account and signs in to it: its service, where that is, who one is
// there, and, if wanted, another name for it. The password is asked for.
func (p *talker) addAccount(words []string) {
	var names []string
	for _, s := range p.opt.Services {
		names = append(names, s.Name)
		if len(words) == 0 || s.Name != words[0] {
			continue
		}
		spec := &session.Spec{Service: s.Name, ID: music.AccountID(s.Name)}
		rest := words[1:]
		for _, field := range []struct {
			needed bool
			text   *string
		}{{s.Server, &spec.Server}, {s.User, &spec.User}} {
			if field.needed && len(rest) > 0 {
				*field.text, rest = rest[0], rest[1:]
			} else if field.needed {
				p.say("add-account %s ADDRESS USER, and a name for the account if wanted", s.Name)
				return
			}
		}
		if len(rest) > 0 {
			spec.ID = music.AccountID(rest[0])
		}
		if !spec.ID.Valid() {
			p.say("a name has letters, digits, . _ and -")
			return
		}
		p.send(session.Login{Account: spec.ID, New: spec, How: session.SignIn{User: spec.User, Remember: true}})
		return
	}
	p.say("add-account needs a service: %s", strings.Join(names, ", "))
}

// named finds the account that is meant: by its name, or the only one that signs in.
func (p *talker) named(name string) (music.AccountID, bool) {
	var able []music.AccountID
	for _, a := range p.accts {
		if string(a.ID) == name {
			return a.ID, true
		}
		if a.Can.SignIn {
			able = append(able, a.ID)
		}
	}
	switch {
	case name != "":
		p.say("no account is named %s", page.Clean(name))
	case len(able) == 1:
		return able[0], true
	default:
		p.say("which account? accounts lists them")
	}
	return "", false
}

// tellAccounts says how each account stands.
func (p *talker) tellAccounts() {
	for _, a := range p.accts {
		line := string(a.ID) + ": " + string(a.State)
		if a.Remembered != "" {
			line += ", remembered as " + page.Clean(a.Remembered)
			if a.Where != "" {
				line += " in " + page.Clean(a.Where)
			}
		}
		if !a.RetryAt.IsZero() && a.RetryAt.After(now()) {
			line += ", tried again at " + a.RetryAt.Local().Format("15:04")
		}
		if a.Note != "" && a.Note != signedOut {
			line += ", " + page.Clean(a.Note)
		}
		if len(a.Lacks) > 0 {
			line += ", lacks " + page.Clean(page.Lacking(a.Lacks)) + ", for which allow asks"
		}
		if a.Remark != "" {
			line += ", " + page.Clean(a.Remark)
		}
		p.say("%s", line)
	}
}

// question says what a service needs to know while it signs in.
func (p *talker) question(ev session.LoginNeeded) {
	if ev.Over {
		if p.asking != nil && p.asking.ID == ev.ID {
			p.asking = nil
			p.say("%s: that question is over", ev.Account)
		}
		return
	}
	p.asking = &ev
	q := ev.Question
	line := string(ev.Account) + " asks: " + page.Clean(q.Text)
	if q.Code != "" {
		line += "; the code is " + page.Clean(q.Code)
	}
	if q.URL != "" {
		line += "; the address is " + page.Clean(q.URL)
	}
	p.say("%s", line)
	switch q.What {
	case session.QuestionYesNo:
		p.say("answer yes, answer no")
	case session.QuestionCode:
		p.say("answer cancel gives up")
	case session.QuestionPassword, session.QuestionText, session.QuestionBrowser:
		p.say("answer TEXT; answer cancel gives up")
	}
}

// answerQuestion takes "answer TEXT".
func (p *talker) answerQuestion(text string) {
	text = strings.TrimSpace(text)
	if p.asking == nil {
		p.say("nothing was asked")
		return
	}
	if text == "" {
		p.say("answer needs a text, or cancel")
		return
	}
	c := session.AnswerLogin{Account: p.asking.Account, ID: p.asking.ID}
	if text == "cancel" {
		c.Cancel = true
	} else {
		c.Answer = secret.New(text)
	}
	p.asking = nil
	p.send(c)
}
