// Package wire is the language of Subsonic and OpenSubsonic servers: addresses, the
// forms in which a client proves who it is, and answers.
//
// Servers disagree with the specification and with each other, so answers are read
// tolerantly: a number may be a string and a string a number; null, missing and empty
// are the same; one thing may stand where a list belongs; unknown keys are passed over;
// and a row that cannot be understood costs that row, never the list.
//
// The package does no I/O beyond the reader that it is given, and has no goroutines.
// Secrets in it print as [secret].
package wire
