package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Answer is what came with a body that has been read.
type Answer struct {
	Status int
	Header http.Header
}

// JSON makes an API call and decodes the answer into out. out is left alone, and the
// error nil, where there is nothing to decode: 204, 304 and the like, or out is nil.
func (c *Client) JSON(req *http.Request, out any) (Answer, error) {
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	a, body, err := c.Bytes(req)
	if err != nil || out == nil || a.Status == http.StatusNoContent || a.Status >= 300 {
		return a, err
	}
	return a, c.decode(req.URL.Host, a.Header, body, out)
}

// Bytes makes an API call and reads the whole answer.
func (c *Client) Bytes(req *http.Request) (Answer, []byte, error) {
	resp, err := c.Do(req)
	if err != nil {
		return Answer{}, nil, err
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	a := Answer{resp.StatusCode, resp.Header}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, nil, c.fail(req, err)
	}
	return a, body, nil
}

func (c *Client) decode(host string, h http.Header, body []byte, out any) error {
	no := func(what string) error {
		return &Error{Kind: NotJSON, Service: c.o.Service, Host: host, Reason: host + " answered with " + what}
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")) // a wrong header is as good as none
	switch {
	case len(body) == 0:
		return no("nothing")
	case strings.HasSuffix(kind, "html") || body[0] == '<':
		return no("a web page instead of data (is the address right, or is a sign-in page of the network in the way?)")
	}
	err := json.Unmarshal(body, out)
	var shape *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &shape):
		return no("data of another shape (" + shape.Field + ")")
	case strings.Contains(err.Error(), "unexpected end"):
		return no("data that is cut short")
	}
	return no("something that is not JSON")
}
