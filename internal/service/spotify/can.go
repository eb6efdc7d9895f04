package spotify

import "segue/session"

// What browsing needs.
var (
	_ session.Eraser         = (*Service)(nil)
	_ session.Illustrator    = (*Service)(nil)
	_ session.Starrer        = (*Service)(nil)
	_ session.PlaylistEditor = (*Service)(nil)
	_ session.Restorer       = (*Service)(nil)
	_ session.Watcher        = (*Service)(nil)
	_ session.Searcher       = (*Service)(nil)
	_ session.Publisher      = (*Service)(nil)
	_ session.Describer      = (*Service)(nil)
	_ session.Sharer         = (*Service)(nil)
	_ session.StarLister     = (*Service)(nil)
	_ session.Toplister      = (*Service)(nil)
	_ session.Detailer       = (*Service)(nil)
	_ session.Matcher        = (*Service)(nil)
	_ session.Resolver       = (*Service)(nil)
	_ session.Looker         = (*Service)(nil)
	_ session.Leveller       = (*Service)(nil)
	_ session.Linker         = (*Service)(nil)
)
