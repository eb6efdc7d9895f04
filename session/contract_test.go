package session_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/player"
	"segue/session"
)

// sealed lists the types that fill one of the package's sealed sums, by the method
// that seals it.
func sealed(t *testing.T, method string, files ...string) (names []string) {
	t.Helper()
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != method {
				continue
			}
			if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// TestEveryEventOfTheContractComes goes through a day with a scripted account and
// the account local; each event of the contract has come at its end.
func TestEveryEventOfTheContractComes(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		away := &session.Fault{Kind: session.UnableToContactServer, Err: errors.New("reset")}
		w.home.Asks(session.Question{What: session.QuestionPassword})
		w.do(session.Login{Account: "home"})
		q := last1[session.LoginNeeded](w.rig)
		w.do(session.AnswerLogin{Account: "home", ID: q.ID, Cancel: true}, password("alice", "wonderland", true))
		for _, n := range []session.News{
			session.NewsMessage{Text: "hello"}, session.NewsMetadata{}, session.NewsScrobble{Err: errors.New("no")}, session.NewsLog{Text: "x"},
			session.NewsConnection{Err: away}, session.NewsConnection{},
		} {
			w.say(n)
		}
		w.do(session.SaveView{Data: []byte("view")}, session.PrivateSession{}, session.PrivateSession{}, session.OfflineMode{}, session.OfflineMode{})
		w.playAlbum()
		w.sleep(101 * time.Second)
		w.local.Break(w.ref("C"), time.Second)
		w.sleep(400 * time.Second)
		w.playRemote()
		w.say(session.NewsTokenLost{})
		w.do(session.Load{Ask: music.Ask{Of: w.album}}, session.LoadImage{Of: w.album}, session.LoadLyrics{Track: w.ref("A")},
			session.Star{Refs: []music.Ref{w.ref("A")}}, session.PlaylistCreate{Account: "home", Name: "New"}, session.Scan{Account: music.Local},
			session.Search{Query: "A"}, session.Suggest{Query: "A"}, session.InboxPost{Account: "home", Tracks: []music.Ref{w.home.TrackRef("W")}},
			session.PlayContext{Ask: music.Ask{Of: music.Ref{Account: "nobody", Kind: music.KindAlbum, ID: "x"}}}, session.Logout{Account: "home"})
		time.Sleep(time.Second)
		w.settle()
		seen := map[string]bool{}
		for _, e := range w.events {
			seen[strings.TrimPrefix(fmt.Sprintf("%T", e), "session.")] = true
		}
		// Resync comes to a reader that is far behind, the sinks are no news, and devices need an account that has some: they have tests of their own.
		elsewhere := []string{"Resync", "MusicDelivery", "GetAudioBufferStats", "DevicesChanged", "DeviceNeeded"}
		for _, name := range sealed(t, "event", "event.go", "devices.go") {
			if !seen[name] && !slices.Contains(elsewhere, name) {
				t.Errorf("%s never came", name)
			}
		}
	})
}

// TestEveryCommandWithNothingInItIsHarmless sends each command as an empty value:
// none is a panic, and afterwards everything works.
func TestEveryCommandWithNothingInItIsHarmless(t *testing.T) {
	empty := []session.Command{
		session.Play{}, session.Pause{}, session.Toggle{}, session.Stop{}, session.Next{}, session.Previous{}, session.SeekTo{}, session.SeekBy{},
		session.SetVolume{}, session.ChangeVolume{}, session.Mute{}, session.Shuffle{}, session.SetRepeat{}, session.SleepTimer{},
		session.PlayContext{}, session.Enqueue{}, session.QueuePlay{}, session.QueueRemove{}, session.QueueMove{}, session.QueueClear{},
		session.SaveQueue{}, session.Undo{}, session.Redo{}, session.Load{}, session.LoadImage{}, session.LoadLyrics{}, session.Star{}, session.Rate{},
		session.PlaylistCreate{}, session.PlaylistAdd{}, session.PlaylistRemove{}, session.PlaylistMove{}, session.PlaylistRename{}, session.PlaylistDelete{},
		session.OpenLink{}, session.Scan{}, session.CancelJob{}, session.Tell{}, session.SaveView{},
		session.Login{}, session.AnswerLogin{}, session.Relogin{}, session.Logout{}, session.Forget{}, session.OfflineMode{}, session.PrivateSession{}, session.Scrobbling{},
		session.Search{}, session.Suggest{}, session.InboxPost{}, session.PlaylistPublish{}, session.PlaylistDescribe{}, session.MarkOffline{}, session.SyncOffline{},
		session.SetCacheSize{}, session.FlushCaches{}, session.SetBitrate{}, session.SetOfflineBitrate{}, session.SetGain{}, session.Prefetch{}, session.LoadDevices{}, session.ChooseDevice{}, session.LookAgain{},
		session.LoadQueue{}, session.Bookmark{},
	}
	var have []string
	for _, c := range empty {
		have = append(have, strings.TrimPrefix(fmt.Sprintf("%T", c), "session."))
	}
	for _, name := range sealed(t, "command", "command.go", "devices.go") {
		if !slices.Contains(have, name) {
			t.Errorf("%s is not tried", name)
		}
	}
	inWorld(t, remembered, func(w *world) {
		w.do(empty...)
		w.do(session.OfflineMode{To: session.Off})
		for _, n := range all[session.Notice](w.rig) {
			if n.Fault != nil && n.Fault.Kind == session.SystemFailure {
				t.Errorf("something broke: %s", n.Text)
			}
			if n.Level == session.Failure && n.Fault == nil || strings.Contains(n.Text, "\n") {
				t.Errorf("%+v", n)
			}
		}
		w.playAlbum()
		if p := w.playback(); p.State != player.Playing {
			t.Errorf("%s", p.State)
		}
	})
}
