package player_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"segue/internal/pcm"
	"segue/player"
	"segue/player/playertest"
)

var errNoCard = errors.New("no sound card")

type playerStream = pcm.Stream

func TestADeviceThatDiesPausesAndComesBackWithoutAFrameLostOrDoubled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a, b := playertest.Numbered(44100, 5*44100, 1), playertest.Numbered(44100, 5*44100, 2)
		a.NoSeek = true // the ring has what was not heard
		r.follow = items(2, b)
		r.p.Load(item(1, a), true)
		r.run(4912 * time.Millisecond) // the device holds frames of both
		dev.Stream().Die()
		r.run(second)
		if s := last[player.StateChanged](r).State; s != player.Paused {
			t.Fatalf("state %v", s)
		}
		c := last[player.DeviceChanged](r)
		if !c.Lost || !errors.Is(c.Err, playertest.ErrUnplugged) {
			t.Errorf("%+v", c)
		}
		r.run(time.Hour)
		dev.Fail(errNoCard)
		r.p.Play()
		r.run(second)
		if c := last[player.DeviceChanged](r); !c.Lost || !errors.Is(c.Err, errNoCard) {
			t.Errorf("%+v", c)
		}
		if s := last[player.StateChanged](r).State; s != player.Paused {
			t.Fatalf("state %v", s)
		}
		dev.Fail(nil)
		r.p.Play()
		r.run(20 * second)
		same(t, dev.Sound(), join(a, b))
		if n := len(all[player.Started](r)); n != 2 {
			t.Errorf("%d Started", n)
		}
		for _, e := range all[player.Ended](r) {
			if (e.Heard - 5*second).Abs() > time.Millisecond {
				t.Errorf("%+v", e)
			}
		}
		r.stop()
		closedOnce(t, a, b)
	})
}

func TestADeviceThatStallsIsLostAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a := playertest.Numbered(44100, 10*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(2 * second)
		dev.Stream().Stall(true)
		r.run(4 * second)
		if n := len(all[player.DeviceChanged](r)); n != 1 {
			t.Fatalf("%d DeviceChanged after 4 s", n)
		}
		r.run(4 * second)
		if c := last[player.DeviceChanged](r); !c.Lost {
			t.Fatalf("%+v", c)
		}
		r.p.Play()
		r.run(20 * second)
		same(t, dev.Sound(), a.Frames)
		r.stop()
	})
}

func TestFollowGoesOnWhenTheDeviceIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{OnDeviceLoss: player.LossFollow}, dev)
		a := playertest.Numbered(44100, 10*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(2 * second)
		dev.Fail(errNoCard)
		dev.Stream().Die()
		r.run(time.Minute)
		if s := last[player.StateChanged](r).State; s != player.Playing {
			t.Errorf("state %v", s)
		}
		if a := r.p.Anchor(); a.Rate != 0 || (a.Position-2*second).Abs() > 100*time.Millisecond {
			t.Errorf("%+v", a)
		}
		dev.Fail(nil)
		r.run(time.Minute)
		same(t, dev.Sound(), a.Frames)
		r.stop()
	})
}

func TestWithoutASoundCardTheFallbackKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev, silent := &playertest.Device{}, &playertest.Device{Label: "silent"}
		dev.Fail(errNoCard)
		r := newRig(t, player.Config{Fallback: silent}, dev)
		a := playertest.Numbered(44100, 3*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(10 * second)
		c := last[player.DeviceChanged](r)
		if !c.Silent || c.Name != "silent" || !errors.Is(c.Err, errNoCard) || c.Lost {
			t.Errorf("%+v", c)
		}
		same(t, silent.Sound(), a.Frames)
		r.stop()
	})
}

func TestWithoutAnyDeviceItSaysSoAndPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		dev.Fail(errNoCard)
		r := newRig(t, player.Config{}, dev)
		a := playertest.Numbered(44100, 3*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(10 * second)
		if c := last[player.DeviceChanged](r); !errors.Is(c.Err, errNoCard) {
			t.Errorf("%+v", c)
		}
		if s := last[player.StateChanged](r).State; s != player.Paused {
			t.Errorf("state %v", s)
		}
		r.stop()
		closedOnce(t, a)
	})
}

func TestChangingTheDeviceWhilePlayingKeepsEveryFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := &playertest.Device{Label: "one"}, &playertest.Device{Label: "two", Buffer: 700 * time.Millisecond}
		r := newRig(t, player.Config{}, one)
		a := playertest.Numbered(44100, 10*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(3333 * time.Millisecond)
		r.p.SetDevice(two)
		r.run(2 * second)
		if c := last[player.DeviceChanged](r); c.Name != "two" {
			t.Errorf("%+v", c)
		}
		r.p.SetDevice(one)
		r.run(20 * second)
		first := one.Sound()
		middle := two.Sound()
		n := len(middle)
		// one heard [0,x), two [x,y), one [y,end).
		x := 0
		for first[x] == a.Frames[x] {
			x += 2
		}
		same(t, first[:x], a.Frames[:x])
		same(t, middle, a.Frames[x:x+n])
		same(t, first[x:], a.Frames[x+n:])
		r.stop()
		closedOnce(t, a)
	})
}

func TestADeviceOfAnotherRateGoesOnAtTheHeardPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := &playertest.Device{Label: "one"}, &playertest.Device{Label: "two", Rate: 48000}
		r := newRig(t, player.Config{}, one)
		a := playertest.Tone(44100, 10*44100, 440, 0.5)
		r.p.Load(item(1, a), true)
		r.run(3 * second)
		r.p.SetDevice(two)
		r.run(20 * second)
		heard := float64(len(one.Heard()))/2/44100 + float64(len(trim(two.Heard())))/2/48000
		if heard < 9.7 || heard > 10.3 {
			t.Errorf("heard %.3f s in all", heard)
		}
		if e := last[player.Ended](r); (e.Heard - 10*second).Abs() > 5*time.Millisecond {
			t.Errorf("%+v", e)
		}
		r.stop()
	})
}

// trim takes silence off both ends.
func trim(f []float32) []float32 {
	for len(f) > 1 && f[0] == 0 && f[1] == 0 {
		f = f[2:]
	}
	for len(f) > 1 && f[len(f)-1] == 0 && f[len(f)-2] == 0 {
		f = f[:len(f)-2]
	}
	return f
}

func TestVolumeGoesToTheDeviceAndMuteKeepsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{Volume: 0.25}, dev)
		r.p.Load(item(1, playertest.Numbered(44100, 44100, 1)), true)
		r.run(100 * time.Millisecond)
		r.p.SetVolume(0.5)
		r.p.SetMute(true)
		r.p.SetMute(true)
		r.p.SetVolume(2)
		r.p.SetMute(false)
		r.run(100 * time.Millisecond)
		want := []float64{0.25, 0.5, 0, 0, 1}
		got := dev.Volumes()
		if len(got) != len(want) {
			t.Fatalf("volumes %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("volumes %v, want %v", got, want)
			}
		}
		if v := all[player.VolumeChanged](r); len(v) != 4 || v[3] != (player.VolumeChanged{Volume: 1}) {
			t.Errorf("%+v", v)
		}
		r.stop()
	})
}

func TestAMonoDeviceGetsBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &monoDevice{playertest.Device{}}
		r := newRig(t, player.Config{}, dev)
		src := playertest.Tone(44100, 44100, 440, 0.5)
		for i := range src.Frames {
			if i%2 == 1 {
				src.Frames[i] = 0.25
			}
		}
		r.p.Load(item(1, src), true)
		r.run(3 * second)
		heard := dev.Heard()
		at := 0
		for heard[at] == 0 {
			at++
		}
		for i := range 44100 {
			if want := (src.Frames[2*i] + src.Frames[2*i+1]) / 2; heard[at+i] != want {
				t.Fatalf("frame %d is %v, want %v", i, heard[at+i], want)
			}
		}
		r.stop()
	})
}

type monoDevice struct{ playertest.Device }

func (d *monoDevice) Start(f player.Format, fill func([]float32) bool) (playerStream, error) {
	f.Channels = 1
	return d.Device.Start(f, fill)
}

// stuck is a device whose Start returns only when it is let go.
type stuck struct {
	playertest.Device
	let chan struct{}
}

func (d *stuck) Start(f player.Format, fill func([]float32) bool) (playerStream, error) {
	<-d.let
	return d.Device.Start(f, fill)
}

func TestADeviceThatDoesNotOpenIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev, silent := &stuck{let: make(chan struct{})}, &playertest.Device{Label: "silent"}
		r := newRig(t, player.Config{Fallback: silent}, dev)
		a := playertest.Numbered(44100, 3*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(9 * second)
		r.p.Pause()
		r.p.Play()
		r.run(11 * second)
		if c := last[player.DeviceChanged](r); !c.Silent || c.Err == nil {
			t.Errorf("%+v", c)
		}
		same(t, silent.Sound(), a.Frames)
		close(dev.let)
		r.run(second)
		select {
		case <-dev.Stream().Done():
		default:
			t.Error("the late stream was not closed")
		}
		r.stop()
	})
}

func TestADeviceThatDiesWhilePausedIsOpenedByPlay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev := &playertest.Device{}
		r := newRig(t, player.Config{}, dev)
		a := playertest.Numbered(44100, 3*44100, 1)
		r.p.Load(item(1, a), true)
		r.run(second)
		r.p.Pause()
		r.run(second)
		dev.Stream().Die()
		r.run(time.Hour)
		r.p.Seek(500 * time.Millisecond)
		r.p.Seek(second)
		r.run(second)
		r.p.Play()
		before := len(dev.Sound())
		r.run(10 * second)
		same(t, dev.Sound()[before:], a.Frames[2*44100:])
		if dev.Starts() != 2 {
			t.Errorf("%d starts", dev.Starts())
		}
		r.stop()
	})
}

func TestADeviceThatIsPausedForLongIsClosedAndGoesOnWithTheSameFrame(t *testing.T) {
	for name, cfg := range map[string]player.Config{"a minute": {}, "as configured": {RestAfter: 5 * second}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rest := cfg.RestAfter
				if rest == 0 {
					rest = time.Minute
				}
				dev := &playertest.Device{Tires: true}
				r := newRig(t, cfg, dev)
				a := playertest.Numbered(44100, 20*44100, 1)
				r.p.Load(item(1, a), true)
				for i := range 3 {
					r.run(1234 * time.Millisecond)
					r.p.Pause()
					r.run(rest - second)
					if dev.Stream().Closed() {
						t.Fatal("closed too soon")
					}
					at, events := r.p.Anchor().Position, len(r.events)
					r.run(2 * time.Hour)
					if !dev.Stream().Closed() || dev.Starts() != i+1 {
						t.Errorf("not closed once; %d starts", dev.Starts())
					}
					if r.p.Anchor().Position != at || len(r.events) != events {
						t.Errorf("from %v to %v, and told %+v", at, r.p.Anchor().Position, r.events[events:])
					}
					r.p.Play()
				}
				r.run(30 * second)
				same(t, dev.Sound(), a.Frames)
				if n := len(all[player.DeviceChanged](r)); n != 1 {
					t.Errorf("%d DeviceChanged", n)
				}
				r.stop()
				closedOnce(t, a)
			})
		})
	}
}

func TestADeviceThatIsGoneWhenAPauseEndsIsLostAndNotReplacedBySilence(t *testing.T) {
	for _, policy := range []player.LossPolicy{player.LossPause, player.LossFollow} {
		synctest.Test(t, func(t *testing.T) {
			dev := &playertest.Device{Tires: true}
			r := newRig(t, player.Config{OnDeviceLoss: policy, Fallback: &playertest.Device{Label: "silence"}}, dev)
			a := playertest.Numbered(44100, 5*44100, 1)
			r.p.Load(item(1, a), true)
			r.run(second)
			r.p.Pause()
			r.run(time.Hour)
			dev.Fail(playertest.ErrUnplugged)
			r.p.Play()
			r.run(second)
			if d := last[player.DeviceChanged](r); !d.Lost || d.Silent || d.Err == nil {
				t.Errorf("%v: %+v", policy, d)
			}
			dev.Fail(nil)
			if policy == player.LossPause {
				if s := last[player.StateChanged](r).State; s != player.Paused {
					t.Errorf("state %v", s)
				}
				r.p.Play()
			}
			r.run(30 * second)
			same(t, dev.Sound(), a.Frames)
			r.stop()
			closedOnce(t, a)
		})
	}
}
