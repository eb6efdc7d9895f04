package m3u

import "strings"

// Comments of ours about the whole list; other players pass over them.
const (
	seguePublic = "#SEGUE-PUBLIC"
	segueAbout  = "#SEGUE-DESCRIPTION:" // one for each line
)

// readAbout takes a line about the list; false = it is none.
func (l *List) readAbout(s string) bool {
	if s == seguePublic {
		l.public = true
		return true
	}
	text, ok := strings.CutPrefix(s, segueAbout)
	if ok {
		l.about = append(l.about, strings.TrimSpace(text))
	}
	return ok
}

// writeAbout gives the lines about the list.
func (l *List) writeAbout() []string {
	var lines []string
	if l.public {
		lines = append(lines, seguePublic)
	}
	for _, text := range l.about {
		lines = append(lines, strings.TrimSpace(segueAbout+text))
	}
	return lines
}

// Public reports whether its owner has published the list.
func (l *List) Public() bool { return l.public }

// SetPublic publishes the list or takes it back.
func (l *List) SetPublic(on bool) { l.public = on }

// Description is what its owner says of the list, in lines.
func (l *List) Description() string { return strings.Join(l.about, "\n") }

// SetDescription changes what is said of the list; "" is nothing.
func (l *List) SetDescription(text string) {
	l.about = nil
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	for s := range strings.Lines(text) {
		l.about = append(l.about, oneLine(s))
	}
}
