package subsonic

import "segue/session"

// What the account can do besides being browsed and played.
var (
	_ session.Service        = (*Service)(nil)
	_ session.Authenticator  = (*Service)(nil)
	_ session.Illustrator    = (*Service)(nil)
	_ session.Lyricist       = (*Service)(nil)
	_ session.Starrer        = (*Service)(nil)
	_ session.Rater          = (*Service)(nil)
	_ session.PlaylistEditor = (*Service)(nil)
	_ session.Reporter       = (*Service)(nil)
	_ session.Watcher        = (*Service)(nil)
	_ session.Searcher       = (*Service)(nil)
	_ session.Publisher      = (*Service)(nil)
	_ session.Describer      = (*Service)(nil)
	_ session.Sharer         = (*Service)(nil)
	_ session.Downloader     = (*Service)(nil)
	_ session.OfflineLister  = (*Service)(nil)
	_ session.Prefetcher     = (*Service)(nil)
	_ session.UserTeller     = (*Service)(nil)
	_ session.Offliner       = (*Service)(nil)
	_ session.StarLister     = (*Service)(nil)
	_ session.Toplister      = (*Service)(nil)
	_ session.Detailer       = (*Service)(nil)
	_ session.Tuner          = (*Service)(nil)
	_ session.Cacher         = (*Service)(nil)
	_ session.Resolver       = (*Service)(nil)
	_ session.Speaker        = (*Service)(nil)
	_ session.NowTeller      = (*Service)(nil)
	_ session.QueueKeeper    = (*Service)(nil)
)
