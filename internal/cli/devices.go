package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"segue/internal/app"
	"segue/internal/music"
	"segue/session"
	"segue/ui/page"
)

// deviceRow is a device as devices --json prints it.
type deviceRow struct {
	Account    string `json:"account"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Kind       string `json:"kind,omitempty"`
	Active     bool   `json:"active,omitempty"`
	Chosen     bool   `json:"chosen,omitempty"`
	Missing    bool   `json:"missing,omitempty"`
	Restricted bool   `json:"restricted,omitempty"`
	Private    bool   `json:"private,omitempty"`
	Volume     *int   `json:"volume,omitempty"`
}

func devicesCommand(g *global) *cobra.Command {
	var account string
	var asJSON bool
	c := &cobra.Command{
		Use:   "devices [NAME]",
		Short: "List the devices that accounts play on, or choose one",
		Long: "List the devices that accounts play on, such as those of Spotify Connect. With the name of one, or a part\n" +
			"of it, that account plays there from now on; a Segue that is running takes along what it plays.\n" +
			"What other programs play stays where it is.",
		Example: "  segue devices\n  segue devices kitchen\n  segue devices --account spotify --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.reaching(cmd.Context(), account, func(ctx context.Context, h *app.House, ids []music.AccountID) error {
				if len(args) == 1 {
					return g.chooseDevice(ctx, h, ids, args[0])
				}
				return g.listDevices(ctx, h, ids, asJSON)
			})
		},
	}
	c.Flags().StringVar(&account, "account", "", "only this account (`NAME`)")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// devicesOf asks the accounts that play on devices for them. What one cannot say is a line
// for people, unless it is the only one.
func (g *global) devicesOf(ctx context.Context, h *app.House, ids []music.AccountID) ([]session.AccountDevices, error) {
	var all []session.AccountDevices
	var failed error
	for _, id := range ids {
		t, ok := h.Service(id).(session.Transport)
		if !ok {
			continue
		}
		list, err := t.Devices(ctx)
		if err != nil {
			failed = fmt.Errorf("%s: list the devices: %w", id, err)
			g.talk("%s", oneLine(failed))
		}
		all = append(all, session.AccountDevices{Account: id, Devices: list})
	}
	switch {
	case len(all) == 0:
		return nil, fmt.Errorf("%w: no account that is signed in plays on devices", app.ErrNothing)
	case len(all) == 1 && failed != nil:
		return all, errors.New("no list of the devices")
	}
	return all, nil
}

func (g *global) listDevices(ctx context.Context, h *app.House, ids []music.AccountID, asJSON bool) error {
	all, err := g.devicesOf(ctx, h, ids)
	if len(all) == 0 {
		return err
	}
	rows := []deviceRow{}
	for _, a := range all {
		for _, d := range a.Devices {
			r := deviceRow{Account: string(a.Account), ID: d.ID, Name: d.Name, Kind: d.Kind, Active: d.Active, Chosen: d.Chosen,
				Missing: d.Missing, Restricted: d.Restricted, Private: d.Private}
			if d.Volume >= 0 {
				r.Volume = &d.Volume
			}
			rows = append(rows, r)
		}
	}
	if asJSON {
		return errors.Join(g.writeJSON(rows), err)
	}
	for _, a := range all {
		for _, d := range a.Devices {
			if err := g.printf("%s: %s\n", a.Account, page.DeviceLine(d)); err != nil {
				return err
			}
		}
		if len(a.Devices) == 0 && err == nil {
			g.talk("%s: none of its devices is awake: open its app on a phone, a computer or a speaker", a.Account)
		}
	}
	return err
}

func (g *global) chooseDevice(ctx context.Context, h *app.House, ids []music.AccountID, name string) error {
	all, err := g.devicesOf(ctx, h, ids)
	if len(all) == 0 || err != nil {
		return err
	}
	c, wrong := page.DeviceNamed(strings.TrimSpace(name), all)
	if wrong != "" {
		return fmt.Errorf("%w: %s", app.ErrNothing, wrong)
	}
	t, ok := h.Service(c.Account).(session.Transport)
	if !ok {
		return nil
	}
	d, err := t.Choose(ctx, c.Device, false, false)
	if err != nil {
		return err
	}
	also := ""
	if h.Another() {
		also = "; the Segue that is running goes there, too"
	}
	g.talk("%s plays on %s from now on%s", c.Account, page.Clean(d.Name), also)
	return nil
}
