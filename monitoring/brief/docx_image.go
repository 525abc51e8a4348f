package brief

import "strconv"

// English Metric Units: 635 to a twentieth of a point. A picture fills the
// width of the text unless it would then be taller than a page leaves room for.
const (
	emuPerTwip       = 635
	pictureWidth     = textWidth * emuPerTwip
	pictureMaxHeight = 7_400_000 // about 205 mm
)

// figure writes a picture under its caption, with its notes. The description
// is the picture's alternative text.
func (w *wordBody) figure(f *Figure) {
	w.caption("figure", w.order.figNo[f], f.Title)
	p := w.pics[f]
	w.images = append(w.images, p.png)
	n := len(w.images)
	cx, cy := pictureWidth, pictureWidth*p.height/max(p.width, 1)
	if cy > pictureMaxHeight {
		cx, cy = cx*pictureMaxHeight/cy, pictureMaxHeight
	}
	width, height, id := strconv.Itoa(cx), strconv.Itoa(cy), strconv.Itoa(n)

	w.paragraphStart("Picture", "", "")
	w.raw(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="`, width, `" cy="`, height, `"/><wp:docPr id="`, id, `"`)
	w.attribute("name", f.ID)
	w.attribute("descr", f.Title+". "+f.Description)
	w.raw(`/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>`)
	w.raw(`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="`, id, `"`)
	w.attribute("name", f.ID+".png")
	w.raw(`/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="`, imageRelation(n), `"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`)
	w.raw(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="`, width, `" cy="`, height, `"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`)
	w.paragraphEnd()
	for _, note := range f.Notes {
		w.paragraph("TableNote", note)
	}
	w.paragraph("AfterTable", "")
}

// imageRelation is the relation of the nth picture, after the five fixed parts.
func imageRelation(n int) string { return "rId" + strconv.Itoa(n+5) }
