package export

import (
	"strconv"
	"strings"
	"time"

	"waymark/forms/record"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// rower turns submissions into rows.
type rower struct {
	*Export
	out   output
	wide  [][]string // by merged table: a row's cells
	cells [][]string // by merged table: a row as it is written
	count []int      // rows so far
	known map[ids.ID]string
	uuid  string
}

func newRower(e *Export, out output) *rower {
	r := &rower{Export: e, out: out, count: make([]int, len(e.tables)), known: map[ids.ID]string{}}
	for n, t := range e.merged.Tables {
		r.wide = append(r.wide, make([]string, len(t.Columns)))
		r.cells = append(r.cells, make([]string, len(e.tables[n].columns)))
	}
	return r
}

// submission writes the rows of one submission: its own, then those of its
// repeats, each with the number of its parent row.
func (r *rower) submission(s *collection.Submission, rev *collection.Revision, l *record.Layout, rec *record.Record) error {
	var err error
	if r.uuid, err = r.identity("id", strings.TrimPrefix(rec.InstanceID, "uuid:")); err != nil {
		return err
	}
	numbers := make([][]int, len(rec.Rows)) // by table of the layout: numbers of rows
	for n, rows := range rec.Rows {
		to := r.merged.Table(l, n)
		for _, row := range rows {
			r.count[to]++
			numbers[n] = append(numbers[n], r.count[to])
			r.merged.Cells(r.wide[to], l, n, row.Cells)
			parent, parentName := 0, ""
			if row.Parent >= 0 {
				up := l.Tables[n].Parent
				parent, parentName = numbers[up][row.Parent], r.tables[r.merged.Table(l, up)].name
			}
			if err := r.row(to, s, rev, parent, parentName); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rower) row(table int, s *collection.Submission, rev *collection.Revision, parent int, parentName string) error {
	t, cells := r.tables[table], r.cells[table]
	for i := range t.columns {
		c := &t.columns[i]
		if c.meta == "" {
			cell := r.wide[table][c.from]
			if r.opt.Pseudonymous {
				cell = plain(c, cell)
			}
			cells[i] = r.value(c, cell)
			continue
		}
		var err error
		if cells[i], err = r.meta(c.meta, table, s, rev, parent, parentName); err != nil {
			return err
		}
	}
	return r.out.row(table, cells)
}

func (r *rower) meta(name string, table int, s *collection.Submission, rev *collection.Revision, parent int, parentName string) (string, error) {
	switch name {
	case metaID:
		return s.ID.String(), nil
	case metaUUID, metaOf:
		return r.uuid, nil
	case metaSubmitted:
		if r.opt.Pseudonymous {
			return s.Received.UTC().Format(time.DateOnly), nil
		}
		return s.Received.UTC().Format(time.RFC3339), nil
	case metaBy:
		return r.enumerator(s.Enumerator)
	case metaState:
		return string(s.State), nil
	case metaVersion:
		if v, ok := r.names[rev.Version]; ok {
			return v, nil
		}
		return r.names[s.Version], nil
	case metaIndex:
		return strconv.Itoa(r.count[table]), nil
	case metaParent:
		return strconv.Itoa(parent), nil
	case metaTable:
		if parentName == "" {
			return "submissions", nil
		}
		return parentName, nil
	}
	return "", nil
}

func (r *rower) identity(kind, value string) (string, error) {
	if !r.opt.Pseudonymous {
		return value, nil
	}
	return r.pseudonym(kind, value)
}

// enumerator is the code of who sent it, or its pseudonym.
func (r *rower) enumerator(id ids.ID) (string, error) {
	if id == 0 {
		return "", nil
	}
	if had, ok := r.known[id]; ok {
		return had, nil
	}
	code, err := r.identity("enumerator", r.people[id])
	if err == nil {
		r.known[id] = code
	}
	return code, err
}
