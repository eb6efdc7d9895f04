package ui

import (
	"fmt"
	"testing"

	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// twoKeepers gives a second account that keeps playlists, one of them in a folder.
func twoKeepers(f *fake, _ *Options) {
	f.accounts = []session.AccountInfo{{ID: "home", Kind: "subsonic", State: session.ConnLoggedIn, Can: session.Can{Playlists: true},
		Sections: []music.Folder{{Ref: music.Section("home", music.SectionAlbums), Name: "Albums", Count: 3},
			{Ref: music.Section("home", music.SectionPlaylists), Name: "Playlists", Count: -1}, {Ref: music.Section("home", music.SectionStarred), Name: "Starred", Count: -1}}}}
	list := func(id, name string, n int) music.Item {
		return music.Playlist{Ref: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: id}, Name: name, Tracks: n, Writable: true}
	}
	folder := music.Ref{Account: "home", Kind: music.KindFolder, ID: "trips"}
	f.pages = map[music.Ref][]music.Item{
		music.Section("home", music.SectionPlaylists): {list("1", "Roadtrip", 40), music.Folder{Ref: folder, Name: "Trips", Count: -1}},
		folder: {list("2", "Norway", 17), list("3", "Iceland", 9)},
		music.Section("home", music.SectionStarred): {f.tracks[0], f.tracks[1], f.tracks[2]},
	}
}

func TestTheSidebarHasTheTreeOfPlaylistsOfAllAccounts(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers)
	for _, want := range []string{"Playlists", "Local", "♥ Starred", "Evening          12", "   home", "♥ Starred         3", "Roadtrip         40", "▸ Trips"} {
		r.want(want)
	}
	r.wantNot("Norway")
	r.keys("h", "G")
	r.want("Enter show what is in it")
	r.keys("enter")
	r.want("▾ Trips")
	r.want("  Norway         17")
	saved := commands[session.SaveView](r.f)
	again := newRig(t, 120, 36, twoKeepers)
	again.f.box.Put(session.ViewRestored{Data: saved[len(saved)-1].Data})
	again.settle()
	again.want("  Norway         17")
	r.keys("j", "enter")
	if p := r.m.current().Place(); p.Of.ID != "2" || p.Of.Account != "home" || r.m.view != page.Playlists {
		t.Fatalf("it opened %+v", p)
	}
	r.keys("q")
	r.want("Trips/") // the way out leads to all playlists of the account
	r.keys("3", "h", "k", "k", "k", "k", "enter")
	if r.m.view != page.Playlists && r.m.view != page.Library {
		t.Errorf("%v", r.m.view)
	}
}

func TestThePlaylistsOfTheSidebarFoldAndFollowChanges(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers)
	r.f.pages[music.Section("home", music.SectionPlaylists)] = []music.Item{music.Playlist{Ref: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: "1"}, Name: "Renamed", Tracks: 41}}
	r.f.box.Put(session.ContainerChanged{Of: music.Section("home", music.SectionPlaylists)})
	r.settle()
	r.want("Renamed          41")
	r.wantNot("Roadtrip")
	r.m.side.putLists()
	r.keys("h")
	r.m.side.putLists()
	r.keys("enter")
	r.want("▸ Playlists")
	r.wantNot("Renamed")
	r.keys("enter")
	r.want("Renamed")
}

func TestTheViewOfPlaylistsIsByAccountAndMakesNewOnesThere(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers)
	r.keys("3")
	r.want("Local   home")
	r.want("Evening")
	r.keys("}")
	r.want("Trips/")
	r.keys(":", "t:new-playlist", "enter")
	r.want("new playlist in home:")
	r.keys("t:Autumn", "enter", "{", ":", "t:new-playlist Spring", "enter")
	c := commands[session.PlaylistCreate](r.f)
	if len(c) != 2 || c[0].Account != "home" || c[0].Name != "Autumn" || c[1].Account != music.Local || c[1].Name != "Spring" {
		t.Fatalf("%+v", c)
	}
	r.send(clickAt(r.m.lay.main.X+24, r.m.lay.main.Y))
	r.settle()
	r.want("Trips/")
}

func TestThePickerOfPlaylistsNamesTheAccountWhereThereAreSeveral(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers)
	r.keys("enter", "A")
	r.want("in Local")
	r.want("Local  12")
	one := newRig(t, 120, 36)
	one.keys("enter", "A")
	one.wantNot("Local  12")
}

func TestAFolderOfPlaylistsThatHoldsItselfEnds(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers, func(f *fake, _ *Options) {
		folder := music.Ref{Account: "home", Kind: music.KindFolder, ID: "trips"}
		f.pages[folder] = []music.Item{music.Folder{Ref: folder, Name: "Trips", Count: -1}}
	})
	r.keys("h", "G", "enter")
	if n := len(r.m.side.rows); n > 40 {
		t.Errorf("%d rows", n)
	}
}

func TestAThousandPlaylistsScroll(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers, func(f *fake, _ *Options) {
		var many []music.Item
		for i := range 500 {
			many = append(many, music.Playlist{Ref: music.Ref{Account: "home", Kind: music.KindPlaylist, ID: fmt.Sprint(i)}, Name: fmt.Sprintf("List %03d", i)})
		}
		f.pages[music.Section("home", music.SectionPlaylists)] = many
	})
	r.keys("h", "G")
	r.want("List 499")
	r.keys("g", "g")
	r.want("Albums")
}

func TestTheLastRowOfTheSidebarIsOneThatCanBeChosen(t *testing.T) {
	r := newRig(t, 120, 36, twoKeepers, func(f *fake, _ *Options) {
		f.accounts[0].Sections = f.accounts[0].Sections[:2] // no stars, and no playlists yet: the account's name is last
		f.pages = map[music.Ref][]music.Item{music.Section("home", music.SectionPlaylists): {}}
	})
	r.keys("h", "G")
	if row := r.m.side.rows[r.m.side.cursor]; !row.stop() {
		t.Errorf("the cursor stands on %+v", row)
	}
}
