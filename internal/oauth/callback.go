package oauth

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	portPatience = 10 * time.Second       // for a taken port to become free
	portPoll     = 200 * time.Millisecond // how often it is tried
	nextPorts    = 9                      // further ports with PortNext
	pagePatience = 30 * time.Second       // a browser waits for the page while the code is traded
	lastWords    = 2 * time.Second        // for the page to be delivered before the server closes
)

// Callbacks listens for browsers that come back from a sign-in. There is one in a
// process, so that two sign-ins whose addresses have one port share a listener. It
// listens only while somebody is waited for.
type Callbacks struct {
	patience time.Duration // a taken port becomes free within this, or not

	mu      sync.Mutex
	servers map[string]*server // by the addresses listened on
}

// NewCallbacks makes one that listens nowhere yet.
func NewCallbacks() *Callbacks {
	return &Callbacks{patience: portPatience, servers: map[string]*server{}}
}

// server is a listener (two for localhost) and those who wait for it.
type server struct {
	key    string
	port   int
	http   *http.Server
	visits map[string]*visit // by state; guarded by Callbacks.mu
}

// visit is one sign-in that waits for its browser.
type visit struct {
	of      *Callbacks
	at      *server
	service string
	path    string
	state   string
	came    chan brought // one place: the first wins
	result  chan error   // one place: what to tell the browser
	served  chan struct{}
	once    sync.Once
}

// join listens for a sign-in, alone or with others on the same port.
func (c *Callbacks) join(ctx context.Context, p Provider, r redirect, state string) (*visit, error) {
	v := &visit{of: c, service: p.Name, path: r.url.EscapedPath(), state: state,
		came: make(chan brought, 1), result: make(chan error, 1), served: make(chan struct{})}
	end := time.Now().Add(c.patience)
	for {
		err := c.try(ctx, p, r, v)
		if err == nil {
			return v, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, p.fail(Port, "cannot listen on port %d: %v", r.port, err)
		}
		if !time.Now().Before(end) {
			return nil, p.fail(Port, "port %d is taken by another program: close it, or sign in by pasting", r.port)
		}
		select {
		case <-ctx.Done():
			return nil, p.givenUp(ctx)
		case <-time.After(portPoll):
		}
	}
}

// try joins a server that is there, or makes one on the first of the allowed ports that is free.
func (c *Callbacks) try(ctx context.Context, p Provider, r redirect, v *visit) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	ports := []int{r.port}
	switch p.Ports {
	case PortFixed:
	case PortNext:
		for n := 1; n <= nextPorts && r.port+n <= 65535; n++ {
			ports = append(ports, r.port+n)
		}
	case PortAny:
		if r.port != 0 {
			ports = append(ports, 0)
		}
	}
	var first error
	for _, port := range ports {
		s, err := c.serverAt(ctx, r.hosts, port)
		if err == nil {
			s.visits[v.state], v.at = v, s
			return nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, syscall.EADDRINUSE) && !errors.Is(err, syscall.EACCES) {
			return err
		}
	}
	return first
}

// serverAt is called with the lock held.
func (c *Callbacks) serverAt(ctx context.Context, hosts []string, port int) (*server, error) {
	key := strings.Join(hosts, " ") + " " + strconv.Itoa(port)
	if s := c.servers[key]; s != nil && port != 0 {
		return s, nil
	}
	listeners, port, err := listen(ctx, hosts, port)
	if err != nil {
		return nil, err
	}
	s := &server{key: strings.Join(hosts, " ") + " " + strconv.Itoa(port), port: port, visits: map[string]*visit{}}
	s.http = &http.Server{
		Handler:           c.handler(s),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(discard{}, "", 0), // strays are nobody's business
	}
	s.http.SetKeepAlivesEnabled(false)
	for _, l := range listeners {
		go func() { _ = s.http.Serve(l) }() // ends with ErrServerClosed when the last sign-in leaves
	}
	c.servers[s.key] = s
	return s, nil
}

// listen opens one port on all hosts. A machine without IPv6 has 127.0.0.1 only.
func listen(ctx context.Context, hosts []string, port int) ([]net.Listener, int, error) {
	var all []net.Listener
	var conf net.ListenConfig
	for _, host := range hosts {
		l, err := conf.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if len(all) > 0 && (errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)) {
			continue
		}
		if err != nil {
			for _, l := range all {
				_ = l.Close() // nobody has come yet
			}
			return nil, 0, err
		}
		all = append(all, l)
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			port = a.Port
		}
	}
	return all, port, nil
}

// handler takes as many connections as come: browsers open some that say nothing, and
// ask for icons. Only the right path with a state that is waited for counts.
func (c *Callbacks) handler(s *server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		b := brought{code: q.Get("code"), state: q.Get("state"), err: q.Get("error"), why: q.Get("error_description")}
		v, known := c.visitOf(s, b.state, r.URL.EscapedPath())
		switch {
		case r.Method != http.MethodGet:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case !known:
			http.NotFound(w, r)
		case v == nil:
			show(w, http.StatusBadRequest, page{Title: "Not waited for",
				Text: "Segue does not wait for this sign-in, or not any more. Go back to it and open the newest address."})
		case b.code == "" && b.err == "":
			show(w, http.StatusBadRequest, page{Title: "Not signed in", Text: "There is no code in this address. Go back to Segue and try again."})
		default:
			v.arrived(w, r, b)
		}
	})
}

// visitOf finds who waits for a state; known is false for paths that nobody has.
func (c *Callbacks) visitOf(s *server, state, path string) (v *visit, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range s.visits {
		known = known || w.path == path
	}
	if v = s.visits[state]; v != nil && v.path != path {
		v = nil
	}
	return v, known
}

// arrived hands over what a browser brought, waits for what becomes of it and says so.
func (v *visit) arrived(w http.ResponseWriter, r *http.Request, b brought) {
	select {
	case v.came <- b:
	default: // the page was loaded again, or a second browser came
		show(w, http.StatusOK, page{Title: "Already here", Text: "Segue has this sign-in already. You can close this page."})
		return
	}
	defer close(v.served)
	t := time.NewTimer(pagePatience)
	defer t.Stop()
	select {
	case err := <-v.result:
		if err != nil {
			show(w, http.StatusOK, page{Title: "Not signed in", Text: err.Error() + ". Go back to Segue to try again; you can close this page."})
			return
		}
		show(w, http.StatusOK, page{Title: "Signed in", Text: "Segue is signed in to " + v.service + ". You can close this page.", Well: true})
	case <-r.Context().Done():
	case <-t.C:
		show(w, http.StatusOK, page{Title: "Back to Segue", Text: "Segue has the answer. You can close this page."})
	}
}

// tell says to the browser, if one came, what became of the sign-in, and waits until it
// has the page.
func (v *visit) tell(err error) {
	v.result <- err
	select {
	case <-v.served:
	case <-time.After(lastWords):
	}
}

// leave ends the waiting; the last one to leave closes the listener.
func (v *visit) leave() {
	v.once.Do(func() {
		c, s := v.of, v.at
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(s.visits, v.state)
		if len(s.visits) == 0 {
			delete(c.servers, s.key)
			_ = s.http.Close() // pages have been delivered; what else is open says nothing
		}
	})
}

// discard is where the log of the callback server goes.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
