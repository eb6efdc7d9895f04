package oauth

import (
	"net/url"
	"strings"
	"unicode"
)

// brought is what a browser comes back with, or a person pastes.
type brought struct {
	code  string
	state string
	err   string // error and error_description of the redirect
	why   string
}

// shortest is the least length of a code; what is shorter is a word, and would cost the
// sign-in if it were traded.
const shortest = 8

// pasted reads what a person pastes: the address that the browser ended at, a part of
// it, or the code alone; terminals put line breaks and people put quotes around it. The
// problem, if there is one, is said to the person.
func pasted(text, state string) (b brought, problem string) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Trim(text, `"'<>`+"`")
	if text == "" {
		return b, "nothing was pasted"
	}
	if !strings.Contains(text, "code=") && !strings.Contains(text, "code_challenge=") && !strings.Contains(text, "error=") && !strings.Contains(text, "://") {
		if len(text) < shortest {
			return b, "that is no address; paste the one that the browser ends at"
		}
		return brought{code: text, state: state}, "" // the code alone: PKCE ties it to us
	}
	query := text
	if _, after, ok := strings.Cut(text, "?"); ok {
		query = after
	}
	query, _, _ = strings.Cut(query, "#") // some services add #_=_
	q, err := url.ParseQuery(query)
	if err != nil {
		return b, "that cannot be read; paste the whole address that the browser ended at"
	}
	b = brought{code: q.Get("code"), state: q.Get("state"), err: q.Get("error"), why: q.Get("error_description")}
	switch {
	case q.Has("code_challenge"):
		return b, "that is the address to begin with; sign in there, and paste the one that the browser ends at"
	case b.code == "" && b.err == "":
		return b, "there is no code in that address; paste the one that the browser ends at after signing in"
	case b.state == "" && b.code != "" && !q.Has("state"):
		b.state = state // "code=…" alone
	case b.state != state:
		return b, "that address belongs to another sign-in; open the newest one"
	}
	return b, ""
}
