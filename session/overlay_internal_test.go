package session

import (
	"context"
	"testing"

	"segue/internal/music"
)

// samePage is a service that gives one page again and again.
type samePage struct {
	Service
	page music.Page
}

func (s samePage) Children(context.Context, music.Ask) (music.Page, error) { return s.page, nil }

func TestWhatWaitsIsShownWithoutChangingThePageOfAService(t *testing.T) {
	track := music.Ref{Account: "home", Kind: music.KindTrack, ID: "w"}
	album := music.Ref{Account: "home", Kind: music.KindAlbum, ID: "a"}
	own := []music.Item{music.Track{Ref: track, Title: "W"}}
	a := newAccount(Account{ID: "home", Service: samePage{page: music.Page{Items: own, Total: 1}}})
	b := &book{}
	b.add(owed{account: "home", text: "starred", marks: &owedMarks{refs: []music.Ref{track}, had: []int{0}, want: []int{1}}})
	p, err := sources{book: b}.overlaid(t.Context(), a, music.Ask{Of: album})
	if err != nil {
		t.Fatal(err)
	}
	if shown, ok := p.Items[0].(music.Track); !ok || !shown.Starred {
		t.Errorf("shown: %+v", p.Items[0])
	}
	if kept, ok := own[0].(music.Track); !ok || kept.Starred {
		t.Errorf("the service's own row is now %+v", own[0])
	}
}
