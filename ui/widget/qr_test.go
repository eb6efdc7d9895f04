package widget

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"segue/internal/need"
	"segue/ui/screen"
)

// TestAQRCodeIsReadAgain draws what the lines say as a picture, and has a reader read it.
func TestAQRCodeIsReadAgain(t *testing.T) {
	need.Programs(t, "zbarimg")
	for _, text := range []string{
		"https://spotify.com/pair?code=ABCD1234",
		"https://accounts.spotify.com/authorize?client_id=0123456789abcdef0123456789abcdef&code_challenge=" + strings.Repeat("x", 43) +
			"&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A40000%2Fcallback&response_type=code&scope=" + strings.Repeat("user-library-read+", 12) + "&state=" + strings.Repeat("y", 43),
	} {
		lines := QR(text, 200, 200)
		file := filepath.Join(t.TempDir(), "qr.png")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, pictureOf(lines)); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", file).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != text {
			t.Errorf("it reads %q, %v", got, err)
		}
	}
}

// pictureOf draws lines of half blocks, six pixels a module.
func pictureOf(lines []string) image.Image {
	w := QRWidth(lines)
	img := image.NewGray(image.Rect(0, 0, 6*w, 12*len(lines)))
	for y, l := range lines {
		for x, r := range []rune(ansi.Strip(l)) {
			for dy := range 12 {
				dark := r == '█' || r == '▀' && dy < 6 || r == '▄' && dy >= 6
				for dx := range 6 {
					c := color.Gray{Y: 255}
					if dark {
						c.Y = 0
					}
					img.SetGray(6*x+dx, 12*y+dy, c)
				}
			}
		}
	}
	return img
}

func TestAQRCodeIsDrawnOnlyWhereItFits(t *testing.T) {
	const text = "https://spotify.com/pair" // 25 modules
	for _, c := range []struct{ w, h, size int }{{80, 40, 33}, {33, 17, 33}, {32, 17, 31}, {29, 15, 29}, {28, 15, 0}, {80, 14, 0}, {0, 0, 0}} {
		lines := QR(text, c.w, c.h)
		if got := QRWidth(lines); got != c.size || len(lines) != (c.size+1)/2 || len(lines) > c.h {
			t.Errorf("%dx%d: %dx%d", c.w, c.h, got, len(lines))
		}
		for _, l := range lines {
			if screen.Width(l) != c.size {
				t.Errorf("a line is %d wide", screen.Width(l))
			}
		}
	}
	if QR(strings.Repeat("x", 4000), 500, 500) != nil {
		t.Error("a text that no QR code holds")
	}
}
