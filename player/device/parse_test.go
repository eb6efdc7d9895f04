package device

import (
	"io"
	"strings"
	"testing"
)

func TestParseMakesTheDeviceThatIsNamed(t *testing.T) {
	for spec, want := range map[string]string{
		"null": "silent", "wav:out.wav": "wav:out.wav", "wav:a:b.wav": "wav:a:b.wav", "pipe:/run/x": "pipe:/run/x",
		"-": "-", "wav:-": "wav:-", "pipe:-": "-",
	} {
		d, err := Parse(spec, Options{Stdout: io.Discard})
		if err != nil {
			t.Errorf("%s: %v", spec, err)
		} else if d.Name() != want {
			t.Errorf("%s: %s, want %s", spec, d.Name(), want)
		}
	}
	for _, spec := range []string{"auto", "oto"} {
		if d, err := Parse(spec, Options{}); err != nil || !strings.HasPrefix(d.Name(), "oto") {
			t.Errorf("%s: %v, %v", spec, d, err)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, spec := range []string{"", "alsa", "wav", "wav:", "pipe:", "null:x", "auto:x", "-:x", "out.wav"} {
		if _, err := Parse(spec, Options{Stdout: io.Discard}); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", spec, err)
		}
	}
	if _, err := Parse("-", Options{}); err == nil {
		t.Error("- without a stdout")
	}
	if _, err := ParseSampleFormat("s24"); err == nil {
		t.Error("s24")
	}
}
