package session_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
	"segue/player"
	"segue/player/device"
	"segue/session"
	"segue/session/sessiontest"
)

// These are pyspotify's examples, in Go. The accounts are scripted ones; a program has
// those of internal/service instead.

// started is a session that runs, with a player that nobody hears.
func started(cfg session.Config, out player.Device, accounts ...session.Account) (s *session.Session, end func()) {
	if out == nil {
		out = device.Silent()
	}
	p := player.New(player.Config{}, out)
	s = session.New(cfg, p, nil, accounts...)
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = p.Run(ctx) })
	run.Go(func() { _ = s.Run(ctx) })
	return s, func() {
		cancel()
		run.Wait()
	}
}

// patience bounds each example.
func patience() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 2*time.Minute)
}

// local is an account with one album.
func local() *sessiontest.Service {
	s := sessiontest.NewService(music.Local)
	s.AddAlbum("Goldberg Variations", 200*time.Millisecond, "Aria", "Variatio 1", "Variatio 2")
	return s
}

// Signing in: session.login(user, password, remember_me=True), then LOGGED_IN.
func Example_login() {
	ctx, cancel := patience()
	defer cancel()
	server := sessiontest.NewRemote("home")
	vault := sessiontest.NewVault()
	s, end := started(session.Config{Vault: vault}, nil, server.Account())
	defer end()

	kind, fn := session.Typed(func(e session.LoggedIn, args ...any) session.Reply {
		if e.Fault != nil {
			fmt.Println("refused:", e.Fault.Kind)
			s.Send(session.Login{Account: "home", How: session.SignIn{User: "alice", Password: secret.New("wonderland"), Remember: true}})
			return session.Reply{}
		}
		fmt.Println(args[0], e.User.Name)
		return session.Reply{Remove: true}
	})
	_, err := s.On(kind, fn, "hello") // what the listener is to be given besides
	fmt.Println("listening:", err == nil, s.NumListeners(kind))
	_, _ = s.On(session.Typed(func(e session.CredentialsBlobUpdated, _ ...any) session.Reply {
		fmt.Println("to remember:", e.Credential.Blob) // it does not show
		cancel()                                       // ends Listen
		return session.Reply{}
	}))

	s.Send(session.Login{Account: "home", How: session.SignIn{User: "alice", Password: secret.New("guess")}})
	if err := s.Listen(ctx); err != nil { // the EventLoop, on this goroutine
		fmt.Println(err)
	}
	// Output:
	// listening: true 1
	// refused: BAD_USERNAME_OR_PASSWORD
	// hello alice
	// to remember: [secret]
}

// Links: session.get_link(text), then link.as_track().load().
func ExampleSession_Link() {
	ctx, cancel := patience()
	defer cancel()
	s, end := started(session.Config{}, nil, local().Account())
	defer end()

	l, err := s.Link(ctx, "segue:local:track:Aria#0:10")
	fmt.Println(l.Link.Type, l.Link.Offset, err)
	t, err := s.Track(ctx, l.Ask.Of)
	fmt.Println(t.Title, t.Album, t.Duration, err)

	l, err = s.Link(ctx, "https://open.spotify.com/intl-de/track/2Foc5Q5nqNiosCNqttzHof?si=1")
	fmt.Println(l.Link.URI(), err)
	fmt.Println(l.Fault)
	_, err = s.Link(ctx, "spotify:track:1")
	fmt.Println(err)
	// Output:
	// TRACK 10s <nil>
	// Aria Goldberg Variations 200ms <nil>
	// spotify:track:2Foc5Q5nqNiosCNqttzHof <nil>
	// open https://open.spotify.com/intl-de/track/2Foc5Q5nqNiosCNqttzHof: no account can open this link to Spotify (track); segue login spotify signs one in that can
	// open spotify:track:1: the id of a link of the type track is 22 letters and digits, "1" is not
}

// Browsing: album.load() and album.browse().
func ExampleSession_Album() {
	ctx, cancel := patience()
	defer cancel()
	s, end := started(session.Config{}, nil, local().Account())
	defer end()

	ref := music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "Goldberg Variations"}
	a, err := s.Album(ctx, ref)
	fmt.Println(a.Title, a.Tracks, err)
	p, err := s.Page(ctx, music.Ask{Of: ref, Offset: 1, Limit: 1})
	fmt.Println(p.Items[0].ItemName(), "of", p.Total, err)
	im, err := s.Image(ctx, ref, 300)
	fmt.Println(im.MIME, len(im.DataURI()) > 0, err)
	// Output:
	// Goldberg Variations 3 <nil>
	// Variatio 1 of 3 <nil>
	// image/png true <nil>
}

// Searching: session.search(query, track_count=1), then search.more().
func ExampleSession_Search() {
	ctx, cancel := patience()
	defer cancel()
	s, end := started(session.Config{}, nil, local().Account())
	defer end()

	r, err := s.Search(ctx, session.Search{Query: "variatio", Windows: []session.SearchWindow{{Type: session.TypeTracks, Limit: 1}}})
	for err == nil {
		for _, p := range r.Pages {
			fmt.Println(p.Offset+1, "of", p.Total, p.Items[0].ItemName())
		}
		next, more := r.More()
		if !more {
			break
		}
		r, err = s.Search(ctx, next)
	}
	r, err = s.Search(ctx, session.Search{Query: "aria!"})
	fmt.Println("did you mean", r.DidYouMean, err)
	texts, err := s.Suggest(ctx, "var")
	fmt.Println(texts, err)
	// Output:
	// 1 of 2 Variatio 1
	// 2 of 2 Variatio 2
	// did you mean aria <nil>
	// [Variatio 1 Variatio 2] <nil>
}

// Toplists: session.get_toplist(type, region).
func ExampleSession_Toplist() {
	ctx, cancel := patience()
	defer cancel()
	chart := &charts{chart: session.Chart{Title: "Top songs", Rows: []session.ChartRow{
		{Rank: 1, Previous: 2, Title: "Aria (Remastered)", Artists: []string{"Artist"}}, {Rank: 2, Title: "Of somebody else", Artists: []string{"Nobody"}},
	}}}
	s, end := started(session.Config{Charts: chart}, nil, local().Account())
	defer end()

	p, err := s.Toplist(ctx, session.ToplistAsk{Type: session.TypeTracks, Region: "de"}, "")
	fmt.Println(p.Title, err)
	for _, it := range p.Items {
		c, _ := it.(music.Chart) //nolint:errcheck // rows of toplists are
		fmt.Println(c.Rank, c.ItemName(), "before:", c.Previous, "can be played:", !c.ItemRef().IsZero())
	}
	_, err = s.Toplist(ctx, session.ToplistAsk{Region: "usa"}, "")
	fmt.Println(err)
	// Output:
	// Top songs <nil>
	// 1 Aria before: 2 can be played: true
	// 2 Of somebody else before: 0 can be played: false
	// open the toplist: there is no region "usa"; a country has two letters: us
}

// Playing: session.player.load(track), play(), and the events that follow.
func Example_play() {
	ctx, cancel := patience()
	defer cancel()
	s, end := started(session.Config{}, nil, local().Account())
	defer end()

	_, _ = s.On(session.Typed(func(session.StartPlayback, ...any) session.Reply {
		fmt.Println("the audio begins")
		return session.Reply{Remove: true}
	}))
	_, _ = s.On(session.Typed(func(e session.EndOfTrack, _ ...any) session.Reply {
		fmt.Println("delivered", e.Track.ID)
		return session.Reply{}
	}))
	_, _ = s.On(session.Typed(func(session.QueueEnded, ...any) session.Reply {
		cancel()
		return session.Reply{}
	}))
	s.Send(session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: music.Local, Kind: music.KindAlbum, ID: "Goldberg Variations"}}})
	_ = s.Listen(ctx)
	// Output:
	// the audio begins
	// delivered Aria
	// delivered Variatio 1
	// delivered Variatio 2
}

// An audio sink: session.on(MUSIC_DELIVERY, sink.on_music_delivery).
func ExampleSink() {
	ctx, cancel := patience()
	defer cancel()
	sink := session.NewSink()
	s, end := started(session.Config{Sink: sink}, player.SinkDevice(sink), local().Account())
	defer end()

	var mu sync.Mutex
	heard := 0
	take := func(e session.MusicDelivery, _ ...any) session.Reply {
		mu.Lock()
		defer mu.Unlock()
		n := len(e.Frames) / e.Format.Channels // 0 = a discontinuity
		heard += n
		return session.Reply{Value: n}
	}
	_, err := s.On(session.Typed(take))
	fmt.Println("taken:", err)
	_, err = s.On(session.Typed(take))
	fmt.Println("again:", err)
	_, _ = s.On(session.Typed(func(session.GetAudioBufferStats, ...any) session.Reply {
		return session.Reply{Value: session.AudioBufferStats{}} // it is heard at once
	}))
	_, _ = s.On(session.Typed(func(session.QueueEnded, ...any) session.Reply {
		cancel()
		return session.Reply{}
	}))
	s.Send(session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: "Aria"}}})
	_ = s.Listen(ctx)
	mu.Lock()
	defer mu.Unlock()
	fmt.Println("all of its 200 ms:", heard >= 9600)
	// Output:
	// taken: <nil>
	// again: listen to MusicDelivery: this event takes one listener, and has one; take the other one off first
	// all of its 200 ms: true
}

// Editing playlists: container.add_new_playlist(name), playlist.add_tracks(tracks).
func Example_playlist() {
	ctx, cancel := patience()
	defer cancel()
	s, end := started(session.Config{}, nil, local().Account())
	defer end()

	track := func(name string) []music.Ask {
		return []music.Ask{{Of: music.Ref{Account: music.Local, Kind: music.KindTrack, ID: name}}}
	}
	sub := s.Subscribe("example")
	defer sub.Close()
	done := func() { // waits until a change is told
		for {
			events, ok := sub.Take(ctx)
			if !ok {
				return
			}
			for _, e := range events {
				if u, ok := e.(session.Undoable); ok {
					fmt.Println(u.Text)
					return
				}
			}
		}
	}
	s.Send(session.PlaylistCreate{Account: music.Local, Name: "Evening", Add: track("Aria")})
	done()
	tree, err := s.PlaylistContainer(ctx, music.Local)
	fmt.Println(len(tree), tree[0].Playlist.Name, err)
	s.Send(session.PlaylistAdd{Playlist: tree[0].Playlist.Ref, Add: track("Variatio 2")})
	done()
	s.Send(session.PlaylistPublish{Playlist: tree[0].Playlist.Ref, To: session.On})
	done()
	public, err := s.PublishedPlaylists(ctx, music.Local, "")
	fmt.Println(len(public), public[0].Tracks, err)
	// Output:
	// created Evening with 1 track
	// 1 Evening <nil>
	// added 1 track to Evening
	// made Evening public
	// 1 2 <nil>
}

// An emitter of one's own: spotify.utils.EventEmitter.
func ExampleEmitter() {
	var m session.Emitter
	kind, fn := session.Typed(func(e session.Undoable, args ...any) session.Reply {
		return session.Reply{Value: fmt.Sprint(e.Text, args)}
	})
	_, err := m.Call(session.Undoable{})
	fmt.Println(err)
	id, _ := m.On(kind, fn, 1, "two")
	v, _ := m.Call(session.Undoable{Text: "done "})
	fmt.Println(v, m.NumListeners(kind), m.NumListeners(""))
	m.Off(kind, id)
	fmt.Println(m.NumListeners(""))
	// Output:
	// call Undoable: no listener
	// done [1 two] 1 1
	// 0
}
