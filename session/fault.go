package session

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"segue/internal/music"
)

// ErrPlayTokenLost is what a source breaks off with when its account plays elsewhere now:
// the track is no worse for it, and nothing follows it by itself.
var ErrPlayTokenLost = errors.New("the account plays on another device now")

// FaultKind says what went wrong, in libspotify's words and numbers where it has them.
type FaultKind int

// The kinds, numbered as libspotify's ErrorType; those from 100 on are ours.
const (
	OK                    FaultKind = 0
	TrackNotPlayable      FaultKind = 3
	BadUsernameOrPassword FaultKind = 6
	UserBanned            FaultKind = 7
	UnableToContactServer FaultKind = 8
	ClientTooOld          FaultKind = 9
	OtherPermanent        FaultKind = 10
	MissingCallback       FaultKind = 12
	InvalidIndata         FaultKind = 13
	IndexOutOfRange       FaultKind = 14
	UserNeedsPremium      FaultKind = 15
	OtherTransient        FaultKind = 16
	IsLoading             FaultKind = 17
	NoStreamAvailable     FaultKind = 18
	PermissionDenied      FaultKind = 19
	InboxIsFull           FaultKind = 20
	NoCache               FaultKind = 21
	NoSuchUser            FaultKind = 22
	NoCredentials         FaultKind = 23
	NetworkDisabled       FaultKind = 24
	InvalidDeviceID       FaultKind = 25
	OfflineTooManyTracks  FaultKind = 31
	OfflineDiskCache      FaultKind = 32
	OfflineExpired        FaultKind = 33
	OfflineNotAllowed     FaultKind = 34
	OfflineLicenseLost    FaultKind = 35
	LastfmAuthError       FaultKind = 39
	InvalidArgument       FaultKind = 40
	SystemFailure         FaultKind = 41
	RateLimited           FaultKind = 100
	Cancelled             FaultKind = 101
	Conflict              FaultKind = 102 // somebody else changed it meanwhile
)

var kindNames = map[FaultKind]string{
	OK: "OK", TrackNotPlayable: "TRACK_NOT_PLAYABLE", BadUsernameOrPassword: "BAD_USERNAME_OR_PASSWORD",
	UserBanned: "USER_BANNED", UnableToContactServer: "UNABLE_TO_CONTACT_SERVER", ClientTooOld: "CLIENT_TOO_OLD",
	OtherPermanent: "OTHER_PERMANENT", MissingCallback: "MISSING_CALLBACK", InvalidIndata: "INVALID_INDATA",
	IndexOutOfRange: "INDEX_OUT_OF_RANGE", UserNeedsPremium: "USER_NEEDS_PREMIUM", OtherTransient: "OTHER_TRANSIENT",
	IsLoading: "IS_LOADING", NoStreamAvailable: "NO_STREAM_AVAILABLE", PermissionDenied: "PERMISSION_DENIED",
	InboxIsFull: "INBOX_IS_FULL", NoCache: "NO_CACHE", NoSuchUser: "NO_SUCH_USER", NoCredentials: "NO_CREDENTIALS",
	NetworkDisabled: "NETWORK_DISABLED", InvalidDeviceID: "INVALID_DEVICE_ID", OfflineTooManyTracks: "OFFLINE_TOO_MANY_TRACKS",
	OfflineDiskCache: "OFFLINE_DISK_CACHE", OfflineExpired: "OFFLINE_EXPIRED", OfflineNotAllowed: "OFFLINE_NOT_ALLOWED",
	OfflineLicenseLost: "OFFLINE_LICENSE_LOST", LastfmAuthError: "LASTFM_AUTH_ERROR", InvalidArgument: "INVALID_ARGUMENT",
	SystemFailure: "SYSTEM_FAILURE", RateLimited: "RATE_LIMITED", Cancelled: "CANCELLED", Conflict: "CONFLICT",
}

// String is libspotify's name of the kind.
func (k FaultKind) String() string {
	if s, ok := kindNames[k]; ok {
		return s
	}
	return fmt.Sprintf("FAULT_%d", int(k))
}

// Fault is the one error type that crosses the session's boundary.
type Fault struct {
	Kind    FaultKind
	Account music.AccountID // empty where no account is concerned
	Op      string          // what was tried, in a user's words: "open Aria", "add to Evening"
	Err     error           // why
	RetryAt time.Time       // when it may be tried again, with RateLimited
	Hint    string          // the way out, one clause; may be empty
	// Needs are features that the account's sign-in does not allow, as SignIn.For names them:
	// a sign-in for them is the way out. nil = it is something else.
	Needs []string
}

// Error is one line: what failed, why, what to do now.
func (f *Fault) Error() string {
	var b strings.Builder
	if f.Account != "" && f.Account != music.Local {
		b.WriteString(string(f.Account) + ": ")
	}
	b.WriteString(f.Op)
	if f.Err != nil {
		if f.Op != "" {
			b.WriteString(": ")
		}
		b.WriteString(briefly(f.Err))
	}
	if !f.RetryAt.IsZero() {
		b.WriteString(", again at " + f.RetryAt.Format("15:04:05"))
	}
	if f.Hint != "" {
		b.WriteString("; " + f.Hint)
	}
	return b.String()
}

// briefly is an error without the file that it is about, where it can be said so: Op names
// what it was.
func briefly(err error) string {
	if s, ok := err.(interface{ Short() string }); ok { //nolint:errorlint // the words of what it wraps would lose its own
		return s.Short()
	}
	return err.Error()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }
