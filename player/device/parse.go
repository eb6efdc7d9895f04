package device

import (
	"fmt"
	"io"
	"strings"

	"segue/internal/pcm"
)

// Options for Parse.
type Options struct {
	Sample SampleFormat // of files, pipes and stdout
	Stdout io.Writer    // what "-" writes to
	Oto    OtoOptions
}

// Parse makes the device that the user's words name:
//
//	auto, oto   the sound card (auto's fallback is the caller's: Silent)
//	null        Silent
//	wav:FILE    WAV; wav:- is a WAV on stdout
//	pipe:FILE   Pipe
//	-           bare samples on stdout
//
// It opens nothing.
func Parse(spec string, o Options) (pcm.Device, error) {
	kind, arg, has := strings.Cut(spec, ":")
	switch kind {
	case "auto", "oto", "null":
		if has {
			return nil, fmt.Errorf("device: output %q: %s takes no file", spec, kind)
		}
		if kind == "null" {
			return Silent(), nil
		}
		return Oto(o.Oto), nil
	case "-":
		if has {
			return nil, fmt.Errorf("device: output %q: - takes no file", spec)
		}
		return stdoutDevice(spec, o, Stdout)
	case "wav", "pipe":
		return parseFile(spec, kind, arg, o)
	}
	return nil, fmt.Errorf("device: output %q: want auto, oto, null, wav:FILE, pipe:FILE or -", spec)
}

func parseFile(spec, kind, arg string, o Options) (pcm.Device, error) {
	switch {
	case arg == "":
		return nil, fmt.Errorf("device: output %q: want %s:FILE", spec, kind)
	case arg == "-" && kind == "wav":
		return stdoutDevice(spec, o, WAVStream)
	case arg == "-":
		return stdoutDevice(spec, o, Stdout)
	case kind == "wav":
		return WAV(arg, o.Sample), nil
	}
	return Pipe(arg, o.Sample), nil
}

func stdoutDevice(spec string, o Options, make func(io.Writer, SampleFormat) pcm.Device) (pcm.Device, error) {
	if o.Stdout == nil {
		return nil, fmt.Errorf("device: output %q: there is no stdout here", spec)
	}
	return make(o.Stdout, o.Sample), nil
}
