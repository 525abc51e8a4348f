package brief

import "github.com/xuri/excelize/v2"

// style returns the id of a named style or, for any other name, of the style
// of numbers in that format; each is made once for a workbook.
func (b *book) style(name string) int {
	if id, ok := b.formats[name]; ok {
		return id
	}
	id, err := b.file.NewStyle(sheetStyle(name, b.doc.RTL))
	b.do(err)
	b.formats[name] = id
	return id
}

func sheetStyle(name string, rtl bool) *excelize.Style {
	start, end, order := "left", "right", uint64(1)
	if rtl {
		start, end, order = "right", "left", 2
	}
	text := &excelize.Alignment{Horizontal: start, Vertical: "top", ReadingOrder: order}
	link := typeface(11, false, "0B5572")
	link.Underline = "single"
	rule := []excelize.Border{{Type: "bottom", Color: "1B1F24", Style: 1}}
	switch name {
	case "title":
		return &excelize.Style{Font: typeface(14, true, ""), Alignment: text}
	case "line":
		return &excelize.Style{Font: typeface(11, false, ""), Alignment: text}
	case "label":
		return &excelize.Style{Font: typeface(11, true, ""), Alignment: text,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFD561"}}}
	case "quiet":
		return &excelize.Style{Font: typeface(11, false, "566069"), Alignment: text}
	case "link":
		return &excelize.Style{Font: link, Alignment: text}
	case "head", "headnum":
		a := &excelize.Alignment{Horizontal: start, Vertical: "bottom", WrapText: true, ReadingOrder: order}
		if name == "headnum" {
			a.Horizontal = end
		}
		return &excelize.Style{Font: typeface(11, true, ""), Alignment: a, Border: rule}
	case "tag":
		return &excelize.Style{Font: typeface(9, false, "566069"), Border: rule,
			Alignment: &excelize.Alignment{Horizontal: start, ReadingOrder: 1}}
	case "group":
		return &excelize.Style{Font: typeface(11, true, ""), Alignment: text}
	case "withheld":
		return &excelize.Style{Font: typeface(11, false, "566069"),
			Alignment: &excelize.Alignment{Horizontal: end, Vertical: "top", WrapText: true, ReadingOrder: order}}
	case "wrap":
		return &excelize.Style{Font: typeface(11, false, ""), Alignment: &excelize.Alignment{Horizontal: start, Vertical: "top", WrapText: true, ReadingOrder: order}}
	}
	return &excelize.Style{Font: typeface(11, false, ""), CustomNumFmt: &name, Alignment: &excelize.Alignment{Horizontal: end, Vertical: "top"}}
}

// typeface is the workbook's one type, in points; without a name, programs
// choose different ones for different cells.
func typeface(points float64, bold bool, color string) *excelize.Font {
	return &excelize.Font{Family: "Calibri", Size: points, Bold: bold, Color: color}
}
