package tags

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.senan.xyz/taglib"
)

// taglib reads the formats that this package leaves to TagLib.
func (p *parser) taglib() error {
	path := p.path
	if path == "" {
		copied, err := p.sparseCopy()
		if err != nil {
			return err
		}
		defer func() { _ = os.Remove(copied) }() // it lies in the folder for such files
		path = copied
	}
	p.t.Audio.Codec = codecByName(p.name)
	if err := ownCache(); err != nil {
		return fmt.Errorf("taglib: %w", err)
	}
	if p.wantCover {
		return p.taglibCover(path)
	}
	fields, err := taglib.ReadTags(path)
	if err != nil {
		return taglibError(err)
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		for i, v := range fields[key] {
			if i < maxList && len(v) <= maxLong {
				p.field([]byte(key), []byte(v))
			}
		}
	}
	props, err := taglib.ReadProperties(path)
	if err != nil {
		return taglibError(err)
	}
	a := &p.t.Audio
	a.Rate, a.Channels, a.Bitrate = int(props.SampleRate), int(props.Channels), int(props.Bitrate)
	p.t.Duration = props.Length
	p.t.HasCover = len(props.Images) > 0
	return nil
}

func (p *parser) taglibCover(path string) error {
	data, err := taglib.ReadImage(path)
	if err != nil {
		return taglibError(err)
	}
	p.offerBytes(kindFront, "", data)
	return nil
}

// taglibError names what went wrong in one line, without the trace that follows
// where TagLib threw an exception.
func taglibError(err error) error {
	first, _, more := strings.Cut(err.Error(), "\n")
	switch {
	case strings.Contains(first, "__cxa_"):
		return errors.New("taglib: the file is damaged")
	case more:
		return errors.New("taglib: " + line([]byte(first)))
	}
	return fmt.Errorf("taglib: %w", err)
}

// copiedEnd is how much of either end of a file TagLib needs to see.
const copiedEnd = 4 << 20

// sparseCopy writes a file that has the begin and the end of what is read, and a
// hole between them, because TagLib reads files only.
func (p *parser) sparseCopy() (path string, err error) {
	f, err := os.CreateTemp("", "segue-tags-*."+extension(p.name))
	if err != nil {
		return "", err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			_ = os.Remove(f.Name()) // the first error is the one that counts
		}
	}()
	if err := f.Truncate(p.src.size); err != nil {
		return "", err
	}
	tail := max(p.src.size-copiedEnd, copiedEnd)
	for _, from := range []int64{0, tail} {
		n := min(copiedEnd, p.src.size-from)
		if n <= 0 {
			break
		}
		w := io.NewOffsetWriter(f, from)
		if _, err := io.Copy(w, io.NewSectionReader(p.src.r, from, n)); err != nil {
			return "", err
		}
	}
	return f.Name(), nil
}

// codecByName names the codec of a format that TagLib reads, by its file's extension.
func codecByName(name string) string {
	switch extension(name) {
	case "wma", "asf":
		return "WMA"
	case "ape":
		return "APE"
	case "wv":
		return "WavPack"
	case "mpc", "mpp", "mp+":
		return "Musepack"
	case "dsf", "dff":
		return "DSD"
	case "tta":
		return "TTA"
	}
	return ""
}
