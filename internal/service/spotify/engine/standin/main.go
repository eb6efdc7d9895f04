// Program standin stands in for go-librespot where the real one cannot be: it obeys the
// rules that the real one has, those that hang included, and "plays" frames that say of
// themselves which they are. Package enginetest builds it, and says how it is told to
// misbehave. It is for tests only and is no part of Segue.
package main

import (
	"os"

	"segue/internal/service/spotify/engine/enginetest"
)

func main() { os.Exit(enginetest.Main(os.Args[1:], os.Stderr)) }
