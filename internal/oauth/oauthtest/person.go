package oauthtest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Person is somebody with a browser of their own that keeps cookies and knows no scripts.
// One goroutine at a time uses it.
type Person struct {
	Name     string
	Password string   // what is typed the first time; "pw-NAME" is right, and typed after that
	Answer   string   // to "Allow?": "allow", "deny" or "less", which allows all but the last scope
	Steps    []string // the headings of the forms so far

	http *http.Client
}

// NewPerson is somebody who knows the password.
func NewPerson(t testing.TB, name, answer string) *Person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Person{Name: name, Password: "pw-" + name, Answer: answer, http: &http.Client{Jar: jar, Timeout: 3 * time.Minute}}
}

// mostForms is how many forms a person fills in before they give up.
const mostForms = 12

// Walk opens an address and signs in as asked. It gives the address and the page where
// that ends; where nobody listens there, the address of the last redirect and no page.
func (p *Person) Walk(addr string) (last, page string, err error) {
	heading := regexp.MustCompile(`<h1[^>]*>([^<]*)</h1>`)
	at, page, err := p.send(http.MethodGet, addr, nil)
	for range mostForms {
		if err != nil || page == "" {
			return at, page, err
		}
		h := heading.FindStringSubmatch(page)
		if h == nil || !strings.Contains(at, "/interaction/") {
			return at, page, nil
		}
		p.Steps = append(p.Steps, h[1])
		form := url.Values{"do": {p.Answer}}
		if h[1] == "Sign in" {
			form = url.Values{"name": {p.Name}, "password": {p.Password}}
			p.Password = "pw-" + p.Name
		}
		at, page, err = p.send(http.MethodPost, at, form)
	}
	return "", "", fmt.Errorf("forms without an end: %v", p.Steps)
}

// send makes one call with all its redirects. A redirect to a callback where nobody
// listens ends it without an error.
func (p *Person) send(method, addr string, form url.Values) (at, page string, err error) {
	req, err := http.NewRequest(method, addr, strings.NewReader(form.Encode())) //nolint:noctx // the client has a timeout
	if err != nil {
		return "", "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.http.Do(req)
	var u *url.Error
	if errors.As(err, &u) && strings.Contains(u.URL, "/callback?") {
		return u.URL, "", nil
	}
	if err != nil {
		return "", "", err
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	body, err := io.ReadAll(resp.Body)
	return resp.Request.URL.String(), string(body), err
}
