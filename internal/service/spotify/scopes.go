package spotify

import (
	"errors"
	"slices"
	"strings"

	"segue/cache"
	"segue/session"
)

// feature is something that people do, which a grant must allow.
type feature string

// The features. Those that are in use are asked for at the sign-in; another one is asked
// for when it is first needed.
const (
	featProfile   feature = "profile" // GET /me wants it
	featLibrary   feature = "library"
	featPlaylists feature = "playlists"
	featFollowing feature = "following"
	featTop       feature = "top_content"
	featRecent    feature = "recently_played"
	featPodcasts  feature = "podcasts"
	featPlayback  feature = "playback" // devices, what they play, and telling them
)

// why is what a person is told that a feature is for.
func (f feature) why() string {
	switch f {
	case featProfile:
		return "to know who you are"
	case featLibrary:
		return "to show and change what you have saved"
	case featPlaylists:
		return "to show and edit your playlists"
	case featFollowing:
		return "to show and change whom you follow"
	case featTop:
		return "to show what you play most"
	case featRecent:
		return "to show what you played lately"
	case featPodcasts:
		return "to go on where you stopped in an episode"
	case featPlayback:
		return "to play on your devices"
	}
	return ""
}

// what is the feature in words, behind "it allows".
func (f feature) what() string {
	switch f {
	case featProfile:
		return "your profile"
	case featLibrary:
		return "what you have saved"
	case featPlaylists:
		return "your playlists"
	case featFollowing:
		return "whom you follow"
	case featTop:
		return "what you play most"
	case featRecent:
		return "what you played lately"
	case featPodcasts:
		return "your place in episodes"
	case featPlayback:
		return "your devices"
	}
	return ""
}

// scopes are what Spotify calls a feature. Three of them are in no table of Spotipy's.
func (f feature) scopes() string {
	switch f {
	case featPodcasts:
		return "user-read-playback-position"
	case featPlayback:
		return cache.NormalizeScope(cache.ScopesFor(string(f)) + " user-read-currently-playing")
	case featProfile, featLibrary, featPlaylists, featFollowing, featTop, featRecent:
	}
	return cache.ScopesFor(string(f))
}

// features are those in use.
func (s *Service) features() []feature {
	all := []feature{featProfile, featLibrary, featPlaylists, featFollowing, featTop, featRecent, featPodcasts}
	if s.cfg.Playback != PlayEngine {
		all = append(all, featPlayback)
	}
	return all
}

// scopesOf are the scopes of features, normalised.
func scopesOf(features []feature) string {
	var all []string
	for _, f := range features {
		all = append(all, f.scopes())
	}
	return cache.NormalizeScope(strings.Join(all, " "))
}

// missing are the features that a grant does not allow, in their order.
func missing(granted string, features []feature) []feature {
	return slices.DeleteFunc(slices.Clone(features), func(f feature) bool { return cache.HasScopes(granted, f.scopes()) })
}

// allowed are the features that a grant holds, in words.
func allowed(granted string) []string {
	var all []string
	for _, f := range []feature{featProfile, featLibrary, featPlaylists, featFollowing, featTop, featRecent, featPodcasts, featPlayback} {
		if cache.HasScopes(granted, f.scopes()) {
			all = append(all, f.what())
		}
	}
	return all
}

// whyAll is what features are for, in words.
func whyAll(features []feature) string {
	var all []string
	for _, f := range features {
		all = append(all, f.why())
	}
	return strings.Join(all, ", ")
}

// wants is the fault of a feature that the grant does not allow; nil where it does.
func (s *Service) wants(op string, f feature) error {
	g := s.granted()
	if g.scope == "" || len(missing(g.scope, []feature{f})) == 0 {
		return nil // where nothing is known Spotify says it
	}
	return &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op,
		Err:  errors.New("the sign-in does not allow it yet: Segue asks for no more than it uses, and now needs more, " + f.why()),
		Hint: "segue login " + string(s.id) + " --force asks Spotify for that"}
}
