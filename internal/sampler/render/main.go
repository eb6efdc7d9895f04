// Command render makes the album that package sampler embeds: it reads the
// scores, plays them as a person would, lets fluidsynth sound them and opusenc
// encode them, measures and tags the result and draws the cover.
//
//	go run ./internal/sampler/render -out internal/sampler/album
//
// It needs fluidsynth, sox, opusenc, ffmpeg and the Fluid R3 soundfont; the same
// versions of them make the same bytes again. It runs on one goroutine and writes
// only into -out and a temporary folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	log.SetFlags(0)
	if err := mainErr(ctx); err != nil {
		log.Fatal(err)
	}
}

func mainErr(ctx context.Context) error {
	j := job{}
	flag.StringVar(&j.out, "out", "internal/sampler/album", "`folder` that the album is written to")
	flag.StringVar(&j.scores, "scores", "internal/sampler/score", "`folder` of the scores")
	flag.StringVar(&j.font, "font", soundFont, "the soundfont")
	flag.StringVar(&j.keep, "keep", "", "`folder` for the MIDI and WAV files, which are thrown away otherwise")
	flag.StringVar(&j.only, "only", "", "render this `score` alone, without touching the others")
	flag.Parse()
	if j.keep == "" {
		dir, err := os.MkdirTemp("", "segue-sampler")
		if err != nil {
			return fmt.Errorf("render: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		j.keep = dir
	}
	return j.run(ctx)
}
