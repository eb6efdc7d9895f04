package stream_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"segue/cache"
	"segue/internal/service/subsonic/stream"
)

func TestATrackPlaysWhileAnotherSegueHasTheMediaCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	theirs, err := cache.OpenMedia(cache.MediaOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	ours, err := cache.OpenMedia(cache.MediaOptions{Dir: dir, Later: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(ours.Close(), theirs.Close()); err != nil {
			t.Error(err)
		}
	}()
	files := stream.InMedia(ours)
	if _, err := files.Find("song"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	d, err := files.Draft("song")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.WriteAt([]byte("la"), 0); err != nil {
		t.Error(err)
	}
	b := make([]byte, 2)
	if _, err := d.ReadAt(b, 0); err != nil || string(b) != "la" {
		t.Errorf("%q %v", b, err)
	}
	if err := errors.Join(d.Commit(2), d.Close()); err != nil {
		t.Error(err)
	}
}
