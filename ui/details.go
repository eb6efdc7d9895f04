package ui

import (
	"strconv"

	"segue/internal/music"
	"segue/ui/page"
	"segue/ui/screen"
)

func itoa(n int) string { return strconv.Itoa(n) }

// details shows all that is known of the row under the cursor.
func (m *Model) details() {
	if d, is := m.current().(page.Detailer); is {
		if title, rows, ok := d.Detail(); ok {
			m.push(&info{title: title, text: func(m *Model, w int) []string { return facts(m.env.Set, w, rows) }})
			return
		}
	}
	if sel := m.current().Selection(); len(sel.Items) > 0 {
		m.detailsOf(sel.Items[0])
	}
}

func (m *Model) detailsOf(it music.Item) {
	if c, ok := it.(music.Chart); ok {
		it = c.Item
	}
	rows := page.Facts(it, m.pageOf(it.ItemRef()))
	m.push(&info{title: it.ItemName(), link: m.copyText(it, true), text: func(m *Model, w int) []string { return facts(m.env.Set, w, rows) }})
}

// pageOf is where a thing is on the web, by its service; "" = nowhere.
func (m *Model) pageOf(ref music.Ref) string {
	if m.opt.PageOf == nil {
		return ""
	}
	return screen.Clean(m.opt.PageOf(ref))
}
