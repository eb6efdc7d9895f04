package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"segue/internal/app"
	"segue/internal/config"
	"segue/player/device"
	"segue/session"
)

// storesPatience is how long a place of tokens may take to answer.
const storesPatience = 5 * time.Second

// probe is an account that nobody has: its token is asked for, and never there.
const probe = "-doctor-"

// stores asks the place of tokens whether it answers.
func stores(ctx context.Context, cfg *config.Config, f app.Folders) []finding {
	advice := "Set cache.tokens in the config to another place, such as file."
	m, err := app.OpenTokens(cfg, f, "", func(string) {}) // Stats say the same
	if err != nil {
		return []finding{{"tokens", failure, err.Error(), advice}}
	}
	ctx, cancel := context.WithTimeout(ctx, storesPatience)
	defer cancel()
	h, err := m.Handler(probe)
	if err == nil {
		_, err = h.Get(ctx)
	}
	if err != nil {
		return []finding{{"tokens", failure, err.Error(), advice}}
	}
	var all []finding
	for _, s := range m.Stats() {
		fd := finding{Part: "tokens", Status: good, Text: string(s.Kind) + ": " + s.Where}
		if s.LastError != "" {
			fd.Status, fd.Text, fd.Advice = warning, fd.Text+": "+s.LastError, advice
		}
		fd.Text = strings.ReplaceAll(fd.Text, probe, "ACCOUNT")
		all = append(all, fd)
	}
	return all
}

// accountsOf signs every account in and says how that went.
func (g *global) accountsOf(ctx context.Context) ([]finding, error) {
	o, err := g.options(device.S16)
	if err != nil {
		return nil, err
	}
	o.Passing = true
	h, err := app.Build(o)
	if err != nil {
		return nil, err
	}
	var all []finding
	for _, why := range h.Unmade {
		all = append(all, finding{"account", failure, why, "Correct it in the config: segue config show says where it stands."})
	}
	if h.LocalOnly() {
		return all, h.Close()
	}
	err = h.Run(ctx, h.Settled(signInPatience, func(ctx context.Context, known []session.AccountInfo) error {
		for _, a := range known {
			if a.Can.SignIn {
				all = append(all, accountFindings(ctx, h, a)...)
			}
		}
		return nil
	}))
	return all, errors.Join(err, h.Close())
}

// examinePatience is how long a service may look for what is wrong with it.
const examinePatience = 30 * time.Second

// accountFindings are how an account stands, and what its service finds.
func accountFindings(ctx context.Context, h *app.House, a session.AccountInfo) []finding {
	first := accountFinding(a)
	ctx, cancel := context.WithTimeout(ctx, examinePatience)
	defer cancel()
	all := []finding{first}
	for _, f := range h.Examine(ctx, a.ID) {
		status := map[session.Level]string{session.Info: good, session.Warning: warning, session.Failure: failure}[f.Level]
		if status != good {
			all[0].Advice = "" // what follows knows better
		}
		all = append(all, finding{Part: "account", Status: status, Text: string(a.ID) + ": " + f.Text, Advice: f.Advice})
	}
	return all
}

func accountFinding(a session.AccountInfo) finding {
	f := finding{Part: "account", Status: good, Text: string(a.ID) + ": " + string(a.State)}
	if a.Server != "" {
		f.Text += ", " + a.Server
	}
	if a.User != "" {
		f.Text += " as " + a.User
	}
	if a.State == session.ConnLoggedIn {
		return f
	}
	f.Status = warning
	if a.Note != "" {
		f.Text += ": " + noteOf(a)
	}
	switch {
	case !a.RetryAt.IsZero():
		f.Advice = "It is tried again by itself; what is kept for offline plays meanwhile."
	case a.Remembered == "":
		f.Advice = "segue login " + string(a.ID) + " signs in, and remembers it."
	case hinted(a.Note): // it says what helps
	default:
		f.Advice = "segue login " + string(a.ID) + " signs in anew."
	}
	return f
}
