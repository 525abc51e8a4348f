package brief

import (
	"bytes"
	_ "embed" // the templates and the style are part of the program
	"html/template"
	"sync"

	"waymark/internal/fault"
	"waymark/monitoring/brief/figure"
)

//go:embed brief.html.tmpl
var briefTemplate string

//go:embed receipts.html.tmpl
var receiptsTemplate string

//go:embed style.css
var pageStyle string

// pages are parsed once, at the first page: a command that writes none does not
// wait for them. Every page is one file: its style stands inside, it has no
// script, and its policy forbids any request.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.Must(
		template.New("brief").Parse(briefTemplate)).
		New("receipts").Parse(receiptsTemplate))
})

// HTML renders the brief as one self-contained page: no script, no request to
// anywhere, pictures inline, and every number that has a receipt linked to it.
func HTML(doc *Document) ([]byte, error) {
	return htmlPage(doc, orderOf(doc), drawPictures(doc, false), nil)
}

// sibling is the same brief in another language.
type sibling struct {
	Lang, Name, URL string
	RTL             bool
}

func htmlPage(doc *Document, o *order, pics pictures, others []sibling) ([]byte, error) {
	if err := pics.err(); err != nil {
		return nil, err
	}
	view := newPage(doc, o, pics)
	view.Others = others
	var b bytes.Buffer
	b.Grow(1 << 19)
	if err := pages().ExecuteTemplate(&b, "brief", view); err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the brief could not be written as HTML", "", err)
	}
	return b.Bytes(), nil
}

// styleSheet is the page's style with the figures' own and, where there is a
// synthetic label, the running label of every printed page.
func styleSheet(synthetic, page string) template.CSS {
	var b bytes.Buffer
	b.WriteString(pageStyle)
	b.WriteString(figure.Style())
	b.WriteString("@page{@bottom-center{content:")
	writeCSSString(&b, page+" ")
	b.WriteString(" counter(page);font:9pt system-ui,sans-serif;color:#555}}\n")
	if synthetic != "" {
		b.WriteString("@page{@top-center{content:")
		writeCSSString(&b, synthetic)
		b.WriteString(";font:bold 9pt system-ui,sans-serif;color:#000}}\n")
		// Some browsers print no margin boxes; there the tables carry the label,
		// as the figures do anyway.
		b.WriteString("@media print{.table caption span::after{content:")
		writeCSSString(&b, " ("+synthetic+")")
		b.WriteString("}}\n")
	}
	return template.CSS(b.String())
}

// writeCSSString writes s as a quoted CSS string in which nothing can end the
// string or the style element: all but letters, digits and spaces is escaped.
func writeCSSString(b *bytes.Buffer, s string) {
	const hex = "0123456789abcdef"
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == ' ' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			b.WriteByte(' ')
		default:
			b.WriteByte('\\')
			for shift := 20; shift >= 0; shift -= 4 {
				b.WriteByte(hex[(r>>shift)&15])
			}
			b.WriteByte(' ') // ends the escape and is not part of the string
		}
	}
	b.WriteByte('"')
}
