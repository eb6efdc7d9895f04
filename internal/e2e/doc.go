// Package e2e tests the built program from outside, as a person uses it: in a
// pseudo-terminal with an emulator behind it, by keys, mouse and signals, with a
// home folder of its own; and as a script uses it, by its words, output and exit
// codes.
//
// The tests are behind the build tag e2e, because they build and start the program
// many times: go test -tags e2e ./internal/e2e. Each waits for what is on the
// screen, with a deadline, and never for a time. They reach into no package of the
// program except for making input.
package e2e
