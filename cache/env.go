package cache

// Setting is what one environment variable sets.
type Setting struct {
	Name   string // of the setting, one of the Set… constants
	Value  Secret // revealed by who uses it
	From   string // the variable's name
	Hidden bool   // Value must not be shown; else it may
}

// Text is the value for people: "[secret]" if it is hidden.
func (s Setting) Text() string {
	if s.Hidden {
		return mask
	}
	return s.Value.Reveal()
}

// The settings that other programs' variables may set. All but SetRedisURL are about the
// first Spotify account only; SetRedisURL gives the address and never chooses Redis.
const (
	SetClientID     = "client_id"
	SetClientSecret = "client_secret"
	SetRedirectURI  = "redirect_uri"
	SetUsername     = "username"   // Spotipy.Username
	SetCachePath    = "cache_path" // Spotipy.Path
	SetRedisURL     = "redis_url"  // RedisOptions.URL
	SetRedisKey     = "redis_key"  // Spotipy.Key
)

// Environment reads what Spotipy's variables and REDIS_URL set, each setting once, in a
// fixed order; get is os.Getenv or the like. They hold below SEGUE_… and the
// configuration, and above the defaults. An empty variable sets nothing.
func Environment(get func(name string) string) []Setting {
	variables := []Setting{
		{Name: SetClientID, From: "SPOTIPY_CLIENT_ID"},
		{Name: SetClientSecret, From: "SPOTIPY_CLIENT_SECRET", Hidden: true},
		{Name: SetRedirectURI, From: "SPOTIPY_REDIRECT_URI"},
		{Name: SetUsername, From: "SPOTIPY_CLIENT_USERNAME"},
		{Name: SetUsername, From: "SPOTIPY_CACHE_USERNAME"},
		{Name: SetCachePath, From: "SPOTIPY_CACHE_PATH"},
		{Name: SetRedisURL, From: "REDIS_URL", Hidden: true}, // a password may be in it
		{Name: SetRedisKey, From: "SPOTIPY_REDIS_KEY"},
	}
	var set []Setting
	have := map[string]bool{}
	for _, s := range variables {
		if v := get(s.From); v != "" && !have[s.Name] {
			have[s.Name] = true
			s.Value = NewSecret(v)
			set = append(set, s)
		}
	}
	return set
}
