package decode

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestANamedPipeIsPlayedForward, by our decoders and by ffmpeg, and is opened only once.
func TestANamedPipeIsPlayedForward(t *testing.T) {
	dir := t.TempDir()
	in := make16(t, dir, 44100, 2, 50_000)
	for name, args := range map[string][]string{
		"a.flac": {"flac", "-s", "-o", "OUT", "IN"},
		"a.wv":   {"ffmpeg", "-v", "error", "-i", "IN", "OUT"},
	} {
		t.Run(name, func(t *testing.T) {
			p, pipe := filepath.Join(dir, name), filepath.Join(dir, name+".pipe")
			run(t, args[0], withFiles(args[1:], in.path, p)...)
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Skip(err)
			}
			wrote := make(chan error, 1)
			go func() { wrote <- os.WriteFile(pipe, b, 0) }()
			src := mustOpen(t, pipe)
			same(t, name, all(t, src), in.exact, 0)
			if err := <-wrote; err != nil {
				t.Error(err)
			}
		})
	}
}
