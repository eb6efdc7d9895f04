package local

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"segue/internal/genlib"
	"segue/internal/music"
)

// Sheets, lyrics and playlists of old do not say their encoding: it is told from them.
func TestTextFilesInTheEncodingsOfOldAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		in                  encoding.Encoding
		artist, first, last string
		file                string // what the playlist calls the file on disk, whose name is UTF-8
	}{
		"Windows-1251": {charmap.Windows1251, "Кино", "Группа крови", "Закрой за мной дверь, я ухожу", "Альбом целиком.flac"},
		"Shift-JIS":    {japanese.ShiftJIS, "坂本九", "上を向いて歩こう", "見上げてごらん夜の星を", "音楽.flac"},
		"GBK":          {simplifiedchinese.GBK, "邓丽君", "月亮代表我的心", "甜蜜蜜你笑得甜蜜蜜", "音乐.flac"},
		"UTF-16":       {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "Sigur Rós", "Ágætis byrjun", "Viðrar vel til loftárása", "Tónlist.flac"},
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "music")
			write := func(name, text string) {
				t.Helper()
				b, err := c.in.NewEncoder().String(text)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(root, name), []byte(b), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.MkdirAll(root, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, c.file), genlib.FLAC(nil, 430), 0o644); err != nil {
				t.Fatal(err)
			}
			write("disc.cue", "PERFORMER \""+c.artist+"\"\r\nFILE \""+c.file+"\" WAVE\r\n  TRACK 01 AUDIO\r\n    TITLE \""+c.first+
				"\"\r\n    INDEX 01 00:00:00\r\n  TRACK 02 AUDIO\r\n    TITLE \""+c.last+"\"\r\n    INDEX 01 00:10:00\r\n")
			write("list.m3u", "#EXTINF:40,"+c.artist+" - "+c.first+"\r\n"+c.file+"\r\n")
			write(c.file[:len(c.file)-len(".flac")]+".lrc", "[00:01.00]"+c.first+"\r\n[00:02.00]"+c.last+"\r\n")
			s := service(t, t.TempDir(), root)
			scanned(t, s)

			list := allTracks(t, s)
			if len(list) != 2 || list[0].Title != c.first || list[1].Title != c.last || list[0].Artist() != c.artist {
				t.Errorf("cut by the sheet: %+v", list)
			}
			p := page(t, s, music.Ask{Of: playlistRef(filepath.Join(root, "list.m3u"))})
			if len(p.Items) != 1 || p.Items[0].ItemRef() != trackRef(filepath.Join(root, c.file)) {
				t.Errorf("the playlist: %+v", p.Items)
			}
			l, err := s.Lyrics(t.Context(), trackRef(filepath.Join(root, c.file)))
			if err != nil || !l.Synced || len(l.Lines) != 2 || l.Lines[0].Text != c.first || l.Lines[1].Text != c.last {
				t.Errorf("the lyrics: %+v, %v", l, err)
			}
		})
	}
}
