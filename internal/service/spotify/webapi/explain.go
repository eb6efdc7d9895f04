package webapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"segue/cache"
	"segue/internal/httpx"
	"segue/internal/music"
)

// strange is the error of an answer that cannot be used.
func strange(what string) *Error {
	return &Error{Kind: Strange, Status: http.StatusOK, Message: "it answered with " + what}
}

// explain makes an *Error of what a call failed with. path is what was asked.
func explain(path string, err error) error {
	var own *Error
	var h *httpx.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, cache.ErrSignIn), errors.Is(err, cache.ErrDead):
		return &Error{Kind: SignIn, err: err}
	case errors.As(err, &h):
		return explainHTTP(path, h)
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Unreachable, Message: "no answer came in time", err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Kind: Cancelled, err: err}
	}
	return &Error{Kind: TokenTrouble, err: err} // only the layer that signs has errors of others
}

func explainHTTP(path string, h *httpx.Error) *Error {
	e := &Error{Status: h.Status, RetryAt: h.RetryAt, Path: path, err: h}
	switch h.Kind {
	case httpx.Cancelled:
		e.Kind = Cancelled
	case httpx.RateLimited:
		e.Kind = RateLimited
		_, e.Message = said(h.Body())
		if h.Limit == quotaWord {
			e.Kind, e.Reason = Quota, quotaWord
		}
	case httpx.Status:
		e.Reason, e.Message = said(h.Body())
		e.Kind = kindOf(h.Status, path, e.Reason, e.Message)
	case httpx.NotJSON, httpx.TooBig, httpx.Redirected:
		e.Kind, e.Message = Strange, h.Reason
	case httpx.Unreachable, httpx.Timeout, httpx.TLS, httpx.Insecure, httpx.Invalid:
		e.Kind = Unreachable
	}
	return e
}

// said reads what an error's body says: Spotify's JSON of either form, or plain text.
// A web page says nothing.
func said(body []byte) (reason, message string) {
	n, err := parse(body)
	if err == nil && n.object() {
		e := n.get("error")
		reason, message = e.get("reason").text(), e.get("message").text()
		if message == "" { // the accounts server's form, and that of what stands before the API
			message = firstOf(n.get("error_description").text(), n.get("message").text(), e.text())
		}
		if reason == "" {
			reason = n.get("reason").text()
		}
		return reason, httpx.Scrub(message)
	}
	text := strings.TrimSpace(music.Clean(string(body)))
	if strings.HasPrefix(text, "<") {
		return "", ""
	}
	return "", httpx.Scrub(text)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// quotaWord is the reason of a 429 that must not be tried again.
const quotaWord = "QUOTA_EXCEEDED"

// kindOf tells the causes of a status apart.
func kindOf(status int, path, reason, message string) Kind {
	text := strings.ToLower(message)
	switch {
	case status == http.StatusUnauthorized:
		if strings.Contains(text, "permissions missing") || strings.Contains(text, "scope") {
			return Scope
		}
		return TokenRefused
	case status == http.StatusForbidden:
		return forbidden(path, reason, text)
	case status == http.StatusNotFound && reason == "NO_ACTIVE_DEVICE", status == http.StatusNotFound && strings.Contains(text, "no active device"):
		return NoDevice
	case status == http.StatusNotFound && strings.Contains(text, "device not found"):
		return DeviceGone
	case status == http.StatusNotFound, status == http.StatusGone:
		return NotFound
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusRequestURITooLong:
		return Invalid
	case status >= 500:
		return Server
	}
	return Strange
}

// forbidden tells the causes of a 403 apart; text is in lower case.
func forbidden(path, reason, text string) Kind {
	player := strings.HasPrefix(path, "/me/player")
	switch {
	case strings.Contains(text, "owner") && strings.Contains(text, "premium"):
		return OwnerNeedsPremium
	case strings.Contains(text, "not be registered"), strings.Contains(text, "not registered"), strings.Contains(text, "allowlist"):
		return NotOnList
	case reason == "PREMIUM_REQUIRED", player && strings.Contains(text, "premium"):
		return NeedsPremium
	case strings.Contains(text, "scope"):
		return Scope
	case player && (reason != "" || strings.Contains(text, "restrict") || strings.Contains(text, "player command failed")):
		return NotNow
	}
	return Forbidden
}
