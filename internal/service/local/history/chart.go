package history

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"segue/internal/music"
)

// What a chart counts.
const (
	Tracks  = "tracks"
	Albums  = "albums"
	Artists = "artists"
)

var keys = map[string]string{Tracks: "songkey", Albums: "albumkey", Artists: "artistkey"}

// Row is one row of a chart: the last played track of it stands for what it names.
type Row struct {
	Rank, Previous, Plays int
	Track                 music.Track
}

// Chart counts plays from a moment (without) back to another, most first; Previous is
// the rank in the time before, of the same length. A zero since is all time, which has
// no time before. what is Tracks, Albums or Artists.
func (h *History) Chart(ctx context.Context, what string, since, until time.Time, limit int) ([]Row, error) {
	key, ok := keys[what]
	if !ok {
		return nil, fmt.Errorf("history: there is no chart of %q", what)
	}
	from := int64(0)
	if !since.IsZero() {
		from = since.Unix()
	}
	rows, order, err := h.count(ctx, key, from, until.Unix(), limit)
	if err != nil {
		return nil, err
	}
	if since.IsZero() {
		return rows, nil
	}
	_, before, err := h.count(ctx, key, 2*from-until.Unix(), from, -1)
	if err != nil {
		return nil, err
	}
	ranks := make(map[string]int, len(before))
	for i, k := range before {
		ranks[k] = i + 1
	}
	for i := range rows {
		rows[i].Previous = ranks[order[i]]
	}
	return rows, nil
}

// count gives the rows of one span and their keys. Names come with them only where
// they are shown.
func (h *History) count(ctx context.Context, key string, from, until int64, limit int) ([]Row, []string, error) {
	meta := `''`
	if limit >= 0 {
		meta = `(SELECT meta FROM thing x WHERE x.` + key + ` = t.` + key + ` AND x.meta <> '' ORDER BY x.last DESC LIMIT 1)`
	}
	rows, err := h.db.QueryContext(ctx, `SELECT t.`+key+`, count(*), `+meta+` FROM play p JOIN thing t ON t.id = p.thing
		WHERE p.counts = 1 AND p.at >= ? AND p.at < ? AND t.`+key+` <> '' GROUP BY t.`+key+` ORDER BY count(*) DESC, max(p.at) DESC LIMIT ?`, from, until, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("history: count: %w", kindOf(err))
	}
	defer func() { _ = rows.Close() }()
	var list []Row
	var order []string
	for rows.Next() {
		r := Row{Rank: len(list) + 1}
		var k, text string
		if err := rows.Scan(&k, &r.Plays, &text); err != nil {
			return nil, nil, fmt.Errorf("history: count: %w", kindOf(err))
		}
		if text != "" {
			if err := json.Unmarshal([]byte(text), &r.Track); err != nil {
				continue
			}
		}
		list, order = append(list, r), append(order, k)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("history: count: %w", kindOf(err))
	}
	return list, order, nil
}
