package table

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// workbook is an XLSX file to be scanned. It is read part by part from the zip
// archive and never held or written to disk whole.
//
// excelize writes workbooks here, and the tests read with it to compare; for
// reading, its rows hide what a typed reading needs - whether a number is a
// date, whether a cell is a formula without a result - and it unpacks big
// sheets into temporary files, where answers would lie on the disk in the clear.
type workbook struct {
	*source
	zip     *zip.Reader
	sheets  []sheet
	sheet   sheet // the one to read
	styles  []dateStyle
	strings stringPool
	epoch   int // days to add to a serial: 0, or 1462 if the workbook counts from 1904
	chosen  string
}

// sheet is one sheet of a workbook.
type sheet struct {
	name   string
	part   string // path in the archive
	hidden bool
}

// openXLSX checks the archive, finds the sheet and reads what its cells refer to.
func openXLSX(ctx context.Context, src *source, opt Options, rep *report) (*workbook, error) {
	z, err := zip.NewReader(src.r, src.size)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, rep.at(0, 0, ""), "the workbook is damaged", "copy or download the file again", err)
	}
	w := &workbook{source: src, zip: z}
	if err := checkArchive(z, rep); err != nil {
		return nil, err
	}
	budget := newUnpackBudget(rep)
	if err := w.readWorkbook(ctx, budget); err != nil {
		return nil, w.xmlFault(rep, err)
	}
	if len(w.sheets) == 0 {
		return nil, rep.stop(rep.at(0, 0, ""), "save the workbook again in a spreadsheet program", "the workbook has no sheet")
	}
	if err := w.readStyles(ctx, budget); err != nil {
		return nil, w.xmlFault(rep, err)
	}
	if err := w.readStrings(ctx, budget, rep); err != nil {
		return nil, w.xmlFault(rep, err)
	}
	if err := w.choose(ctx, opt.Sheet, rep); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *workbook) format() string { return "xlsx" }

// xmlFault turns an error of reading a part into a fault for people.
func (w *workbook) xmlFault(rep *report, err error) error {
	if _, ok := err.(*fault.Fault); ok {
		return err
	}
	if err == context.Canceled || err == context.DeadlineExceeded {
		return err
	}
	return fault.Wrap(fault.Invalid, rep.at(0, 0, ""), "the workbook is damaged or was not written by a spreadsheet program", "open it in a spreadsheet program and save it again", err)
}

// part opens a part of the archive by its path, or returns nil if there is none.
func (w *workbook) part(ctx context.Context, name string, budget *unpackBudget) (io.ReadCloser, error) {
	for _, f := range w.zip.File {
		if strings.EqualFold(strings.TrimPrefix(f.Name, "/"), name) {
			return budget.open(ctx, f)
		}
	}
	return nil, nil
}

// elements calls start for each element of a part that begins. The decoder is
// passed on, to read what is in the element.
func (w *workbook) elements(ctx context.Context, name string, budget *unpackBudget, start func(d *xml.Decoder, e xml.StartElement) error) error {
	r, err := w.part(ctx, name, budget)
	if err != nil || r == nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read from
	d := xml.NewDecoder(r)
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := start(d, e); err != nil {
				return err
			}
		}
	}
}

// attr returns an attribute by its local name, or "".
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readWorkbook finds the sheets, their parts, and from which year days count.
func (w *workbook) readWorkbook(ctx context.Context, budget *unpackBudget) error {
	targets := map[string]string{}
	err := w.elements(ctx, "xl/_rels/workbook.xml.rels", budget, func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			target := attr(e, "Target")
			if strings.HasPrefix(target, "/") {
				target = target[1:]
			} else {
				target = path.Join("xl", target)
			}
			targets[attr(e, "Id")] = target
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.elements(ctx, "xl/workbook.xml", budget, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				w.epoch = 1462
			}
		case "sheet":
			part := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					part = targets[a.Value]
				}
			}
			if strings.Contains(part, "worksheets/") || part != "" && !strings.Contains(part, "chartsheets/") {
				w.sheets = append(w.sheets, sheet{name: attr(e, "name"), part: part, hidden: attr(e, "state") == "hidden" || attr(e, "state") == "veryHidden"})
			}
		}
		return nil
	})
}

// choose finds the sheet to read: the one asked for, else the first visible one
// whose first row with anything in it has two cells or more, else the first
// visible one with anything in it.
func (w *workbook) choose(ctx context.Context, want string, rep *report) error {
	names := make([]string, len(w.sheets))
	for i, s := range w.sheets {
		names[i] = fmt.Sprintf("%q", s.name)
	}
	if want != "" {
		i := slices.IndexFunc(w.sheets, func(s sheet) bool { return fold(s.name) == fold(want) })
		if i < 0 {
			return fault.New(fault.NotFound, rep.at(0, 0, ""), fmt.Sprintf("the workbook has no sheet %q", want), "its sheets are "+strings.Join(names, ", "))
		}
		w.sheet = w.sheets[i]
		return nil
	}
	best, bestCells, others := -1, 0, 0
	for i, s := range w.sheets {
		if s.hidden {
			continue
		}
		cells, err := w.peek(ctx, s, rep)
		if err != nil {
			return w.xmlFault(rep, err)
		}
		if cells > 0 {
			others++
		}
		if cells > 0 && best < 0 || cells > 1 && bestCells == 1 {
			best, bestCells = i, cells
		}
	}
	if best < 0 {
		return rep.stop(rep.at(0, 0, ""), "its sheets are "+strings.Join(names, ", ")+"; unhide or name the one with the interviews", "no visible sheet of the workbook holds anything")
	}
	w.sheet = w.sheets[best]
	if others > 1 {
		w.chosen = "its sheets are " + strings.Join(names, ", ") + "; name another if this is wrong"
	}
	return nil
}
