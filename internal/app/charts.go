package app

import (
	"net/url"
	"path/filepath"

	"segue/cache"
	"segue/internal/charts"
	"segue/session"
)

// openCharts gives the public toplists; nil where they cannot be set up.
func (h *House) openCharts(o Options) session.Charts {
	c := o.Config.Charts
	opt := charts.Options{ListenBrainz: c.ListenBrainz, Apple: c.Apple, Version: o.Version}
	for _, address := range []string{c.ListenBrainz, c.Apple} {
		// Who writes http:// into the config allows that host by name.
		if u, err := url.Parse(address); err == nil && u.Scheme == "http" {
			opt.PlainHosts = append(opt.PlainHosts, u.Hostname())
		}
	}
	if dir := o.Folders.Cache; dir != "" {
		blobs, err := cache.NewBlobs(cache.BlobOptions{Dir: filepath.Join(dir, "charts"), Log: h.warn})
		if err != nil {
			h.note("%v; toplists are kept in memory", err)
		}
		opt.Blobs = blobs
	}
	all, err := charts.New(opt)
	if err != nil {
		h.note("%v; there are no public toplists", err)
		return nil
	}
	return all
}
