package decode

import "fmt"

// openFFmpeg opens what only ffmpeg decodes.
func openFFmpeg(_ Input, _ *stream, label string) (decoder, error) {
	return nil, fmt.Errorf("%s: %w", label, ErrNeedsFFmpeg)
}
