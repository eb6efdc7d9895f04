package keymap

// elsewhere is what other players and editors call an action of ours. Nothing is done by
// such a name: Nearest offers ours for it, so that a habit finds its way once.
func elsewhere(name string) (Action, bool) {
	a, ok := map[string]Action{
		"add": OpenLink, "load": OpenLink, "browse": GoFiles, "cd": GoFiles,
		"exit": Quit, "wq": Quit, "set": GoSettings, "config": GoSettings, "options": GoSettings,
		"colorscheme": Theme, "bind": Keys, "binds": Keys, "keys": Keys, "keybindings": Keys,
		"prev": Previous, "player-next": Next, "player-prev": Previous, "player-pause": Toggle, "player-play": Resume, "player-stop": Stop,
		"playpause": Toggle, "play-pause": Toggle, "vol": Volume, "forward": Seek, "rewind": Seek,
		"save": SaveQueue, "write": SaveQueue, "clear": ClearQueue, "delete": Remove, "filter": Find, "search-next": FindNext,
		"update": Scan, "update-cache": Scan, "rescan": Scan, "lyrics": GoNow, "cover": GoNow, "output": GoDevices, "outputs": GoDevices,
		"version": Help, "man": Help, "quit!": Quit, "q!": Quit,
	}[name]
	return a, ok
}
