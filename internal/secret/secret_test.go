package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	s := New("hunter2")
	type holder struct {
		Name string
		S    Secret
		P    *Secret
		L    []Secret
		M    map[string]Secret
		own  Secret // fmt does not ask the methods of what is not exported
	}
	h := holder{"alice", s, &s, []Secret{s}, map[string]Secret{"k": s}, s}
	var seen []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s", "%p"} {
		seen = append(seen, fmt.Sprintf(verb, s), fmt.Sprintf(verb, h), fmt.Sprintf(verb, &h))
	}
	for _, v := range []any{s, &s, h, h.M} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, string(b))
	}
	var log bytes.Buffer
	for _, l := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(l).Info("login", "secret", s, "in", h)
	}
	seen = append(seen, log.String(), fmt.Errorf("login %v: %w", s, errors.New("no")).Error())
	func() {
		defer func() { seen = append(seen, fmt.Sprint(recover())) }()
		panic(h)
	}()
	for _, text := range seen {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") {
			t.Errorf("given away: %s", text)
		}
	}
	if s.Reveal() != "hunter2" || !s.Equal(New("hunter2")) || s.Equal(New("hunter3")) {
		t.Errorf("Reveal is %q", s.Reveal())
	}
}

func TestAnEmptySecretLooksEmpty(t *testing.T) {
	if s := fmt.Sprint(Secret{}); s != "" {
		t.Errorf("it prints %q", s)
	}
}
