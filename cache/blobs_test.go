package cache_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"segue/cache"
)

func mustBlobs(t *testing.T, o cache.BlobOptions) *cache.Blobs {
	t.Helper()
	b, err := cache.NewBlobs(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBlobsComeBackWithTheirTimeAndETag(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "images")
	b := mustBlobs(t, cache.BlobOptions{Dir: dir})
	if _, ok := b.Get("cover/1"); ok {
		t.Error("an empty cache has it")
	}
	want := cache.Blob{Data: sound(1, 3000), Type: "image/jpeg", ETag: `W/"x"`, Fetched: time.Unix(1_800_000_000, 5).UTC()}
	for _, blob := range []cache.Blob{{Data: []byte("old\nlines")}, want} {
		if err := b.Put("cover/1", blob); err != nil {
			t.Fatal(err)
		}
		got, ok := mustBlobs(t, cache.BlobOptions{Dir: dir}).Get("cover/1")
		if !ok || !bytes.Equal(got.Data, blob.Data) || got.Type != blob.Type || got.ETag != blob.ETag || !got.Fetched.Equal(blob.Fetched) {
			t.Errorf("%v: %q %q %v", ok, got.Type, got.ETag, got.Fetched)
		}
	}
	later := want.Fetched.Add(time.Hour)
	if err := errors.Join(b.Refetched("cover/1", later), b.Refetched("none", later), b.Put("empty", cache.Blob{})); err != nil {
		t.Fatal(err)
	}
	if got, ok := b.Get("cover/1"); !ok || !got.Fetched.Equal(later) || !bytes.Equal(got.Data, want.Data) {
		t.Error("still good, said the server")
	}
	if got, ok := b.Get("empty"); !ok || len(got.Data) != 0 {
		t.Error("nothing is something too")
	}
	if s := b.Stats(); s.Files != 2 || s.Bytes < 3000 || s.Hits < 2 || s.Misses < 1 {
		t.Errorf("%+v", s)
	}
	b.Remove("cover/1")
	if _, ok := b.Get("cover/1"); ok {
		t.Error("removed, and there")
	}
	b.Clear()
	if s := b.Stats(); s.Files != 0 || s.Bytes != 0 {
		t.Errorf("%+v", s)
	}
}

func TestABlobCutAtAnyByteIsNotThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "images")
	l := &logs{}
	b := mustBlobs(t, cache.BlobOptions{Dir: dir, Log: l.add})
	if err := b.Put("k", cache.Blob{Data: sound(1, 60), ETag: "e"}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		put(t, files[0], string(whole[:n]))
		if _, ok := b.Get("k"); ok {
			t.Fatalf("cut at %d, and there", n)
		}
	}
	for n := range whole {
		bad := bytes.Clone(whole)
		bad[n] ^= 0x20
		put(t, files[0], string(bad))
		if got, ok := b.Get("k"); ok && !bytes.Equal(got.Data, sound(1, 60)) {
			t.Fatalf("changed at %d, and other bytes", n)
		}
	}
	if l.count("fetched again") < len(whole) {
		t.Errorf("%d messages", l.count("fetched again"))
	}
}

func TestBlobsUsedLongestAgoGoFirst(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	b := mustBlobs(t, cache.BlobOptions{Dir: t.TempDir(), Limit: 10_000, Now: func() time.Time { now = now.Add(time.Hour); return now }})
	for i := range 9 {
		if err := b.Put(fmt.Sprint(i), cache.Blob{Data: sound(1, 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := b.Get("0"); !ok {
		t.Fatal("gone too early")
	}
	if err := b.Put("huge", cache.Blob{Data: sound(1, 20_000)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Put("9", cache.Blob{Data: sound(1, 1500)}); err != nil {
		t.Fatal(err)
	}
	there := map[bool]string{}
	for _, k := range []string{"0", "1", "2", "8", "9", "huge"} {
		_, ok := b.Get(k)
		there[ok] += k
	}
	if there[true] != "0289" && there[true] != "089" || !strings.Contains(there[false], "1") {
		t.Errorf("%v", there)
	}
	if s := b.Stats(); s.Bytes > 10_000 {
		t.Errorf("%+v", s)
	}
	if err := b.SetLimit(1); err != nil || b.Stats().Files != 0 {
		t.Errorf("%v, %+v", err, b.Stats())
	}
	if err := b.SetLimit(-1); !errors.Is(err, cache.ErrInvalid) {
		t.Error(err)
	}
}
