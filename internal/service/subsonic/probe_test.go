package subsonic_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/service/subsonic"
	"segue/session"
)

// names are the rows of a page by name.
func names(p music.Page) []string {
	var all []string
	for _, it := range p.Items {
		all = append(all, it.ItemName())
	}
	return all
}

func TestTheSidebarShowsNoSectionThatTheServerLacks(t *testing.T) {
	f := newFake(t, "supysonic")
	refuse := func(text string) {
		for _, m := range []string{"getPodcasts", "getBookmarks", "getShares"} {
			f.says(m, http.StatusOK, "application/json", `{"subsonic-response":{"status":"failed","version":"1.10.2","error":{"code":0,"message":"`+text+`"}}}`)
		}
	}
	refuse("Not supported by Supysonic")
	f.on("getAlbumList2", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"subsonic-response":{"status":"failed","version":"1.10.2","error":{"code":0,"message":"Unknown search type"}}}`))
	})
	s := f.account(t, subsonic.Config{})
	got := names(children(t, s, section(music.SectionRoot)))
	for _, name := range []string{"Podcasts", "Bookmarks", "Shares", "Highest rated"} {
		if slices.Contains(got, name) {
			t.Errorf("%s is shown, which the server lacks: %v", name, got)
		}
	}
	for _, name := range []string{"Albums", "Random", "Internet radio"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s is not shown: %v", name, got)
		}
	}
	asked := len(f.called("getShares"))
	children(t, s, section(music.SectionRoot))
	if n := len(f.called("getShares")); n != asked {
		t.Errorf("it is asked again what the server lacks: %d times", n)
	}
}

func TestOnlyYearsThatHoldAlbumsAreListed(t *testing.T) {
	f := newFake(t, "navidrome")
	f.on("getAlbumList2", func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("type") != "byYear" || r.Form.Get("fromYear") != "9999" {
			t.Errorf("asked %v", r.Form)
		}
		var albums []string
		for i, year := range []int{2021, 2005, 2005, 1929, 0} {
			albums = append(albums, fmt.Sprintf(`{"id":"a%d","name":"Album %d","year":%d}`, i, i, year))
		}
		_, _ = fmt.Fprintf(w, `{"subsonic-response":{"status":"ok","version":"1.16.1","albumList2":{"album":[%s]}}}`, strings.Join(albums, ","))
	})
	p := children(t, f.account(t, subsonic.Config{}), section(music.SectionYears))
	if got := names(p); !slices.Equal(got, []string{"2021", "2005", "1929"}) {
		t.Errorf("the years are %v", got)
	}
	if y, ok := p.Items[1].(music.Folder); !ok || y.Detail != "2 albums" {
		t.Errorf("the second is %+v", p.Items[1])
	}
}

func TestATrackOfAServerThatIsGoneFailsSoonWhereItIsNotOnThisMachine(t *testing.T) {
	f := newFake(t, "navidrome")
	s := f.account(t, subsonic.Config{})
	children(t, s, section(music.SectionAlbums))
	f.Close()
	if _, err := s.Children(t.Context(), section(music.SectionRoot)); err == nil {
		t.Fatal("the server is still there")
	}
	_, err := s.Open(within(t, 30*time.Second), music.Ref{Account: "home", Kind: music.KindTrack, ID: "nobody-fetched-it"}, music.Quality{})
	if kindOf(err) != session.UnableToContactServer { // a reader in mid-track would wait for 45 s
		t.Errorf("it fails with %v", err)
	}
}
