// Package sampler holds the album that comes with the program: music in the public
// domain, rendered from scores of our own, so that the first start has something to
// play. docs/SAMPLER.md names the works; the command in render makes the files.
//
// It has no goroutines and does no I/O: all of it is in the binary. It decodes nothing.
package sampler

import (
	"embed"
	"io/fs"
	"path"
	"slices"
)

//go:embed album
var album embed.FS

//go:embed NOTICE.txt
var notice string

// Notice is the licence of the soundfont that sounds in the album; segue version --notice
// shows it.
func Notice() string { return notice }

// FS is the album as a folder: the tracks (NN Title.opus), cover.jpg and a .lrc file
// of the same stem beside each song that has synced words. All files are at its top;
// every file can be read with io.Seeker and io.ReaderAt, as embed gives them.
func FS() fs.FS {
	sub, err := fs.Sub(album, "album")
	if err != nil { // cannot happen: "album" is a valid path
		return album
	}
	return sub
}

// Files are the names of the tracks in FS in the order of the album.
func Files() []string {
	names, err := fs.Glob(FS(), "*.opus")
	if err != nil { // cannot happen: the pattern is well formed
		return nil
	}
	slices.Sort(names)
	return names
}

// Cover is the album's picture and its MIME type.
func Cover() (mime string, data []byte) {
	data, err := album.ReadFile(path.Join("album", "cover.jpg"))
	if err != nil {
		return "", nil
	}
	return "image/jpeg", data
}
