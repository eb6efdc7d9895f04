package genlib

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"segue/internal/need"
)

func TestTheFilesDecodeWithTheReferenceDecoder(t *testing.T) {
	need.Programs(t, "flac")
	dir := t.TempDir()
	if err := Write(dir, 5, 30); err != nil {
		t.Fatal(err)
	}
	p := filepath.Join(dir, Path(29))
	if out, err := exec.CommandContext(context.Background(), "flac", "-s", "-t", p).CombinedOutput(); err != nil {
		t.Fatalf("flac -t: %v: %s", err, out)
	}
	long := filepath.Join(dir, "long.flac")
	if err := os.WriteFile(long, FLAC(nil, 2100), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(context.Background(), "flac", "-s", "-t", long).CombinedOutput(); err != nil {
		t.Fatalf("flac -t of a long one: %v: %s", err, out)
	}
}
