package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"segue/cache"
	"segue/internal/music"
)

// readAccounts takes the [[account]] sections. One with a mistake is left out.
func (c *Config) readAccounts(list []any, file string, data []byte) {
	lines := accountLines(data)
	for i, v := range list {
		where := file
		if i < len(lines) {
			where = fmt.Sprintf("%s:%d", file, lines[i])
		}
		sub, ok := v.(map[string]any)
		if !ok {
			c.problem(where, "account is no section; it is ignored")
			continue
		}
		a := Account{Options: map[string]string{}, Where: where}
		secrets, msg := a.read(sub)
		name := "account " + a.Name
		if a.Name == "" {
			name = "an account without a name"
		}
		for _, k := range secrets {
			c.problem(where, "%s: %s does not belong into a file that is copied around and is not read: segue login asks for it, and remembers you", name, k)
		}
		if msg != "" {
			c.problem(where, "%s: %s; it is ignored", name, msg)
			continue
		}
		if slices.ContainsFunc(c.Accounts, func(o Account) bool { return o.Name == a.Name }) {
			c.problem(where, "account %s: the name is there twice; the first one holds", a.Name)
			continue
		}
		c.Accounts = append(c.Accounts, a)
	}
}

// read takes over the keys of a section and says what is wrong with them: the secrets
// in it, which are left out, and why the account cannot be.
func (a *Account) read(sub map[string]any) (secrets []string, wrong string) {
	known := map[string]*string{"name": &a.Name, "service": &a.Service, "server": &a.Server, "user": &a.User}
	if s, ok := sub["name"].(string); ok {
		a.Name = s // for messages, whatever comes first
	}
	for _, k := range slices.Sorted(maps.Keys(sub)) {
		text, isText := sub[k].(string)
		at := known[k]
		switch {
		case strings.Contains(k, "password") || strings.Contains(k, "secret") || strings.Contains(k, "token"):
			secrets = append(secrets, k)
		case at != nil && !isText:
			return secrets, fmt.Sprintf("%s wants a text in quotes, not %v", k, show(sub[k]))
		case at != nil:
			*at = text
		case isText:
			a.Options[k] = text
		default:
			a.Options[k] = fmt.Sprint(sub[k])
		}
	}
	switch {
	case a.Service == "":
		return secrets, `it wants a service, as in service = "subsonic"`
	case !music.AccountID(a.Name).Valid():
		return secrets, "its name wants 1 to 32 of a-z, 0-9, '.', '_' and '-'"
	case a.Name == "local":
		return secrets, "the name local is taken by the files on this machine"
	}
	return secrets, ""
}

// accountLines are the lines of the [[account]] headers, in order.
func accountLines(data []byte) []int {
	var lines []int
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.ArrayTable {
			continue
		}
		if it := e.Key(); it.Next() && string(it.Node().Data) == "account" {
			lines = append(lines, p.Shape(it.Node().Raw).Start.Line)
		}
	}
	return lines
}

// foreign are our keys for what the variables of other programs set (cache.Environment);
// those stand below the config and above the defaults.
var foreign = map[string]string{
	cache.SetClientID:     "spotify.client_id",
	cache.SetClientSecret: "spotify.client_secret",
	cache.SetRedirectURI:  "spotify.redirect_uri",
	cache.SetUsername:     "spotify.user",
	cache.SetCachePath:    "cache.path",
	cache.SetRedisURL:     "cache.redis_url",
	cache.SetRedisKey:     "cache.redis_key",
}

// readForeign takes Spotipy's variables and REDIS_URL.
func (c *Config) readForeign(environ []string) {
	get := func(name string) string {
		for _, e := range environ {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				return v
			}
		}
		return ""
	}
	for _, s := range cache.Environment(get) {
		k, _ := find(foreign[s.Name])
		if err := k.set(c, fromText(k.def, s.Value.Reveal())); err != nil {
			c.problem(s.From, "%v; %s holds", err, c.Sources[k.name])
			continue
		}
		c.Sources[k.name] = s.From
	}
}
