package device

import (
	"os"
	"path/filepath"
	"strings"

	"segue/internal/pcm"
)

// surroundings is what can be known without opening anything.
func surroundings() Report {
	var r Report
	run := os.Getenv("XDG_RUNTIME_DIR")
	for _, s := range []struct{ name, socket string }{
		{"PulseAudio", filepath.Join(run, "pulse", "native")}, // or PipeWire in its place
		{"PipeWire", filepath.Join(run, "pipewire-0")},
	} {
		if _, err := os.Stat(s.socket); err == nil && run != "" {
			r.Servers = append(r.Servers, s.name)
		}
	}
	cards, err := os.ReadFile("/proc/asound/cards")
	if err != nil {
		cards = nil // no ALSA in this kernel
	}
	for line := range strings.Lines(string(cards)) {
		// " 0 [PCH            ]: HDA-Intel - HDA Intel PCH", and a second line on where it is
		if _, name, ok := strings.Cut(line, "]: "); ok {
			r.Cards = append(r.Cards, strings.TrimSpace(name))
		}
	}
	r.Names = []string{"default"}
	fresh := &otoCard{}
	for _, name := range guard.hints() {
		if name != "default" && fresh.allows(name) {
			r.Names = append(r.Names, name)
		}
	}
	return r
}

// describe is what ALSA says that the stream plays on.
func describe(s pcm.Stream) string {
	l, ok := s.(*line)
	if !ok {
		return ""
	}
	if l.kind == "" {
		return l.name
	}
	// "ALSA <-> PulseAudio PCM I/O Plugin"
	return strings.TrimSuffix(strings.TrimPrefix(l.kind, "ALSA <-> "), " PCM I/O Plugin")
}
