package brief

import (
	"fmt"
	"strconv"
)

// English Metric Units: 635 to a twentieth of a point. A picture fills the
// width of the text unless it would then be taller than a page leaves room for.
const (
	emuPerTwip       = 635
	pictureWidth     = textWidth * emuPerTwip
	pictureMaxHeight = 7_400_000 // about 205 mm
)

// figure writes a picture under its caption, with its notes. The description
// is the picture's alternative text. A picture taller than a page is shown in
// parts, each a window on the one file.
func (w *wordBody) figure(f *Figure) {
	w.caption("figure", w.order.figNo[f], f.Title)
	w.images = append(w.images, w.pics[f].png)
	width, height := f.Drawing.Size()
	parts := sliceTall(f.Drawing, width*pictureMaxHeight/pictureWidth)
	for i, part := range parts {
		text := f.Title + ". " + f.Description
		if i > 0 {
			text = fmt.Sprintf("%s (%d/%d)", f.Title, i+1, len(parts))
		}
		cx := float64(pictureWidth)
		cy := cx * (part.to - part.from) / width
		if cy > pictureMaxHeight {
			cx, cy = cx*pictureMaxHeight/cy, pictureMaxHeight
		}
		w.paragraphStart("Picture", "", "")
		w.drawing(f.ID, text, strconv.Itoa(int(cx)), strconv.Itoa(int(cy)), band{part.from / height, part.to / height})
		w.paragraphEnd()
	}
	for _, note := range f.Notes {
		w.paragraph("TableNote", note)
	}
	w.paragraph("AfterTable", "")
}

// drawing writes the newest picture, or the part of it between two heights
// from 0 to 1, at a width and height in EMU.
func (w *wordBody) drawing(name, text, width, height string, part band) {
	w.drawings++
	id := strconv.Itoa(w.drawings)
	w.raw(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="`, width, `" cy="`, height, `"/><wp:docPr id="`, id, `"`)
	w.attribute("name", name)
	w.attribute("descr", text)
	w.raw(`/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>`)
	w.raw(`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="`, id, `"`)
	w.attribute("name", name+".png")
	w.raw(`/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="`, imageRelation(len(w.images)), `"/>`)
	if part.from > 0 || part.to < 1 {
		// In thousandths of a percent, off the top and off the bottom.
		w.raw(fmt.Sprintf(`<a:srcRect t="%d" b="%d"/>`, int(part.from*100_000), int((1-part.to)*100_000)))
	}
	w.raw(`<a:stretch><a:fillRect/></a:stretch></pic:blipFill>`)
	w.raw(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="`, width, `" cy="`, height, `"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`)
}

// imageRelation is the relation of the nth picture, after the five fixed parts.
func imageRelation(n int) string { return "rId" + strconv.Itoa(n+5) }
