package app

import (
	"path/filepath"

	"segue/cache"
)

// media is the cache of streams, opened when the first account needs it; nil where there
// is no place for one.
func (h *House) media() *cache.Media {
	h.mediaOnce.Do(func() {
		dir := h.options.Folders.Cache
		if dir == "" {
			return
		}
		m, err := cache.OpenMedia(cache.MediaOptions{
			Dir: filepath.Join(dir, "media"), Limit: int64(h.options.Config.Stream.CacheMB) * 1_000_000, Log: h.warn,
			Later: true,
		})
		if err != nil {
			h.warn(err.Error() + "; streams are not kept")
			return
		}
		h.mediaCache = m
	})
	return h.mediaCache
}
