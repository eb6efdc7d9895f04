// Segue is one terminal music player for your files, your server and Spotify.
package main

import (
	"os"

	"segue/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
