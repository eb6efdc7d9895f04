package oauth

import (
	"html"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// page is what a browser shows at the end.
type page struct {
	Title, Text string
	Well        bool
}

// show writes a page: light or dark as the browser is, without scripts, and kept nowhere
// because its address holds the code.
func show(w http.ResponseWriter, status int, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	text := p.html()
	// With its length told, all of it is out when Flush returns: the server may close then.
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)            // a browser that went away does not need it
	_ = http.NewResponseController(w).Flush() // nor this
}

// html is the page's text. It is put together by hand: with html/template in it the
// program would be a half larger, in memory too.
func (p page) html() string {
	class := ""
	if p.Well {
		class = ` class="well"`
	}
	return strings.NewReplacer("{title}", html.EscapeString(p.Title), "{text}", html.EscapeString(p.Text), "{class}", class).Replace(pageText)
}

const pageText = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Segue: {title}</title>
<style>
:root { --back: #f6f5f2; --text: #22211f; --faint: #6b6862; --good: #1d6b45; --bad: #a1321f; }
@media (prefers-color-scheme: dark) {
  :root { --back: #17181a; --text: #e9e7e2; --faint: #9d9a93; --good: #6fcf9b; --bad: #f0907e; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text);
  font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; padding: 2rem; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; font-weight: 600; color: var(--bad); }
h1.well { color: var(--good); }
p { margin: 0; }
footer { margin-top: 2rem; color: var(--faint); font-size: .875rem; }
</style>
</head>
<body>
<main>
<h1{class}>{title}</h1>
<p>{text}</p>
<footer>Segue, the music player in your terminal</footer>
</main>
</body>
</html>
`
