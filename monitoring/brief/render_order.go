package brief

// order holds a document's tables and figures as they come, with the numbers
// that every renderer prints ("Table 3"), so that all formats agree.
type order struct {
	figures []*Figure
	// exports are the tables that become sheets and CSV files: those of the
	// text and those behind figures, once per id.
	exports []export
	tableNo map[*Table]int
	figNo   map[*Figure]int
}

// export is a table to write out, with the label that the brief gives it.
type export struct {
	table *Table
	label string // "Table 3" or, for data behind a figure, "Figure 2"
}

// orderOf walks the document once.
func orderOf(doc *Document) *order {
	o := &order{tableNo: map[*Table]int{}, figNo: map[*Figure]int{}}
	seen := map[string]bool{}
	add := func(t *Table, label string) {
		if t == nil || t.ID == "" || seen[t.ID] {
			return
		}
		seen[t.ID] = true
		o.exports = append(o.exports, export{t, label})
	}
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case *Table:
				o.tableNo[b] = len(o.tableNo) + 1
				add(b, doc.numbered("table", o.tableNo[b]))
			case *Figure:
				o.figures = append(o.figures, b)
				o.figNo[b] = len(o.figures)
				add(b.Data, doc.numbered("figure", o.figNo[b]))
			}
		}
	}
	return o
}

// printedRows is the number of rows up to which the data behind a figure are
// printed. Longer ones stay in their file: they would be most of the paper.
const printedRows = 24

// dataFile names the file of a figure's data where they are too long to print.
func dataFile(t *Table) string {
	if len(t.Rows) <= printedRows {
		return ""
	}
	return "tables/" + t.ID + ".csv"
}
