package page

import (
	"segue/ui/screen"
	"segue/ui/style"
	"segue/ui/widget"
)

// Lines draws the page.
func (d *devices) Lines(dst []string, focused bool) []string {
	if d.w <= 0 || d.h <= 0 {
		return dst
	}
	d.make()
	start := len(dst)
	if d.heading() > 0 {
		dst = append(dst, screen.Fit(screen.Spaces(widget.Gutter)+d.env.Set.Do(style.Strong, d.Title())+d.env.Set.Do(style.Accent, d.found()), d.w, ""), screen.Spaces(d.w))
	}
	for _, l := range d.lines[min(d.top, len(d.lines)):] {
		dst = append(dst, d.draw(l, focused))
	}
	for len(dst) < start+d.h {
		dst = append(dst, screen.Spaces(d.w))
	}
	return dst[:start+d.h]
}

// columns are the widths of names and kinds: as wide as they are, within reason.
func (d *devices) columns(w int) (name, kind int) {
	for _, l := range d.lines {
		if l.row >= 0 {
			name, kind = max(name, screen.Width(l.name)), max(kind, screen.Width(l.kind)+2)
		}
	}
	if w < 64 {
		kind = 0
	}
	return min(name, w*2/5), min(kind, 16)
}

func (d *devices) draw(l deviceLine, focused bool) string {
	set := d.env.Set
	w := max(d.w-2*widget.Gutter, 1)
	switch {
	case l.words != "":
		return screen.Fit(set.Do(l.pen, l.words), d.w, "")
	case l.head:
		right := screen.Cut(l.state, w/2, widget.Tail)
		return screen.Fit(screen.Spaces(widget.Gutter)+set.Do(style.AccentStrong, screen.Fit(l.name, max(w-screen.Width(right), 0), widget.Tail))+set.Do(style.Muted, right), d.w, "")
	case l.row < 0:
		return screen.Spaces(d.w)
	}
	bg, pen, strong, muted, state := "", l.pen, style.Text, style.Muted, l.statePen
	if l.quiet {
		strong = style.Muted
	}
	if l.row == d.cursor && focused {
		bg = set.Select
		pen, strong, muted, state = set.Under(pen), set.Under(strong), set.Under(muted), set.Under(state)
	}
	name, kind := d.columns(w)
	line := bg + set.On(pen) + screen.Spaces(widget.Gutter) + l.mark + " " + set.On(strong) + screen.Fit(l.name, name, widget.Tail) +
		set.On(muted) + screen.Fit(screen.Spaces(2)+l.kind, kind, widget.Tail) + screen.Spaces(2) + set.On(state) + screen.Cut(l.state, max(w-name-kind-4, 1), widget.Tail)
	return screen.Fit(line+screen.Spaces(d.w)+style.Reset, d.w, "")
}

// found says what is looked for.
func (d *devices) found() string {
	if d.filter == "" {
		return ""
	}
	return "   /" + clean(d.filter)
}
