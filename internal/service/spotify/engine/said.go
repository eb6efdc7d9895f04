package engine

import (
	"regexp"
	"strings"
)

// saying is a kind of line that the program writes to stderr and that means something.
type saying int

const (
	saysNothing    saying = iota // for the log only
	saysVersion                  // text: the version
	saysPort                     // text: host:port
	saysVisit                    // text: the address, code: what to type there
	saysRefused                  // its sign-in is no longer good
	saysNoDevice                 // it does not know device_auth: an old one
	saysKey                      // text: the URI that there is no key for
	saysUnplayable               // text: the URI that there is no media of
	saysTransfer                 // text: the device that plays now
	saysLost                     // the session with Spotify is gone
	saysFatal                    // text: why it ends
)

// said is a line of stderr, understood.
type said struct {
	what       saying
	text, code string
}

const (
	wordVersion  = "running go-librespot "
	wordPort     = "api server listening on "
	wordVisit    = "visit "
	wordCode     = "if prompted, enter code "
	wordLink     = "complete authentication visit the following link: "
	wordTransfer = "playback was transferred to "
)

var uriIn = regexp.MustCompile(`spotify:(track|episode):[0-9A-Za-z]+`)

// understand reads a line of stderr: logrus's text, with the message in quotes.
func understand(line string) said {
	has := func(s string) bool { return strings.Contains(line, s) }
	switch {
	case has(wordVersion):
		return said{what: saysVersion, text: wordAfter(line, wordVersion)}
	case has(wordPort):
		return said{what: saysPort, text: wordAfter(line, wordPort)}
	case has(wordCode):
		return said{what: saysVisit, text: strings.TrimRight(wordAfter(line, wordVisit), ","), code: wordAfter(line, wordCode)}
	case has(wordLink):
		return said{what: saysVisit, text: wordAfter(line, wordLink)}
	case has("INVALID_CREDENTIALS"):
		return said{what: saysRefused}
	case has("unknown credentials: device_auth"):
		return said{what: saysNoDevice}
	case has("refused the audio key"), has("failed retrieving audio key"):
		return said{what: saysKey, text: uriIn.FindString(line)}
	case has("skipping unplayable media"):
		return said{what: saysUnplayable, text: uriIn.FindString(line)}
	case has(wordTransfer):
		_, name, _ := strings.Cut(line, wordTransfer)
		return said{what: saysTransfer, text: strings.TrimSuffix(strings.TrimSpace(name), `"`)}
	case has("lost session"), has("session lost"):
		return said{what: saysLost}
	case has("level=fatal"), has("level=panic"):
		return said{what: saysFatal, text: message(line)}
	}
	return said{}
}

// wordAfter is the word that follows a phrase.
func wordAfter(line, phrase string) string {
	_, rest, _ := strings.Cut(line, phrase)
	if i := strings.IndexAny(rest, " \t\"\\"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// message is what a line says, without its level and quotes, and with its error behind it.
func message(line string) string {
	_, rest, ok := strings.Cut(line, "msg=")
	if !ok {
		return scrub(line)
	}
	rest = strings.ReplaceAll(rest, `\"`, "'")
	return scrub(strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(rest, ` error=`, ": "), `"`, "")))
}

var (
	queryIn = regexp.MustCompile(`(https?://[^\s"?]+)\?[^\s"\\]*`)
	nameIn  = regexp.MustCompile(`(?i)\b(username|user|token|data|code|password|blob)"?[=: ]+("[^"]*"|[^\s",]+)`)
	longIn  = regexp.MustCompile(`[0-9A-Za-z+/_=-]{28,}`)
)

// scrub takes out of a line what might be a secret or a name: queries of addresses, what
// stands behind words for secrets, and words too long to be any.
func scrub(line string) string {
	line = queryIn.ReplaceAllString(line, "$1?…")
	line = nameIn.ReplaceAllString(line, "$1=…")
	return longIn.ReplaceAllString(line, "…")
}
