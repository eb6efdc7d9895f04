// Package spotify is an account at Spotify: who one is there and what one has there by
// the Web API (package webapi), and two ways to hear it: on one of the user's own devices
// (package connect), which Spotify allows, and by go-librespot (package engine), which it
// does not.
//
// The Web API is asked with the user's own client id, never with another project's, and
// signed in to by package oauth; the grant stays in the token cache, where it is its own
// remembered credential. The engine has a sign-in of its own: Spotify gives neither the
// other's keys.
//
// Goroutines: a Service has none of its own before it is asked for something, and then
// only what a method needs until it returns, Watch, and what the engine and a remote
// playback run until Close. It never draws, and never asks a person but through the Asker
// it is given.
package spotify
