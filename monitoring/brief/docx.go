package brief

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"

	"waymark/internal/fault"
)

// DOCX writes the brief as a Word document to edit: real styles, captions that
// number themselves, tables whose header rows repeat, pictures with their
// description, page numbers, and the synthetic label at the head of every page.
// now is the time that its properties give; the same document and time give
// the same bytes. The format is WordprocessingML as in ECMA-376, 5th edition,
// part 4 (transitional).
func DOCX(doc *Document, now time.Time) ([]byte, error) {
	return docx(doc, orderOf(doc), drawPictures(doc, true), now)
}

// part is one file of the package.
type part struct {
	name string
	data []byte
}

func docx(doc *Document, o *order, pics pictures, now time.Time) ([]byte, error) {
	if err := pics.err(); err != nil {
		return nil, err
	}
	body := newWordBody(doc, o, pics)
	body.write()

	parts := []part{
		{"[Content_Types].xml", contentTypes()},
		{"_rels/.rels", packageRelations()},
		{"docProps/core.xml", coreProperties(doc, now)},
		{"docProps/app.xml", appProperties()},
		{"word/document.xml", body.Bytes()},
		{"word/_rels/document.xml.rels", documentRelations(len(body.images))},
		{"word/styles.xml", wordStyles(doc)},
		{"word/numbering.xml", wordNumbering()},
		{"word/settings.xml", wordSettings(doc)},
		{"word/header1.xml", wordHeader(doc)},
		{"word/footer1.xml", wordFooter(doc)},
	}
	for i, png := range body.images {
		parts = append(parts, part{fmt.Sprintf("word/media/image%d.png", i+1), png})
	}
	data, err := zipParts(parts)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the brief could not be written as DOCX", "", err)
	}
	return data, nil
}

// zipParts packs the parts in their order, without times. Pictures are packed
// already and stored as they are.
func zipParts(parts []part) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if bytes.HasSuffix([]byte(p.name), []byte(".png")) {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(p.data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
