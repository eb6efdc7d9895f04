package ui

import (
	"strings"
	"testing"

	"segue/internal/music"
)

func TestDetailsShowAndCopyTheLinkThatOthersCanOpen(t *testing.T) {
	const page = "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}} {
		r := newRig(t, size[0], size[1], func(_ *fake, o *Options) {
			o.PageOf = func(ref music.Ref) string {
				if ref.Kind == music.KindAlbum {
					return page
				}
				return ""
			}
		})
		r.keys("i")
		if size[1] > 10 {
			r.want("Page")
			r.want(page)
		}
		r.want("y copies")
		r.m.later = nil
		before := r.m.toast.Text
		if r.keys("y"); r.m.toast.Text == before || !strings.Contains(r.m.toast.Text, page) {
			t.Errorf("%v: it says %q", size, r.m.toast.Text)
		}
		r.keys("q")
		if r.keys("y"); !strings.Contains(r.m.toast.Text, page) {
			t.Errorf("%v: from the list it says %q", size, r.m.toast.Text)
		}
	}
}
