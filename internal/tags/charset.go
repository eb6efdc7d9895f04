package tags

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Encodings of ID3v2 frames.
const (
	encLatin1  = 0
	encUTF16   = 1
	encUTF16BE = 2
)

// legacy is an encoding that old programs wrote where Latin-1 was meant to stand.
type legacy int

const (
	legacyUnknown legacy = iota // nothing decided: Latin-1 (as Windows has it)
	legacyCyrillic
	legacyKOI8
	legacyShiftJIS
	legacyEUCJP
	legacyGBK
	legacyKorean
)

func (l legacy) encoding() encoding.Encoding {
	switch l {
	case legacyCyrillic:
		return charmap.Windows1251
	case legacyKOI8:
		return charmap.KOI8R
	case legacyShiftJIS:
		return japanese.ShiftJIS
	case legacyEUCJP:
		return japanese.EUCJP
	case legacyGBK:
		return simplifiedchinese.GBK
	case legacyKorean:
		return korean.EUCKR
	case legacyUnknown:
	}
	return charmap.Windows1252
}

// decode makes UTF-8 of a text of an ID3v2 frame; values stay divided by NULs.
func (p *parser) decode(enc byte, b []byte) []byte {
	switch enc {
	case encUTF16, encUTF16BE:
		return fromUTF16(b, enc == encUTF16BE)
	case encLatin1:
		return p.fromLatin1(b)
	}
	return b
}

// Text makes UTF-8 of the bytes of a text file that does not say its encoding,
// such as a cue sheet, a playlist or lyrics: UTF-8 or UTF-16 with a mark, UTF-8, else
// the encoding of old Windows that it most likely is. Line ends stay as they are.
func Text(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return string(fromUTF16(b, false))
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	}
	p := parser{legacy: guess(foreignWords(b))}
	return strings.ToValidUTF8(string(p.fromLatin1(b)), "\ufffd")
}

// foreignWords are the words of a text that are not all ASCII: what a format says in
// its own (FILE, TITLE, #EXTINF) is no evidence of a language. Words end at what is no
// second half of a sign in any encoding.
func foreignWords(b []byte) []byte {
	var words []byte
	for w := range bytes.FieldsFuncSeq(b, func(r rune) bool { return r < 0x40 }) {
		if !ascii(w) {
			words = append(append(words, w...), ' ')
		}
	}
	return words
}

// fromUTF16 decodes UTF-16. Without a mark the order is the one that makes
// Latin letters of most of it, else the one that the frame says.
func fromUTF16(b []byte, big bool) []byte {
	if len(b) >= 2 {
		switch {
		case b[0] == 0xff && b[1] == 0xfe:
			b, big = b[2:], false
		case b[0] == 0xfe && b[1] == 0xff:
			b, big = b[2:], true
		default:
			big = order(b, big)
		}
	}
	out := make([]byte, 0, len(b))
	var half rune
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(b[i]) | rune(b[i+1])<<8
		if big {
			r = rune(b[i])<<8 | rune(b[i+1])
		}
		switch {
		case r == 0xfeff: // each value may have a mark of its own
			continue
		case half != 0:
			r, half = utf16.DecodeRune(half, r), 0
		case utf16.IsSurrogate(r) && r < 0xdc00:
			half = r
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func order(b []byte, big bool) bool {
	even, odd := 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		switch {
		case b[i] == 0 && b[i+1] != 0:
			even++
		case b[i] != 0 && b[i+1] == 0:
			odd++
		}
	}
	if even == odd {
		return big
	}
	return even > odd
}

// fromLatin1 decodes what is said to be Latin-1, and often is something else.
func (p *parser) fromLatin1(b []byte) []byte {
	if ascii(b) || utf8.Valid(b) {
		return b
	}
	if p.legacy == legacyUnknown {
		p.legacy = guess(b)
		p.undecided = p.undecided || p.legacy == legacyUnknown
	}
	out, err := p.legacy.encoding().NewDecoder().Bytes(b)
	if err != nil || p.legacy != legacyUnknown && bytes.Contains(out, []byte("\ufffd")) {
		out, err = charmap.Windows1252.NewDecoder().Bytes(b)
	}
	if err != nil {
		return b
	}
	return out
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// guess names the encoding of b where there is hardly a doubt. Three letters
// with accents in a row, which no language in Latin-1 has, make it Cyrillic; the
// others must be valid to the last byte and made of the signs in everyday use.
func guess(b []byte) legacy {
	switch {
	case cyrillic(b):
		if koi8(b) {
			return legacyKOI8
		}
		return legacyCyrillic
	case shiftJIS(b):
		return legacyShiftJIS
	case pairs(b, 2, func(lead, _ byte) bool {
		return lead == 0xa4 || lead == 0xa5 || lead >= 0xb0 && lead <= 0xf4 || lead == 0xa1
	}) && kana(b):
		return legacyEUCJP
	case pairs(b, 4, func(lead, _ byte) bool { return lead >= 0xb0 && lead <= 0xc8 }):
		return legacyKorean
	case pairs(b, 2, func(lead, _ byte) bool { return lead >= 0xb0 && lead <= 0xf7 || lead >= 0xa1 && lead <= 0xa3 }):
		return legacyGBK
	}
	return legacyUnknown
}

// cyrillic reports whether the letters of b are where Windows-1251 and KOI8-R have theirs.
func cyrillic(b []byte) bool {
	run, longest, letters, latin, low := 0, 0, 0, 0, 0
	for _, c := range b {
		switch {
		case c >= 0xc0 || c == 0xa8 || c == 0xb8 || c == 0xb3 || c == 0xbf:
			run++
			letters++
			if c >= 0xe0 {
				low++
			}
			longest = max(longest, run)
			continue
		case c >= 0x80 && bytes.IndexByte([]byte("\x84\x85\x91\x92\x93\x94\x96\x97\xa0\xab\xb2\xb9\xba\xbb"), c) < 0:
			return false
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			latin++
		}
		run = 0
	}
	oneCase := low*10 >= letters*6 || low*10 <= letters*4
	return longest >= 3 && letters > latin && oneCase
}

// koi8 reports whether the words begin with what are small letters in Windows-1251
// and go on with capitals: KOI8-R has them the other way round.
func koi8(b []byte) bool {
	turned, straight := 0, 0
	for i := 1; i < len(b); i++ {
		start := i == 1 || b[i-2] < 0xc0
		if !start || b[i-1] < 0xc0 || b[i] < 0xc0 {
			continue
		}
		switch a, c := b[i-1] >= 0xe0, b[i] >= 0xe0; {
		case a && !c:
			turned++
		case c:
			straight++
		}
	}
	return turned > straight
}

// shiftJIS reports whether b is valid Shift-JIS with Japanese syllables in it.
func shiftJIS(b []byte) bool {
	kana := 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c < 0x80:
		case c >= 0x81 && c <= 0x9f || c >= 0xe0 && c <= 0xef:
			if i+1 == len(b) || b[i+1] < 0x40 || b[i+1] == 0x7f || b[i+1] > 0xfc {
				return false
			}
			if i++; c == 0x82 && b[i] >= 0x9f || c == 0x83 && b[i] <= 0x96 {
				kana++
			}
		case c >= 0xa1 && c <= 0xdf: // half-width syllables: valid, but no proof
		default:
			return false
		}
	}
	return kana > 0
}

// pairs reports whether all high bytes of b are pairs with a lead that is allowed, at least so many.
func pairs(b []byte, least int, lead func(lead, trail byte) bool) bool {
	n := 0
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if i+1 == len(b) || b[i+1] < 0xa1 || b[i+1] == 0xff || !lead(b[i], b[i+1]) {
			return false
		}
		i++
		n++
	}
	return n >= least
}

// kana reports whether b has Japanese syllables as EUC-JP writes them.
func kana(b []byte) bool {
	for i := 0; i+1 < len(b); i++ {
		if b[i] >= 0x80 {
			if (b[i] == 0xa4 || b[i] == 0xa5) && b[i+1] <= 0xf6 {
				return true
			}
			i++
		}
	}
	return false
}
