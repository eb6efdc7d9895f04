package charts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"segue/internal/httpx"
	"segue/session"
)

// brainzChart is a chart of ListenBrainz: of the whole site, or of one of its users.
type brainzChart struct {
	c *Charts
	a session.ToplistAsk
}

func (b brainzChart) name() string { return "ListenBrainz" }

func (b brainzChart) key() string {
	return fmt.Sprintf("listenbrainz/%s/%s/%s/%s", b.a.Type, b.a.Region, url.PathEscape(b.a.User), b.a.Period)
}

func (b brainzChart) title() string {
	where := "everywhere"
	if b.a.User != "" {
		where = text(b.a.User)
	}
	when := map[string]string{"day": "this week", "week": "last week", "month": "last month", "year": "last year", "all": "all time"}[b.a.Period]
	if when == "" {
		when = "last week"
	}
	return typeName(b.a.Type) + " · " + where + " · " + when
}

func typeName(typ string) string {
	return map[string]string{session.TypeTracks: "Tracks", session.TypeAlbums: "Albums", session.TypeArtists: "Artists"}[typ]
}

// ranges are the site's names of a period, the next one for when the first is not
// computed. It has no days.
func (b brainzChart) ranges() []string {
	switch b.a.Period {
	case "day":
		return []string{"this_week", "week"}
	case "month":
		return []string{"month", "this_month"}
	case "year":
		return []string{"year", "this_year"}
	case "all":
		return []string{"all_time"}
	}
	return []string{"week", "this_week"}
}

func (b brainzChart) fetch(ctx context.Context, n int, old *kept) (kept, error) {
	entity := map[string]string{session.TypeTracks: "recordings", session.TypeAlbums: "release-groups", session.TypeArtists: "artists"}[b.a.Type]
	at := b.c.o.ListenBrainz + "/1/stats/sitewide/" + entity
	if b.a.User != "" {
		at = b.c.o.ListenBrainz + "/1/stats/user/" + url.PathEscape(b.a.User) + "/" + entity
	}
	err := errNotYet
	for _, r := range b.ranges() {
		var k kept
		k, err = get(ctx, b.c.brainz, fmt.Sprintf("%s?range=%s&count=%d", at, r, n), old, decodeBrainz)
		if !errors.Is(err, errNotYet) {
			var h *httpx.Error
			if errors.As(err, &h) && h.Kind == httpx.Status && h.Status == http.StatusNotFound && b.a.User != "" {
				err = errNoUser
			}
			return k, err
		}
	}
	return kept{}, err
}

// get fetches a chart and decodes it, if it has changed. 204 is errNotYet.
func get(ctx context.Context, by *httpx.Client, addr string, old *kept, decode func([]byte) (session.Chart, error)) (kept, error) {
	req, err := httpx.NewRequest(ctx, http.MethodGet, addr, nil)
	if err != nil {
		return kept{}, err
	}
	if old != nil && old.ETag != "" && old.From == addr {
		req.Header.Set("If-None-Match", old.ETag)
	}
	var raw json.RawMessage
	a, err := by.JSON(req, &raw)
	switch {
	case err != nil:
		return kept{}, err
	case a.Status == http.StatusNotModified:
		return kept{}, errSame
	case a.Status == http.StatusNoContent:
		return kept{}, errNotYet
	}
	chart, err := decode(raw)
	if err != nil {
		return kept{}, err
	}
	return kept{Chart: chart, From: addr, ETag: a.Header.Get("ETag")}, nil
}

// brainzRow is a row of any of its charts; most fields may be missing.
type brainzRow struct {
	ArtistName     str     `json:"artist_name"`
	ArtistMBID     str     `json:"artist_mbid"`
	ArtistMBIDs    strs    `json:"artist_mbids"`
	ListenCount    integer `json:"listen_count"`
	TrackName      str     `json:"track_name"`
	RecordingMBID  str     `json:"recording_mbid"`
	ReleaseName    str     `json:"release_name"`
	ReleaseMBID    str     `json:"release_mbid"`
	GroupName      str     `json:"release_group_name"`
	GroupMBID      str     `json:"release_group_mbid"`
	CAAID          integer `json:"caa_id"`
	CAAReleaseMBID str     `json:"caa_release_mbid"`
}

// decodeBrainz reads an answer: the payload has the rows under the name of what they are.
func decodeBrainz(data []byte) (session.Chart, error) {
	var doc struct {
		Payload struct {
			Recordings []json.RawMessage `json:"recordings"`
			Groups     []json.RawMessage `json:"release_groups"`
			Releases   []json.RawMessage `json:"releases"`
			Artists    []json.RawMessage `json:"artists"`
			Updated    integer           `json:"last_updated"`
		} `json:"payload"`
	}
	if json.Unmarshal(data, &doc) != nil {
		return session.Chart{}, errNoRows
	}
	p := doc.Payload
	var chart session.Chart
	if p.Updated > 0 {
		chart.Updated = time.Unix(int64(p.Updated), 0).UTC()
	}
	empty := false // a list is there, and nothing is in it
	for _, list := range [][]json.RawMessage{p.Recordings, p.Groups, p.Releases, p.Artists} {
		empty = empty || list != nil && len(list) == 0
		for _, raw := range list {
			var r brainzRow
			if json.Unmarshal(raw, &r) != nil {
				continue
			}
			if row, ok := r.row(); ok {
				chart.Rows = append(chart.Rows, row)
			}
		}
		if len(list) > 0 {
			break
		}
	}
	if len(chart.Rows) == 0 && !empty {
		return session.Chart{}, errNoRows
	}
	chart.Rows = chart.Rows[:min(len(chart.Rows), mostCount)]
	return chart, nil
}

// row makes a row of what there is; without a name there is none.
func (r brainzRow) row() (session.ChartRow, bool) {
	row := session.ChartRow{Plays: max(0, int(r.ListenCount)), Recording: string(r.RecordingMBID), Release: string(r.ReleaseMBID)}
	for _, id := range append([]str{r.ArtistMBID}, r.ArtistMBIDs...) {
		if id != "" {
			row.ArtistIDs = append(row.ArtistIDs, string(id))
		}
	}
	if r.ArtistName != "" {
		row.Artists = []string{string(r.ArtistName)}
	}
	if r.CAAID > 0 && r.CAAReleaseMBID != "" {
		row.Art = fmt.Sprintf("%s/release/%s/%d-250.jpg", coverArt, url.PathEscape(string(r.CAAReleaseMBID)), r.CAAID)
	}
	site := "https://musicbrainz.org/"
	switch {
	case r.TrackName != "":
		row.Title, row.Album = string(r.TrackName), string(r.ReleaseName)
		row.URL = link(site+"recording/", row.Recording)
	case r.GroupName != "":
		row.Title, row.Release = string(r.GroupName), string(r.GroupMBID)
		row.URL = link(site+"release-group/", row.Release)
	case r.ReleaseName != "":
		row.Title = string(r.ReleaseName)
		row.URL = link(site+"release/", row.Release)
	case r.ArtistName != "":
		row.Title = string(r.ArtistName)
		row.URL = link(site+"artist/", string(r.ArtistMBID))
	}
	return row, row.Title != ""
}

func link(to, id string) string {
	if id == "" {
		return ""
	}
	return to + url.PathEscape(id)
}
