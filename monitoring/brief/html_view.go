package brief

import (
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"
)

// pageView is what the template of the brief shows. It is made of ready values,
// so that the template holds no logic beyond "if there is one".
type pageView struct {
	Doc      *Document
	Subtitle string // breaks after a dot between its parts, not before
	Dir      string
	Style    template.CSS
	Others   []sibling
	Cover    []factView
	Sections []sectionView
	W        map[string]string // words by key
	HasLinks bool
}

type factView struct {
	Value, Caption, Href string
}

type sectionView struct {
	ID, Title string
	Blocks    []blockView
}

// blockView is one block; exactly one of the pointers or lists is set.
type blockView struct {
	Heading   string
	HeadingID string
	Paragraph []runView
	Note      []runView
	List      [][]runView
	Table     *tableView
	Figure    *figureView
}

type runView struct {
	Text, Href string
	Bold       bool
}

type tableView struct {
	ID, Label, Caption string
	Scroll             bool // wide enough that a phone must scroll it
	Wide               bool // wide enough that paper needs smaller type
	Narrow             bool // few columns, which stand better close together
	Whole              bool // few rows, which stay on one printed page
	Columns            []TableColumn
	Bodies             []bodyView
	Notes              []string
}

// bodyView is the rows under one heading, which may be "".
type bodyView struct {
	Group string
	Span  int // columns that the heading spans
	Rows  []rowView
}

type rowView struct {
	Cells []cellView
	More  bool // its first cell is the header of the row above
}

type cellView struct {
	Text, Href string
	Header     bool
	Class      string
	Rows       int // rows that a row header spans, if more than 1
}

type figureView struct {
	ID, Label, Title, Description string
	SVG                           template.HTML
	Parts                         []template.HTML // for print, of a tall picture
	Data                          *tableView
	DataFile                      string // instead of the data in print, where they are long
	Notes                         []string
}

// Tables with this many columns or more scroll in their own box on a phone,
// and with wideColumns or more they print in smaller type; with narrowColumns
// or fewer they do not take the whole width of a large screen.
const (
	narrowColumns = 4
	scrollColumns = 3
	wideColumns   = 8
)

// wholeRows is the number of rows up to which a table is not broken over two
// printed pages.
const wholeRows = 14

// longReason is the number of characters from which the reason in place of a
// number may break over lines.
const longReason = 14

func newPage(doc *Document, o *order, pics pictures) *pageView {
	v := &pageView{Doc: doc, Dir: "ltr", Subtitle: strings.ReplaceAll(doc.Subtitle, " · ", "\u00a0· "), W: map[string]string{}, HasLinks: doc.Receipts != ""}
	if doc.RTL {
		v.Dir = "rtl"
	}
	for k := range renderWords {
		v.W[k] = doc.word(k)
	}
	v.Style = styleSheet(doc.Synthetic, v.W["page"])
	for _, f := range doc.Cover {
		v.Cover = append(v.Cover, factView{f.Value, f.Caption, doc.receipt(f.Key)})
	}
	headings := 0
	for _, s := range doc.Sections {
		sv := sectionView{ID: s.ID, Title: s.Title}
		for _, b := range s.Blocks {
			var bv blockView
			switch b := b.(type) {
			case Heading:
				headings++
				bv.Heading, bv.HeadingID = string(b), fmt.Sprintf("%s-h%d", s.ID, headings)
			case Paragraph:
				bv.Paragraph = doc.runs(b)
			case Note:
				bv.Note = doc.runs(b)
			case List:
				for _, p := range b {
					bv.List = append(bv.List, doc.runs(p))
				}
			case *Table:
				n := o.tableNo[b]
				bv.Table = doc.tableView(b, fmt.Sprintf("table-%d", n), doc.numbered("table", n))
			case *Figure:
				n := o.figNo[b]
				fv := &figureView{
					ID: fmt.Sprintf("figure-%d", n), Label: doc.numbered("figure", n),
					Title: b.Title, Description: b.Description, Notes: b.Notes,
				}
				fv.SVG, fv.Parts = printedParts(b, pics.inline(b), fmt.Sprintf("picture-%d", n))
				if b.Data != nil {
					fv.Data = doc.tableView(b.Data, fv.ID+"-data", "")
					fv.DataFile = dataFile(b.Data)
				}
				bv.Figure = fv
			}
			sv.Blocks = append(sv.Blocks, bv)
		}
		v.Sections = append(v.Sections, sv)
	}
	return v
}

// receipt is the address of a number's receipt, or "" if it has none.
func (doc *Document) receipt(key string) string {
	if key == "" || doc.Receipts == "" {
		return ""
	}
	return doc.Receipts + "#" + key
}

func (doc *Document) runs(in []Inline) []runView {
	out := make([]runView, len(in))
	for i, r := range in {
		out[i] = runView{r.Text, doc.receipt(r.Key), r.Bold}
	}
	return out
}

func (doc *Document) tableView(t *Table, id, label string) *tableView {
	v := &tableView{
		ID: id, Label: label, Caption: t.Caption, Columns: t.Columns, Notes: t.Notes,
		Scroll: len(t.Columns) >= scrollColumns, Wide: len(t.Columns) >= wideColumns, Narrow: len(t.Columns) <= narrowColumns, Whole: len(t.Rows) <= wholeRows,
	}
	body := bodyView{Rows: make([]rowView, 0, len(t.Rows))}
	for _, row := range t.Rows {
		if isGroupRow(t, row) {
			if body.Group != "" || len(body.Rows) > 0 {
				v.Bodies = append(v.Bodies, body)
			}
			body = bodyView{Group: row[0].Text, Span: len(t.Columns)}
			continue
		}
		cells := make([]cellView, len(row))
		for j, c := range row {
			cells[j] = cellView{Text: c.Text, Href: doc.receipt(c.Key), Header: c.Header}
			if numericColumn(t, j) {
				cells[j].Class = "num"
				if c.Value == nil {
					cells[j].Class += " quiet"
					if utf8.RuneCountInString(c.Text) > longReason {
						cells[j].Class += " long"
					}
				}
			}
		}
		body.Rows = append(body.Rows, rowView{Cells: cells})
	}
	v.Bodies = append(v.Bodies, body)
	for _, b := range v.Bodies {
		spanRepeats(b.Rows)
	}
	return v
}

// spanRepeats makes one header of a first cell that is the same in rows that
// follow each other, so that the eye sees what belongs together.
func spanRepeats(rows []rowView) {
	for first := 0; first < len(rows); {
		next := first + 1
		for next < len(rows) && repeats(rows[first].Cells, rows[next].Cells) {
			rows[next] = rowView{Cells: rows[next].Cells[1:], More: true}
			next++
		}
		if next > first+1 {
			rows[first].Cells[0].Rows = next - first
		}
		first = next
	}
}

// repeats says that two rows begin with the same header and go on.
func repeats(a, b []cellView) bool {
	return len(a) > 1 && len(b) > 1 && a[0].Header && b[0].Header && a[0].Text != "" &&
		a[0].Text == b[0].Text && a[0].Href == b[0].Href
}

// isGroupRow says that a row is one heading over the rows below it.
func isGroupRow(t *Table, row []Cell) bool {
	return len(row) == 1 && len(t.Columns) > 1 && row[0].Header
}

func numericColumn(t *Table, j int) bool {
	return j < len(t.Columns) && t.Columns[j].Numeric
}
