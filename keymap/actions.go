package keymap

// The actions. Only what works is here: a key in this table does something.
const (
	Down           Action = "down"
	Up             Action = "up"
	Top            Action = "top"
	Bottom         Action = "bottom"
	HalfDown       Action = "half-down"
	HalfUp         Action = "half-up"
	PageDown       Action = "page-down"
	PageUp         Action = "page-up"
	RowTop         Action = "row-to-top"
	RowMiddle      Action = "row-to-middle"
	RowBottom      Action = "row-to-bottom"
	Out            Action = "out"
	In             Action = "in"
	NextPane       Action = "next-pane"
	PrevPane       Action = "previous-pane"
	Open           Action = "open"
	PlayAll        Action = "play-container"
	Back           Action = "back"
	NextTab        Action = "next-tab"
	PrevTab        Action = "previous-tab"
	NextPeriod     Action = "next-period"
	PrevPeriod     Action = "previous-period"
	Toggle         Action = "toggle"
	Pause          Action = "pause"
	Resume         Action = "play"
	Stop           Action = "stop"
	Next           Action = "next"
	Previous       Action = "previous"
	SeekBack       Action = "seek-back"
	SeekAhead      Action = "seek-ahead"
	SeekBack10     Action = "seek-back-10"
	SeekAhead10    Action = "seek-ahead-10"
	SeekBack30     Action = "seek-back-30"
	SeekAhead30    Action = "seek-ahead-30"
	SeekBack60     Action = "seek-back-60"
	SeekAhead60    Action = "seek-ahead-60"
	Restart        Action = "restart"
	Seek           Action = "seek"
	VolumeUp       Action = "volume-up"
	VolumeDown     Action = "volume-down"
	VolumeUp1      Action = "volume-up-1"
	VolumeDown1    Action = "volume-down-1"
	Volume         Action = "volume"
	Mute           Action = "mute"
	Shuffle        Action = "shuffle"
	Repeat         Action = "repeat"
	Sleep          Action = "sleep"
	LyricsSooner   Action = "lyrics-sooner"
	LyricsLater    Action = "lyrics-later"
	Enqueue        Action = "enqueue"
	EnqueueNext    Action = "enqueue-next"
	AddTo          Action = "add-to-playlist"
	Star           Action = "star"
	StarPlaying    Action = "star-playing"
	Rate           Action = "rate"
	Remove         Action = "remove"
	ClearQueue     Action = "clear-queue"
	MoveDown       Action = "move-down"
	MoveUp         Action = "move-up"
	Range          Action = "range"
	Mark           Action = "mark"
	SaveQueue      Action = "save-queue"
	LoadQueue      Action = "load-queue"
	Bookmark       Action = "bookmark"
	NewPlaylist    Action = "new-playlist"
	Rename         Action = "rename-playlist"
	DeleteList     Action = "delete-playlist"
	Undo           Action = "undo"
	Redo           Action = "redo"
	Find           Action = "find"
	FindNext       Action = "next-match"
	FindPrev       Action = "previous-match"
	WhichAccounts  Action = "which-accounts"
	SaveSearch     Action = "save-search"
	Sort           Action = "sort"
	GoLibrary      Action = "library"
	GoSearch       Action = "search"
	GoPlaylists    Action = "playlists"
	GoQueue        Action = "queue"
	GoFiles        Action = "files"
	GoToplists     Action = "toplists"
	GoNow          Action = "now-playing"
	GoPlaying      Action = "playing-row"
	GoAlbum        Action = "go-album"
	GoArtist       Action = "go-artist"
	RowAlbum       Action = "row-album"
	RowArtist      Action = "row-artist"
	GoAccounts     Action = "accounts"
	GoSettings     Action = "settings"
	Login          Action = "login"
	Logout         Action = "logout"
	Forget         Action = "forget"
	Relogin        Action = "relogin"
	Allow          Action = "allow"
	AddAccount     Action = "add-account"
	AccountMenu    Action = "account-actions"
	PrivateSession Action = "private-session"
	OfflineMode    Action = "offline-mode"
	Scrobbling     Action = "scrobbling"
	Gain           Action = "gain"
	Bitrate        Action = "bitrate"
	MarkOffline    Action = "mark-offline"
	SyncNow        Action = "sync"
	Share          Action = "share"
	Radio          Action = "radio"
	Actions        Action = "actions"
	ActionsNow     Action = "actions-playing"
	Details        Action = "details"
	CopyLink       Action = "copy-link"
	CopyName       Action = "copy-name"
	OpenLink       Action = "open-link"
	RightPane      Action = "right-pane"
	Sidebar        Action = "sidebar"
	Visualizer     Action = "visualizer"
	Refresh        Action = "refresh"
	Scan           Action = "scan"
	CancelJob      Action = "cancel"
	GoLog          Action = "log"
	GoDevices      Action = "devices"
	Theme          Action = "theme"
	Keys           Action = "keymap"
	Command        Action = "command"
	Palette        Action = "palette"
	Help           Action = "help"
	Redraw         Action = "redraw"
	Suspend        Action = "suspend"
	Close          Action = "close"
	Quit           Action = "quit"
	PopupDown      Action = "popup-down"
	PopupUp        Action = "popup-up"
	PopupPgDown    Action = "popup-page-down"
	PopupPgUp      Action = "popup-page-up"
	PopupAccept    Action = "popup-accept"
	PopupClose     Action = "popup-close"
	InputAccept    Action = "input-accept"
	InputCancel    Action = "input-cancel"
	InputNext      Action = "input-next"
	InputPrev      Action = "input-previous"
	InputPgDown    Action = "input-page-down"
	InputPgUp      Action = "input-page-up"
	InputTab       Action = "input-complete"
	InputBackTab   Action = "input-complete-back"
)

// table is the one table. The order is the order of the help.
func table() []Def {
	const (
		move, transport, queue = "Move", "Transport", "Queue and edit"
		find, goTo, other      = "Find", "Go", "Other"
		popup, input           = "In popups", "In text fields"
		account                = "Accounts"
	)
	k := func(keys ...string) []string { return keys }
	return []Def{
		{Name: Down, Title: "down", Group: move, Context: List, Keys: k("j", "down")},
		{Name: Up, Title: "up", Group: move, Context: List, Keys: k("k", "up")},
		{Name: Top, Title: "first row", Group: move, Context: List, Keys: k("gg", "home")},
		{Name: Bottom, Title: "last row", Group: move, Context: List, Keys: k("G", "end")},
		{Name: HalfDown, Title: "half a page down", Group: move, Context: List, Keys: k("C-d")},
		{Name: HalfUp, Title: "half a page up", Group: move, Context: List, Keys: k("C-u")},
		{Name: PageDown, Title: "page down", Group: move, Context: List, Keys: k("C-f", "pgdown")},
		{Name: PageUp, Title: "page up", Group: move, Context: List, Keys: k("C-b", "pgup")},
		{Name: RowTop, Title: "row to the top", Group: move, Context: List, Keys: k("zt")},
		{Name: RowMiddle, Title: "row to the middle", Group: move, Context: List, Keys: k("zz")},
		{Name: RowBottom, Title: "row to the bottom", Group: move, Context: List, Keys: k("zb")},
		{Name: Out, Title: "out", Group: move, Context: Global, Keys: k("h")},
		{Name: In, Title: "in", Group: move, Context: List, Keys: k("l")},
		{Name: NextPane, Title: "next pane", Group: move, Context: Global, Keys: k("tab")},
		{Name: PrevPane, Title: "previous pane", Group: move, Context: Global, Keys: k("shift+tab")},
		{Name: NextTab, Title: "next tab", Group: move, Context: Global, Keys: k("}")},
		{Name: PrevTab, Title: "previous tab", Group: move, Context: Global, Keys: k("{")},
		{Name: NextPeriod, Title: "toplists: next time, place or account", Group: move, Context: Global, Keys: k(")")},
		{Name: PrevPeriod, Title: "toplists: previous time, place or account", Group: move, Context: Global, Keys: k("(")},
		{Name: Open, Title: "play the track in its context, open the container", Group: move, Context: List, Keys: k("enter")},
		{Name: PlayAll, Title: "play the container", Group: move, Context: List, Keys: k("P")},
		{Name: Back, Title: "back", Group: move, Context: Global, Keys: k("esc", "backspace")},

		{Name: Toggle, Title: "play or pause", Group: transport, Context: Global, Keys: k("space", "mediaplaypause")},
		{Name: Resume, Title: "play", Group: transport, Context: Global, Keys: k("mediaplay")},
		{Name: Pause, Title: "pause", Group: transport, Context: Global, Keys: k("mediapause")},
		{Name: Stop, Title: "stop, keeping the queue", Group: transport, Context: Global, Keys: k("mediastop")},
		{Name: Next, Title: "next track", Group: transport, Context: Global, Keys: k(">", "medianext")},
		{Name: Previous, Title: "previous track", Group: transport, Context: Global, Keys: k("<", "mediaprev")},
		{Name: SeekBack, Title: "back 5 s", Group: transport, Context: Global, Keys: k("left")},
		{Name: SeekAhead, Title: "ahead 5 s", Group: transport, Context: Global, Keys: k("right")},
		{Name: SeekBack10, Title: "back 10 s", Group: transport, Context: Global, Keys: k("b")},
		{Name: SeekAhead10, Title: "ahead 10 s", Group: transport, Context: Global, Keys: k("f")},
		{Name: SeekBack30, Title: "back 30 s", Group: transport, Context: Global, Keys: k("shift+left")},
		{Name: SeekAhead30, Title: "ahead 30 s", Group: transport, Context: Global, Keys: k("shift+right")},
		{Name: SeekBack60, Title: "back a minute", Group: transport, Context: Global, Keys: k(",")},
		{Name: SeekAhead60, Title: "ahead a minute", Group: transport, Context: Global, Keys: k(".")},
		{Name: Restart, Title: "restart the track", Group: transport, Context: Global, Keys: k("^")},
		{Name: Seek, Title: "seek to a time", Group: transport, Context: Global, Arg: "1:23 | +10 | -10"},
		{Name: VolumeUp, Title: "louder", Group: transport, Context: Global, Keys: k("+", "=", "raisevolume")},
		{Name: VolumeDown, Title: "softer", Group: transport, Context: Global, Keys: k("-", "lowervolume")},
		{Name: VolumeUp1, Title: "a little louder", Group: transport, Context: Global, Keys: k("]")},
		{Name: VolumeDown1, Title: "a little softer", Group: transport, Context: Global, Keys: k("[")},
		{Name: Volume, Title: "set the volume", Group: transport, Context: Global, Arg: "70 | +5 | -5"},
		{Name: Mute, Title: "mute", Group: transport, Context: Global, Keys: k("_", "mute")},
		{Name: Shuffle, Title: "shuffle", Group: transport, Context: Global, Keys: k("s"), Arg: "on | off"},
		{Name: Repeat, Title: "repeat: off, all, one", Group: transport, Context: Global, Keys: k("r"), Arg: "off | all | one"},
		{Name: LyricsSooner, Title: "lyrics 0.1 s sooner", Group: transport, Context: Global, Keys: k("z +", "z =")},
		{Name: LyricsLater, Title: "lyrics 0.1 s later", Group: transport, Context: Global, Keys: k("z -")},
		{Name: Gain, Title: "loudness by the tags", Group: transport, Context: Global, Arg: "[off | track | album | auto]"},
		{Name: Sleep, Title: "sleep timer", Group: transport, Context: Global, Arg: "30m | off"},

		{Name: Enqueue, Title: "queue at the end", Group: queue, Context: List, Keys: k("e", "a")},
		{Name: EnqueueNext, Title: "queue next", Group: queue, Context: List, Keys: k("E")},
		{Name: AddTo, Title: "add to a playlist", Group: queue, Context: List, Keys: k("A", "w"), Arg: "NAME"},
		{Name: Star, Title: "star", Group: queue, Context: List, Keys: k("*")},
		{Name: StarPlaying, Title: "star the playing track", Group: queue, Context: Global, Keys: k("g*")},
		{Name: Rate, Title: "rate", Group: queue, Context: List, Arg: "0 | 1 | 2 | 3 | 4 | 5"},
		{Name: Mark, Title: "mark the row", Group: queue, Context: List, Keys: k("x")},
		{Name: Range, Title: "select a range", Group: queue, Context: List, Keys: k("v")},
		{Name: Remove, Title: "remove from this list", Group: queue, Context: List, Keys: k("d", "delete")},
		{Name: MoveDown, Title: "move down", Group: queue, Context: List, Keys: k("J", "alt+down")},
		{Name: MoveUp, Title: "move up", Group: queue, Context: List, Keys: k("K", "alt+up")},
		{Name: ClearQueue, Title: "clear the queue", Group: queue, Context: Queue, Keys: k("D")},
		{Name: SaveQueue, Title: "save the queue as a playlist", Group: queue, Context: Global, Keys: k("C-s"), Arg: "NAME"},
		{Name: LoadQueue, Title: "load the queue left on a server", Group: queue, Context: Global, Arg: "[ACCOUNT]"},
		{Name: Bookmark, Title: "bookmark this place on its server", Group: queue, Context: Global, Arg: "[off]"},
		{Name: NewPlaylist, Title: "new playlist", Group: queue, Context: Global, Arg: "NAME"},
		{Name: Rename, Title: "rename the playlist", Group: queue, Context: List, Arg: "NAME"},
		{Name: DeleteList, Title: "delete the playlist", Group: queue, Context: List},
		{Name: Undo, Title: "undo", Group: queue, Context: Global, Keys: k("u")},
		{Name: Redo, Title: "redo", Group: queue, Context: Global, Keys: k("C-r")},

		{Name: Find, Title: "find in this view", Group: find, Context: List, Keys: k("/"), Arg: "WORDS"},
		{Name: FindNext, Title: "next match", Group: find, Context: List, Keys: k("n")},
		{Name: FindPrev, Title: "previous match", Group: find, Context: List, Keys: k("N")},
		{Name: WhichAccounts, Title: "which accounts are searched", Group: find, Context: Global, Keys: k("`")},
		{Name: SaveSearch, Title: "save the search as a live playlist", Group: find, Context: Global, Arg: "NAME"},
		{Name: Sort, Title: "sort", Group: find, Context: List, Keys: k("S"), Arg: "title | artist | album | year | …"},

		{Name: GoLibrary, Title: "library", Group: goTo, Context: Global, Keys: k("1", "gl")},
		{Name: GoSearch, Title: "search", Group: goTo, Context: Global, Keys: k("2", "gs"), Arg: "WORDS"},
		{Name: GoPlaylists, Title: "playlists", Group: goTo, Context: Global, Keys: k("3", "gp")},
		{Name: GoQueue, Title: "queue", Group: goTo, Context: Global, Keys: k("4", "gq")},
		{Name: GoFiles, Title: "files", Group: goTo, Context: Global, Keys: k("5", "gf")},
		{Name: GoToplists, Title: "toplists", Group: goTo, Context: Global, Keys: k("6", "gt"), Arg: "[week | everywhere | us | ACCOUNT]"},
		{Name: GoNow, Title: "now playing, lyrics", Group: goTo, Context: Global, Keys: k("7", "gy")},
		{Name: GoAccounts, Title: "accounts", Group: goTo, Context: Global, Keys: k("8")},
		{Name: GoSettings, Title: "settings", Group: goTo, Context: Global, Keys: k("9")},
		{Name: GoDevices, Title: "outputs and devices", Group: goTo, Context: Global, Keys: k("go"), Arg: "[DEVICE]"},
		{Name: GoLog, Title: "log, and what was said here", Group: goTo, Context: Global, Keys: k("g!")},
		{Name: GoPlaying, Title: "the playing row", Group: goTo, Context: Global, Keys: k("gc")},
		{Name: GoAlbum, Title: "the album of what plays", Group: goTo, Context: Global, Keys: k("ga")},
		{Name: GoArtist, Title: "the artist of what plays", Group: goTo, Context: Global, Keys: k("gA")},
		{Name: RowAlbum, Title: "the album of the row", Group: goTo, Context: List, Keys: k("gr")},
		{Name: RowArtist, Title: "the artist of the row", Group: goTo, Context: List, Keys: k("gR")},

		{Name: Login, Title: "sign in to an account", Group: account, Context: Global, Arg: "[ACCOUNT]"},
		{Name: Relogin, Title: "sign in again as the one remembered", Group: account, Context: Global, Arg: "[ACCOUNT]"},
		{Name: Logout, Title: "sign out of an account", Group: account, Context: Global, Arg: "[ACCOUNT]"},
		{Name: Forget, Title: "forget what an account signs in with", Group: account, Context: Global, Arg: "[ACCOUNT]"},
		{Name: Allow, Title: "sign in for what was refused last", Group: account, Context: Global, Keys: k("gP")},
		{Name: AddAccount, Title: "add an account", Group: account, Context: Global},
		{Name: AccountMenu, Title: "what can be done with an account", Group: account, Context: Global, Arg: "[ACCOUNT]"},
		{Name: PrivateSession, Title: "private session", Group: account, Context: Global, Arg: "[on | off]"},
		{Name: OfflineMode, Title: "offline mode", Group: account, Context: Global, Arg: "[on | off]"},
		{Name: Scrobbling, Title: "report plays", Group: account, Context: Global, Arg: "[on | off]"},
		{Name: MarkOffline, Title: "keep for offline", Group: account, Context: List},
		{Name: SyncNow, Title: "fetch offline copies now", Group: account, Context: Global},
		{Name: Share, Title: "share", Group: account, Context: List, Arg: "[WITH]"},
		{Name: Bitrate, Title: "bitrate of streams", Group: account, Context: Global, Arg: "96 | 160 | 320 | original"},

		{Name: Actions, Title: "what can be done here", Group: other, Context: List, Keys: k("m")},
		{Name: ActionsNow, Title: "what can be done with the playing track", Group: other, Context: Global, Keys: k("M")},
		{Name: Details, Title: "details", Group: other, Context: List, Keys: k("i")},
		{Name: Radio, Title: "radio from here: play what is like it", Group: other, Context: List, Keys: k("R")},
		{Name: CopyLink, Title: "copy the link", Group: other, Context: List, Keys: k("y")},
		{Name: CopyName, Title: "copy “Artist – Title”", Group: other, Context: List, Keys: k("Y")},
		{Name: OpenLink, Title: "open a path or link", Group: other, Context: Global, Keys: k("O"), Arg: "PATH | URL"},
		{Name: RightPane, Title: "right pane", Group: other, Context: Global, Keys: k("L")},
		{Name: Visualizer, Title: "visualizer", Group: other, Context: Global, Keys: k("V")},
		{Name: Sidebar, Title: "sidebar", Group: other, Context: Global, Keys: k("B")},
		{Name: Refresh, Title: "read this view anew", Group: other, Context: List, Keys: k("U")},
		{Name: Scan, Title: "read the library anew", Group: other, Context: Global, Arg: "[PATH]"},
		{Name: CancelJob, Title: "cancel the running job", Group: other, Context: Global},
		{Name: Theme, Title: "theme", Group: other, Context: Global, Arg: "NAME"},
		{Name: Keys, Title: "key map: keys as in vim, cmus, ncspot …", Group: other, Context: Global, Arg: "NAME"},
		{Name: Command, Title: "command line", Group: other, Context: Global, Keys: k(":"), Hidden: true},
		{Name: Palette, Title: "all commands", Group: other, Context: Global, Keys: k("C-p"), Hidden: true},
		{Name: Help, Title: "help", Group: other, Context: Global, Keys: k("?", "f1"), Hidden: true},
		{Name: Redraw, Title: "draw the screen anew", Group: other, Context: Global, Keys: k("C-l")},
		{Name: Suspend, Title: "suspend, paused", Group: other, Context: Global, Keys: k("C-z")},
		{Name: Close, Title: "close, back, then quit", Group: other, Context: Global, Keys: k("q"), Hidden: true},
		{Name: Quit, Title: "quit", Group: other, Context: Global, Keys: k("C-c")},

		{Name: PopupDown, Title: "down", Group: popup, Context: Popup, Keys: k("j", "down", "C-n"), Hidden: true},
		{Name: PopupUp, Title: "up", Group: popup, Context: Popup, Keys: k("k", "up", "C-p"), Hidden: true},
		{Name: PopupPgDown, Title: "page down", Group: popup, Context: Popup, Keys: k("C-d", "C-f", "pgdown"), Hidden: true},
		{Name: PopupPgUp, Title: "page up", Group: popup, Context: Popup, Keys: k("C-u", "C-b", "pgup"), Hidden: true},
		{Name: PopupAccept, Title: "take it", Group: popup, Context: Popup, Keys: k("enter", "l"), Hidden: true},
		{Name: PopupClose, Title: "close", Group: popup, Context: Popup, Keys: k("esc", "q", "h", "backspace", "C-c"), Hidden: true},

		{Name: InputAccept, Title: "take it", Group: input, Context: Input, Keys: k("enter"), Hidden: true},
		{Name: InputCancel, Title: "close", Group: input, Context: Input, Keys: k("esc", "C-c"), Hidden: true},
		{Name: InputNext, Title: "next", Group: input, Context: Input, Keys: k("down", "C-n"), Hidden: true},
		{Name: InputPrev, Title: "previous", Group: input, Context: Input, Keys: k("up", "C-p"), Hidden: true},
		{Name: InputPgDown, Title: "page down", Group: input, Context: Input, Keys: k("pgdown"), Hidden: true},
		{Name: InputPgUp, Title: "page up", Group: input, Context: Input, Keys: k("pgup"), Hidden: true},
		{Name: InputTab, Title: "complete, next tab", Group: input, Context: Input, Keys: k("tab"), Hidden: true},
		{Name: InputBackTab, Title: "complete backwards, previous tab", Group: input, Context: Input, Keys: k("shift+tab"), Hidden: true},
	}
}
