package app

import "strings"

// country is whose toplist is offered first: as told, or as the locale says ("de_DE.UTF-8").
func country(told string, getenv func(string) string) string {
	if told != "" {
		return told
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			_, rest, _ := strings.Cut(v, "_")
			if len(rest) < 2 || len(rest) > 2 && rest[2] != '.' && rest[2] != '@' {
				return ""
			}
			return strings.ToLower(rest[:2])
		}
	}
	return ""
}
