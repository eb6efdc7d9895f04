package webapitest

import (
	"context"
	"net/http"
)

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// handler answers one call: with what becomes JSON, or nil for nothing.
type handler func(c *call) any

// routes are all calls that development mode has, of those that a player needs.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /v1/me":                      getMe,
		"GET /v1/me/playlists":            getMyPlaylists,
		"POST /v1/me/playlists":           createPlaylist,
		"GET /v1/playlists/{id}":          getPlaylist,
		"PUT /v1/playlists/{id}":          changePlaylist,
		"GET /v1/playlists/{id}/items":    getItems,
		"POST /v1/playlists/{id}/items":   addItems,
		"PUT /v1/playlists/{id}/items":    moveItems,
		"DELETE /v1/playlists/{id}/items": removeItems,

		"GET /v1/me/tracks":           getSaved("track"),
		"GET /v1/me/albums":           getSaved("album"),
		"GET /v1/me/shows":            getSaved("show"),
		"GET /v1/me/episodes":         getSaved("episode"),
		"GET /v1/me/following":        getFollowing,
		"GET /v1/me/top/{what}":       getTop,
		"PUT /v1/me/library":          saveLibrary,
		"DELETE /v1/me/library":       unsaveLibrary,
		"GET /v1/me/library/contains": containsLibrary,

		"GET /v1/tracks/{id}":         getTrack,
		"GET /v1/albums/{id}":         getAlbum,
		"GET /v1/albums/{id}/tracks":  getAlbumTracks,
		"GET /v1/artists/{id}":        getArtist,
		"GET /v1/artists/{id}/albums": getArtistAlbums,
		"GET /v1/shows/{id}":          getShow,
		"GET /v1/shows/{id}/episodes": getShowEpisodes,
		"GET /v1/episodes/{id}":       getEpisode,
		"GET /v1/search":              getSearch,

		"GET /v1/me/player":                 getState,
		"PUT /v1/me/player":                 transfer,
		"GET /v1/me/player/devices":         getDevices,
		"PUT /v1/me/player/play":            command((*player).play),
		"PUT /v1/me/player/pause":           command((*player).pause),
		"POST /v1/me/player/next":           command((*player).next),
		"POST /v1/me/player/previous":       command((*player).previous),
		"PUT /v1/me/player/seek":            command((*player).seek),
		"PUT /v1/me/player/repeat":          command((*player).setRepeat),
		"PUT /v1/me/player/volume":          command((*player).setVolume),
		"PUT /v1/me/player/shuffle":         command((*player).setShuffle),
		"GET /v1/me/player/recently-played": getRecent,
		"GET /v1/me/player/queue":           getQueue,
		"POST /v1/me/player/queue":          command((*player).enqueue),
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			c, ok := r.Context().Value(callKey{}).(*call)
			t, ok2 := w.(*taken)
			if !ok || !ok2 {
				return // serve gives both
			}
			c.r = r
			t.value = h(c)
		})
	}
	return mux
}
