package spotify

import (
	"testing"

	"segue/internal/music"
	"segue/internal/service/spotify/webapi/webapitest"
	"segue/session"
)

// followed is how a search shows a playlist of somebody else's.
func (d *desk) followed(name string) bool {
	d.t.Helper()
	for _, it := range d.search(session.TypePlaylists, name).Items {
		if p, ok := it.(music.Playlist); ok && p.Name == name {
			if !p.Theirs {
				d.t.Errorf("%s is said to be the user's own", name)
			}
			return p.Followed
		}
	}
	d.t.Fatalf("%s is not found", name)
	return false
}

func TestOnlyAPlaylistThatIsInTheLibraryIsFollowed(t *testing.T) {
	d := newDesk(t)
	stranger := d.web.AddPlaylist(webapitest.Playlist{Name: "Stranger", Owner: "bob", Public: true})
	d.section(music.SectionPlaylists)
	if d.followed("Stranger") || !d.followed("Bob's best") {
		t.Errorf("followed: the stranger's %t, Bob's %t", d.followed("Stranger"), d.followed("Bob's best"))
	}
	bobs := d.ref(music.KindPlaylist, d.f.Followed)
	if err := d.s.DeletePlaylist(t.Context(), bobs); err != nil {
		t.Fatal(err)
	}
	if d.followed("Bob's best") {
		t.Error("it is followed after it was unfollowed")
	}
	for _, p := range []music.Ref{bobs, d.ref(music.KindPlaylist, stranger)} {
		if err := d.s.RestorePlaylist(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if !d.followed("Bob's best") || !d.followed("Stranger") {
		t.Error("what was put into the library is not followed")
	}
}

func TestWhatOneUserFollowedTheNextOneDoesNot(t *testing.T) {
	d := newDesk(t)
	d.section(music.SectionPlaylists)
	if !d.followed("Bob's best") {
		t.Fatal("it is not followed")
	}
	if err := d.s.forgetBrowsing(); err != nil {
		t.Fatal(err)
	}
	if d.followed("Bob's best") {
		t.Error("it is followed by whoever signs in next")
	}
}
