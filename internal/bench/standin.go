package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// standin is a Subsonic server that has nothing but a list of albums, on 127.0.0.1, until it
// is ended: no real server reads a library of 10,000 albums in the time of a benchmark. It
// prints its address and takes every password.
func standin(ctx context.Context, args []string, out io.Writer) error {
	albums := 0
	if _, err := flags("standin", args, func(f *flag.FlagSet) {
		f.IntVar(&albums, "albums", 10_000, "how many")
	}); err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &http.Server{Handler: albumServer(albums), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = s.Close() // whoever is connected is measured no more
	}()
	if _, err := fmt.Fprintf(out, "http://%s\n", l.Addr()); err != nil {
		return err
	}
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// albumServer answers what a client asks before it shows albums, and with them.
func albumServer(albums int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := `"status":"failed","error":{"code":0,"message":"Unknown method"}`
		switch strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/rest/"), ".view") {
		case "ping":
			body = `"status":"ok"`
		case "getAlbumList2":
			body = `"status":"ok","albumList2":{"album":[` + strings.Join(albumRows(r, albums), ",") + `]}`
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"subsonic-response":{"version":"1.16.1","type":"standin",`+body+`}}`) // who has gone is measured no more
	}
}

func albumRows(r *http.Request, albums int) []string {
	from, err1 := strconv.Atoi(r.FormValue("offset"))
	size, err2 := strconv.Atoi(r.FormValue("size"))
	if err1 != nil || err2 != nil {
		return nil
	}
	var rows []string
	for i := max(from, 0); i < min(from+size, albums); i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"al-%[1]d","name":"Album %05[1]d","artist":"Some Artist","artistId":"ar-1","songCount":12,"duration":2400,`+
			`"created":"2026-11-21T09:40:17.635Z","year":1999,"genre":"Ambient","genres":[{"name":"Ambient"}]}`, i))
	}
	return rows
}
