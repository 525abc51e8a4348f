package brief

// wordStyle is one paragraph style. Sizes are in half points, spaces in
// twentieths of a point, as the format has them.
type wordStyle struct {
	id, name, based, next string
	// para are paragraph properties, and char those of the text, each in the
	// order that the schema asks for.
	para, char string
	quick      bool // shown in Word's gallery
}

// size sets the size for scripts of both kinds, in half points.
func size(half string) string { return `<w:sz w:val="` + half + `"/><w:szCs w:val="` + half + `"/>` }

// spacing sets the space before and after, in twentieths of a point.
func spacing(before, after string) string {
	return `<w:spacing w:before="` + before + `" w:after="` + after + `"/>`
}

const (
	wordBold  = "<w:b/><w:bCs/>"
	wordDark  = `<w:color w:val="11303F"/>`
	wordQuiet = `<w:color w:val="566069"/>`
)

// wordStyleList lists the paragraph styles. Names that Word has of its own are
// used where there is one, so that its contents, captions and navigation work.
var wordStyleList = []wordStyle{
	{"Title", "Title", "Normal", "Subtitle", "<w:keepNext/>" + `<w:spacing w:before="2400" w:after="160" w:line="240" w:lineRule="auto"/>`, wordBold + wordDark + size("60"), true},
	{"Subtitle", "Subtitle", "Normal", "Normal", spacing("0", "480"), wordQuiet + size("28"), true},
	{"Heading1", "heading 1", "Normal", "Normal", `<w:keepNext/><w:keepLines/><w:pBdr><w:top w:val="single" w:sz="18" w:space="6" w:color="11303F"/></w:pBdr>` + spacing("560", "160") + `<w:outlineLvl w:val="0"/>`, wordBold + wordDark + size("36"), true},
	{"Heading2", "heading 2", "Normal", "Normal", "<w:keepNext/><w:keepLines/>" + spacing("320", "100") + `<w:outlineLvl w:val="1"/>`, wordBold + wordDark + size("26"), true},
	{"Heading3", "heading 3", "Normal", "Normal", "<w:keepNext/><w:keepLines/>" + spacing("240", "80") + `<w:outlineLvl w:val="2"/>`, wordBold + size("22"), true},
	{"TOCHeading", "TOC Heading", "Normal", "Normal", "<w:keepNext/>" + spacing("0", "240"), wordBold + wordDark + size("36"), false},
	{"TOC1", "toc 1", "Normal", "Normal", spacing("60", "60"), "", false},
	{"ListBullet", "List Bullet", "Normal", "ListBullet", `<w:numPr><w:numId w:val="1"/></w:numPr>` + spacing("0", "60"), "", true},
	{"Caption", "caption", "Normal", "Normal", "<w:keepNext/><w:keepLines/>" + spacing("280", "100"), size("20"), true},
	{"Note", "Note", "Normal", "Normal", `<w:keepLines/><w:pBdr><w:top w:val="single" w:sz="12" w:space="6" w:color="B8860B"/><w:bottom w:val="single" w:sz="4" w:space="6" w:color="B8860B"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="F4F6F7"/>` + spacing("240", "240"), "", true},
	{"Picture", "Picture", "Normal", "Normal", "<w:keepLines/>" + `<w:spacing w:before="0" w:after="60" w:line="240" w:lineRule="auto"/>`, "", false},
	{"TableText", "Table Text", "Normal", "TableText", `<w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/>`, "", false},
	{"TableNote", "Table Note", "Normal", "Normal", `<w:spacing w:before="60" w:after="0" w:line="240" w:lineRule="auto"/>`, wordQuiet + size("17"), false},
	{"AfterTable", "After Table", "Normal", "Normal", `<w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/>`, size("4"), false},
	{"Source", "Source", "Normal", "Normal", spacing("480", "0"), wordQuiet + size("17"), false},
	{"CoverNumber", "Cover Number", "Normal", "CoverCaption", "<w:keepNext/>" + `<w:pBdr><w:top w:val="single" w:sz="6" w:space="6" w:color="98A4AD"/></w:pBdr><w:spacing w:before="200" w:after="0" w:line="240" w:lineRule="auto"/>`, wordBold + wordDark + size("56"), false},
	{"CoverCaption", "Cover Caption", "Normal", "Normal", spacing("0", "120"), wordQuiet + size("22"), false},
	{"SyntheticLabel", "Synthetic Label", "Normal", "Normal", `<w:shd w:val="clear" w:color="auto" w:fill="FFD561"/>` + spacing("0", "360"), wordBold + size("24"), false},
	{"Header", "header", "Normal", "Header", spacing("0", "0"), wordQuiet + size("17"), false},
	{"SyntheticHeader", "Synthetic Header", "Header", "Header", `<w:shd w:val="clear" w:color="auto" w:fill="FFD561"/>` + spacing("0", "0") + `<w:jc w:val="center"/>`, wordBold + `<w:color w:val="000000"/>` + size("18"), false},
	{"Footer", "footer", "Normal", "Footer", spacing("0", "0") + `<w:jc w:val="center"/>`, wordQuiet + size("17"), false},
}

// wordStyles writes word/styles.xml: the defaults with the document's
// languages, the paragraph styles, and the two styles of tables.
func wordStyles(doc *Document) []byte {
	var w xmlWriter
	w.raw(xmlHead, "<w:styles", wordNamespaces, "><w:docDefaults><w:rPrDefault><w:rPr>",
		`<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Arial"/>`, size("22"), "<w:lang")
	w.attribute("w:val", latinLanguage(doc))
	w.attribute("w:eastAsia", latinLanguage(doc))
	bidi := "ar-SA"
	if doc.RTL && doc.Lang != "ar" {
		bidi = doc.Lang
	}
	w.attribute("w:bidi", bidi)
	w.raw(`/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`)
	w.raw(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	w.raw(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>`,
		`<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for _, s := range wordStyleList {
		w.raw(`<w:style w:type="paragraph" w:customStyle="`, custom(s), `" w:styleId="`, s.id, `"><w:name w:val="`, s.name, `"/><w:basedOn w:val="`, s.based, `"/><w:next w:val="`, s.next, `"/>`)
		if s.quick {
			w.raw("<w:qFormat/>")
		}
		w.raw("<w:pPr>", s.para, "</w:pPr><w:rPr>", s.char, "</w:rPr></w:style>")
	}
	w.tableStyle("BriefTable", "Brief Table", "19")
	w.tableStyle("BriefTableSmall", "Brief Table Small", "16")
	w.raw("</w:styles>")
	return w.Bytes()
}

// custom says "1" of a style that Word does not have by itself.
func custom(s wordStyle) string {
	switch s.id {
	case "Note", "Picture", "TableText", "TableNote", "AfterTable", "Source", "CoverNumber", "CoverCaption", "SyntheticLabel", "SyntheticHeader":
		return "1"
	}
	return "0"
}

// tableStyle has rules above and below the header and at the end, and fine
// ones between rows.
func (w *xmlWriter) tableStyle(id, name, half string) {
	w.raw(`<w:style w:type="table" w:customStyle="1" w:styleId="`, id, `"><w:name w:val="`, name, `"/><w:basedOn w:val="TableNormal"/><w:qFormat/>`,
		"<w:rPr>", size(half), "</w:rPr>",
		`<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1B1F24"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1B1F24"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="D5DBE0"/></w:tblBorders>`,
		`<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>`,
		`<w:tblStylePr w:type="firstRow"><w:rPr>`, wordBold, `</w:rPr><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1B1F24"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>`)
}
