package index

import "segue/internal/music"

// Clean is music.Clean: text from files made fit for one line.
func Clean(s string) string { return music.Clean(s) }
