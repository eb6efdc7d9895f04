package cache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segue/cache"
)

func TestAReaderWaitsForBytesThatSomebodyElseWrites(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		m := mustMedia(t, cache.MediaOptions{Dir: dir, Now: time.Now})
		b := sound(2, 3000)
		writer, reader := mustOpen(t, m, "k", -1), mustOpen(t, m, "k", -1)
		go func() {
			for off := 0; off < len(b); off += 500 {
				time.Sleep(time.Second)
				write(t, writer, b[off:off+500], int64(off))
			}
			if err := writer.Commit(int64(len(b))); err != nil {
				t.Error(err)
			}
		}()
		var got []byte
		for {
			err := reader.Wait(t.Context(), int64(len(got)))
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			p := make([]byte, 333)
			n, err := reader.ReadAt(p, int64(len(got)))
			if err != nil && !errors.Is(err, cache.ErrMissing) && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			got = append(got, p[:n]...)
		}
		if !bytes.Equal(got, b) {
			t.Errorf("%d bytes, not what was sent", len(got))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := mustOpen(t, m, "other", 10).Wait(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

func TestManyReadersAndWritersAtOnce(t *testing.T) {
	m := mustMedia(t, cache.MediaOptions{Limit: 200_000, Now: time.Now})
	var group sync.WaitGroup
	for w := range 6 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 2))
			for range 60 {
				k := r.IntN(8)
				b := sound(uint64(k), 50_000)
				e, err := m.Open(fmt.Sprint(k), 50_000)
				if err != nil {
					t.Error(err)
					return
				}
				for range 6 {
					off := r.IntN(49_000)
					if from, to, ok := e.Missing(int64(off), 1000); ok {
						if _, err := e.WriteAt(b[from:to], from); err != nil {
							t.Error(err)
						}
					}
					p := make([]byte, 1000)
					if n, err := e.ReadAt(p, int64(off)); n != 1000 || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(p, b[off:off+1000]) {
						t.Errorf("%d: %v", n, err)
					}
				}
				if r.IntN(3) == 0 {
					if _, err := e.WriteAt(b, 0); err != nil {
						t.Error(err)
					}
					if err := e.Commit(50_000); err != nil {
						t.Error(err)
					}
				}
				if err := e.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if s := m.Stats(); s.Bytes > 200_000 || s.Open != 0 {
		t.Errorf("%+v", s)
	}
}
