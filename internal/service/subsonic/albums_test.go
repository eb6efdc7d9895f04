package subsonic_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segue/internal/music"
	"segue/internal/service/subsonic"
)

func TestAListIsAskedForInWholePagesThatAreThereWithoutTheServer(t *testing.T) {
	f := newFake(t, "navidrome")
	const n = 1234
	f.on("getAlbumList2", func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.Form.Get("offset"))
		size, _ := strconv.Atoi(r.Form.Get("size"))
		var rows []string
		for i := from; i < min(from+size, n); i++ {
			rows = append(rows, fmt.Sprintf(`{"id":"%d","name":"Album %04d"}`, i, i))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"subsonic-response":{"status":"ok","albumList2":{"album":[%s]}}}`, strings.Join(rows, ","))
	})
	s := f.account(t, subsonic.Config{})
	all := music.Section("home", music.SectionAlbums)
	for _, c := range []struct{ offset, limit, rows, total int }{
		{0, 60, 60, -1}, {470, 60, 60, -1}, {999, 2, 2, 1234}, {1200, 60, 34, 1234}, {0, 500, 500, -1}, {300, 500, 500, -1}, {1500, 10, 0, -1}, {1234, 10, 0, 1234},
	} {
		p := children(t, s, music.Ask{Of: all, Offset: c.offset, Limit: c.limit})
		if len(p.Items) != c.rows || p.Total != c.total || c.rows > 0 && p.Items[0].ItemName() != fmt.Sprintf("Album %04d", c.offset) {
			t.Errorf("from %d: %d rows of %d, want %d of %d", c.offset, len(p.Items), p.Total, c.rows, c.total)
		}
	}
	if c := len(f.called("getAlbumList2")); c != 4 {
		t.Errorf("asked %d times", c)
	}
	s.SetNetwork(false)
	if p := children(t, s, music.Ask{Of: all, Offset: 777, Limit: 33}); len(p.Items) != 33 || p.Items[0].ItemName() != "Album 0777" {
		t.Errorf("without the server: %d rows", len(p.Items))
	}
}
