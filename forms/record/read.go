package record

import (
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// MaxCells is how many cells the rows of one document may have, inclusive: a
// short document can ask for a great many rows.
const MaxCells = 2_000_000

// Record is one document of answers as rows.
type Record struct {
	// FormID and FormVersion are what the document says that it answers.
	FormID, FormVersion string
	// InstanceID and Deprecated are its own identifier and that of the record
	// that it replaces, as written ("uuid:...").
	InstanceID, Deprecated string
	// Rows by table of the layout; those of the form's own are one.
	Rows [][]Row
	// Unknown counts values that the form has no place for.
	Unknown int
}

// Row is one row of a table.
type Row struct {
	// Cells are the values by column, as the document has them; "" for none.
	Cells []string
	// Parent is the row of the table around it; -1 in the form's own.
	Parent int
}

// Read reads a document of answers, whoever wrote it. Values that the form has
// no place for are counted and left out. The error is for what is no XML, and
// never holds an answer.
func (l *Layout) Read(document []byte) (*Record, error) {
	file, err := xform.ReadFile("answers.xml", document)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the document of answers cannot be read", "", err)
	}
	if len(file.Root.Children) == 0 {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the document of answers is empty", "")
	}
	root := file.Root.Children[0]
	r := &reader{l: l, Record: &Record{Rows: make([][]Row, len(l.Tables))}}
	if a := root.Attr("id"); a != nil {
		r.FormID = a.Value
	}
	if a := root.Attr("version"); a != nil {
		r.FormVersion = a.Value
	}
	r.row(0, -1)
	r.children(root, 0, 0, 0)
	for _, child := range root.Children {
		if local(child.Name) == "meta" {
			r.meta(child)
		}
	}
	if r.cells > MaxCells {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the document of answers has too many instances of a repeat", "")
	}
	return r.Record, nil
}

type reader struct {
	*Record
	l     *Layout
	cells int
}

// row starts a row and returns its number.
func (r *reader) row(table, parent int) int {
	r.Rows[table] = append(r.Rows[table], Row{Cells: make([]string, len(r.l.Tables[table].Columns)), Parent: parent})
	return len(r.Rows[table]) - 1
}

// children reads the values below a node into a row.
func (r *reader) children(n *xpath.Node, slot int32, table, row int) {
	kids := r.l.kids[slot]
	for _, child := range n.Children {
		at, ok := kids[child.Name]
		if !ok {
			if at, ok = r.l.renamed(kids, child.Name); !ok {
				if slot != r.l.meta && (len(child.Children) > 0 || child.Value != "") {
					r.Unknown++
				}
				continue
			}
		}
		p := r.l.places[at]
		switch {
		case p.table >= 0 && p.column >= 0:
			if cells := r.Rows[p.table][row].Cells; int(p.table) == table && cells[p.column] == "" {
				cells[p.column] = child.Value
			}
		case p.table >= 0:
			r.cells += len(r.l.Tables[p.table].Columns) + 1
			if child.Attr("jr:template") == nil && r.cells <= MaxCells {
				r.children(child, at, int(p.table), r.row(int(p.table), row))
			}
		case len(child.Children) > 0:
			r.children(child, at, table, row)
		}
	}
}

// renamed finds a child by its name without prefix: clients write the block of
// meta data with a prefix of their own.
func (l *Layout) renamed(kids map[string]int32, name string) (int32, bool) {
	want := local(name)
	if want != name {
		if at, ok := kids[want]; ok {
			return at, true
		}
	}
	for had, at := range kids {
		if strings.IndexByte(had, ':') >= 0 && local(had) == want {
			return at, true
		}
	}
	return 0, false
}

func (r *reader) meta(n *xpath.Node) {
	for _, child := range n.Children {
		switch local(child.Name) {
		case "instanceID":
			r.InstanceID = child.Value
		case "deprecatedID":
			r.Deprecated = child.Value
		}
	}
}

// Value returns the answer to the first question of the form's own table with
// a path below the root, or "".
func (l *Layout) Value(r *Record, path string) string {
	if at := l.Column(path); at >= 0 {
		return r.Rows[0][0].Cells[at]
	}
	return ""
}

// Column is the place in the form's own table of a path below the root, or -1.
func (l *Layout) Column(path string) int {
	for at, c := range l.Tables[0].Columns {
		if c.Path == path {
			return at
		}
	}
	return -1
}
