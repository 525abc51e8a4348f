package brief

import (
	"fmt"
	"time"
)

// The small parts of the package: what it holds, what relates to what, its
// properties, its settings, and what stands at the head and foot of pages.

const (
	officeRelation  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageRelation = "http://schemas.openxmlformats.org/package/2006/relationships"
	wordType        = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

func contentTypes() []byte {
	var w xmlWriter
	w.raw(xmlHead, `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`,
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
		`<Default Extension="xml" ContentType="application/xml"/>`,
		`<Default Extension="png" ContentType="image/png"/>`)
	for _, o := range [][2]string{
		{"/word/document.xml", wordType + "document.main+xml"},
		{"/word/styles.xml", wordType + "styles+xml"},
		{"/word/numbering.xml", wordType + "numbering+xml"},
		{"/word/settings.xml", wordType + "settings+xml"},
		{"/word/header1.xml", wordType + "header+xml"},
		{"/word/footer1.xml", wordType + "footer+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
		{"/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"},
	} {
		w.raw(`<Override PartName="`, o[0], `" ContentType="`, o[1], `"/>`)
	}
	w.raw("</Types>")
	return w.Bytes()
}

func relations(list [][3]string) []byte {
	var w xmlWriter
	w.raw(xmlHead, `<Relationships xmlns="`, packageRelation, `">`)
	for _, r := range list {
		w.raw(`<Relationship Id="`, r[0], `" Type="`, r[1], `" Target="`, r[2], `"/>`)
	}
	w.raw("</Relationships>")
	return w.Bytes()
}

func packageRelations() []byte {
	return relations([][3]string{
		{"rId1", officeRelation + "officeDocument", "word/document.xml"},
		{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"},
		{"rId3", officeRelation + "extended-properties", "docProps/app.xml"},
	})
}

func documentRelations(images int) []byte {
	list := [][3]string{
		{"rId1", officeRelation + "styles", "styles.xml"},
		{"rId2", officeRelation + "numbering", "numbering.xml"},
		{"rId3", officeRelation + "settings", "settings.xml"},
		{"rId4", officeRelation + "header", "header1.xml"},
		{"rId5", officeRelation + "footer", "footer1.xml"},
	}
	for n := 1; n <= images; n++ {
		list = append(list, [3]string{imageRelation(n), officeRelation + "image", fmt.Sprintf("media/image%d.png", n)})
	}
	return relations(list)
}

func coreProperties(doc *Document, now time.Time) []byte {
	var w xmlWriter
	w.raw(xmlHead, `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"`,
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, p := range [][2]string{
		{"dc:title", doc.Title}, {"dc:subject", doc.Subtitle}, {"dc:creator", "Waymark"},
		{"dc:description", doc.Synthetic}, {"dc:language", doc.Lang}, {"cp:lastModifiedBy", "Waymark"},
	} {
		if p[1] != "" {
			w.raw("<", p[0], ">")
			w.escaped(p[1])
			w.raw("</", p[0], ">")
		}
	}
	at := now.UTC().Format(time.RFC3339)
	w.raw(`<dcterms:created xsi:type="dcterms:W3CDTF">`, at, `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">`, at, `</dcterms:modified></cp:coreProperties>`)
	return w.Bytes()
}

func appProperties() []byte {
	return []byte(xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Waymark</Application></Properties>`)
}

// wordSettings asks for no compatibility mode: 15 is Word 2013 and later.
func wordSettings(doc *Document) []byte {
	var w xmlWriter
	w.raw(xmlHead, "<w:settings", wordNamespaces, `><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/><w:characterSpacingControl w:val="doNotCompress"/>`,
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>`, "<w:themeFontLang")
	w.attribute("w:val", latinLanguage(doc))
	if doc.RTL {
		w.attribute("w:bidi", doc.Lang)
	}
	w.raw(`/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>`)
	return w.Bytes()
}

// latinLanguage is the language of left-to-right runs.
func latinLanguage(doc *Document) string {
	switch {
	case doc.RTL || doc.Lang == "en":
		return "en-GB"
	case doc.Lang == "fr":
		return "fr-FR"
	}
	return doc.Lang
}

func wordHeader(doc *Document) []byte {
	w := wordText{rtl: doc.RTL}
	w.raw(xmlHead, "<w:hdr", wordNamespaces, ">")
	if doc.Synthetic != "" {
		w.paragraph("SyntheticHeader", doc.Synthetic)
	} else {
		w.paragraph("Header", doc.Title)
	}
	w.raw("</w:hdr>")
	return w.Bytes()
}

func wordFooter(doc *Document) []byte {
	w := wordText{rtl: doc.RTL}
	w.raw(xmlHead, "<w:ftr", wordNamespaces, ">")
	w.paragraphStart("Footer", "", "")
	w.run(doc.Title+"  ·  "+doc.word("page")+" ", false)
	w.field("PAGE", "1")
	w.run(" / ", false)
	w.field("NUMPAGES", "1")
	w.paragraphEnd()
	w.raw("</w:ftr>")
	return w.Bytes()
}

// wordNumbering has one list: a bullet. Its indent mirrors by itself in a
// right-to-left paragraph.
func wordNumbering() []byte {
	return []byte(xmlHead + "<w:numbering" + wordNamespaces + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
		`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>` +
		`<w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`)
}
