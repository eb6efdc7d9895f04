package ui

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"segue/keymap"
	"segue/session"
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// titleLine is the first line of the player: what plays, and how.
func (m *Model) titleLine() string {
	set := m.env.Set
	right := m.modes()
	room := m.w - screen.Width(right) - 3*margin // one between
	mark, pen := m.stateGlyph()
	left := set.Do(pen, " "+mark+" ")
	t := m.env.Play.Track
	switch {
	case !m.env.Loaded():
		words, pen := "Nothing plays", style.Muted
		if o := openingWords(m.env.Opening); o != "" {
			words, pen = strings.ToUpper(o[:1])+o[1:], style.Accent
		}
		left += set.Do(pen, screen.Fit(words, room, widget.Tail))
	case m.lay.detail.Empty() && m.env.Play.Lost:
		left += set.Do(style.Warn, screen.Fit(m.lostWords(), room, widget.Tail))
	case m.lay.detail.Empty() && t.By() != "":
		title := screen.Cut(t.Title, room, widget.Tail)
		left += set.Do(style.Strong, title) + set.Do(style.Muted, screen.FitSome("  "+t.By()+m.onDevice(), room-screen.Width(title), widget.Tail))
	default:
		title := t.Title
		heart := ""
		if t.Starred {
			heart = "  " + set.Do(style.Accent, "♥")
		}
		left += set.Do(style.Strong, screen.Cut(title, room-3, widget.Tail)) + heart
	}
	return screen.Fit(left, m.w-screen.Width(right)-margin, "") + right + screen.Spaces(margin)
}

// onDevice names the device of an account that plays, where no other line does.
func (m *Model) onDevice() string {
	if p := m.env.Play; p.DeviceOf != "" && p.Device != "" {
		return " · on " + screen.Clean(p.Device)
	}
	return ""
}

// stateGlyph shows the transport's state.
func (m *Model) stateGlyph() (string, style.Pen) {
	switch {
	case m.env.Play.Lost:
		return "!", style.Warn
	case m.env.Playing():
		return "▶", style.Accent
	case m.env.Loaded():
		return "‖", style.Muted
	}
	return " ", style.Muted
}

// modes are shuffle, repeat and volume, each always as wide as it can get.
func (m *Model) modes() string {
	set, p := m.env.Set, m.env.Play
	onOff := func(name, state string, on bool) string {
		pen := style.Muted
		if on {
			pen = style.Accent
		}
		return set.Do(style.Muted, name+" ") + set.Do(pen, screen.Fit(state, 3, ""))
	}
	shuffle := "off"
	if p.Shuffle {
		shuffle = "on"
	}
	rep := string(p.Repeat)
	if rep == "" {
		rep = "off"
	}
	vol := m.volumeText()
	switch m.lay.tier {
	case tierNone, tierMini:
		return ""
	case tierSmall:
		return vol
	case tierWide, tierFull:
	}
	return onOff("shuffle", shuffle, p.Shuffle) + "   " + onOff("repeat", rep, rep != "off") + "   " + vol
}

// volumeWidth is how wide the volume is drawn.
func volumeWidth(t tier) int {
	if t < tierWide {
		return len("vol 100")
	}
	return len("vol ") + meterCells + len(" 100")
}

const meterCells = 10

func (m *Model) volumeText() string {
	set, p := m.env.Set, m.env.Play
	n := screen.FitRight(strconv.Itoa(p.Volume), 3, "")
	if p.Muted && m.lay.tier < tierWide {
		return set.Do(style.Warn, screen.FitRight("muted", volumeWidth(m.lay.tier), ""))
	}
	if p.Muted {
		return set.Do(style.Muted, "vol ") + set.Do(style.Warn, screen.Fit("muted", volumeWidth(m.lay.tier)-4, ""))
	}
	if m.lay.tier < tierWide {
		return set.Do(style.Muted, "vol ") + set.Do(style.Text, n)
	}
	return set.Do(style.Muted, "vol ") + widget.Meter(set, meterCells, p.Volume) + " " + set.Do(style.Text, n)
}

// detailLine is the second line of the player: who and where from, and what the sound is.
func (m *Model) detailLine() string {
	set, t := m.env.Set, m.env.Play.Track
	right := ""
	if !m.env.Play.Lost { // else there is no sound to speak of
		right = m.soundFacts()
	}
	var who []string
	for _, s := range []string{t.By(), t.Album} {
		if s != "" {
			who = append(who, s)
		}
	}
	left := strings.Join(who, " · ")
	switch {
	case m.env.Play.Lost:
		left = set.Do(style.Warn, screen.Cut(m.lostWords(), max(m.w-screen.Width(right)-3*margin, 10), widget.Tail))
	default:
		left = set.Do(style.Muted, screen.Cut(left, max(m.w-screen.Width(right)-3*margin, 10), widget.Tail))
	}
	return screen.Fit("   "+left, m.w-screen.Width(right)-margin, "") + right + screen.Spaces(margin)
}

// lostWords says that the output went away, why, and what to do.
func (m *Model) lostWords() string {
	why := "."
	if w := screen.Clean(m.env.Play.LostWhy); w != "" && m.lay.tier >= tierWide {
		why = ": " + strings.TrimSuffix(w, ".") + "."
	}
	return "The sound device went away" + why + " " + m.keys.Key(keymap.Toggle) + " tries it again."
}

// soundFacts says what is decoded, what gain is applied and where it goes.
func (m *Model) soundFacts() string {
	set, p := m.env.Set, m.env.Play
	var f []string
	if m.env.Loaded() {
		if c := codec(p); c != "" {
			f = append(f, c)
		}
		if p.GainDB != 0 {
			f = append(f, fmt.Sprintf("%+.1f dB", p.GainDB))
		}
	}
	out := set.Do(style.Muted, strings.Join(f, " · "))
	switch {
	case p.Silent:
		out = joinDot(set, out, set.Do(style.Muted, "silent, no sound device"))
	case p.Device != "":
		name := screen.Cut(screen.Clean(p.Device), 28, widget.Tail)
		if p.DeviceOf != "" {
			out = joinDot(set, out, set.Do(style.Accent, "on "+name))
			break
		}
		out = joinDot(set, out, set.Do(style.Muted, name))
	}
	if !p.SleepAt.IsZero() {
		out = joinDot(set, out, set.Do(style.Accent, "sleep "+p.SleepAt.Format("15:04")))
	}
	return out
}

func joinDot(set *style.Set, a, b string) string {
	if a == "" {
		return b
	}
	return a + set.Do(style.Muted, " · ") + b
}

// codec is like "FLAC 44.1/16" or "MP3 44.1, 192 kbit/s".
func codec(p session.Playback) string {
	a := p.Track.Audio // by the tags, until it is decoded
	name, rate := cmp.Or(p.Info.Codec, a.Codec), cmp.Or(p.Format.Rate, a.Rate)
	bits, kbps := cmp.Or(p.Info.Bits, a.Bits), cmp.Or(p.Info.Kbps, a.Bitrate)
	if rate > 0 {
		name += " " + strconv.FormatFloat(float64(rate)/1000, 'f', -1, 64)
	}
	switch {
	case bits > 0:
		name += "/" + strconv.Itoa(bits)
	case kbps > 0:
		name += ", " + strconv.Itoa(kbps) + " kbit/s"
	}
	return strings.TrimSpace(name)
}
