//go:build !unix

package engine

import "errors"

// fifo is not to be had here.
type fifo struct{}

func openFIFO(string) (*fifo, error) {
	return nil, errors.New("engine: go-librespot writes into a named pipe, which this system does not have")
}

func (*fifo) wake() {}

func (*fifo) drain() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

func (*fifo) end() {}

func (*fifo) run(func() bool, func([]byte)) {}
