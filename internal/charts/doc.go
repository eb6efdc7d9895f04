// Package charts fetches public toplists: what the world listens to and what somebody
// else listens to from ListenBrainz, what a country listens to from Apple Music. It is a
// session.Charts.
//
// A chart is fetched at most once an hour unless it is wanted fresh, kept on disk with
// the time of the fetch, and compared with the fetch before, so that each row knows where
// it stood. Where the source cannot be reached the last fetch is given, together with why.
// What an account has for a row is not its business.
//
// It starts no goroutines and may be used from any.
package charts
