// Package listing prints the answers of an analysis: as aligned tables, markdown,
// CSV and JSON, and as dots with intervals for a terminal.
//
// It knows rows and how they look, nothing of data, designs or statistics.
package listing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"waymark/stats/survey/analysis"
	"waymark/stats/table"
)

// Table is a result as cells of text.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string
	Notes   []string // below the table
}

// Column is the head of a column.
type Column struct {
	Name   string
	Number bool // set to the right
	// spare columns go first where a table is too wide; the lowest rank first.
	spare int
}

// field makes the cells of a column; "" where there is none.
type field struct {
	Column
	cell func(r *analysis.Row) string
}

// Tabulate lays a result out. Columns without a value are left out.
func Tabulate(r *analysis.Result, confidence float64) Table {
	t := Table{Title: r.Title}
	if len(r.By) > 0 {
		t.Title += ", by " + strings.Join(r.By, " and ")
	}
	places := decimals(r.Rows)
	model := r.Kind == "logit" || r.Kind == "linear"
	interval := fmt.Sprintf("%v%% interval", math.Round(confidence*1e6)/1e4)
	var fields []field
	if several(r.Rows, func(row *analysis.Row) string { return row.Variable }) {
		fields = append(fields, field{Column{Name: "variable"}, func(row *analysis.Row) string { return row.Variable }})
	}
	for k, name := range r.By {
		fields = append(fields, field{Column{Name: name}, func(row *analysis.Row) string {
			if k < len(row.Domain) {
				return row.Domain[k].Level
			}
			return ""
		}})
	}
	value := func(of func(*analysis.Row) float64) func(*analysis.Row) string {
		return func(row *analysis.Row) string { return places.write(row, of(row)) }
	}
	if r.Kind == "share" || several(r.Rows, func(row *analysis.Row) string { return row.Level }) {
		fields = append(fields, field{Column{Name: "level"}, func(row *analysis.Row) string { return row.Level }})
	}
	fields = append(fields,
		field{Column{Name: "term"}, func(row *analysis.Row) string {
			if r.Kind == "contrast" {
				return "" // the title has it
			}
			return row.Term
		}},
		field{Column{Name: "quantile", Number: true}, func(row *analysis.Row) string { return plain(row.At, 6) }},
		field{Column{Name: "estimate", Number: true}, func(row *analysis.Row) string {
			if row.NotEstimable != "" && math.IsNaN(row.Value) {
				return "not estimable"
			}
			return places.write(row, row.Value)
		}},
		field{Column{Name: "se", Number: true}, value(func(row *analysis.Row) float64 { return row.SE })},
		field{Column{Name: interval, Number: true}, func(row *analysis.Row) string {
			lo, hi := places.write(row, row.Lo), places.write(row, row.Hi)
			if lo == "" && hi == "" {
				return ""
			}
			return cmp.Or(lo, "none") + " to " + cmp.Or(hi, "none")
		}},
		field{Column{Name: "odds ratio", Number: true, spare: 6}, func(row *analysis.Row) string {
			ratio, lo, hi := plain(row.OddsRatio, 3), plain(row.OddsLo, 3), plain(row.OddsHi, 3)
			if lo != "" && hi != "" {
				ratio += " (" + lo + " to " + hi + ")"
			}
			return ratio
		}},
		field{Column{Name: "se of log", Number: true, spare: 3}, func(row *analysis.Row) string { return plain(row.LogSE, 4) }},
		field{Column{Name: "deff", Number: true, spare: 2}, func(row *analysis.Row) string { return plain(row.Deff, 4) }},
		field{Column{Name: "statistic", Number: true}, func(row *analysis.Row) string { return plain(row.Statistic, 5) }},
		field{Column{Name: "t", Number: true}, func(row *analysis.Row) string { return plain(row.T, 4) }},
		field{Column{Name: "df", Number: true, spare: 4}, degrees},
		field{Column{Name: "p", Number: true}, func(row *analysis.Row) string { return probability(row.P) }},
		field{Column{Name: "adjusted p", Number: true}, func(row *analysis.Row) string { return probability(row.PAdjusted) }},
		field{Column{Name: "n", Number: true, spare: 5}, func(row *analysis.Row) string {
			if !row.Counted {
				return ""
			}
			return whole(row.N)
		}},
		field{Column{Name: "base", Number: true}, func(row *analysis.Row) string {
			if model {
				return "" // the note has it
			}
			return whole(row.Base)
		}},
		field{Column{Name: "missing", Number: true, spare: 1}, func(row *analysis.Row) string {
			if n := row.MissingRows(); n > 0 {
				return whole(n)
			}
			return ""
		}},
	)
	t.fill(fields, r.Rows)
	t.notes(r)
	return t
}

// fill makes the cells and drops columns that have none.
func (t *Table) fill(fields []field, rows []analysis.Row) {
	cells := make([][]string, len(rows))
	for _, f := range fields {
		column := make([]string, len(rows))
		empty := true
		for i := range rows {
			column[i] = strings.Map(visible, f.cell(&rows[i]))
			empty = empty && column[i] == ""
		}
		if empty {
			continue
		}
		t.Columns = append(t.Columns, f.Column)
		for i := range rows {
			cells[i] = append(cells[i], column[i])
		}
	}
	t.Rows = cells
}

// notes say why numbers are not there, what is missing, and which intervals are
// of another method.
func (t *Table) notes(r *analysis.Result) {
	var missing [table.FirstLevel]int
	why := map[string][]string{}
	var order []string
	fallback := 0
	names := RowNames(pointers(r.Rows))
	t.Notes = append(t.Notes, r.Notes...)
	for i := range r.Rows {
		row := &r.Rows[i]
		for reason, n := range row.Missing {
			missing[reason] = max(missing[reason], n)
		}
		if row.NotEstimable != "" {
			if why[row.NotEstimable] == nil {
				order = append(order, row.NotEstimable)
			}
			why[row.NotEstimable] = append(why[row.NotEstimable], names[i])
		}
		if row.Fallback {
			fallback++
		}
	}
	for _, reason := range order {
		who := why[reason]
		text := "Not estimable: " + reason
		if len(r.Rows) > 1 {
			text += " (" + strings.Join(who[:min(6, len(who))], "; ")
			if len(who) > 6 {
				text += fmt.Sprintf(" and %d more", len(who)-6)
			}
			text += ")"
		}
		t.Notes = append(t.Notes, strings.Map(visible, text)+".")
	}
	if fallback > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s at 0 or 1: the interval is Clopper-Pearson on the unweighted count.", counted(fallback, "proportion is", "proportions are")))
	}
	if len(r.Rows) == 1 {
		var parts []string
		for reason, n := range missing {
			if n > 0 {
				parts = append(parts, fmt.Sprintf("%s %s", whole(n), table.Missing(reason)))
			}
		}
		if len(parts) > 0 {
			t.Notes = append(t.Notes, "Missing: "+strings.Join(parts, ", ")+".")
		}
	}
	if len(r.Rows) == 0 {
		t.Notes = append(t.Notes, "No row of the sample is in any of these groups.")
	}
}

// RowNames name rows beside their dots or in notes: by what tells them apart of
// their groups, variable, level, term and quantile.
func RowNames(rows []*analysis.Row) []string {
	parts := make([][]string, len(rows))
	add := func(of func(*analysis.Row) string) {
		for i, r := range rows {
			if s := of(r); s != "" {
				parts[i] = append(parts[i], s)
			}
		}
	}
	differ := func(of func(*analysis.Row) string) bool {
		return slices.ContainsFunc(rows, func(r *analysis.Row) bool { return of(r) != of(rows[0]) })
	}
	variable := func(r *analysis.Row) string { return r.Variable }
	if differ(variable) {
		add(variable)
	}
	add(func(r *analysis.Row) string {
		var levels []string
		for _, g := range r.Domain {
			levels = append(levels, g.Level)
		}
		return strings.Join(levels, ", ")
	})
	for _, of := range []func(*analysis.Row) string{
		func(r *analysis.Row) string { return r.Level },
		func(r *analysis.Row) string { return r.Term },
	} {
		if differ(of) {
			add(of)
		}
	}
	at := func(r *analysis.Row) string {
		if math.IsNaN(r.At) {
			return ""
		}
		return "at " + plain(r.At, 6)
	}
	if differ(at) {
		add(at)
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = strings.Map(visible, strings.Join(parts[i], ", "))
		if out[i] == "" {
			out[i] = strings.Map(visible, cmp.Or(r.Term, r.Level, r.Variable, "all"))
		}
	}
	return out
}

func pointers(rows []analysis.Row) []*analysis.Row {
	out := make([]*analysis.Row, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}

func several(rows []analysis.Row, of func(*analysis.Row) string) bool {
	return slices.ContainsFunc(rows, func(r analysis.Row) bool { return of(&r) != of(&rows[0]) })
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// visible replaces what steers a terminal, which a file's text must not do.
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return ' '
	}
	return r
}
