package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"segue/internal/httpx"
)

func TestAFailedCallOfTheNetworkIsAFaultOfItsKind(t *testing.T) {
	at := time.Now().Add(time.Minute)
	for name, c := range map[string]struct {
		err  httpx.Error
		want FaultKind
	}{
		"nobody there":           {httpx.Error{Kind: httpx.Unreachable, Host: "h"}, UnableToContactServer},
		"no answer in time":      {httpx.Error{Kind: httpx.Timeout, Host: "h"}, UnableToContactServer},
		"a limit":                {httpx.Error{Kind: httpx.RateLimited, RetryAt: at}, RateLimited},
		"a server that broke":    {httpx.Error{Kind: httpx.Status, Status: 502}, OtherTransient},
		"a door that is shut":    {httpx.Error{Kind: httpx.Status, Status: 401}, PermissionDenied},
		"an answer of no use":    {httpx.Error{Kind: httpx.Status, Status: 404}, OtherPermanent},
		"a page in JSON's place": {httpx.Error{Kind: httpx.NotJSON}, InvalidIndata},
		"given up":               {httpx.Error{Kind: httpx.Cancelled}, Cancelled},
		"plain http":             {httpx.Error{Kind: httpx.Insecure}, PermissionDenied},
		"an unknown certificate": {httpx.Error{Kind: httpx.TLS}, OtherPermanent},
		"a bad address":          {httpx.Error{Kind: httpx.Invalid}, InvalidArgument},
	} {
		f := faultOf(fmt.Errorf("home: albums: %w", &c.err), "home", "open it")
		if f.Kind != c.want || !f.RetryAt.Equal(c.err.RetryAt) {
			t.Errorf("%s: %s %s, want %s", name, f.Kind, f.RetryAt, c.want)
		}
		if n := strings.Count(f.Error(), "again at"); n > 1 {
			t.Errorf("%s: it says the time twice: %s", name, f)
		}
	}
}
