package decode

// fault is an error about the file that is decoded.
type fault struct {
	step string // "open ", "read " or nothing
	name string // the file's
	what string // in words
	err  error  // what it wraps
}

func (f *fault) Error() string { return "decode: " + f.step + f.name + ": " + f.what }
func (f *fault) Unwrap() error { return f.err }

// Short is the error in words, without the file: for lines that say which track it is.
func (f *fault) Short() string { return f.what }
