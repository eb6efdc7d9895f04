// Package httpx makes every HTTP client of the program, so that all of them keep the
// same manners: at most three tries, one gate a service when it says "slow down",
// timeouts everywhere but on the body of an endless stream, certificates that are
// checked or pinned, no plain http beyond this machine unless it is allowed by name,
// and errors that name the host and the cause and never hold a query string, a token
// or a password.
//
// It knows no service, keeps nothing on disk and starts no goroutine of its own.
// Clients and gates may be used from any goroutine.
package httpx
