package httpx

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCertificates(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	seen := FingerprintOf(srv.Certificate())
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	colons := strings.ToUpper(seen[:2])
	for i := 2; i < len(seen); i += 2 {
		colons += ":" + strings.ToUpper(seen[i:i+2])
	}
	other := strings.Repeat("ab", 32)
	byName := strings.Replace(srv.URL, "127.0.0.1", "localhost", 1) // the certificate is for example.com and 127.0.0.1
	for name, c := range map[string]struct {
		o    Options
		url  string
		says string // "" = it works
	}{
		"signed by nobody we know":                {Options{}, srv.URL, "not signed by an authority this computer trusts"},
		"an authority of one's own":               {Options{CAFile: ca}, srv.URL, ""},
		"another name":                            {Options{CAFile: ca}, byName, "for another name"},
		"pinned, as people write it":              {Options{Fingerprint: colons}, srv.URL, ""},
		"pinned, and the name does not matter":    {Options{Fingerprint: seen}, byName, ""},
		"pinned, and it is another":               {Options{Fingerprint: other}, srv.URL, "not the pinned one"},
		"pinned to another, and an authority too": {Options{Fingerprint: other, CAFile: ca}, srv.URL, "not the pinned one"},
	} {
		t.Run(name, func(t *testing.T) {
			cl := client(t, c.o)
			defer cl.CloseIdle()
			_, body, err := cl.Bytes(request(t, "GET", c.url+"/?token=abc", ""))
			if c.says == "" {
				if err != nil || string(body) != "hello" {
					t.Fatalf("%q %v", body, err)
				}
				return
			}
			e := want(t, err, TLS)
			if e.Fingerprint != seen || !strings.Contains(e.Error(), c.says) {
				t.Errorf("%v (%s)", e, e.Fingerprint)
			}
		})
	}
}

func TestHTTPSWhereThereIsNone(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	_, err := client(t, Options{}).Do(request(t, "GET", "https"+strings.TrimPrefix(srv.URL, "http"), ""))
	if e := want(t, err, TLS); !strings.Contains(e.Error(), "does not speak TLS") {
		t.Error(e)
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"no such file": {CAFile: empty + "x"}, "no certificate in it": {CAFile: empty},
		"a short fingerprint": {Fingerprint: "abcd"}, "no hex": {Fingerprint: strings.Repeat("zz", 32)},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPlainHTTPOnlyWhereItIsAllowed(t *testing.T) {
	asked := 0
	cl := client(t, Options{PlainHosts: []string{"nas.lan", "other:8080"}, Network: fake(func(*http.Request) (*http.Response, error) {
		asked++
		return answer(200, ""), nil
	})})
	for addr, kind := range map[string]Kind{
		"http://127.0.0.1:1/": 0, "http://[::1]:1/": 0, "http://localhost/": 0, "http://127.9.9.9/": 0, "https://x/": 0,
		"http://nas.lan/": 0, "http://NAS.lan:4533/": 0, "http://other:8080/": 0,
		"http://other/": Insecure, "http://x/": Insecure, "http://localhost.x/": Insecure, "http://128.0.0.1/": Insecure,
		"ftp://x/": Invalid,
	} {
		resp, err := cl.Do(request(t, "GET", addr+"?p=hunter2", ""))
		if kind == 0 {
			if err != nil {
				t.Errorf("%s: %v", addr, err)
				continue
			}
			resp.Body.Close()
			continue
		}
		want(t, err, kind)
	}
	if asked != 8 {
		t.Errorf("%d went out", asked)
	}
}

// listen answers each connection with serve, until the test ends.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

func TestWhoCannotBeReachedIsNamed(t *testing.T) {
	closed := listen(t, func(net.Conn) {})
	proxy, err := url.Parse("http://" + closed)
	if err != nil {
		t.Fatal(err)
	}
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	defer refusing.Close()
	refusal, err := url.Parse(refusing.URL)
	if err != nil {
		t.Fatal(err)
	}
	nobody := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	for name, c := range map[string]struct {
		o    Options
		url  string
		says string
	}{
		"nobody listens":            {Options{}, "http://127.0.0.1:1/", "cannot reach 127.0.0.1:1: connection refused"},
		"it hangs up":               {Options{}, "http://" + closed + "/", "cannot reach " + closed + ": the connection was broken off"},
		"the proxy hangs up":        {Options{Proxy: http.ProxyURL(proxy)}, "https://x.invalid/", "cannot reach x.invalid: the connection was broken off"},
		"the proxy is not there":    {Options{Proxy: http.ProxyURL(nobody)}, "https://x.invalid/", "cannot reach 127.0.0.1:1 (the proxy on the way to x.invalid): connection refused"},
		"the proxy wants a sign-in": {Options{Proxy: http.ProxyURL(refusal)}, "https://x.invalid/", "the proxy answered 407 Proxy Authentication Required (" + refusal.Host + ")"},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(t, "POST", c.url, "x") // a POST: tried once
			_, err := client(t, c.o).Do(req)
			if e := want(t, err, Unreachable); !strings.Contains(e.Error(), c.says) {
				t.Errorf("says %q, want %q", e, c.says)
			}
		})
	}
}

func TestANameThatDoesNotExist(t *testing.T) {
	dns := fakeDNS(t, nil)
	o := Options{Service: "Test"}
	o.defaults()
	o.Proxy = nil
	o.Network = network(o, nil, &net.Dialer{Resolver: dns})
	_, err := client(t, o).Do(request(t, "GET", "https://nowhere.example/", ""))
	if e := want(t, err, Unreachable); e.Error() != "Test: cannot reach nowhere.example: no computer has this name" {
		t.Error(e)
	}
}

// TestIPv6ThatSwallowsPacketsDoesNotHoldUp is trap 25.
func TestIPv6ThatSwallowsPacketsDoesNotHoldUp(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "v4") }))
	defer srv.Close()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	swallow(t, true, port)
	o := Options{PlainHosts: []string{"both.example"}}
	o.defaults()
	o.Proxy = nil
	o.Network = network(o, nil, &net.Dialer{Timeout: 2 * time.Minute, Resolver: fakeDNS(t, []net.IP{net.IPv6loopback, net.IPv4(127, 0, 0, 1)})})
	start := time.Now()
	_, body, err := client(t, o).Bytes(request(t, "GET", "http://both.example:"+port+"/", ""))
	if err != nil || string(body) != "v4" {
		t.Fatalf("%q %v", body, err)
	}
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("it took %s", d)
	}
}

func TestAHostThatSwallowsPacketsIsNamed(t *testing.T) {
	port := swallow(t, false, "0")
	o := Options{Service: "Test"}
	o.defaults()
	o.Proxy = nil
	o.Network = network(o, nil, &net.Dialer{Timeout: 300 * time.Millisecond})
	_, err := client(t, o).Do(request(t, "GET", "http://127.0.0.1:"+port+"/?t=hunter2", ""))
	if e := want(t, err, Timeout); e.Error() != "Test: no connection to 127.0.0.1:"+port+" within 8s" {
		t.Error(e)
	}
}

// swallow makes a port of 127.0.0.1 or [::1] take no more connections and refuse none: its
// queue is full. It gives the port, "" where there is no IPv6.
func swallow(t *testing.T, six bool, port string) string {
	t.Helper()
	var number int
	if _, err := fmt.Sscan(port, &number); err != nil {
		t.Fatal(err)
	}
	family, at := syscall.AF_INET, syscall.Sockaddr(&syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: number})
	if six {
		family, at = syscall.AF_INET6, &syscall.SockaddrInet6{Addr: [16]byte{15: 1}, Port: number}
	}
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if syscall.Bind(fd, at) != nil || syscall.Listen(fd, 0) != nil {
		return ""
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	host := "127.0.0.1"
	switch a := name.(type) {
	case *syscall.SockaddrInet4:
		number = a.Port
	case *syscall.SockaddrInet6:
		host, number = "::1", a.Port
	}
	fails := 0 // how many connections fit is the kernel's secret; two in a row that do not are enough
	for range 16 {
		c, err := net.DialTimeout("tcp", net.JoinHostPort(host, fmt.Sprint(number)), 250*time.Millisecond)
		if err == nil {
			t.Cleanup(func() { c.Close() })
			fails = 0
			continue
		}
		if fails++; fails == 2 {
			return fmt.Sprint(number)
		}
	}
	t.Fatal("its queue has no end")
	return ""
}

// fakeDNS answers every question with these addresses; none: there is no such name.
func fakeDNS(t *testing.T, ips []net.IP) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			pc.WriteTo(dnsAnswer(buf[:n], ips), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

func dnsAnswer(question []byte, ips []net.IP) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	kind := question[end+2]
	end += 5
	out := append([]byte{}, question[:end]...)
	copy(out[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if ips == nil {
		out[3] = 0x83 // no such name
	}
	for _, ip := range ips {
		raw, of := []byte(ip.To4()), byte(1)
		if raw == nil {
			raw, of = ip.To16(), 28
		}
		if of != kind {
			continue
		}
		out[7]++
		out = append(out, 0xc0, 12, 0, of, 0, 1, 0, 0, 0, 60, 0, byte(len(raw)))
		out = append(out, raw...)
	}
	return out
}
