package session

import (
	"context"
	"errors"
	"maps"
	"slices"

	"segue/internal/secret"
)

// question is one that a login has put before a person. Owned by Run but for
// answer, which takes one answer.
type question struct {
	id     Ticket
	what   Question
	answer chan secret.Secret
}

// asker makes the Asker of a login. It is used from workers.
func (s *Session) asker(a *account, lg *login) Asker {
	return func(ctx context.Context, what Question) (secret.Secret, error) {
		q := &question{what: what, answer: make(chan secret.Secret, 1)}
		s.post(func() { s.putQuestion(a, lg, q) })
		defer s.post(func() { s.questionOver(a, lg, q) })
		select {
		case text := <-q.answer:
			return text, nil
		case <-ctx.Done():
			return secret.Secret{}, ctx.Err()
		}
	}
}

func (s *Session) putQuestion(a *account, lg *login, q *question) {
	if a.login != lg {
		return
	}
	s.lastQuestion++
	q.id = s.lastQuestion
	lg.asked[q.id] = q
	s.tellAccounts()
	s.emit(LoginNeeded{Account: a.id, ID: q.id, Question: q.what})
}

func (s *Session) questionOver(a *account, lg *login, q *question) {
	if lg.asked[q.id] == q {
		delete(lg.asked, q.id)
		s.emit(LoginNeeded{Account: a.id, ID: q.id, Question: q.what, Over: true})
	}
}

// closeQuestions takes back what a login has asked.
func (s *Session) closeQuestions(a *account, lg *login) {
	for _, id := range slices.Sorted(maps.Keys(lg.asked)) {
		s.questionOver(a, lg, lg.asked[id])
	}
}

// openQuestions are those that wait for an answer, for a newcomer.
func (s *Session) openQuestions() []Event {
	var all []Event
	for _, a := range s.accounts {
		if a.login == nil {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(a.login.asked)) {
			all = append(all, LoginNeeded{Account: a.id, ID: id, Question: a.login.asked[id].what})
		}
	}
	return all
}

// answerLogin carries out AnswerLogin.
func (s *Session) answerLogin(c AnswerLogin) {
	a := s.account(c.Account)
	if a == nil {
		s.fail(noAccount(c.Account, "answer"))
		return
	}
	lg := a.login
	var q *question
	if lg != nil {
		q = lg.asked[c.ID]
	}
	switch {
	case c.Cancel && lg != nil && (q != nil || c.ID == 0):
		s.cancelLogin(a)
	case q == nil:
		s.notice(Info, "that question of "+string(a.id)+" is over", nil)
	default:
		select {
		case q.answer <- c.Answer:
		default: // it has its answer
		}
	}
}

// cancelLogin gives up a login by wish.
func (s *Session) cancelLogin(a *account) {
	fresh := a.login.fresh
	s.abortLogin(a)
	f := &Fault{Kind: Cancelled, Account: a.id, Op: "sign in", Err: errors.New("given up")}
	if fresh {
		s.dismiss(a)
	} else {
		s.stillOut(a, f)
	}
	s.loginFailed(a.id, f)
	s.fallBack(a)
}

// busy reports whether the account is being signed in or out.
func (a *account) busy() bool { return a.login != nil || a.leaving > 0 }
