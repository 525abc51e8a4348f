package instrument

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// rest deals with the columns that are no question.
func (b *binder) rest() {
	names := make([]string, len(b.in.Questions))
	for i, q := range b.in.Questions {
		names[i] = q.Name
	}
	suggestions := 0
	for i := range b.columns {
		c := &b.columns[i]
		if c.settled {
			continue
		}
		c.settled = true
		if c.system || b.silent(c.header) {
			b.binding.Skipped = append(b.binding.Skipped, c.header)
			continue
		}
		set := b.setOf(c.header)
		if set != nil && len(b.binding.Columns[set.Name]) > 0 && !b.isSplit[set.Name] {
			b.binding.Skipped = append(b.binding.Skipped, c.header) // the whole answer is read, with all its codes
			continue
		}
		b.binding.Unknown = append(b.binding.Unknown, c.header)
		if set != nil {
			b.note(fault.Invalid, b.place(i), "add the code to the choices", "the column looks like an option of %s, but the list %s has no such code or label", set.Name, set.List)
			continue
		}
		remedy := ""
		if suggestions < maxSuggestions {
			suggestions++
			tail := c.header
			if seps := separators(tail); len(seps) > 0 {
				tail = tail[seps[len(seps)-1].end:]
			}
			if near := fault.Nearest(tail, names); near != "" {
				remedy = "if it is the question " + near + ", rename the column"
			}
		}
		b.note(fault.Invalid, b.place(i), remedy, "the column is no question of %s and is not read", b.in.ID)
	}
}

// setOf returns the select-multiple whose option a header would be if its list
// had it, or nil.
func (b *binder) setOf(header string) *Question {
	seps := separators(header)
	for i := len(seps) - 1; i >= 0; i-- {
		claims := b.lookup.whole(header[:seps[i].start])
		if len(claims) != 1 {
			continue
		}
		if q := &b.in.Questions[claims[0].question]; q.Kind == table.Set {
			return q
		}
	}
	return nil
}

// silent says whether a header belongs to a note, group or repeat, or to the
// address of a picture or recording.
func (b *binder) silent(header string) bool {
	lower := strings.ToLower(header)
	tails := []string{lower}
	for _, s := range separators(lower) {
		tails = append(tails, lower[s.end:])
	}
	for _, tail := range tails {
		if b.lookup.isSilent(tail) {
			return true
		}
		for _, suffix := range []string{"_url", "_count"} {
			stem, ok := strings.CutSuffix(tail, suffix)
			if !ok {
				continue
			}
			if _, ok := b.lookup.groups[stem]; ok || len(b.lookup.folded[stem]) > 0 {
				return true
			}
		}
	}
	return false
}

// absent reports the questions that no column feeds.
func (b *binder) absent() {
	var others []string
	matched := 0
	for i := range b.in.Questions {
		q := &b.in.Questions[i]
		_, latitude := b.binding.Columns[Latitude(q.Name)]
		if len(b.binding.Columns[q.Name]) > 0 || latitude {
			matched++
			continue
		}
		if q.Repeat != "" || q.Optional {
			continue
		}
		if !q.Metadata {
			b.binding.Missing = append(b.binding.Missing, q.Name)
		}
		if uses := b.in.Uses(q.Name); len(uses) > 0 {
			b.binding.Needed = append(b.binding.Needed, q.Name)
			b.note(fault.NotFound, fault.Place{Field: q.Name}, "", "no column is this question; it counts as not asked for: %s", strings.Join(uses, ", "))
		} else if !q.Metadata {
			others = append(others, q.Name)
		}
	}
	if b.in.Roles[RoleID] == ColumnID && len(b.binding.Columns[ColumnID]) == 0 {
		b.note(fault.NotFound, fault.Place{Field: ColumnID}, "", "no column has the server's id of the interview; interviews sent twice cannot be told by it")
	}
	if matched == 0 && b.faults.Len() == 0 {
		b.faults.Addf(fault.Invalid, fault.Place{Row: 1}, "check that the first row has the names or labels of its questions; for other surveys, draft an instrument with waymark instrument init",
			"no column is a question of %s", b.in.ID)
	}
	if len(others) > 0 {
		b.note(fault.NotFound, fault.Place{}, "", "%d other questions have no column and count as not asked: %s", len(others), shorten(others))
	}
	if b.dropped > 0 {
		b.binding.Schema.Notes = append(b.binding.Schema.Notes,
			fault.New(fault.Invalid, fault.Place{Row: 1}, fmt.Sprintf("%d more remarks on the header are not listed", b.dropped), ""))
	}
}

// shortText bounds a header in a message to 60 characters.
func shortText(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "..."
}
