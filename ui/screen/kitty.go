package screen

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi/kitty"
)

// Pictures by kitty's graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol):
// the picture is sent once, and cells of placeholders say where it is to be seen.
// They are characters like all others, so that lists scroll and popups lie over them.
// The picture's number is their colour; it is below 256, so that it survives
// a terminal of 256 colours.

// kittyChunk is how much of a picture one sequence may carry.
const kittyChunk = 4096

// KittySend gives the sequences that hand a picture with a number of 1 to 255 to the
// terminal, to be shown in w x h cells with its shape kept.
func KittySend(img image.Image, id uint8, w, h int) ([]string, error) {
	var data bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&data, img); err != nil {
		return nil, fmt.Errorf("screen: picture: %w", err)
	}
	text := base64.StdEncoding.EncodeToString(data.Bytes())
	var out []string
	for first := true; text != ""; first = false {
		part := text[:min(kittyChunk, len(text))]
		text = text[len(part):]
		more := "0"
		if text != "" {
			more = "1"
		}
		head := "q=2,m=" + more
		if first {
			head = "a=t,f=100,i=" + strconv.Itoa(int(id)) + "," + head
		}
		out = append(out, "\x1b_G"+head+";"+part+"\x1b\\")
	}
	return append(out, KittyPlace(id, w, h)), nil
}

// KittyPlace gives the sequence that shows a picture, handed over before, in w x h cells.
func KittyPlace(id uint8, w, h int) string {
	return fmt.Sprintf("\x1b_Ga=p,U=1,p=1,q=2,i=%d,c=%d,r=%d\x1b\\", id, w, h)
}

// KittyForget gives the sequence that takes a picture out of the terminal's memory.
func KittyForget(id uint8) string { return fmt.Sprintf("\x1b_Ga=d,d=I,q=2,i=%d\x1b\\", id) }

// Placeholders gives the h lines of w cells in which the terminal shows a picture.
func Placeholders(id uint8, w, h int) []string {
	lines := make([]string, 0, h)
	for y := range h {
		var b strings.Builder
		b.WriteString("\x1b[38;5;" + strconv.Itoa(int(id)) + "m")
		for x := range w {
			b.WriteRune(kitty.Placeholder)
			b.WriteRune(kitty.Diacritic(y))
			b.WriteRune(kitty.Diacritic(x))
		}
		b.WriteString("\x1b[m")
		lines = append(lines, b.String())
	}
	return lines
}
