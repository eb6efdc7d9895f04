package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"segue/internal/music"
	"segue/internal/service/local"
)

// question is a search as it is asked of Segue and of mpd; either may be empty.
type question struct {
	label  string
	of     string // section
	filter string
	mpd    string
}

const rows = 60 // what a screen asks for, of both

func questions(n int) []question {
	return []question{
		{"one letter, any field", "search/tracks", "r", "search any r"},
		{"a prefix, any field", "search/tracks", "riv", "search any riv"},
		{"two words, any field", "search/tracks", "river night", `search "((any contains 'river') AND (any contains 'night'))"`},
		{"a number in the title", "search/tracks", fmt.Sprintf("title:%d", n*3/4+321), fmt.Sprintf("search title %d", n*3/4+321)},
		{"a word in the title", "search/tracks", "title:lantern", "search title lantern"},
		{"an artist and years", "search/tracks", "artist:river year:1970-79", `search "((artist contains 'river') AND (date =~ '197.'))"`},
		{"a slip (rivre nihgt)", "search/tracks", "rivre nihgt", ""},
		{"nothing there is", "search/tracks", "xyzzyq", "search any xyzzyq"},
		{"albums", "search/albums", "garden", ""},
		{"artists", "search/artists", "gar", ""},
		{"everything at once", "search", "river", ""},
		{"the list of tracks, near its end", "tracks", "", ""},
		{"the list of albums, near its end", "albums", "", ""},
	}
}

// search asks each question some times, in this process as the session does, and of
// an mpd with the same files by its socket.
func search(ctx context.Context, args []string, out io.Writer) error {
	var folder, data, mpd string
	var n, runs int
	_, err := flags("search", args, func(f *flag.FlagSet) {
		f.StringVar(&folder, "folder", "", "the library's folder")
		f.StringVar(&data, "data", "", "Segue's data folder, scanned")
		f.StringVar(&mpd, "mpd", "", "mpd's socket; empty: without mpd")
		f.IntVar(&n, "tracks", 100_000, "how many there are")
		f.IntVar(&runs, "runs", 21, "how often each is asked")
	})
	if err != nil {
		return err
	}
	s, err := local.New(local.Config{Folders: []string{folder}, DataDir: data})
	if err != nil {
		return err
	}
	for _, q := range questions(n) {
		if err = answer(ctx, s, q, n, runs, mpd, out); err != nil {
			break
		}
	}
	return errors.Join(err, s.Close())
}

func answer(ctx context.Context, s *local.Service, q question, n, runs int, mpd string, out io.Writer) error {
	ask := music.Ask{Of: music.Section(music.Local, q.of), Filter: q.filter, Limit: rows}
	switch q.of {
	case music.SectionTracks:
		ask.Offset = n * 9 / 10
	case music.SectionAlbums:
		ask.Offset = n / 12 * 9 / 10
	}
	var ours times
	total := 0
	for range runs {
		begin := time.Now()
		p, err := s.Children(ctx, ask)
		if err != nil {
			return fmt.Errorf("search %q: %w", q.filter, err)
		}
		ours = append(ours, time.Since(begin))
		total = p.Total
	}
	first := float64(ours[0].Microseconds()) / 1000
	cells := "- | - | -"
	if mpd != "" && q.mpd != "" {
		theirs, err := askMPD(mpd, q.mpd, runs)
		if err != nil {
			return err
		}
		cells = theirs.cells()
	}
	return row(out, q.label, "%d | %.1f | %s | %s", total, first, ours.cells(), cells)
}

func askMPD(socket, command string, runs int) (times, error) {
	c, err := dial(socket)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var all times
	for range min(runs, 11) {
		begin := time.Now()
		if err := c.ask(fmt.Sprintf("%s window 0:%d", command, rows)); err != nil {
			return nil, err
		}
		all = append(all, time.Since(begin))
	}
	return all, nil
}

// mpdConn speaks mpd's protocol.
type mpdConn struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(socket string) (*mpdConn, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("mpd: %w", err)
	}
	c := &mpdConn{conn, bufio.NewReader(conn)}
	if _, err := c.in.ReadString('\n'); err != nil {
		c.close()
		return nil, fmt.Errorf("mpd: greeting: %w", err)
	}
	return c, nil
}

// ask sends a command and takes its whole answer.
func (c *mpdConn) ask(command string) error {
	if _, err := io.WriteString(c.conn, command+"\n"); err != nil {
		return fmt.Errorf("mpd: %s: %w", command, err)
	}
	for {
		line, err := c.in.ReadString('\n')
		switch {
		case err != nil:
			return fmt.Errorf("mpd: %s: %w", command, err)
		case line == "OK\n":
			return nil
		case strings.HasPrefix(line, "ACK "):
			return fmt.Errorf("mpd: %s: %s", command, strings.TrimSpace(line))
		}
	}
}

func (c *mpdConn) close() { _ = c.conn.Close() }
