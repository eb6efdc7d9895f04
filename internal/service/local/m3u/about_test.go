package m3u

import (
	"strings"
	"testing"
)

func TestWhatIsSaidOfAListStandsInCommentsAndStays(t *testing.T) {
	l := Parse("x.m3u8", []byte("#EXTM3U\n# a comment of others\na.mp3\n"))
	l.SetPublic(true)
	l.SetDescription(" For the road\n\nand back\r\n")
	again := Parse("x.m3u8", l.Bytes())
	if !again.Public() || again.Description() != "For the road\n\nand back" || len(again.Entries()) != 1 {
		t.Errorf("%q: %t %q", l.Bytes(), again.Public(), again.Description())
	}
	if !strings.Contains(string(again.Bytes()), "# a comment of others\na.mp3\n") {
		t.Errorf("a comment was lost: %s", again.Bytes())
	}
	again.SetPublic(false)
	again.SetDescription("")
	if got := string(again.Bytes()); got != "#EXTM3U\n# a comment of others\na.mp3\n" {
		t.Errorf("taken back: %q", got)
	}
}
