package subsonic

import (
	"context"
	"errors"
	"time"

	"segue/internal/service/subsonic/wire"
	"segue/session"
)

// scanEvery is how often the server is asked how far its scan is.
const scanEvery = time.Second

// Scan has the server read its library anew, and waits until it has. Most servers let only
// some users do that. Paths cannot be chosen.
func (s *Service) Scan(ctx context.Context, _ []string, progress func(done, total int, what string)) error {
	op := "scan the server's library"
	if s.lacks("getScanStatus") || s.srv.Lacks("startScan") {
		return s.cannot(op)
	}
	reply, err := s.tell(ctx, "startScan", nil)
	if err != nil {
		return s.fault(op, err)
	}
	t := time.NewTicker(scanEvery)
	defer t.Stop()
	for st := reply.ScanStatus.Value; ; {
		progress(small(st.Count), 0, "on the server")
		if !bool(st.Scanning) && reply == nil {
			break
		}
		select {
		case <-ctx.Done(): // the server goes on by itself
			return s.fault(op, ctx.Err())
		case <-t.C:
		}
		if st, err = s.scanStatus(ctx); err != nil {
			return s.fault(op, err)
		}
		reply = nil
	}
	s.outdated()
	s.lookAgain()
	return nil
}

func (s *Service) scanStatus(ctx context.Context) (wire.ScanStatus, error) {
	reply, _, err := s.srv.Ask(ctx, "getScanStatus", nil)
	s.heardOf(err)
	if err != nil {
		return wire.ScanStatus{}, err
	}
	if !reply.ScanStatus.Set {
		return wire.ScanStatus{}, errors.New("the server does not say how far its scan is")
	}
	return reply.ScanStatus.Value, nil
}

var _ session.Scanner = (*Service)(nil)
