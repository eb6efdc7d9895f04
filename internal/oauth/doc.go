// Package oauth signs in to services that speak OAuth 2: authorization code with PKCE
// (RFC 7636), a callback server on this machine (RFC 8252) or a pasted address, refresh
// in the one critical section that package cache keeps for each account, revocation
// (RFC 7009), and a round tripper that puts the token on calls.
//
// It knows no service: a Provider says where things are. Answers are kept whole, with
// the keys that nobody here knows, because other programs may read them from the cache.
//
// Goroutines: a sign-in that listens has an HTTP server of its own (or shares that of
// another on the same port) until it ends, and one that asks a person waits in a second
// goroutine. Nothing is started by a constructor. Tokens, codes and verifiers are never
// logged and never in an error.
package oauth
