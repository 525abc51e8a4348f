// Package brief writes a round's findings as a brief: it composes a Document
// in one language from an analysis, and renders it as HTML, DOCX, XLSX, CSV,
// SVG and PNG.
//
// Composing knows the words; renderers know only the Document.
package brief

import "waymark/monitoring/brief/figure"

// Document is a brief in one language, ready to render.
type Document struct {
	Lang      string // "en", "fr", "ar"
	RTL       bool
	Title     string
	Subtitle  string // place and period
	Synthetic string // the label to show on every page, figure and file; "" for real data
	Cover     []CoverFact
	Sections  []Section
	Footer    string // instrument, program version, file hash
	// Receipts is the relative URL of the receipts page, and keys live below
	// it as anchors: Receipts + "#" + key.
	Receipts string
	// Words are the renderer's own words ("Contents", "Figure", "Table",
	// "Data behind this figure", "Not shown", ...), by key.
	Words map[string]string
}

// CoverFact is one large number of the cover with its caption.
type CoverFact struct {
	Value   string
	Caption string
	Key     string // receipt, or ""
}

// Section is one part of the brief.
type Section struct {
	ID     string // safe as an HTML id
	Title  string
	Blocks []Block
}

// Block is one of Paragraph, Heading, List, *Table, *Figure or Note.
type Block interface{ block() }

// Inline is a run of text; with Key set it is a number that links to its receipt.
type Inline struct {
	Text string
	Bold bool
	Key  string
}

// Paragraph is a run of sentences.
type Paragraph []Inline

// Heading is a heading below the section's own.
type Heading string

// List is a list of points.
type List []Paragraph

// Note is a short aside set off from the text, such as a caution.
type Note []Inline

// Table is a table with one header row.
type Table struct {
	ID      string // file-name safe: "indicators-by-route"
	Caption string
	Columns []TableColumn
	Rows    [][]Cell
	Notes   []string
}

// TableColumn heads a column.
type TableColumn struct {
	Label   string
	HXL     string // "#indicator+value+num"; "" for a column that is not exported
	Numeric bool   // right-aligned, tabular figures
}

// Cell is one cell: what people read, and the value for XLSX and CSV.
type Cell struct {
	Text string
	// Value is a float64, int, string, or nil for the Text. A masked or
	// not-shown cell has nil and its reason in Text.
	Value any
	// Percent says that Value, a share, is shown as a percentage in XLSX.
	Percent bool
	Key     string // receipt
	Header  bool   // a row header
}

// Figure is a picture with the table of its data.
type Figure struct {
	ID          string
	Title       string
	Description string // says in words what the picture shows
	Drawing     *figure.Drawing
	Data        *Table
	Notes       []string
}

func (Paragraph) block() {}
func (Heading) block()   {}
func (List) block()      {}
func (Note) block()      {}
func (*Table) block()    {}
func (*Figure) block()   {}
