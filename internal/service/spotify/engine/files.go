package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"segue/cache"
)

// The engine's folder holds nothing of anybody else's: 0700, and its files 0600.
const (
	configName = "config.yml"
	stateName  = "state.json"
	pipeName   = "sound"
	cacheName  = "cache"
	probeName  = "probe"
)

// The ways to sign in, by the program's names for them.
const (
	byDevice  = "device_auth"
	byBrowser = "interactive"
)

// settings are what the program reads once, when it starts.
type settings struct {
	kbps  int
	level level
	cache int64 // bytes; 0 = no cache
}

// bitrate is what the program can be asked for that is nearest.
func (s settings) bitrate() int {
	switch {
	case s.kbps > 0 && s.kbps <= 128:
		return 96
	case s.kbps > 0 && s.kbps <= 240:
		return 160
	}
	return 320
}

// config is the program's configuration. Texts are written as JSON has them, which YAML
// reads alike.
func config(dir, device, auth string, s settings) string {
	var b strings.Builder
	put := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	text := func(key, value string) { put(key, strconv.Quote(value)) }
	b.WriteString("# Written by Segue at each start of go-librespot; changes are lost.\n")
	text("device_name", device)
	text("device_type", "computer")
	put("log_disable_timestamp", "true")
	put("zeroconf_enabled", "false")
	b.WriteString("server:\n")
	put("  enabled", "true")
	text("  address", "127.0.0.1")
	put("  port", "0")
	b.WriteString("credentials:\n")
	text("  type", auth)
	text("audio_backend", "pipe")
	text("audio_output_pipe", filepath.Join(dir, pipeName))
	text("audio_output_pipe_format", "s16le")
	put("external_volume", "true")
	put("disable_autoplay", "true")
	put("bitrate", strconv.Itoa(s.bitrate()))
	put("normalisation_disabled", strconv.FormatBool(!s.level.on))
	put("normalisation_use_album_gain", strconv.FormatBool(s.level.album))
	put("normalisation_pregain", strconv.FormatFloat(s.level.preampDB, 'f', -1, 64))
	b.WriteString("cache:\n")
	put("  enabled", strconv.FormatBool(s.cache > 0))
	if s.cache > 0 {
		text("  dir", filepath.Join(dir, cacheName))
		text("  size_limit", strconv.FormatInt(max(s.cache>>20, 1), 10)+"M")
	}
	return b.String()
}

// makeFolder makes the folder private, whoever made it.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // of a folder
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}

// writeConfig writes the configuration into a folder, which it makes.
func writeConfig(dir, text string) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	// A file of the other name would win over ours.
	if err := os.Remove(filepath.Join(dir, "config.yaml")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("engine: %w", err)
	}
	return writePrivate(filepath.Join(dir, configName), []byte(text))
}

// writePrivate replaces a file by one that only we can read.
func writePrivate(path string, data []byte) error {
	if err := cache.WriteFile(path, data); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}

// kept is the program's state.json. What is not understood in it stays.
type kept map[string]json.RawMessage

// readState reads state.json; one that is missing or broken is empty.
func readState(dir string) kept {
	k := kept{}
	data, err := os.ReadFile(filepath.Join(dir, stateName))
	if err != nil || json.Unmarshal(data, &k) != nil || k == nil {
		return kept{}
	}
	return k
}

// signedIn reports whether a sign-in is remembered.
func (k kept) signedIn() bool {
	var c struct {
		Data string `json:"data"`
	}
	return json.Unmarshal(k["credentials"], &c) == nil && c.Data != ""
}

// guardState makes state.json private: the program may have written it otherwise.
func guardState(dir string) error {
	err := os.Chmod(filepath.Join(dir, stateName), 0o600)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}

// forgetState takes the sign-in out of state.json; the device's id stays, so that the
// device is the same one to Spotify.
func forgetState(dir string) error {
	k := readState(dir)
	if len(k) == 0 {
		err := os.Remove(filepath.Join(dir, stateName))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("engine: forget: %w", err)
		}
		return nil
	}
	delete(k, "credentials")
	data, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("engine: forget: %w", err)
	}
	return writePrivate(filepath.Join(dir, stateName), data)
}
