package tags

import (
	"bytes"
	"strconv"
	"strings"
)

// genreText are the genres of ID3v1 and Winamp in the order of their numbers.
const genreText = "Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|Rap|" +
	"Reggae|Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal|" +
	"Jazz-Funk|Fusion|Trance|Classical|Instrumental|Acid|House|Game|Sound Clip|Gospel|Noise|Alternative Rock|Bass|Soul|" +
	"Punk|Space|Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial|Electronic|" +
	"Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta|Top 40|Christian Rap|Pop/Funk|Jungle|Native American|" +
	"Cabaret|New Wave|Psychedelic|Rave|Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|" +
	"Rock & Roll|Hard Rock|Folk|Folk-Rock|National Folk|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic|Bluegrass|" +
	"Avantgarde|Gothic Rock|Progressive Rock|Psychedelic Rock|Symphonic Rock|Slow Rock|Big Band|Chorus|Easy Listening|" +
	"Acoustic|Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn Groove|Satire|Slow Jam|" +
	"Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|Drum Solo|A Cappella|" +
	"Euro-House|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore|Terror|Indie|BritPop|Afro-Punk|Polsk Punk|Beat|" +
	"Christian Gangsta Rap|Heavy Metal|Black Metal|Crossover|Contemporary Christian|Christian Rock|Merengue|Salsa|" +
	"Thrash Metal|Anime|JPop|Synthpop|Abstract|Art Rock|Baroque|Bhangra|Big Beat|Breakbeat|Chillout|Downtempo|Dub|EBM|" +
	"Eclectic|Electro|Electroclash|Emo|Experimental|Garage|Global|IDM|Illbient|Industro-Goth|Jam Band|Krautrock|" +
	"Leftfield|Lounge|Math Rock|New Romantic|Nu-Breakz|Post-Punk|Post-Rock|Psytrance|Shoegaze|Space Rock|Trop Rock|" +
	"World Music|Neoclassical|Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast|Indie Rock|G-Funk|Dubstep|Garage Rock|Psybient"

// genre is the name of a genre's number, empty where it has none.
func genre(n int) string {
	rest, name := genreText, ""
	for ; n >= 0 && rest != ""; n-- {
		name, rest, _ = strings.Cut(rest, "|")
	}
	if n >= 0 {
		return ""
	}
	return name
}

// genreName turns a bare number or an abbreviation into the genre's name.
func genreName(v []byte) []byte {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || len(v) > 3 {
		return v
	}
	switch string(v) {
	case "RX":
		return []byte("Remix")
	case "CR":
		return []byte("Cover")
	}
	if n, err := strconv.Atoi(string(v)); err == nil && n >= 0 && isDigit(v[0]) {
		if g := genre(n); g != "" {
			return []byte(g)
		}
	}
	return v
}

// genreRefs resolves "(17)", "(4)Eurodisco", "(51)(39)" and "((text)" of a genre
// frame into names divided by NULs. A text behind a number says the same in
// better words, or adds to it.
func genreRefs(val []byte) []byte {
	if len(val) == 0 || bytes.IndexByte(val, '(') < 0 {
		return val
	}
	var out []byte
	for v := range bytes.SplitSeq(val, []byte{0}) {
		for len(v) > 1 && v[0] == '(' && v[1] != '(' {
			ref, rest, ok := bytes.Cut(v[1:], []byte{')'})
			name := genreName(ref)
			if !ok || len(name) == 0 || bytes.Equal(name, ref) {
				break
			}
			out = append(append(out, name...), 0)
			v = rest
		}
		if bytes.HasPrefix(v, []byte("((")) {
			v = v[1:]
		}
		if len(v) > 0 {
			out = append(append(out, v...), 0)
		}
	}
	return out
}
