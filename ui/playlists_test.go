package ui

import (
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// followsBob is an account that keeps a playlist of its user's own, one that Bob shares
// with them, and one of his that they only follow.
func followsBob(f *fake, o *Options) {
	twoKeepers(f, o)
	at := func(id string) music.Ref { return music.Ref{Account: "home", Kind: music.KindPlaylist, ID: id} }
	f.pages[music.Section("home", music.SectionPlaylists)] = []music.Item{
		music.Playlist{Ref: at("1"), Name: "Mine", Owner: "Ada", Tracks: 3, Writable: true},
		music.Playlist{Ref: at("2"), Name: "Ours", Owner: "Bob", Tracks: 4, Writable: true, Theirs: true, Followed: true},
		music.Playlist{Ref: at("3"), Name: "His", Owner: "Bob", Theirs: true, Followed: true, Closed: true},
	}
}

func TestPlaylistsOfOthersSayWhoseTheyAreAndAreUnfollowedNotDeleted(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {80, 24}} {
		r := newRig(t, size[0], size[1], followsBob)
		r.keys("3", "}")
		r.want("Bob, shared")
		r.want("Bob, locked")
		r.keys("g", "g", "m")
		r.want("Rename …")
		r.wantNot("Unfollow")
		r.wantNot("  Star  ")
		r.keys("esc", "j", "m")
		r.want("Unfollow")
		r.wantNot("Rename …")
		r.keys("esc", ":", "t:delete-playlist", "enter")
		r.want("Unfollow “Ours”?")
		r.keys("down", "enter")
		if c := commands[session.PlaylistDelete](r.f); len(c) != 1 || c[0].Playlist.ID != "2" {
			t.Errorf("%+v", c)
		}
	}
}

func TestFromInsideAPlaylistOfSomebodyElseItIsUnfollowedToo(t *testing.T) {
	for _, width := range []int{120, 80} { // with a sidebar that knows it, and without
		r := newRig(t, width, 30, followsBob)
		r.f.followed = music.Ref{Account: "home", Kind: music.KindPlaylist, ID: "3"}
		for id, want := range map[string]string{"1": "Delete “", "3": "Unfollow “"} {
			r.m.open(page.Place{Of: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: id}})
			r.settle()
			r.keys(":", "t:delete-playlist", "enter")
			r.want(want)
			r.keys("esc")
		}
	}
}

func TestThePlaylistsViewBeginsWithAnAccountThatHasSome(t *testing.T) {
	for name, c := range map[string]struct {
		own  []music.Item
		want music.AccountID
	}{"none here": {[]music.Item{}, "home"}, "some here": {[]music.Item{music.Playlist{Ref: music.Ref{Account: music.Local, Kind: music.KindPlaylist, ID: "x"}, Name: "X"}}, music.Local}} {
		r := newRig(t, 120, 36, followsBob, func(f *fake, _ *Options) {
			f.pages[music.Section(music.Local, music.SectionPlaylists)] = c.own
		})
		r.keys("3")
		if of := r.m.current().Place().Of; of != music.Section(c.want, music.SectionPlaylists) {
			t.Errorf("%s: it begins with %v", name, of)
		}
	}
}

func TestTheDevicesPageNamesNoKeysOfTheLog(t *testing.T) {
	r := newRig(t, 120, 36, withConnect)
	r.keys("g", "o")
	r.f.box.Put(someDevices(r.f.now))
	r.settle()
	r.keys("j")
	r.want("Enter play there")
	r.wantNot("copy the line")
	r.wantNot("level")
}
