package quality

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// duplicateRules look for interviews that are in the file more than once.
var duplicateRules = []Rule{
	{
		ID: "duplicate.id", Title: "The same interview twice",
		Why:      "Two rows with one identifier are one interview, sent or pasted twice. Each counts in every share.",
		Citation: instrument.Citation{Authority: "ODK", Source: "OpenRosa metadata schema: instanceID identifies a submission", Date: "2024"},
		Needs:    []instrument.Role{instrument.RoleID},
		check:    sameID,
	},
	{
		ID: "duplicate.answers", Title: "The same answers under another identifier",
		Why:      "Two people seldom give the same answers to everything. An interview entered twice, or copied, does.",
		Method:   "All answers about the person are compared, over the whole file, whoever asked and whenever; free text is not. Groups by one enumerator or on one day are listed apart from the others, of which some agree by chance in a long file.",
		Citation: instrument.Citation{Authority: "Kuriakose and Robbins", Source: "Don't get duped: fraud through duplication in public opinion surveys, Statistical Journal of the IAOS 32(3), 283-291", Date: "2016"},
		Thresholds: []Threshold{{Name: "answers", Default: 12, Unit: "answers",
			Meaning: "interviews with fewer answers are not compared"}},
		check: sameAnswers,
	},
	nearRule,
}

func sameID(r *round, o *outcome) {
	c := r.role(instrument.RoleID)
	groups := equalTexts(c)
	if len(groups) == 0 {
		return
	}
	all := slices.Concat(groups...)
	extra := len(all) - len(groups)
	o.add(Finding{Severity: Error, Subject: c.Name(), Details: o.lines(groups),
		Message: fmt.Sprintf("%s %s an identifier that another row has; %s too many", count(len(all), "row", "rows"),
			verb(len(all), "has", "have"), count(extra, "row is", "rows are")),
		Remedy: "Keep one row of each; if they differ, keep the one that was edited last."}, sorted(all))
}

// equalTexts gathers the rows that share a text, in order of the first row;
// missing and empty texts are left out. Rows are sorted by a hash of the text
// and equal hashes are compared, so no text is kept.
func equalTexts(c table.Column) [][]int32 {
	text := func(row int32) []byte { return []byte(c.Text(int(row))) }
	if t, ok := c.(*table.TextColumn); ok {
		text = func(row int32) []byte { return t.Data[t.Offsets[row]:t.Offsets[row+1]] }
	}
	hash := make([]uint64, c.Len())
	order := make([]int32, 0, c.Len())
	for row := range hash {
		if !present(c, row) {
			continue
		}
		if value := text(int32(row)); len(value) > 0 {
			h := uint64(len(value))
			for _, b := range value {
				h = (h ^ uint64(b)) * 0x100000001b3 // FNV-1a
			}
			hash[row] = mix(0, h)
			order = append(order, int32(row))
		}
	}
	return equalRuns(order, hash, func(a, b int32) bool { return bytes.Equal(text(a), text(b)) })
}

// equalRuns gathers rows of one hash that equal confirms, in order of the
// first row. It reorders its argument.
func equalRuns(order []int32, hash []uint64, equal func(a, b int32) bool) [][]int32 {
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(hash[a], hash[b]), cmp.Compare(a, b)) })
	var groups [][]int32
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && hash[order[to]] == hash[order[from]] {
			to++
		}
		if g := order[from:to]; len(g) > 1 {
			first := g[0]
			g = slices.DeleteFunc(slices.Clone(g), func(row int32) bool { return row != first && !equal(first, row) })
			if len(g) > 1 {
				groups = append(groups, g)
			}
		}
		from = to
	}
	slices.SortFunc(groups, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	return groups
}

// lines writes groups as "rows 5, 9 and 12".
func (o *outcome) lines(groups [][]int32) []string {
	if len(groups) < 2 {
		return nil // the finding's rows say it
	}
	var lines []string
	for _, g := range groups[:min(len(groups), o.max)] {
		lines = append(lines, o.rowList(g))
	}
	return lines
}

// rowList writes at most six row numbers in words.
func (o *outcome) rowList(rows []int32) string {
	var parts []string
	for _, row := range rows[:min(len(rows), 6)] {
		parts = append(parts, fmt.Sprint(o.fileRow(row)))
	}
	if more := len(rows) - len(parts); more > 0 {
		parts = append(parts, count(more, "other", "others"))
	}
	last := len(parts) - 1
	if last == 0 {
		return "row " + parts[0]
	}
	return "rows " + strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// prints is a hash of all answers of each row, and how many there are.
func (r *round) prints() (hash []uint64, answered []int32) {
	hash, answered = make([]uint64, r.n), make([]int32, r.n)
	for i, a := range r.answers {
		value := a.values()
		for row := range hash {
			v := value(row)
			if v != 0 {
				answered[row]++
			}
			hash[row] = mix(hash[row]+uint64(i), v)
		}
	}
	return hash, answered
}

func sameAnswers(r *round, o *outcome) {
	least := int32(r.limit("duplicate.answers.answers"))
	if len(r.answers) < int(least) {
		o.skip(fmt.Sprintf("the file has %s about the person, fewer than %d", count(len(r.answers), "closed question", "closed questions"), least))
		return
	}
	hash, answered := r.prints()
	order := make([]int32, 0, r.n)
	for row := range r.n {
		if answered[row] >= least {
			order = append(order, int32(row))
		}
	}
	id := r.role(instrument.RoleID)
	var groups [][]int32
	for _, g := range equalRuns(order, hash, r.sameRecord) {
		if g = differentIDs(g, id); len(g) > 1 {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		return
	}
	var together, apart [][]int32
	for _, g := range groups {
		if r.sameHands(g) {
			together = append(together, g)
		} else {
			apart = append(apart, g)
		}
	}
	const same = "%s the same answers to everything as another interview, under another identifier"
	if rows := slices.Concat(together...); len(rows) > 0 {
		o.add(Finding{Severity: Warning, Details: o.lines(together),
			Message: fmt.Sprintf(same+", by the same enumerator or on the same day", count(len(rows), "interview has", "interviews have")),
			Remedy:  "Compare the times. Keep one if the same person was entered twice; talk with the enumerator if answers were copied."}, sorted(rows))
	}
	if rows := slices.Concat(apart...); len(rows) > 0 {
		severity := Warning
		if r.n > coincidenceRows {
			severity = Note
		}
		o.add(Finding{Severity: severity, Details: o.lines(apart),
			Message: fmt.Sprintf(same+", by other enumerators on other days", count(len(rows), "interview has", "interviews have")),
			Remedy:  "In a long file some agree by chance. Find out whether files were joined twice, or parts of one sent again."}, sorted(rows))
	}
}

// coincidenceRows is the number of interviews beyond which equal answers at
// different places and times are likely to be chance.
const coincidenceRows = 50_000

// sameHands says whether any two neighbouring rows of a group share their
// enumerator or their day; without either column they count as if they did.
func (r *round) sameHands(rows []int32) bool {
	if r.enumerator == nil && r.date == nil && r.start == nil {
		return true
	}
	for i := range rows[1:] {
		a, b := rows[i], rows[i+1]
		if r.day[a] != noDay && r.day[a] == r.day[b] {
			return true
		}
		if r.enumerator != nil && r.enumerator.code[a] >= 0 && r.enumerator.code[a] == r.enumerator.code[b] {
			return true
		}
	}
	return false
}

// sameRecord says whether two rows have the same answers.
func (r *round) sameRecord(a, b int32) bool {
	for _, answer := range r.answers {
		if value := answer.values(); value(int(a)) != value(int(b)) {
			return false
		}
	}
	return true
}

// differentIDs leaves out rows whose identifier an earlier row has; those are
// findings of duplicate.id.
func differentIDs(rows []int32, id table.Column) []int32 {
	if id == nil {
		return rows
	}
	seen := map[string]bool{}
	var kept []int32
	for _, row := range rows {
		text := id.Text(int(row))
		if text == "" || !seen[text] {
			kept = append(kept, row)
		}
		seen[text] = true
	}
	return kept
}
