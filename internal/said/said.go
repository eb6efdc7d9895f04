// Package said keeps what a program that runs beside a test says. Only tests import it.
package said

import (
	"strings"
	"sync"
)

// Buffer collects what is written to it. The zero value is empty; its methods may be called
// from any goroutine.
type Buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer. It never fails.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String is all that was said so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
