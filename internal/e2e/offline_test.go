//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsKeptOfAServerPlaysWhenItIsGone(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	s.login(home)
	r := in(home, "offline", "add", "--account", "home", "Song").run(t)
	r.wants(t, 0)
	if !strings.HasPrefix(r.out, "home: 2 tracks on this machine, ") {
		t.Errorf("it says %q", r.out)
	}
	r = in(home, "offline", "status", "--json").run(t)
	r.wants(t, 0)
	var rows []struct {
		Account string `json:"account"`
		Done    int    `json:"done"`
		ToSync  int    `json:"to_sync"`
	}
	if err := json.Unmarshal([]byte(r.out), &rows); err != nil || len(rows) != 1 || rows[0].Account != "home" || rows[0].Done != 2 || rows[0].ToSync != 0 {
		t.Errorf("the status is %s (%v)", r.out, err)
	}
	if r = in(home, "offline", "list").run(t); !strings.HasPrefix(r.out, "segue:home:search:Song  the search for Song\n") {
		t.Errorf("marked is %q", r.out)
	}
	if r = in(home, "offline", "status").with("SEGUE_STREAM_OFFLINE_MB=5").run(t); !strings.Contains(r.out, " of at most 5.0 MB") {
		t.Errorf("it says %q", r.out)
	}
	found := in(home, "search", "--account", "home", "--type", "track", "--json", "Northern").run(t)
	_, rest, _ := strings.Cut(found.out, `"ref": "`)
	ref, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no track in %s", found.out)
	}
	s.stop()
	r = in(home, "offline", "status").run(t)
	if r.wants(t, 0); !strings.HasPrefix(r.out, "home: 2 tracks on this machine, ") {
		t.Errorf("without the server it says %q", r.out)
	}
	if r = in(home, "offline", "list").run(t); !strings.HasPrefix(r.out, "segue:home:search:Song  ") {
		t.Errorf("without the server, marked is %q", r.out)
	}
	for _, where := range [][]string{nil, {"--account", "home"}} {
		r = in(home, append([]string{"search", "Northern"}, where...)...).run(t)
		if r.wants(t, 0); !strings.Contains(r.out, "tracks (1") || !strings.Contains(r.out, "Northern") || strings.Count(r.talk, "home: search: ") != 1 {
			t.Errorf("without the server, a search %v finds %q, and says %q", where, r.out, r.talk)
		}
	}
	out := filepath.Join(home, "out.wav")
	in(home, "--output", "wav:"+out, "play", ref).run(t).wants(t, 0)
	data, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(data, []byte("RIFF")) || len(data) < 59*44100*4 {
		t.Errorf("%d bytes were played: %v", len(data), err)
	}
	s.start()
	in(home, "offline", "remove", "--account", "home", "Song").run(t).wants(t, 0)
	r = in(home, "offline", "status").run(t)
	if !strings.HasPrefix(r.out, "home: 0 tracks on this machine, ") {
		t.Errorf("it says %q", r.out)
	}
}

func TestAnAccountThatIsRemovedLeavesNothingOnTheDisk(t *testing.T) {
	t.Parallel()
	s, home := startServer(t), t.TempDir()
	s.login(home)
	in(home, "offline", "add", "--account", "home", "Song").run(t).wants(t, 0)
	accounts := filepath.Join(home, ".local/share/segue/accounts")
	if left, err := os.ReadDir(accounts); err != nil || len(left) == 0 {
		t.Fatalf("nothing is kept in %s: %v", accounts, err)
	}
	in(home, "forget", "home", "--remove").run(t).wants(t, 0, "home: this deletes what is remembered of the server, 2 tracks kept offline (")
	if err := filepath.WalkDir(accounts, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s is left", path)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if out := in(home, "accounts").run(t).out; strings.Contains(out, "home") {
		t.Errorf("accounts lists %q", out)
	}
	in(home, "offline", "status").run(t).wants(t, 5)
}
