package spotify

import (
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

func TestLinksLeadToThingsAndBack(t *testing.T) {
	d := newDesk(t)
	id := webapitest.ID("x")
	for text, want := range map[string]music.Ref{
		"spotify:track:" + id:                            {Kind: music.KindTrack, ID: id},
		"https://open.spotify.com/intl-de/track/" + id:   {Kind: music.KindTrack, ID: id},
		"http://play.spotify.com/album/" + id + "?si=1 ": {Kind: music.KindAlbum, ID: id},
		"spotify:artist:" + id:                           {Kind: music.KindArtist, ID: id},
		"spotify:user:any:playlist:" + id:                {Kind: music.KindPlaylist, ID: id},
		"spotify:playlist:" + id:                         {Kind: music.KindPlaylist, ID: id},
		"spotify:show:" + id:                             {Kind: kindShow, ID: id},
		"spotify:episode:" + id:                          {Kind: music.KindTrack, ID: "episode:" + id},
		"spotify:starred":                                {Kind: music.KindSection, ID: music.SectionStarred},
		"spotify:user:ada:starred":                       {Kind: music.KindSection, ID: music.SectionStarred},
	} {
		want.Account = "music"
		ref, ok, err := d.s.Resolve(t.Context(), text)
		if !ok || err != nil || ref != want {
			t.Errorf("%s: %v, %v, %v", text, ref, ok, err)
		}
		if own, ok := d.s.LinkOf(ref); !ok || own.URL() == "" {
			t.Errorf("%s: no way back from %v", text, ref)
		} else if again, _, err := d.s.Resolve(t.Context(), own.URL()); err != nil || again != ref {
			t.Errorf("%s: %s leads to %v", text, own.URL(), again)
		}
		if uri, has := uriOf(ref); has {
			back, ok := d.s.refOf(uri)
			if link, err := music.ParseLink(uri); !ok || back != ref || err != nil || link.URL() == "" {
				t.Errorf("%s: its URI %s leads to %v", text, uri, back)
			}
		}
	}
	for _, text := range []string{"spotify:search:x", "spotify:user:ada", "spotify:local:a:b:c:1", "/a/b.flac", "https://example.org/x", "segue:music:track:1", "words"} {
		if ref, ok, err := d.s.Resolve(t.Context(), text); ok || err != nil {
			t.Errorf("%s: %v, %v", text, ref, err)
		}
	}
	_, ok, err := d.s.Resolve(t.Context(), "spotify:user:bob:starred")
	wantKind(t, err, session.PermissionDenied)
	_, _, err = d.s.Resolve(t.Context(), "spotify:image:ad6b3f0d1b2c4e5f60718293a4b5c6d7e8f90a1b")
	wantKind(t, err, session.InvalidArgument)
	if !ok {
		t.Error("another user's stars are left to others")
	}
}

func TestReferencesThatHaveNoURI(t *testing.T) {
	d := newDesk(t)
	for _, r := range []music.Ref{d.s.section("x"), d.ref(music.KindTrack, goneID), {}, {Kind: music.KindGenre, ID: "x"}, localRef("spotify:local:a:b:c:1"), localRef("spotify:local:%zz:b:c:1")} {
		if uri, ok := uriOf(r); ok {
			t.Errorf("%s: %s", r, uri)
		}
		if l, ok := d.s.LinkOf(r); ok {
			t.Errorf("%s: %s", r, l.URL())
		}
	}
	if r, ok := d.s.refOf("spotify:local:a:b:c:1"); !ok || r != localRef("spotify:local:a:b:c:1") || r.Account != music.Local {
		t.Errorf("a file of the listener's own that a device plays is %s", r)
	}
	for _, uri := range []string{"", "spotify:", "spotify:track:", "spotify:user:x", "spotify:track:a:b", "track:x", "spotify:ad:x", "spotify:track:a/b"} {
		if r, ok := d.s.refOf(uri); ok {
			t.Errorf("%s: %s", uri, r)
		}
	}
}
