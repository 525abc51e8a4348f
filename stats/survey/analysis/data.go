package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// maxLevels is the most different values of a column whose levels are printed.
const maxLevels = 10_000

// Data is a table whose columns can be asked for as numbers or as categories,
// whatever they were read as. What is made is kept. It is safe to share.
type Data struct {
	Name  string // in messages
	Table *table.Table

	mu         sync.Mutex
	categories map[string]*table.CategoryColumn
	numbers    map[string]*table.NumberColumn
}

// NewData makes Data of a table, called name in messages.
func NewData(name string, t *table.Table) *Data {
	return &Data{Name: name, Table: t, categories: map[string]*table.CategoryColumn{}, numbers: map[string]*table.NumberColumn{}}
}

// Column returns a column, or a fault that suggests one.
func (d *Data) Column(name string) (table.Column, error) {
	if c := d.Table.Column(name); c != nil {
		return c, nil
	}
	names := make([]string, 0, len(d.Table.Columns()))
	for _, c := range d.Table.Columns() {
		names = append(names, c.Name())
	}
	remedy := fmt.Sprintf("the file has %v", names)
	if near := fault.Nearest(name, names); near != "" {
		remedy = fmt.Sprintf("did you mean %s?", near)
	} else if len(names) > 30 {
		remedy = fmt.Sprintf("the file has %d columns, %v and so on", len(names), names[:20])
	}
	return nil, fault.New(fault.NotFound, fault.Place{File: d.Name, Field: name}, "there is no such column", remedy)
}

// Category returns a column as a category. Levels of numbers are in the order
// of numbers, and so are texts that are all numbers; other texts are in that of
// letters; false is before true.
func (d *Data) Category(name string) (*table.CategoryColumn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.categories[name]; c != nil {
		return c, nil
	}
	col, err := d.Column(name)
	if err != nil {
		return nil, err
	}
	var out *table.CategoryColumn
	switch c := col.(type) {
	case *table.CategoryColumn:
		out = c
	case *table.NumberColumn:
		out = levelsOf(c, func(row int) (float64, bool) { return c.Values[row], c.Values[row] == c.Values[row] }, cmp.Compare,
			func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) })
	case *table.BoolColumn:
		out = levelsOf(c, func(row int) (bool, bool) { return c.Values[row], true },
			func(a, b bool) int { return cmp.Compare(strconv.FormatBool(a), strconv.FormatBool(b)) }, strconv.FormatBool)
	case *table.DateColumn:
		out = levelsOf(c, func(row int) (string, bool) { return c.Text(row), true }, cmp.Compare, itself)
	case *table.TextColumn:
		out = textLevels(c)
	default:
		return nil, fault.New(fault.Invalid, fault.Place{File: d.Name, Field: name}, fmt.Sprintf("a %s column has no single category a row", col.Kind()), "use one of its options, as COLUMN=OPTION")
	}
	d.categories[name] = out
	return out, nil
}

func itself(s string) string { return s }

// levelsOf numbers the values of a column in order.
func levelsOf[T comparable](col table.Column, value func(row int) (T, bool), order func(a, b T) int, code func(T) string) *table.CategoryColumn {
	known := map[T]uint32{}
	var values []T
	codes := make([]uint32, col.Len())
	for i := range codes {
		m := col.Missing(i)
		v, ok := value(i)
		if m == table.Present && !ok {
			m = table.Blank
		}
		if m != table.Present {
			codes[i] = uint32(m)
			continue
		}
		k, seen := known[v]
		if !seen {
			k = uint32(len(values))
			known[v] = k
			values = append(values, v)
		}
		codes[i] = table.FirstLevel + k
	}
	inOrder := slices.Clone(values)
	slices.SortFunc(inOrder, order)
	levels := make([]table.Level, len(inOrder))
	place := make([]uint32, len(inOrder))
	for at, v := range inOrder {
		levels[at] = table.Level{Code: code(v), Label: code(v)}
		place[known[v]] = uint32(at)
	}
	for i, k := range codes {
		if k >= table.FirstLevel {
			codes[i] = table.FirstLevel + place[k-table.FirstLevel]
		}
	}
	return table.NewCategory(col.Name(), levels, codes)
}

func textLevels(c *table.TextColumn) *table.CategoryColumn {
	numeric := true
	value := func(row int) (string, bool) {
		s := c.Text(row)
		if numeric && c.Missing(row) == table.Present {
			_, err := strconv.ParseFloat(s, 64)
			numeric = err == nil
		}
		return s, true
	}
	return levelsOf(c, value, func(a, b string) int {
		if numeric {
			x, _ := strconv.ParseFloat(a, 64)
			y, _ := strconv.ParseFloat(b, 64)
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	}, itself)
}

// grouping returns a category whose levels are printed: not too many.
func (d *Data) grouping(name string) (*table.CategoryColumn, error) {
	c, err := d.Category(name)
	if err != nil {
		return nil, err
	}
	if len(c.Levels) > maxLevels {
		return nil, fault.New(fault.Invalid, fault.Place{File: d.Name, Field: name}, fmt.Sprintf("the column has %d different values, too many for groups", len(c.Levels)), fmt.Sprintf("use a column of at most %d", maxLevels))
	}
	return c, nil
}

// Number returns a column as numbers. Truth values are 0 and 1; categories and
// texts must all be written as numbers.
func (d *Data) Number(name string) (*table.NumberColumn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.numbers[name]; c != nil {
		return c, nil
	}
	col, err := d.Column(name)
	if err != nil {
		return nil, err
	}
	if c, ok := col.(*table.NumberColumn); ok {
		return c, nil
	}
	if k := col.Kind(); k == table.Set || k == table.Date || k == table.Time {
		return nil, fault.New(fault.Invalid, fault.Place{File: d.Name, Field: name}, fmt.Sprintf("this is a %s column, and numbers are needed", k), "use a column of numbers")
	}
	values := make([]float64, col.Len())
	missing := make([]table.Missing, col.Len())
	wrong, first := 0, 0
	for i := range values {
		missing[i] = col.Missing(i)
		if missing[i] != table.Present {
			continue
		}
		text := strings.TrimSpace(col.Text(i))
		switch {
		case col.Kind() == table.Bool:
			if text == "true" {
				values[i] = 1
			}
			continue
		case text == "" || text == "NA":
			missing[i] = table.Blank
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) {
			if wrong++; wrong == 1 {
				first = i
			}
		}
		values[i] = v
	}
	if wrong > 0 {
		message := "this column is used as numbers, and the cell is not a number"
		if wrong > 1 {
			message += fmt.Sprintf("; nor are %d others", wrong-1)
		}
		return nil, fault.New(fault.Invalid, fault.Place{File: d.Name, Row: first + 2, Field: name}, message, "use a column of numbers, or ask for its shares")
	}
	c := table.NewNumber(name, values, missing)
	d.numbers[name] = c
	return c, nil
}

// IsNumber says whether a column holds numbers: it was read as numbers, or all
// of its texts are.
func (d *Data) IsNumber(name string) (bool, error) {
	col, err := d.Column(name)
	if err != nil {
		return false, err
	}
	switch col.Kind() {
	case table.Number:
		return true, nil
	case table.Text, table.Category:
		c, err := d.Category(name)
		if err != nil {
			return false, err
		}
		for _, l := range c.Levels {
			if _, err := strconv.ParseFloat(l.Code, 64); err != nil {
				return false, nil
			}
		}
		return len(c.Levels) > 0 && col.Kind() == table.Text, nil
	}
	return false, nil
}

// Characteristic returns a column of which a proportion can be taken, and its
// level: a category with a level, a boolean, or one option of a set. Without a
// level it must be true or false.
func (d *Data) characteristic(name, level string, given bool) (table.Column, string, error) {
	col, err := d.Column(name)
	if err != nil {
		return nil, "", err
	}
	at := fault.Place{File: d.Name, Field: name}
	switch c := col.(type) {
	case *table.BoolColumn:
		if !given {
			level = "true"
		}
		if level != "true" && level != "false" {
			return nil, "", fault.New(fault.NotFound, at, fmt.Sprintf("there is no level %q", level), "the column is true or false")
		}
		return c, level, nil
	case *table.SetColumn:
		l := c.Index(level)
		if l < 0 {
			return nil, "", noLevel(at, level, c.Levels)
		}
		return option(c, l), "true", nil
	}
	c, err := d.Category(name)
	if err != nil {
		return nil, "", err
	}
	if !given {
		return nil, "", fault.New(fault.Invalid, at, "a level is needed", "write COLUMN=LEVEL: "+some(c.Levels))
	}
	if c.Index(level) < 0 {
		return nil, "", noLevel(at, level, c.Levels)
	}
	return c, level, nil
}

// option is whether each row's set holds a level.
func option(c *table.SetColumn, level int) *table.BoolColumn {
	values := make([]bool, c.Len())
	for i := range values {
		values[i] = c.Has(i, level)
	}
	return table.NewBool(c.Name(), values, c.Reasons())
}

func noLevel(at fault.Place, level string, levels []table.Level) error {
	codes := make([]string, len(levels))
	for i, l := range levels {
		codes[i] = l.Code
	}
	remedy := some(levels)
	if near := fault.Nearest(level, codes); near != "" {
		remedy = fmt.Sprintf("did you mean %s?", near)
	}
	return fault.New(fault.NotFound, at, fmt.Sprintf("there is no level %q", level), remedy)
}

// some lists levels for people.
func some(levels []table.Level) string {
	var codes []string
	for i, l := range levels {
		if i == 12 {
			codes = append(codes, fmt.Sprintf("and %d more", len(levels)-i))
			break
		}
		codes = append(codes, l.Code)
	}
	return "the levels are " + strings.Join(codes, ", ")
}

// faultsOf takes an error apart.
func faultsOf(err error) []*fault.Fault {
	if err == nil {
		return nil
	}
	var list *fault.List
	if errors.As(err, &list) {
		return list.Faults
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return []*fault.Fault{f}
	}
	return []*fault.Fault{fault.Wrap(fault.Internal, fault.Place{}, err.Error(), "", err)}
}
