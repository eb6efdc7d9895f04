// Package decode turns sound files and streams into frames.
//
// It knows a format by its first bytes, never by the name. FLAC (native and Ogg),
// Ogg Vorbis, Opus and MP3 go through the C libraries libFLAC, libvorbisfile,
// libopusfile and libmpg123; WAV and AIFF are read in Go; everything else (AAC, ALAC,
// WMA, WavPack, APE …) is left to an ffmpeg process where one is installed.
//
// Frames are exact: the padding of encoders is trimmed, lengths and seeks are right to
// the sample, and integer samples of b bits are scaled by 1/2^(b-1). Frames seen after a
// seek are those that a decode from the start gives, bit for bit, except for Opus,
// whose decoder only converges: of full scale 0.002 may be left after the 280 ms that are decoded before the target.
// Sources of more than two channels give them in the order of WAV files.
//
// A source has no goroutines of its own, except that one behind ffmpeg has one that waits
// for the process and, where ffmpeg reads no file, one that feeds it. It reads ahead of
// what it gives by at most 64 KB. Nothing here may write to the terminal, know of a
// player, or read tags.
package decode

import (
	"errors"
	"fmt"
	"io"
	"os"

	"segue/internal/pcm"
)

// Input is what to decode.
type Input struct {
	// R gives the bytes from the start. Where it is an io.Seeker that can really seek, so
	// can the source; otherwise it is only read forward. Where it is an io.Closer, the
	// source closes it; when Open fails, the caller still owns it.
	R io.Reader
	// Size in bytes, -1 = unknown.
	Size int64
	// Name is for messages, and the weakest of hints where the bytes tell nothing.
	Name string
	// Path is the same as a file on this machine, empty = there is none. ffmpeg needs it to seek.
	Path string
	// Slow says that reads from afar are dear (a server): then nothing is read only
	// to know a length, and seeks in MP3 go by the table of its header.
	Slow bool
}

// ErrNotAudio is in the error of Open for what is something else: a picture, a page, an empty file.
var ErrNotAudio = errors.New("not audio")

// ErrNeedsFFmpeg is in the error of Open for a format that only ffmpeg decodes, where it is not installed.
var ErrNeedsFFmpeg = errors.New("needs ffmpeg: install it")

// Source is what Open returns: a pcm.Source that knows its pcm.Info.
type Source interface {
	pcm.Source
	pcm.Informed
}

// File opens a file on disk.
func File(path string) (Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = fmt.Errorf("decode: open %s: this is a folder, not audio: %w", path, ErrNotAudio)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	in := Input{R: f, Size: -1, Name: path}
	if st.Mode().IsRegular() { // a named pipe cannot be opened twice
		in.Size, in.Path = st.Size(), path
	}
	src, err := Open(in)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return src, nil
}

// Open looks at the first bytes (4 KB, at most 16 KB of what cannot seek, beside ID3 tags)
// and starts the decoder for them. Its errors are one line for people; those that wrap
// ErrNotAudio or ErrNeedsFFmpeg say so.
func Open(in Input) (Source, error) {
	s := newStream(in)
	src, err := open(in, s)
	if err != nil {
		return nil, &fault{"open ", in.Name, err.Error(), err}
	}
	return src, nil
}

func open(in Input, s *stream) (*source, error) {
	found, err := sniff(s, in.Name)
	if err != nil {
		return nil, err
	}
	dec, err := start(found, in, s)
	if errors.Is(err, errForeign) {
		dec, err = openFFmpeg(in, s, found.label)
	}
	if err != nil {
		if s.err != nil {
			return nil, s.err
		}
		return nil, err
	}
	return newSource(in.Name, s, dec)
}

// errForeign is what a decoder says of a file that is its container, but with a
// codec inside that it does not know: ffmpeg may.
var errForeign = errors.New("a codec for ffmpeg")

func start(found finding, in Input, s *stream) (decoder, error) {
	switch found.kind {
	case kindWAV:
		return openWAV(s)
	case kindAIFF:
		return openAIFF(s)
	case kindFLAC:
		return openFLAC(s, nativeFLAC)
	case kindOggFLAC:
		return openFLAC(s, oggFLAC)
	case kindVorbis:
		return openVorbis(s)
	case kindOpus:
		return openOpus(s)
	case kindMPEG:
		return openMPEG(s, in.Slow)
	case kindForeign, kindNone:
		return nil, errForeign
	}
	return nil, errForeign
}
