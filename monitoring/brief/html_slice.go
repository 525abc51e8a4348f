package brief

import (
	"bytes"
	"fmt"
	"html/template"
)

// printedLimit is the height of a printed picture over its width: what an A4
// page has room for under a caption (235 mm by 176 mm).
const printedLimit = 235.0 / 176

// printedParts is, for a picture taller than a printed page, the picture with
// its content named, and windows on that content of a page each, for print
// alone. A browser would otherwise cut through the text. For other pictures
// there are no parts.
func printedParts(f *Figure, svg template.HTML, id string) (whole template.HTML, parts []template.HTML) {
	if f.Drawing == nil {
		return svg, nil
	}
	width, _ := f.Drawing.Size()
	bands := sliceTall(f.Drawing, width*printedLimit)
	if len(bands) < 2 {
		return svg, nil
	}
	head, content, ok := bytes.Cut([]byte(svg), []byte("</desc>\n"))
	end := bytes.LastIndex(content, []byte("</svg>"))
	if !ok || end < 0 {
		return svg, nil // a picture without a description has failed a test
	}
	var b bytes.Buffer
	b.Grow(len(svg) + 64)
	fmt.Fprintf(&b, "%s</desc>\n<g id=\"%s-all\">%s</g>%s", head, id, content[:end], content[end:])
	for _, p := range bands {
		parts = append(parts, template.HTML(fmt.Sprintf(
			`<svg class="figure-svg part" aria-hidden="true" width="%.0f" height="%.0f" viewBox="0 %.2f %.2f %.2f"><use href="#%s-all"/></svg>`,
			width, p.to-p.from, p.from, width, p.to-p.from, id)))
	}
	return template.HTML(b.String()), parts
}
