package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"segue/internal/service/spotify/engine/enginetest"
)

// childEnv makes the test's own program play on an engine until it is killed; programEnv
// says which program.
const (
	childEnv   = "SEGUE_TEST_ENGINE"
	programEnv = "SEGUE_TEST_PROGRAM"
)

func child(dir string) int {
	e, err := New(Config{Account: "spotify", Path: os.Getenv(programEnv), Dir: dir})
	if err == nil {
		_, err = e.Open(context.Background(), first, time.Minute)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := os.WriteFile(filepath.Join(dir, "playing"), nil, 0o600); err != nil {
		return 1
	}
	select {}
}

// there reports whether the stand-in of a folder lives.
func there(dir string) bool {
	addr, err := os.ReadFile(filepath.Join(dir, "standin.port"))
	if err != nil {
		return false
	}
	c, err := net.DialTimeout("tcp", string(addr), time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func TestTheProgramEndsWithTheEngine(t *testing.T) {
	t.Parallel()
	for _, stubborn := range []bool{false, true} {
		t.Run(fmt.Sprintf("ignores SIGTERM: %t", stubborn), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, enginetest.Behaviour{IgnoreTerm: stubborn})
			s := r.open(first, 20*time.Second)
			r.read(s, 1000)
			if !there(r.dir) {
				t.Fatal("it is not there")
			}
			begun := time.Now()
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if there(r.dir) {
				t.Error("it is still there")
			}
			if took := time.Since(begun); stubborn && took < termPatience {
				t.Errorf("it was killed after %v", took)
			}
			if f := r.faultOf(s); !errors.Is(f, ErrClosed) { // once what came before is read
				t.Errorf("its source breaks off with %v", f)
			}
			if _, err := r.Open(r.ctx, first, 0); err == nil {
				t.Error("a closed engine opens tracks")
			}
		})
	}
}

func TestTheProgramDiesWithASegueThatIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux's parent death signal")
	}
	dir := filepath.Join(t.TempDir(), "engine")
	if err := enginetest.SignedIn(dir); err != nil {
		t.Fatal(err)
	}
	r := rigIn(t, dir)
	cmd := exec.CommandContext(r.ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir, programEnv+"="+program)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.until("it plays", func() bool {
		_, err := os.Stat(filepath.Join(dir, "playing"))
		return err == nil && there(dir)
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	r.until("its end", func() bool { return !there(dir) })
}
