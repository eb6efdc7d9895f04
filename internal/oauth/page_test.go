package oauth

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatAServerSaysIsTextOnThePage(t *testing.T) {
	w := httptest.NewRecorder()
	show(w, 400, page{Title: "No {text}", Text: `<script>alert("1")</script> & {class}`})
	body := w.Body.String()
	for _, want := range []string{"<title>Segue: No {text}</title>", "<h1>No {text}</h1>", "<p>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; {class}</p>"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in %s", want, body)
		}
	}
	w = httptest.NewRecorder()
	show(w, 200, page{Title: "Signed in", Well: true})
	if !strings.Contains(w.Body.String(), `<h1 class="well">Signed in</h1>`) {
		t.Error(w.Body.String())
	}
}
