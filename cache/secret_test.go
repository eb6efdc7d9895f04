package cache_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"segue/cache"
)

// hidden is in every secret below; no output may hold it, nor its bytes in decimal or hex.
const hidden = "XYZZY-hidden"

type around struct {
	Public  any
	private any
	byValue cache.Secret
	token   cache.Token
	cred    cache.Credential
}

// secretsOfEachType are values of every type that holds a secret, and things around them.
func secretsOfEachType(t testing.TB) map[string]any {
	s := cache.NewSecret(hidden)
	tok := &cache.Token{AccessToken: s, RefreshToken: s, Scope: "x"}
	if err := tok.SetExtra("id_token", []byte(`"`+hidden+`"`)); err != nil {
		t.Fatal(err)
	}
	cred := cache.Credential{Service: "subsonic", User: "jo", Blob: s}
	redis := cache.RedisOptions{URL: cache.NewSecret("redis://u:" + hidden + "@127.0.0.1:1/0"), Password: s}
	values := map[string]any{
		"Secret": s, "*Secret": &s, "Token": *tok, "*Token": tok, "Credential": cred, "*Credential": &cred,
		"RedisOptions": redis, "*RedisOptions": &redis, "Options": cache.Options{Kind: cache.Redis, Redis: redis},
		"Setting": cache.Environment(func(string) string { return "redis://:" + hidden + "@h" }),
	}
	h, err := cache.NewRedis("k", redis, cache.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := cache.NewManager(cache.Options{Kind: cache.Redis, LockDir: t.TempDir(), Redis: redis})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Handler("me"); err != nil {
		t.Fatal(err)
	}
	memory := cache.NewMemory(tok)
	if err := memory.Save(t.Context(), tok); err != nil {
		t.Fatal(err)
	}
	values["Handler over Redis"], values["Manager"], values["Handler in memory"] = h, m, memory
	for name, v := range values {
		values["a struct around "+name] = around{Public: v, private: v}
		values["a list of "+name] = []any{v}
		values["a map of "+name] = map[string]any{"k": v}
	}
	values["a struct with all by value"] = around{byValue: s, token: *tok, cred: cred}
	return values
}

func leaks(text string) bool {
	hex := fmt.Sprintf("%x", hidden)
	decimal := strings.Trim(fmt.Sprintf("%d", []byte(hidden)), "[]")
	return strings.Contains(text, hidden) || strings.Contains(strings.ToLower(text), hex) || strings.Contains(text, decimal)
}

func TestNoSecretIsPrintedOrEncodedOrLogged(t *testing.T) {
	if !leaks("a "+hidden) || !leaks(fmt.Sprintf("%X", hidden)) || !leaks(fmt.Sprintf("%v", []byte(hidden))) {
		t.Fatal("the test sees no leak")
	}
	for name, v := range secretsOfEachType(t) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "% x", "%10.3v", "%w"} {
			if text := fmt.Errorf("f "+verb, v).Error(); leaks(text) {
				t.Errorf("%s by %s: %s", name, verb, text)
			}
		}
		if text, err := json.Marshal(v); leaks(string(text)) || err != nil && leaks(err.Error()) {
			t.Errorf("%s by encoding/json: %s", name, text)
		}
		if text, err := xml.Marshal(v); leaks(string(text)) || err != nil && leaks(err.Error()) {
			t.Errorf("%s by encoding/xml: %s", name, text)
		}
		var b bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
			slog.New(h).Info("m", "k", v, slog.Group("g", "k", v))
		}
		log.New(&b, "", 0).Print(v)
		fmt.Fprintln(&b, v)
		if leaks(b.String()) {
			t.Errorf("%s in a log: %s", name, b.String())
		}
	}
}

func TestTheMaskIsWhatIsPrinted(t *testing.T) {
	s := cache.NewSecret(hidden)
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%#v", s), fmt.Sprint(cache.Token{AccessToken: s}),
		fmt.Sprint(&cache.Token{}), fmt.Sprintf("%+v", cache.Credential{Blob: s}), s.String(), s.GoString()} {
		if text != "[secret]" {
			t.Errorf("%q", text)
		}
	}
	if s.Reveal() != hidden || !s.Equal(cache.NewSecret(hidden)) || s.Equal(cache.Secret{}) || s.IsZero() || !cache.NewSecret("").IsZero() {
		t.Error("the secret itself")
	}
}

func TestASecretIsReadFromTextButNeverFromItsMask(t *testing.T) {
	var v struct{ Password cache.Secret }
	if err := json.Unmarshal([]byte(`{"Password":"`+hidden+`"}`), &v); err != nil || v.Password.Reveal() != hidden {
		t.Errorf("%v", err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err == nil {
		t.Error("the mask was taken for a secret")
	}
	if err := json.Unmarshal([]byte(spotipyText), &cache.Token{}); err == nil {
		t.Error("a token was read by encoding/json")
	}
}

func TestNoSecretIsInAPanic(t *testing.T) {
	if name := os.Getenv("SEGUE_TEST_PANIC"); name != "" {
		panic(secretsOfEachType(t)[name])
	}
	for _, name := range []string{"Secret", "*Secret", "Token", "*Token", "Credential", "RedisOptions", "a struct around Token", "a struct with all by value", "Handler in memory"} {
		c := exec.Command(os.Args[0], "-test.run=^TestNoSecretIsInAPanic$")
		c.Env = append(os.Environ(), "SEGUE_TEST_PANIC="+name, "GOTRACEBACK=all")
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: ") {
			t.Fatalf("%s: no panic: %v, %s", name, err, out)
		}
		if leaks(string(out)) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestNoSecretIsInAnError(t *testing.T) {
	ctx := t.Context()
	var errs []error
	for _, text := range []string{hidden, `"` + hidden + `"`, `{"access_token":"` + hidden, `{"access_token":["` + hidden + `"]}`,
		`{"access_token":"x","scope":{"` + hidden + `":1}}`, `{"access_token":"` + hidden + `","expires_at":"` + hidden + `"}`} {
		_, err := cache.JSON{}.Decode([]byte(text))
		_, err2 := cache.TokenFromAnswer([]byte(text), tokenOf(1).ExpiresAt)
		if err == nil || err2 == nil {
			t.Errorf("%s is a token", text)
		}
		errs = append(errs, err, err2)
	}
	for _, url := range []string{"redis://u:" + hidden + "@h:port/0", hidden, "redis://:" + hidden + "@h/db", "http://" + hidden, "redis://h\x7f" + hidden} {
		_, err := cache.NewManager(cache.Options{Kind: cache.Redis, LockDir: "x", Redis: cache.RedisOptions{URL: cache.NewSecret(url)}})
		if !errors.Is(err, cache.ErrInvalid) {
			t.Errorf("%s: %v", url, err)
		}
		errs = append(errs, err)
	}
	h, err := cache.NewRedis("k", cache.RedisOptions{URL: cache.NewSecret("redis://u:" + hidden + "@127.0.0.1:1/0")}, cache.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	errs = append(errs, h.Save(ctx, &cache.Token{AccessToken: cache.NewSecret(hidden)}))
	for _, err := range errs {
		if err == nil || leaks(err.Error()) {
			t.Errorf("%v", err)
		}
	}
}
