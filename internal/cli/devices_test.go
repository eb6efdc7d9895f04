package cli

import (
	"strings"
	"testing"
)

func TestDevicesOfNobodyAreSaidToBeNone(t *testing.T) {
	code, out, errs := run(t, "devices")
	if code != exitNothing || out != "" || !strings.Contains(errs, "no account that is signed in plays on devices") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	if code, _, errs := run(t, "devices", "--account", "nobody"); code != exitUsage || !strings.Contains(errs, "there is no such account") {
		t.Errorf("exit %d, %q", code, errs)
	}
}
