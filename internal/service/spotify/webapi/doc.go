// Package webapi is a client of Spotify's Web API as an app in development mode may use
// it since 2026: some forty calls, each one a method of Client. It reads answers with the
// keys of today and with those of before, and an answer that lacks fields, or has other
// ones than it should, loses those fields and nothing else.
//
// All calls share one budget: few at a time, a modest number in 30 seconds, those first
// that the screen waits for (For). Questions that are the same are asked once. What was
// answered is kept on disk, can be had at once and is refreshed behind (Cached). What goes
// wrong is an *Error that tells the cases apart that need different advice.
//
// Goroutines: a question that goes out has one of its own until it is answered; Run does
// the refreshing. A Client may be used from any goroutine. The package does not sign in:
// it is given a layer that puts the token on calls. It decides nothing about music; that
// is for package spotify.
package webapi
