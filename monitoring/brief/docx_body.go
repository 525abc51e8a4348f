package brief

import (
	"fmt"
	"strconv"
)

// Sizes of the page in twentieths of a point: A4, with margins of 20 mm at the
// sides and 25 mm above and below.
const (
	pageWidth  = 11906
	pageHeight = 16838
	pageSide   = 1134
	pageTop    = 1417
	textWidth  = pageWidth - 2*pageSide
	wideWidth  = pageHeight - 2*pageSide // on a page on its side
)

const wordNamespaces = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// wordBody writes word/document.xml and gathers the pictures that it shows.
type wordBody struct {
	wordText
	doc       *Document
	order     *order
	pics      pictures
	images    [][]byte
	bookmarks int
	drawings  int
	sideways  bool // the pages lie on their side until the end
}

func newWordBody(doc *Document, o *order, pics pictures) *wordBody {
	return &wordBody{wordText: wordText{rtl: doc.RTL}, doc: doc, order: o, pics: pics}
}

func (w *wordBody) write() {
	w.raw(xmlHead, "<w:document", wordNamespaces, "><w:body>")
	w.cover()
	w.tableOfContents()
	for _, s := range w.doc.Sections {
		w.heading(s.Title)
		for _, b := range s.Blocks {
			w.block(b)
		}
	}
	w.annex()
	w.paragraph("Source", w.doc.Footer)
	w.section(w.sideways)
	w.raw("</w:body></w:document>")
}

func (w *wordBody) cover() {
	w.paragraph("Title", w.doc.Title)
	if w.doc.Subtitle != "" {
		w.paragraph("Subtitle", w.doc.Subtitle)
	}
	if w.doc.Synthetic != "" {
		w.paragraph("SyntheticLabel", w.doc.Synthetic)
	}
	for _, f := range w.doc.Cover {
		w.paragraph("CoverNumber", f.Value)
		w.paragraph("CoverCaption", f.Caption)
	}
}

// tableOfContents is a field that Word can renew; its entries are written out,
// so that it is right from the start and no one is asked to renew it.
func (w *wordBody) tableOfContents() {
	w.paragraphStart("TOCHeading", "<w:pageBreakBefore/>", "")
	w.run(w.doc.word("contents"), false)
	w.paragraphEnd()
	titles := make([]string, 0, len(w.doc.Sections)+1)
	for _, s := range w.doc.Sections {
		titles = append(titles, s.Title)
	}
	if w.hasAnnex() {
		titles = append(titles, w.doc.word("annex_data"))
	}
	for i, title := range titles {
		w.paragraphStart("TOC1", "", "")
		if i == 0 {
			w.raw(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-1" \n \h \z </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`)
		}
		w.raw(`<w:hyperlink w:anchor="`, bookmark(i+1), `" w:history="1">`)
		w.run(title, false)
		w.raw("</w:hyperlink>")
		if i == len(titles)-1 {
			w.raw(`<w:r><w:fldChar w:fldCharType="end"/></w:r>`)
		}
		w.paragraphEnd()
	}
}

func bookmark(n int) string { return fmt.Sprintf("_Toc%08d", n) }

// heading opens a section of the brief, with the bookmark of the contents.
func (w *wordBody) heading(title string) {
	w.bookmarks++
	n := strconv.Itoa(w.bookmarks)
	w.paragraphStart("Heading1", "", "")
	w.raw(`<w:bookmarkStart w:id="`, n, `" w:name="`, bookmark(w.bookmarks), `"/>`)
	w.run(title, false)
	w.raw(`<w:bookmarkEnd w:id="`, n, `"/>`)
	w.paragraphEnd()
}

func (w *wordBody) block(b Block) {
	switch b := b.(type) {
	case Heading:
		w.paragraph("Heading2", string(b))
	case Paragraph:
		w.runs("", b)
	case Note:
		w.runs("Note", b)
	case List:
		for _, p := range b {
			w.runs("ListBullet", p)
		}
	case *Table:
		w.table(b, "table", w.order.tableNo[b])
	case *Figure:
		w.figure(b)
	}
}

func (w *wordBody) runs(style string, in []Inline) {
	w.paragraphStart(style, "", "")
	for _, r := range in {
		w.run(r.Text, r.Bold)
	}
	w.paragraphEnd()
}

// caption numbers itself: the field counts captions of its kind.
func (w *wordBody) caption(kind string, n int, text string) {
	code := map[string]string{"table": `SEQ Table \* ARABIC`, "figure": `SEQ Figure \* ARABIC`}[kind]
	w.paragraphStart("Caption", "", "")
	if n > 0 {
		w.run(w.doc.word(kind)+" ", true)
		w.field(code, strconv.Itoa(n))
		w.run(". ", false)
	}
	w.run(text, false)
	w.paragraphEnd()
}

// annex holds the data behind the figures, so that they can be read without
// the pictures and the text stays short.
func (w *wordBody) annex() {
	if !w.hasAnnex() {
		return
	}
	for _, f := range w.order.figures {
		if f.Data != nil && dataFile(f.Data) == "" && len(f.Data.Columns) >= turnColumns && !w.sideways {
			w.sectionBreak(false)
			w.sideways = true
		}
	}
	w.heading(w.doc.word("annex_data"))
	for i, f := range w.order.figures {
		if f.Data != nil {
			w.paragraph("Heading2", w.doc.numbered("figure", i+1))
			if file := dataFile(f.Data); file != "" {
				w.paragraph("", f.Data.Caption+": "+file)
			} else {
				w.table(f.Data, "", 0)
			}
		}
	}
}

func (w *wordBody) hasAnnex() bool {
	for _, f := range w.order.figures {
		if f.Data != nil {
			return true
		}
	}
	return false
}

// section ends a run of pages that stand upright or lie on their side. At the
// end of the body it stands alone; before, inside a paragraph.
func (w *wordBody) section(sideways bool) {
	width, height, turned := pageWidth, pageHeight, ""
	if sideways {
		width, height, turned = pageHeight, pageWidth, ` w:orient="landscape"`
	}
	w.raw(`<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>`)
	w.raw(fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="567" w:gutter="0"/>`,
		width, height, turned, pageTop, pageSide, pageTop, pageSide))
	w.raw(`<w:cols w:space="720"/>`)
	if w.rtl {
		w.raw("<w:bidi/>")
	}
	w.raw("</w:sectPr>")
}
