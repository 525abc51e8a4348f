package collection

import (
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

// enumeratorColumns are the columns of a list of enumerators.
var enumeratorColumns = []column{
	{name: "code", aliases: []string{"enumerator", "رمز", "الرمز"}, required: true},
	{name: "name", aliases: []string{"nom", "اسم", "الاسم"}},
	{name: "points", aliases: []string{"point", "نقاط", "النقاط"}},
}

// EnumeratorColumns are the names of the columns of a list of enumerators, in order.
var EnumeratorColumns = columnNames(enumeratorColumns)

// EnumeratorTable is a list of enumerators as it was read.
type EnumeratorTable struct {
	Enumerators []*FieldEnumerator
	Ignored     []string // columns that are not read, as written
}

// ReadEnumerators reads a list of new enumerators: the columns code, name and
// points (codes of points parted by spaces), parted by commas, semicolons or tabs.
// It reports every fault with its row, one whose code is taken among them.
func ReadEnumerators(raw []byte, round ids.ID, points []*Point, present []*FieldEnumerator) (*EnumeratorTable, error) {
	t, b := readTable(raw, enumeratorColumns)
	if t == nil {
		return nil, b.byRow()
	}
	taken := map[string]bool{}
	for _, e := range present {
		taken[strings.ToLower(e.Code)] = true
	}
	byCode := map[string]ids.ID{}
	for _, p := range points {
		byCode[p.Code] = p.ID
	}
	out := &EnumeratorTable{Ignored: t.ignored}
	codes := seen{}
	for _, row := range t.rows {
		e := &FieldEnumerator{Round: round, Code: row.cells["code"], Name: row.cells["name"]}
		at := fault.Place{Row: row.row, Field: "code"}
		e.check(b, row.row)
		b.twice(codes, at, e.Code, row.row)
		if taken[strings.ToLower(e.Code)] {
			b.add(at, "taken")
		}
		for _, code := range strings.FieldsFunc(row.cells["points"], listMark) {
			id, ok := byCode[code]
			if !ok {
				b.add(fault.Place{Row: row.row, Field: "points"}, "point.unknown", "point", code)
				continue
			}
			e.Points = append(e.Points, id)
		}
		out.Enumerators = append(out.Enumerators, e)
	}
	if len(present)+len(out.Enumerators) > MostEnumerators {
		b.field("", "many", "most", strconv.Itoa(MostEnumerators))
	}
	return out, b.byRow()
}

// listMark tells what parts codes in one cell.
func listMark(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '/' || r == '،' }
