package record

import (
	"slices"
	"strings"
)

// Merged is the columns of several versions of a form put together.
type Merged struct {
	Tables []*Table
	from   map[*Layout][]mapping // by table of the layout
}

// mapping is where the columns of a layout's table went.
type mapping struct {
	table   int
	columns []int
}

// Merge puts layouts together, the newest last. Columns are the same if their
// paths are; they stand in the newest version's order, and those that it lost
// stand where they stood among their neighbours. A column whose type changed is
// text, unless only choices were added. Choices are those of all versions.
func Merge(layouts ...*Layout) *Merged {
	m := &Merged{from: map[*Layout][]mapping{}}
	tables := map[string]int{}
	for _, l := range slices.Backward(layouts) {
		maps := make([]mapping, len(l.Tables))
		for n, t := range l.Tables {
			at, ok := tables[t.path]
			if !ok {
				at = len(m.Tables)
				tables[t.path] = at
				made := &Table{Name: t.Name, Label: t.Label, Parent: -1, path: t.path}
				if t.Parent >= 0 {
					made.Parent = maps[t.Parent].table
				}
				m.Tables = append(m.Tables, made)
			}
			m.Tables[at].take(t)
			maps[n].table = at
		}
		m.from[l] = maps
	}
	for l, maps := range m.from {
		for n, t := range l.Tables {
			places := map[string]int{}
			for at, c := range m.Tables[maps[n].table].Columns {
				places[c.Path] = at
			}
			for _, c := range t.Columns {
				maps[n].columns = append(maps[n].columns, places[c.Path])
			}
		}
	}
	return m
}

// take adds the columns of an older version.
func (t *Table) take(older *Table) {
	next := 0 // where a column goes that is new here
	for _, c := range older.Columns {
		had := slices.IndexFunc(t.Columns, func(o *Column) bool { return o.Path == c.Path })
		if had < 0 {
			t.Columns = slices.Insert(t.Columns, next, c)
			next++
			continue
		}
		t.Columns[had] = joined(t.Columns[had], c)
		next = had + 1
	}
}

// joined is one column of two versions.
func joined(newer, older *Column) *Column {
	c := *newer
	if newer.Type != older.Type {
		if newer.Select() && older.Select() && newer.Several() != older.Several() {
			c.Type = "select_multiple" // one code is a list of one
		} else {
			c.Type = "text"
		}
	}
	c.File = newer.File || older.File
	if !c.Select() {
		c.Choices, c.codes = nil, nil
		return &c
	}
	choices := slices.Clone(newer.Choices)
	for _, choice := range older.Choices {
		if newer.Choice(choice.Code) == nil {
			choices = append(choices, choice)
		}
	}
	c.setChoices(choices)
	return &c
}

// Cells puts the cells of a layout's row where the merged table has them; dst
// must have the merged table's width and is cleared.
func (m *Merged) Cells(dst []string, l *Layout, table int, cells []string) {
	clear(dst)
	for n, at := range m.from[l][table].columns {
		dst[at] = cells[n]
	}
}

// Table is the merged table of a layout's table.
func (m *Merged) Table(l *Layout, table int) int { return m.from[l][table].table }

// Names are the columns' names in a table, each once: the question's own name,
// or, where several have it or a server uses it, the path of groups and name,
// joined by hyphens. With groups, all are paths. Names within a repeat begin at
// the repeat.
func (t *Table) Names(groups bool, reserved ...string) []string {
	count := map[string]int{}
	for _, r := range reserved {
		count[strings.ToLower(r)] = 2
	}
	for _, c := range t.Columns {
		count[strings.ToLower(c.Name)]++
	}
	names := make([]string, len(t.Columns))
	for n, c := range t.Columns {
		path := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(c.Path, t.path), "/"), "/", "-")
		switch {
		case strings.HasPrefix(c.Path, "meta/"):
			names[n] = c.Path
		case groups || count[strings.ToLower(c.Name)] > 1:
			names[n] = path
		default:
			names[n] = c.Name
		}
	}
	// Paths with hyphens in names may still meet.
	seen := map[string]bool{}
	for _, r := range reserved {
		seen[strings.ToLower(r)] = true
	}
	for n, name := range names {
		for seen[strings.ToLower(name)] {
			name += "_"
		}
		seen[strings.ToLower(name)] = true
		names[n] = name
	}
	return names
}
