package monitoring

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Totals are outside counts by the levels of groups, such as detected arrivals
// by route, nationality and month.
type Totals struct {
	Name   string // base name of the file
	SHA256 string
	rows   []totalRow
	groups []string // of the codes in each row
}

// totalRow is one count. A code is "" where the totals do not say.
type totalRow struct {
	codes []string
	month string // "2016-09", "" where the plan names no month
	count float64
}

// ReadTotals reads the totals that a weighting plan names.
func ReadTotals(ctx context.Context, path string, w *WeightingPlan, in *instrument.Instrument) (*Totals, error) {
	result, err := table.Read(ctx, path, table.Options{Match: totalsSchema(w, path)})
	if err != nil {
		return nil, err
	}
	return newTotals(result, w, in)
}

// ReadTotalsFrom is ReadTotals for bytes in memory or an open file of a size.
func ReadTotalsFrom(ctx context.Context, r io.ReaderAt, size int64, name string, w *WeightingPlan, in *instrument.Instrument) (*Totals, error) {
	result, err := table.ReadFrom(ctx, r, size, name, table.Options{Match: totalsSchema(w, name)})
	if err != nil {
		return nil, err
	}
	return newTotals(result, w, in)
}

// columnOf is the totals' column for a group.
func (w *WeightingPlan) columnOf(group string) string {
	if c := w.Columns[group]; c != "" {
		return c
	}
	return group
}

// groups are the groups that the totals are needed by: Within first.
func (w *WeightingPlan) groups() []string {
	var list []string
	if w.Within != "" {
		list = append(list, w.Within)
	}
	for _, m := range w.Margins {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// totalsSchema reads the count as a number and the groups and the month as
// open categories; other columns are skipped.
func totalsSchema(w *WeightingPlan, name string) func(table.Header) (*table.Schema, error) {
	return func(h table.Header) (*table.Schema, error) {
		s := &table.Schema{Targets: make([]table.Target, len(h.Names))}
		for i := range s.Targets {
			s.Targets[i] = table.Target{Field: -1, Option: -1}
		}
		faults := fault.NewList(planFaults)
		need := func(column, field string, kind table.Kind) {
			at := slices.IndexFunc(h.Names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), column) })
			if at < 0 {
				faults.Addf(fault.Invalid, fault.Place{File: name, Row: 1, Field: column}, "its columns are "+strings.Join(h.Names, ", ")+"; say which under weighting: in the plan", "the totals have no such column")
				return
			}
			s.Targets[at].Field = len(s.Fields)
			s.Fields = append(s.Fields, table.Field{Name: field, Kind: kind, Open: true})
		}
		need(w.Count, "count", table.Number)
		for _, g := range w.groups() {
			need(w.columnOf(g), "group."+g, table.Category)
		}
		if w.Month != "" {
			need(w.Month, "month", table.Category)
		}
		return s, faults.Err()
	}
}

func newTotals(result *table.Result, w *WeightingPlan, in *instrument.Instrument) (*Totals, error) {
	t := &Totals{Name: result.Source.Name, SHA256: result.Source.SHA256, groups: w.groups()}
	counts := result.Table.Number("count")
	faults := fault.NewList(planFaults)
	columns := make([]*table.CategoryColumn, len(t.groups))
	codes := make([][]string, len(t.groups))
	for i, g := range t.groups {
		columns[i] = result.Table.Category("group." + g)
		codes[i] = translate(columns[i], w.Codes[g], in, g)
	}
	months := result.Table.Category("month")
	for row := range counts.Values {
		place := fault.Place{File: t.Name, Row: row + max(2, result.Source.FirstRow), Field: w.Count}
		if counts.Missing(row) == table.Unreadable {
			faults.Addf(fault.Invalid, place, "totals are counts, 0 or more", "the count is not a number")
			continue
		}
		if counts.Missing(row) != table.Present {
			continue
		}
		if counts.Values[row] < 0 {
			faults.Addf(fault.Invalid, place, "totals are counts, 0 or more", "the count is negative")
			continue
		}
		r := totalRow{count: counts.Values[row], codes: make([]string, len(t.groups))}
		for i, c := range columns {
			if l := c.Level(row); l >= 0 {
				r.codes[i] = codes[i][l]
			}
		}
		if months != nil {
			r.month = months.Text(row)
			if len(r.month) > 7 {
				r.month = r.month[:7]
			}
		}
		t.rows = append(t.rows, r)
	}
	if len(t.rows) == 0 && faults.Len() == 0 {
		faults.Addf(fault.Invalid, fault.Place{File: t.Name, Field: w.Count}, "name the column of counts under weighting: count: in the plan", "the totals hold no counts")
	}
	return t, faults.Err()
}

// translate maps the totals' values to the instrument's codes: by the plan's
// codes, else as they are, else by label. A value that nothing maps keeps its
// own text and counts as another level.
func translate(c *table.CategoryColumn, given map[string]string, in *instrument.Instrument, group string) []string {
	known := levelCodes(in, group)
	out := make([]string, len(c.Levels))
	for i, l := range c.Levels {
		out[i] = l.Code
		if code, ok := given[l.Code]; ok {
			out[i] = code
			continue
		}
		for _, code := range known {
			if strings.EqualFold(code, l.Code) || strings.EqualFold(in.LevelLabel(group, code, "en"), l.Code) {
				out[i] = code
				break
			}
		}
	}
	return out
}

// ExampleWeighting is the weighting of the example round.
func ExampleWeighting() *WeightingPlan {
	return &WeightingPlan{Totals: "example", Count: "n", Within: "route", Margins: []string{"nationality", "sex"}, Method: "rake", Other: "OTH", MinimumCell: 10}
}

// sumBy adds up the counts by the code of one group within one level of
// another ("" for all), only in the given months (nil for all).
func (t *Totals) sumBy(group, within, level string, months map[string]bool) (map[string]float64, error) {
	at := slices.Index(t.groups, group)
	if at < 0 {
		return nil, fmt.Errorf("the totals have no group %q", group)
	}
	in := -1
	if within != "" {
		in = slices.Index(t.groups, within)
	}
	sums := map[string]float64{}
	for _, r := range t.rows {
		if in >= 0 && r.codes[in] != level || months != nil && !months[r.month] || r.codes[at] == "" {
			continue
		}
		sums[r.codes[at]] += r.count
	}
	return sums, nil
}
