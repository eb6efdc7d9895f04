package index

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"segue/internal/match"
)

// The fields of terms: the first byte of each. Words are found by prefix; the three
// in capitals are whole values, for lists.
const (
	fieldTitle    = 't'
	fieldArtist   = 'a'
	fieldAlbum    = 'l'
	fieldGenre    = 'g'
	fieldComposer = 'c'
	fieldPath     = 'p'
	exactArtist   = 'A' // folded name
	exactGenre    = 'G' // folded name
	exactAlbum    = 'L' // eight bytes of the album's number
	exactCodec    = 'K' // folded name
	exactMB       = 'R' // 16 bytes: MusicBrainz's number of the recording
)

// blockSize is about how large a block of terms is.
const blockSize = 6 << 10

// column names what segments keep of each track beside the terms, four bytes each:
// searches that compare numbers read only the one they need.
type column int

const (
	columnYear     column = iota
	columnDuration        // milliseconds
	columnAdded           // seconds since 1970
	columnPlace           // disc and number in the album
	columnCount
)

var columnNames = [columnCount]string{"year", "duration", "added", "place"}

// segment is the search data of the tracks lo to hi (without), which never changes
// once it is written: changed tracks come again under a new number, gone ones leave
// the set of the living. Small segments are merged.
type segment struct {
	id     int64
	lo, hi uint32
	blocks []blockRef
}

// builder collects the terms of tracks that follow each other.
type builder struct {
	lo, hi  uint32
	numbers map[string]uint32
	terms   []string
	pairs   []uint64 // number of the term << 32 | track
	columns [columnCount][]byte
	key     []byte
	folded  []byte
}

func newBuilder(lo uint32) *builder {
	return &builder{lo: lo, hi: lo, numbers: map[string]uint32{}}
}

func (b *builder) add(r *Row) {
	values := [columnCount]int64{int64(r.Year), r.Duration.Milliseconds(), r.Added, r.pos()}
	for b.hi <= r.ID {
		for c := range b.columns {
			b.columns[c] = append(b.columns[c], 0, 0, 0, 0)
		}
		b.hi++
	}
	for c, v := range values {
		binary.LittleEndian.PutUint32(b.columns[c][int(r.ID-b.lo)*4:], uint32(min(max(v, 0), 1<<32-1)))
	}

	b.words(r.ID, fieldTitle, r.Title)
	b.words(r.ID, fieldAlbum, r.Album)
	for _, a := range r.Artists {
		b.name(r.ID, fieldArtist, exactArtist, a)
	}
	for _, a := range r.AlbumArtists {
		if !slices.Contains(r.Artists, a) {
			b.name(r.ID, fieldArtist, exactArtist, a)
		}
	}
	for _, g := range r.Genres {
		b.name(r.ID, fieldGenre, exactGenre, g)
	}
	for _, c := range r.Composers {
		b.words(r.ID, fieldComposer, c)
	}
	if r.Audio.Codec != "" {
		b.key = match.AppendFold(append(b.key[:0], exactCodec), r.Audio.Codec)
		b.term(r.ID)
	}
	if id := uuid(r.MBRecording); id != "" {
		b.key = append(append(b.key[:0], exactMB), id...)
		b.term(r.ID)
	}
	if r.Part != 0 {
		b.key = binary.BigEndian.AppendUint64(append(b.key[:0], exactAlbum), uint64(r.Part))
		b.term(r.ID)
	}
}

// uuid is a number of MusicBrainz's in 16 bytes, "" where a text is none.
func uuid(text string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return ""
	}
	return string(b)
}

// words adds the words of a text under a field.
func (b *builder) words(id uint32, field byte, text string) {
	if text == "" {
		return
	}
	b.folded = match.AppendFold(b.folded[:0], text)
	match.Terms(b.folded, func(t []byte) {
		b.key = append(append(b.key[:0], field), t...)
		b.term(id)
	})
}

// name adds the words and the whole of a name.
func (b *builder) name(id uint32, field, exact byte, text string) {
	b.words(id, field, text)
	b.key = append(append(b.key[:0], exact), b.folded...)
	b.term(id)
}

const longestTerm = 200

func (b *builder) term(id uint32) {
	if len(b.key) > longestTerm {
		b.key = b.key[:longestTerm]
	}
	n, ok := b.numbers[string(b.key)]
	if !ok {
		n = uint32(len(b.terms))
		s := string(b.key)
		b.numbers[s] = n
		b.terms = append(b.terms, s)
	}
	b.pairs = append(b.pairs, uint64(n)<<32|uint64(id))
}

// block is a run of sorted terms with their tracks.
type block struct {
	first string
	data  []byte
}

// blocks sorts what was collected. Each term is: bytes shared with the one before,
// length and bytes of the rest, length of its list, the list as differences.
func (b *builder) blocks(emit func(block) error) error {
	sorted := make([]uint32, len(b.terms))
	for i := range sorted {
		sorted[i] = uint32(i)
	}
	slices.SortFunc(sorted, func(x, y uint32) int {
		if b.terms[x] < b.terms[y] {
			return -1
		}
		return 1
	})
	starts := make([]int32, len(b.terms)+1)
	for _, p := range b.pairs {
		starts[p>>32+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	lists := make([]uint32, len(b.pairs))
	next := slices.Clone(starts)
	for _, p := range b.pairs {
		lists[next[p>>32]] = uint32(p)
		next[p>>32]++
	}
	w := blockWriter{emit: emit, lo: b.lo}
	for _, n := range sorted {
		if err := w.add(b.terms[n], lists[starts[n]:starts[n+1]]); err != nil {
			return err
		}
	}
	return w.flush()
}

// blockWriter packs sorted terms into blocks.
type blockWriter struct {
	emit    func(block) error
	lo      uint32
	now     block
	last    string
	scratch []byte
}

func (w *blockWriter) add(term string, ids []uint32) error {
	if len(w.now.data) >= blockSize {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if len(w.now.data) == 0 {
		w.now.first, w.last = term, ""
	}
	shared := 0
	for shared < min(len(term), len(w.last)) && term[shared] == w.last[shared] {
		shared++
	}
	w.scratch = w.scratch[:0]
	last, any := w.lo, false
	for _, id := range ids {
		if any && id == last {
			continue
		}
		w.scratch = binary.AppendUvarint(w.scratch, uint64(id-last))
		last, any = id, true
	}
	d := binary.AppendUvarint(w.now.data, uint64(shared))
	d = binary.AppendUvarint(d, uint64(len(term)-shared))
	d = append(d, term[shared:]...)
	d = binary.AppendUvarint(d, uint64(len(w.scratch)))
	w.now.data = append(d, w.scratch...)
	w.last = term
	return nil
}

func (w *blockWriter) flush() error {
	if len(w.now.data) == 0 {
		return nil
	}
	err := w.emit(w.now)
	w.now.data = w.now.data[:0]
	return err
}

// nextTerm cuts the next term and its list off a block; term holds the one before.
// It reports false for a damaged block.
func nextTerm(data, term, list *[]byte) bool {
	shared, n := binary.Uvarint(*data)
	if n <= 0 || shared > uint64(len(*term)) {
		return false
	}
	d := (*data)[n:]
	rest, n := binary.Uvarint(d)
	if n <= 0 || rest > uint64(len(d)-n) {
		return false
	}
	*term = append((*term)[:shared], d[n:n+int(rest)]...)
	d = d[n+int(rest):]
	size, n := binary.Uvarint(d)
	if n <= 0 || size > uint64(len(d)-n) {
		return false
	}
	*list = d[n : n+int(size)]
	*data = d[n+int(size):]
	return true
}

// eachID gives the tracks of a list, whose segment begins at lo.
func eachID(list []byte, lo uint32, yield func(uint32)) {
	id := lo
	for i := 0; i < len(list); {
		if c := list[i]; c < 0x80 {
			id += uint32(c)
			i++
		} else {
			d, n := binary.Uvarint(list[i:])
			if n <= 0 {
				return
			}
			id += uint32(d)
			i += n
		}
		yield(id)
	}
}
