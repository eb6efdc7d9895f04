// Generate writes what is made from the code's own tables: config.toml.example and
// the key table in README.md. Run it from the project's root; make generate does.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"segue/internal/config"
	"segue/keymap"
)

// The marks between which the README's key table stands.
const (
	begin = "<!-- keys: made by make generate -->\n"
	end   = "<!-- end of keys -->\n"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	if err := os.WriteFile("config.toml.example", []byte(config.Example()), 0o644); err != nil {
		return err
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	readme, err = withKeys(readme, keymap.Default().Markdown())
	if err != nil {
		return err
	}
	return os.WriteFile("README.md", readme, 0o644)
}

// withKeys puts the table between the marks.
func withKeys(readme []byte, table string) ([]byte, error) {
	before, rest, ok := bytes.Cut(readme, []byte(begin))
	_, after, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return nil, errors.New("README.md has no marks for the key table")
	}
	return bytes.Join([][]byte{before, []byte(begin), []byte(table), []byte(end), after}, nil), nil
}
