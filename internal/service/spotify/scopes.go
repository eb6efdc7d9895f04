package spotify

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"segue/cache"
	"segue/internal/music"
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
	for _, f := range allFeatures() {
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

// allFeatures are the features there are.
func allFeatures() []feature {
	return []feature{featProfile, featLibrary, featPlaylists, featFollowing, featTop, featRecent, featPodcasts, featPlayback}
}

// featuresNamed are features by their names: those of SignIn.For.
func featuresNamed(names []string) ([]feature, error) {
	var all []feature
	for _, name := range names {
		f := feature(strings.TrimSpace(name))
		if !slices.Contains(allFeatures(), f) {
			var known []string
			for _, k := range allFeatures() {
				known = append(known, string(k))
			}
			return nil, fmt.Errorf("%q is nothing that a sign-in allows; there are %s", music.Clean(name), strings.Join(known, ", "))
		}
		all = append(all, f)
	}
	return all, nil
}

// lacks are the features in use that the grant does not allow.
func (s *Service) lacks() []session.Lack {
	scope := s.granted().scope
	if scope == "" {
		return nil // where nothing is known Spotify says it
	}
	var all []session.Lack
	for _, f := range missing(scope, s.features()) {
		all = append(all, session.Lack{Feature: string(f), What: f.what()})
	}
	return all
}

// use is what is done with a feature: a grant of another program may allow a part of it.
type use int

const (
	toSee use = iota
	toChange
)

// scopesTo are the scopes of which one is enough to see something of a feature, or to
// change it.
func (f feature) scopesTo(u use) []string {
	var see, change []string
	switch f {
	case featLibrary:
		see, change = []string{"user-library-read"}, []string{"user-library-modify"}
	case featPlaylists:
		see, change = []string{"playlist-read-private", "playlist-read-collaborative"}, []string{"playlist-modify-private", "playlist-modify-public"}
	case featFollowing:
		see, change = []string{"user-follow-read"}, []string{"user-follow-modify"}
	case featPlayback:
		see, change = []string{"user-read-playback-state"}, []string{"user-modify-playback-state"}
	case featProfile, featTop, featRecent, featPodcasts:
		see, change = []string{f.scopes()}, []string{f.scopes()}
	}
	if u == toChange {
		return change
	}
	return see
}

// wants is the fault of a feature that the grant does not allow; nil where it does.
func (s *Service) wants(op string, f feature, u use) error {
	g := s.granted()
	if g.scope == "" {
		return nil // where nothing is known Spotify says it
	}
	for _, enough := range f.scopesTo(u) {
		if cache.HasScopes(g.scope, enough) {
			return nil
		}
	}
	fault := &session.Fault{Kind: session.PermissionDenied, Account: s.id, Op: op, Err: errors.New(lacking + f.why())}
	s.offer(fault, f)
	return fault
}

// lacking begins the reason of a fault that a sign-in for a feature puts right.
const lacking = "it takes a permission that its sign-in does not have yet, "

// offer makes a sign-in for a feature the way out of a fault.
func (s *Service) offer(fault *session.Fault, f feature) {
	fault.Needs = []string{string(f)}
	fault.Hint = "segue login " + string(s.id) + " --for " + string(f) + " asks for it"
}

// featureAt is the feature that a call of the Web API belongs to; "" = it needs none.
func featureAt(path string) feature {
	for _, at := range []struct {
		begins string
		of     feature
	}{
		{"/me/player/recently-played", featRecent}, {"/me/player", featPlayback}, {"/me/playlists", featPlaylists}, {"/playlists", featPlaylists},
		{"/me/following", featFollowing}, {"/me/top", featTop}, {"/me/tracks", featLibrary}, {"/me/albums", featLibrary},
		{"/me/shows", featLibrary}, {"/me/episodes", featLibrary}, {"/me/library", featLibrary}, {"/episodes", featPodcasts}, {"/shows", featPodcasts},
		{"/me", featProfile},
	} {
		if path == at.begins || strings.HasPrefix(path, at.begins+"/") {
			return at.of
		}
	}
	return ""
}
