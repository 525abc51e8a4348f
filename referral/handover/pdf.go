package handover

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
)

// Measures of a page of A4, in millimetres; type in points.
const (
	margin   = 20.0
	foot     = 18.0
	textSize = 10.0
	leading  = 1.45
	item     = 18.0 // the least room that a question needs, or it begins a page
	heading  = 20.0 // and a heading above it
)

// typeface is the name of both weights.
const typeface = "text"

// PDF returns the paper as pages with their numbers. Letters that need shaping are not
// set: the place says so and points to the HTML. The metadata is neutral.
func (p *Paper) PDF() ([]byte, error) {
	first, err := p.pages(0)
	if err != nil {
		return nil, err
	}
	last, err := p.pages(first.PageNo())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := last.Output(&b); err != nil {
		return nil, fmt.Errorf("handover: a PDF cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// pages lays the paper out. all is how many pages there are, 0 while that is not known.
func (p *Paper) pages(all int) (*fpdf.Fpdf, error) {
	d := fpdf.New("P", "mm", "A4", "")
	d.AddUTF8FontFromBytes(typeface, "", dejavusans.TTF)
	d.AddUTF8FontFromBytes(typeface, "B", dejavusansbold.TTF)
	d.SetCatalogSort(true)
	made := p.Made.UTC().Truncate(time.Second)
	if made.IsZero() {
		made = time.Unix(0, 0).UTC() // else the library takes the time of day
	}
	d.SetCreationDate(made)
	d.SetModificationDate(made)
	d.SetTitle(p.Title, true)
	d.SetProducer("Waymark", true)
	d.SetCreator("Waymark", true)
	d.SetLang("en")
	d.SetMargins(margin, margin, margin)
	d.SetAutoPageBreak(true, foot+6)
	d.SetFooterFunc(func() {
		d.SetY(-foot)
		d.SetFont(typeface, "", 8)
		d.SetTextColor(80, 90, 95)
		width, _ := d.GetPageSize()
		left, _ := set(p.Foot)
		d.CellFormat((width-2*margin)/2, 5, left, "", 0, "L", false, 0, "")
		d.CellFormat((width-2*margin)/2, 5, fmt.Sprintf("Page %d of %d", d.PageNo(), max(all, d.PageNo())), "", 0, "R", false, 0, "")
	})
	d.AddPage()
	w := &writer{d: d}
	w.paper(p)
	d.Close()
	return d, d.Error()
}

// writer puts a paper onto pages.
type writer struct{ d *fpdf.Fpdf }

func (w *writer) style(style string, size float64, grey bool) {
	w.d.SetFont(typeface, style, size)
	if grey {
		w.d.SetTextColor(80, 90, 95)
		return
	}
	w.d.SetTextColor(11, 12, 12)
}

// say writes a paragraph and tells whether all of it could be set.
func (w *writer) say(text string) bool {
	ready, all := set(text)
	_, size := w.d.GetFontSize()
	w.d.MultiCell(0, size*leading, ready, "", "L", false)
	return all
}

func (w *writer) paper(p *Paper) {
	w.style("B", 18, false)
	w.say(p.Title)
	w.d.Ln(2)
	if p.Notice != "" {
		w.style("", textSize, false)
		y := w.d.GetY()
		w.d.SetLeftMargin(margin + 5)
		w.d.SetX(margin + 5)
		w.say(p.Notice)
		w.d.SetLeftMargin(margin)
		w.d.SetFillColor(29, 112, 184)
		w.d.Rect(margin, y, 1.5, w.d.GetY()-y, "F")
		w.d.Ln(3)
	}
	for _, f := range p.Facts {
		w.fact(f)
	}
	for _, s := range p.Sections {
		w.section(s)
	}
}

// fact is a label with its value beside it.
func (w *writer) fact(f Fact) {
	const label = 48.0
	w.style("B", 8.5, false)
	y := w.d.GetY()
	_, size := w.d.GetFontSize()
	w.d.CellFormat(label, size*leading, f.Label, "", 0, "L", false, 0, "")
	w.style("", 8.5, false)
	w.d.SetLeftMargin(margin + label)
	w.d.SetXY(margin+label, y)
	w.say(f.Value)
	w.d.SetLeftMargin(margin)
	w.d.SetX(margin)
	w.d.Ln(0.6)
}

func (w *writer) room(mm float64) {
	if _, height := w.d.GetPageSize(); w.d.GetY()+mm > height-foot-6 {
		w.d.AddPage()
	}
}

func (w *writer) section(s Section) {
	w.room(heading + item)
	w.d.Ln(6)
	w.style("B", 13, false)
	w.d.Bookmark(s.Title, 0, -1)
	w.say(s.Title)
	w.rule(0.5)
	w.d.Ln(2)
	for _, i := range s.Items {
		w.item(i)
	}
}

func (w *writer) item(i Item) {
	w.room(item)
	style := "B"
	if i.Plain {
		style = ""
	}
	w.style(style, textSize, false)
	all := w.say(i.Label)
	w.style("", textSize, false)
	for _, v := range i.Values {
		all = w.say(v) && all
	}
	w.style("", 8.5, true)
	if len(i.Values) == 0 && !i.Plain {
		w.style("", textSize, true)
		w.say(unanswered)
	}
	if !all {
		w.say("Part of this is in a script that this PDF cannot set. It stands whole in the HTML version and in the machine-readable form.")
	}
	if i.Source != "" {
		w.say(i.Source)
	}
	w.d.Ln(1.4)
	w.rule(0.1)
	w.d.Ln(1.8)
}

func (w *writer) rule(width float64) {
	page, _ := w.d.GetPageSize()
	w.d.SetDrawColor(177, 180, 182)
	w.d.SetLineWidth(width)
	w.d.Line(margin, w.d.GetY(), page-margin, w.d.GetY())
}
