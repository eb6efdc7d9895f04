//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"segue/internal/genlib"
	"segue/internal/oauth/oauthtest"
	"segue/internal/service/spotify/engine/enginetest"
	"segue/internal/service/spotify/webapi/webapitest"
)

// withEngine is an account whose tracks play here, through the stand-in of go-librespot.
type withEngine struct {
	*spotify
	home, program string
	behaviour     string // the file that says what the engine does
	album         string
	tracks        []string // two short ones, and a long one
	frames        []int64
}

func startEngine(t *testing.T) *withEngine {
	t.Helper()
	e := &withEngine{spotify: startSpotify(t, "omit"), home: t.TempDir(), frames: []int64{4*44100 + 1, 5*44100 + 777, 120 * 44100}}
	dir := t.TempDir()
	program, err := enginetest.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	artist := e.web.AddArtist(webapitest.Artist{Name: "The Exact"})
	e.album, _ = e.web.AddAlbum(webapitest.Album{Name: "To the Frame", Artists: []string{artist}})
	b := enginetest.Behaviour{Tracks: map[string]enginetest.Track{}}
	for i, frames := range e.frames {
		id := e.web.AddTrack(webapitest.Track{Name: fmt.Sprintf("Piece %d", i+1), Album: e.album, Artists: []string{artist}, Number: i + 1,
			Duration: time.Duration(frames) * time.Second / 44100})
		e.tracks = append(e.tracks, "spotify:track:"+id)
		b.Tracks["spotify:track:"+id] = enginetest.Track{Frames: frames}
	}
	if err := b.Write(dir); err != nil {
		t.Fatal(err)
	}
	e.program, e.behaviour = program, filepath.Join(dir, "standin.json")
	return e
}

func (e *withEngine) in(args ...string) call {
	return e.at(in(e.home, args...)).with("SEGUE_SPOTIFY_ENGINE="+e.program, "SEGUE_SPOTIFY_PLAYBACK=go-librespot",
		"SEGUE_SPOTIFY_CLIENT_ID="+oauthtest.Spotlike, "SEGUE_STANDIN="+e.behaviour)
}

// running are the ids of the engine's processes.
func (e *withEngine) running() (ids []int) {
	e.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		e.t.Fatal(err)
	}
	for _, path := range all {
		line, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(line), e.program+"\x00--config_dir") {
			continue // it has ended, or is another
		}
		id, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			e.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// wants are the frames of tracks, whole and one right after the other.
func (e *withEngine) wants(n int) (frames []byte) {
	for i, uri := range e.tracks[:n] {
		for f := range e.frames[i] {
			left, right := enginetest.Frame(uri, f)
			frames = binary.LittleEndian.AppendUint16(frames, uint16(left))
			frames = binary.LittleEndian.AppendUint16(frames, uint16(right))
		}
	}
	return frames
}

// TestSpotifyThroughAnEngine signs in twice in one flow and plays: to the frame, in one
// queue with a file, through the death of the engine, and with none left behind.
func TestSpotifyThroughAnEngine(t *testing.T) {
	t.Parallel()
	e := startEngine(t)
	login := e.in("login", "spotify").with("BROWSER=" + e.browser(t.TempDir()))
	answer, typed := io.Pipe()
	login.in = answer
	talk := login.start(t)
	talk.sees("needs a sign-in of its own")
	_, _ = io.WriteString(typed, "yes\n")
	talk.sees("ABCD1234")
	if err := enginetest.Control(t.Context(), filepath.Join(e.home, ".local/state/segue/go-librespot/spotify"), "approve", ""); err != nil {
		t.Fatal(err)
	}
	_ = typed.Close() // the call does not end before
	r := talk.ends()
	r.wants(t, 0)
	if !strings.HasPrefix(r.out, "spotify: signed in as Ada") {
		t.Errorf("it says %q", r.out)
	}
	if out := e.in("doctor").run(t).out; !strings.Contains(out, "the engine go-librespot 0.9.1 is signed in") {
		t.Errorf("the doctor says\n%s", out)
	}

	t.Run("an album and a file, to the frame", func(t *testing.T) {
		file := write(t, filepath.Join(t.TempDir(), "own.flac"), genlib.FLAC([]string{"TITLE=My own"}, 44100/4096))
		own := tool(t, "flac", "-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", file)
		out := filepath.Join(t.TempDir(), "joined.wav")
		e.in("play", e.tracks[0], e.tracks[1], file, e.tracks[0], "--format", "s16", "--output", "wav:"+out).run(t).wants(t, 0)
		got, want := data(t, read(t, out)), append(append(e.wants(2), own...), e.wants(1)...)
		if !bytes.Equal(got, want) {
			t.Errorf("%d frames, want %d; they differ from frame %d on", len(got)/4, len(want)/4, firstOdd(got, want))
		}
	})

	w := e.in(e.tracks[2]).open(t)
	w.row(`▶ Piece 3`)
	w.row(`0:0[1-9] [━●]`)
	w.keys(":seek 1:00\r")
	w.row(`1:0[1-9] [━●]`)
	ids := e.running()
	if len(ids) != 1 {
		t.Fatalf("%d engines run", len(ids))
	}
	if err := syscall.Kill(ids[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another engine", func() bool {
		now := e.running()
		return len(now) == 1 && now[0] != ids[0]
	})
	at := w.position()
	if at < time.Minute {
		t.Errorf("it goes on at %s", at)
	}
	w.until("the music going on", func(string) bool { return w.position() > at+2*time.Second })
	if err := w.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-w.ends
	eventually(t, "the end of the engine", func() bool { return len(e.running()) == 0 })
}

// firstOdd is the first frame at which two runs of frames differ.
func firstOdd(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i / 4
		}
	}
	return min(len(a), len(b)) / 4
}

// TestAFileInASpotifyPlaylistIsHeardBetweenItsTracks plays a playlist in which a file of the
// listener's own stands between two of Spotify's tracks: to the frame, from disk. One whose
// file is not there is said, and costs nothing else.
func TestAFileInASpotifyPlaylistIsHeardBetweenItsTracks(t *testing.T) {
	t.Parallel()
	e := startEngine(t)
	file := write(t, filepath.Join(e.home, "Music", "kettle.flac"),
		genlib.FLAC([]string{"TITLE=Kettle", "ARTIST=The Testers", "ALBUM=Kitchen Recordings"}, 3*44100/4096))
	own := tool(t, "flac", "-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", file)
	here := e.web.AddLocal("the testers", "Kitchen recordings", "KETTLE", 3*time.Second) // as Spotify may write it
	gone := e.web.AddLocal("The Testers", "Kitchen Recordings", "Toaster", 40*time.Second)
	list := e.web.AddPlaylist(webapitest.Playlist{Name: "Tape", Owner: webapitest.Ada}, e.tracks[0], here, gone, e.tracks[1])
	if err := enginetest.SignedIn(filepath.Join(e.home, ".local/state/segue/go-librespot/spotify")); err != nil {
		t.Fatal(err)
	}
	e.in("login", "spotify").with("BROWSER="+e.browser(t.TempDir())).run(t).wants(t, 0)
	e.in("scan").run(t).wants(t, 0)
	out := filepath.Join(t.TempDir(), "tape.wav")
	r := e.in("play", "spotify:playlist:"+list, "--format", "s16", "--output", "wav:"+out).run(t)
	if !strings.Contains(r.talk, "play Toaster: the library has no file for it") {
		t.Errorf("of the file that is not there it says %q", r.talk)
	}
	whole := e.wants(2)
	first := int(e.frames[0]) * 4
	want := append(append(append([]byte(nil), whole[:first]...), own...), whole[first:]...)
	if got := data(t, read(t, out)); !bytes.Equal(got, want) {
		t.Errorf("%d frames, want %d; they differ from frame %d on", len(got)/4, len(want)/4, firstOdd(got, want))
	}
}
