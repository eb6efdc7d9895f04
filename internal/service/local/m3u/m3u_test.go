package m3u

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func locations(l *List) []string {
	var s []string
	for _, e := range l.Entries() {
		s = append(s, e.Location)
	}
	return s
}

func TestPlaylistsAreReadAsProgramsWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"bare":             {"a.m3u", "one.mp3\ntwo.mp3", []string{"one.mp3", "two.mp3"}},
		"byte order mark":  {"a.m3u8", "\xef\xbb\xbf#EXTM3U\r\n#EXTINF:1,x\r\none.mp3\r\n", []string{"one.mp3"}},
		"UTF-16":           {"a.m3u", "\xff\xfeo\x00n\x00e\x00\n\x00", []string{"one"}},
		"names in Latin-1": {"a.m3u", "m\xfcsik.mp3\n", []string{"m\xfcsik.mp3"}},
		"references":       {"a.m3u8", "#SEGUE-REF:segue:home:track:1\nhttp://x/y\nsegue:home:track:2\n", []string{"segue:home:track:1", "segue:home:track:2"}},
		"pls out of order": {"a.pls", "[playlist]\nFile10=ten\nFile2=two\nTitle3=no file\n", []string{"two", "ten"}},
		"xspf, cut short":  {"a.xspf", "<playlist><trackList><track><location>a%20b.ogg</location></track><track><loc", []string{"a b.ogg"}},
		"nothing":          {"a.m3u", "", nil},
		"only remarks":     {"a.m3u", "#EXTM3U\n# x\n", nil},
	} {
		if got := locations(Parse(c.file, []byte(c.text))); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestListsInTheEncodingsOfOldAreReadAsText(t *testing.T) {
	// Written as the editors of their time wrote them; the names on disk may be either.
	encode := func(e encoding.Encoding, text string) string {
		b, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		in          encoding.Encoding
		title, path string
	}{
		"Windows-1251": {charmap.Windows1251, "Кино - Группа крови", "Музыка/Группа крови.mp3"},
		"KOI8-R":       {charmap.KOI8R, "Аквариум - Под небом голубым", "Музыка/Под небом голубым.mp3"},
		"Shift-JIS":    {japanese.ShiftJIS, "坂本九 - 上を向いて歩こう", "音楽\\上を向いて歩こう.mp3"},
		"GBK":          {simplifiedchinese.GBK, "邓丽君 - 月亮代表我的心", "音乐/月亮代表我的心.mp3"},
		"Windows-1252": {charmap.Windows1252, "Müller - Schöne Grüße", "Musik/Schöne Grüße.mp3"},
	} {
		t.Run(name, func(t *testing.T) {
			plain := "#EXTM3U\n#PLAYLIST:" + c.title + "\n#EXTINF:61," + c.title + "\n" + c.path + "\n"
			data := encode(c.in, plain)
			want := Entry{Location: encode(c.in, c.path), Decoded: c.path, Title: c.title, Length: 61 * time.Second}
			l := Parse("a.m3u", []byte(data))
			if e := l.Entries(); len(e) != 1 || e[0] != want || l.Name() != c.title {
				t.Errorf("got %q %+q", l.Name(), e)
			}
			if got := string(l.Bytes()); !strings.HasSuffix(got, encode(c.in, c.path)+"\n") {
				t.Errorf("the entry's line is not kept: %q", got)
			}
			pls := Parse("a.pls", []byte(encode(c.in, "[playlist]\nFile1="+c.path+"\nTitle1="+c.title+"\nLength1=61\n")))
			if e := pls.Entries(); len(e) != 1 || e[0] != want {
				t.Errorf("as PLS: %+q", e)
			}
		})
	}
}

// A playlist of ours may name files whose names are not UTF-8: the rest stays as it is.
func TestOneNameInBytesLeavesTheOtherLinesAlone(t *testing.T) {
	e := Parse("a.m3u8", []byte("#EXTINF:1,Größe – 上\nGröße.mp3\n\xcf\xf0\xe8\xe2\xe5\xf2.mp3\n")).Entries()
	if len(e) != 2 || e[0] != (Entry{Location: "Größe.mp3", Title: "Größe – 上", Length: time.Second}) || e[1].Decoded != "Привет.mp3" {
		t.Errorf("%+q", e)
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	l := New("Na\nme", "year:1970 | starred")
	l.Replace([]Entry{{Location: "a b.flac", Title: "A - B\r\nC", Length: 61 * time.Second}, {Location: "#odd.flac"}, {Location: "no\nway"}})
	got := Parse("x.m3u8", l.Bytes())
	if got.Name() != "Na me" || got.Query() != "year:1970 | starred" {
		t.Errorf("%q %q", got.Name(), got.Query())
	}
	if e := got.Entries(); len(e) != 2 || e[0].Title != "A - B  C" || e[0].Length != 61*time.Second || e[1].Location != "./#odd.flac" {
		t.Errorf("%+v", e)
	}
}

func FuzzAnyPlaylistIsReadAndKept(f *testing.F) {
	f.Add("a.m3u", []byte("#EXTM3U\n#EXTINF:5,a - b\nx.mp3\n# c\n"))
	f.Add("a.pls", []byte("File1=a\nLength1=5\n"))
	f.Add("a.xspf", []byte("<playlist><trackList><track><location>a</location></track></trackList></playlist>"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		l := Parse(name, data)
		once := l.Bytes()
		if twice := Parse("x.m3u8", once).Bytes(); !bytes.Equal(once, twice) {
			t.Errorf("written once\n%q\ntwice\n%q", once, twice)
		}
	})
}
