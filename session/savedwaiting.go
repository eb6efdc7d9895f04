package session

import (
	"slices"

	"segue/internal/music"
)

// SavedWait is an edit that waits for its account.
type SavedWait struct {
	ID      uint64          `json:"id"`
	Account music.AccountID `json:"account"`
	User    string          `json:"user,omitempty"` // who made it
	Text    string          `json:"text"`
	List    *SavedList      `json:"list,omitempty"`
	Marks   *SavedWishes    `json:"marks,omitempty"`
	Was     uint64          `json:"was,omitempty"` // sums of the rows before and after
	Is      uint64          `json:"is,omitempty"`
	AtEnd   bool            `json:"atEnd,omitempty"`
	Tries   int             `json:"tries,omitempty"` // begun so often: it may have been done
}

// SavedWishes is what each ref is to have: stars 0 or 1, ratings 0 to 5.
type SavedWishes struct {
	Rating bool        `json:"rating,omitempty"`
	Refs   []music.Ref `json:"refs"`
	Had    []int       `json:"had"`
	Want   []int       `json:"want"`
}

func savedWaits(all []owed) []SavedWait {
	var list []SavedWait
	for _, o := range all {
		v := SavedWait{ID: o.id, Account: o.account, User: o.user, Text: o.text, Was: o.was, Is: o.is, AtEnd: o.atEnd, Tries: o.tries}
		if o.list != nil {
			v.List = o.list.saved()
		}
		if m := o.marks; m != nil {
			v.Marks = &SavedWishes{Rating: m.rating, Refs: m.refs, Had: m.had, Want: m.want}
		}
		list = append(list, v)
	}
	return list
}

// restore takes over what waited at the end of an earlier run, and returns how many
// of it make no sense.
func (b *book) restore(list []SavedWait) (lost int) {
	for _, v := range list {
		o := owed{id: v.ID, account: v.Account, user: v.User, text: v.Text, was: v.Was, is: v.Is, atEnd: v.AtEnd, tries: v.Tries}
		ok := v.ID > 0 && v.ID <= highestID && (v.List != nil) != (v.Marks != nil) && v.Account != ""
		if ok && v.List != nil {
			o.list, ok = v.List.step()
		}
		if m := v.Marks; ok && m != nil {
			o.marks = &owedMarks{rating: m.Rating, refs: m.Refs, had: m.Had, want: m.Want}
			ok = len(m.Refs) > 0 && len(m.Want) == len(m.Refs)
		}
		if !ok || slices.ContainsFunc(b.all, func(have owed) bool { return have.id == o.id }) {
			lost++
			continue
		}
		b.last = max(b.last, o.id)
		b.all = append(b.all, o)
	}
	return lost
}
