package engine

import (
	"testing"
	"time"
)

// TestARefusedKeyIsRememberedOverRuns, until somebody signs in anew.
func TestARefusedKeyIsRememberedOverRuns(t *testing.T) {
	dir := t.TempDir()
	run := func() *Engine {
		e, err := New(Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if at := run().KeysRefused(); !at.IsZero() {
		t.Errorf("nothing was refused, and it says %s", at)
	}
	run().mark(keyMark)
	if at := run().KeysRefused(); time.Since(at).Abs() > time.Hour {
		t.Errorf("it says %s", at)
	}
	run().forgetRefusals()
	if at := run().KeysRefused(); !at.IsZero() {
		t.Errorf("it is forgotten, and it says %s", at)
	}
}

func TestAnOldProgramIsKnown(t *testing.T) {
	for version, old := range map[string]bool{"": false, "0.9.0": true, "0.9.1": false, "dev": false} {
		e, err := New(Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		e.version.version = version
		if e.Old() != old {
			t.Errorf("%q is old: %t", version, e.Old())
		}
	}
}
