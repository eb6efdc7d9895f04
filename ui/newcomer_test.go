package ui

import (
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/keymap"
	"segue/player"
	"segue/session"
)

func TestSpaceWithNothingQueuedSaysWhatWouldPlay(t *testing.T) {
	r := newRig(t, 80, 24)
	r.keys("space")
	r.want("nothing is queued: Enter opens this, P plays it")
	r.keys("enter", "space")
	r.want("nothing is queued: Enter plays this track")
	r.keys("7", "space")
	r.want("nothing is queued: 1 is the library")
	if n := len(commands[session.Toggle](r.f)); n != 0 {
		t.Errorf("%d commands were sent for it", n)
	}
	r.keys("1", "enter", "space")
	if n := len(commands[session.Toggle](r.f)); n != 1 {
		t.Errorf("with a track that plays %d commands were sent, want 1", n)
	}
}

func TestWhereTheSidebarHasNoRoomTheHintsLeadToIt(t *testing.T) {
	r := newRig(t, 80, 24)
	r.want("B sections")
	r.keys("B")
	r.want("Artists")
	r.keys("esc", "enter")
	r.wantNot("B sections") // inside an album the way is another
	wide := newRig(t, 120, 36)
	wide.wantNot("B sections")
	wide.want("E next")
}

func TestTabLeadsFromTheSidebarToAListThatIsSeen(t *testing.T) {
	r := newRig(t, 80, 24)
	r.keys("B")
	r.want("Tab to the list")
	r.wantNot("Goldberg Variations")
	r.keys("tab")
	r.want("Goldberg Variations")
	r.wantNot("Tab to the list")
	wide := newRig(t, 120, 36)
	wide.keys("tab", "tab")
	wide.want("Genres") // the sidebar stays where it stands beside the list
}

func TestAnotherKeymapIsTakenWhileItRuns(t *testing.T) {
	r := newRig(t, 120, 36)
	playing(r)
	r.keys(":", "t:keymap cmus", "enter")
	r.want("keys of “cmus”; screen.keymap in the config keeps them")
	before := len(commands[session.Toggle](r.f))
	r.keys("c")
	if n := len(commands[session.Toggle](r.f)); n != before+1 {
		t.Error("c does not pause as in cmus")
	}
	r.keys(":", "t:keymap emacs", "enter")
	r.want("no key map is named \"emacs\"")
	r.keys(":", "t:keymap", "enter")
	r.want("Keys as in")
	r.want("now")
	r.keys("k", "k", "k", "enter") // vim
	if got := r.m.keys.Name(); got != "vim" {
		t.Errorf("the keys are those of %q", got)
	}
}

func TestTheUsersOwnKeysStayOverAnotherKeymap(t *testing.T) {
	r := newRig(t, 120, 36, func(_ *fake, o *Options) {
		o.Keymaps = func(preset string) (keymap.Map, error) {
			m, err := keymap.Preset(preset)
			if err != nil {
				return keymap.Map{}, err
			}
			return m.With(map[string][]string{"shuffle": {"H"}})
		}
	})
	r.keys(":", "t:keymap ncspot", "enter", "H")
	if n := len(commands[session.Shuffle](r.f)); n != 1 {
		t.Errorf("the own key did its action %d times", n)
	}
}

func TestWhatOtherPlayersCallACommandLeadsToOurs(t *testing.T) {
	r := newRig(t, 120, 36)
	for typed, ours := range map[string]string{"add ~/Music": "open-link", "colorscheme": "theme", "prev": "previous", "update-cache": "scan"} {
		r.keys(":", "t:"+typed, "enter")
		r.want("did you mean “" + ours + "”?")
	}
	if n := len(commands[session.Scan](r.f)) + len(commands[session.OpenLink](r.f)); n != 0 {
		t.Error("a name that is not ours did something")
	}
}

func TestATrackThatOpensForLongIsNamed(t *testing.T) {
	r := newRig(t, 120, 36)
	goesOn(func(p *session.Playback) { p.Opening = serverTrack() })(r)
	r.wantNot("Opening")
	first := r.m.opening.id
	r.send(openingMsg(first))
	r.want("Opening Lonely Woman …")
	goesOn(func(p *session.Playback) {
		p.Opening, p.Track, p.State = music.Track{}, serverTrack(), player.Playing
		p.Position = session.Anchor{At: r.f.now, Rate: 1}
	})(r)
	r.wantNot("pening")
	// with something playing the word stands beside the hints; a timer of before says nothing
	next := serverTrack()
	next.Ref.ID, next.Title = "t2", "Eventually"
	goesOn(func(p *session.Playback) { p.Opening = next })(r)
	r.send(openingMsg(first))
	r.wantNot("opening")
	r.send(openingMsg(r.m.opening.id))
	r.want("opening Eventually …")
}

func TestALostOutputIsSaidInANarrowTerminalToo(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1])
		playing(r)
		goesOn(func(p *session.Playback) {
			p.Lost, p.State, p.LostWhy, p.Position.Rate = true, player.Paused, "the headphones were unplugged", 0
		})(r)
		r.want("The sound device went away")
		if size[0] >= 120 {
			r.want("the headphones were unplugged. Space tries it again.")
		}
	}
}

func TestTheAccountsKeepAwayFromTheViews(t *testing.T) {
	for w := 80; w < 124; w++ {
		r := newRig(t, w, 30, withAccounts)
		r.f.now = r.f.now.Add(time.Minute)
		top := r.lines()[0]
		if _, rest, ok := strings.Cut(top, "Now"); !ok || rest != "" && !strings.HasPrefix(rest, "   ") && strings.TrimSpace(rest) != "" {
			t.Errorf("%d columns: %q", w, top)
		}
	}
}
