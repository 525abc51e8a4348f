package workbook

import (
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// xlsx is an XLSX file while it is read.
type xlsx struct {
	*archive
	shared   *budget
	from1904 bool
	sheets   []xlsxSheet
	targets  map[string]string // parts by the id of their relationship
	// The parts that sheets share, or "" if there is none.
	stringsPart, stylesPart string

	strings []string // read when the first cell asks
	styles  []bool   // whether each shows dates or times; likewise
	texts   arena
	value   []byte // of the cell that is read
	digits  []byte // likewise
}

type xlsxSheet struct{ title, id string }

// readXLSX reads a workbook in Office Open XML. Source: ECMA-376 part 1, §18.
func readXLSX(data []byte, shared *budget) (*Workbook, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	x := &xlsx{archive: a, shared: shared, targets: make(map[string]string)}
	main, err := x.mainPart()
	if err != nil {
		return nil, err
	}
	if err := x.readBook(main); err != nil {
		return nil, err
	}
	if err := x.readRelations(main); err != nil {
		return nil, err
	}
	w := &Workbook{Names: make([]string, len(x.sheets))}
	for i, sheet := range x.sheets {
		w.Names[i] = sheet.title
	}
	chosen := sheetChoice{alone: len(x.sheets) == 1, shared: shared}
	for _, sheet := range x.sheets {
		name, read := chosen.name(sheet.title)
		if !read {
			continue
		}
		part, ok := x.targets[sheet.id]
		if !ok || !x.has(part) {
			return nil, fault.New(fault.Invalid, fault.Place{Sheet: sheet.title}, "the workbook is damaged: this sheet has no content", saveXLSX)
		}
		g := newGrid(name, sheet.title, shared, true)
		if err := x.readSheet(g, part); err != nil {
			var f *fault.Fault
			if errors.As(err, &f) && f.Place.Sheet == "" {
				f.Place.Sheet = sheet.title
			}
			return nil, err
		}
		w.Sheets = append(w.Sheets, g.sheet)
	}
	return w, nil
}

// mainPart is the part that lists the sheets.
func (x *xlsx) mainPart() (string, error) {
	if x.has("xl/workbook.xml") {
		return "xl/workbook.xml", nil
	}
	if !x.has("_rels/.rels") {
		return "", x.notXLSX()
	}
	found := ""
	err := x.each("_rels/.rels", func(s *scanner) error {
		if string(s.name) != "Relationship" {
			return nil
		}
		kind, err := s.attrText("Type", false)
		if err != nil || !strings.HasSuffix(kind, "/officeDocument") {
			return err
		}
		found, err = s.attrText("Target", false)
		return err
	})
	if err != nil {
		return "", err
	}
	if found = strings.TrimPrefix(found, "/"); found == "" || !strings.HasSuffix(found, ".xml") || x.has("word/document.xml") || x.has("ppt/presentation.xml") || !x.has(found) {
		return "", x.notXLSX()
	}
	return found, nil
}

// each calls do for every opening tag of a part.
func (x *xlsx) each(part string, do func(*scanner) error) error {
	s, err := x.open(part)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && !s.closes {
			err = do(s)
		}
		if err != nil {
			return err
		}
	}
}

// readBook lists the sheets and learns the date system.
func (x *xlsx) readBook(part string) error {
	return x.each(part, func(s *scanner) error {
		switch string(s.name) {
		case "workbookPr":
			value, _ := s.attr("date1904", false)
			x.from1904 = string(value) == "1" || string(value) == "true"
		case "sheet":
			title, err := s.attrText("name", false)
			if err != nil {
				return err
			}
			id, err := s.attrText("id", true)
			if err != nil {
				return err
			}
			x.sheets = append(x.sheets, xlsxSheet{title: title, id: id})
			if len(title) > maxName || len(id) > maxName {
				return s.malformed("a sheet's name that is too long")
			}
			if len(x.sheets) > MaxSheets {
				return fault.New(fault.Unavailable, fault.Place{}, "the workbook has more than 1024 sheets", "send the form alone")
			}
		}
		return nil
	})
}

// readRelations learns which part holds which sheet.
func (x *xlsx) readRelations(main string) error {
	folder := path.Dir(main)
	return x.each(path.Join(folder, "_rels", path.Base(main)+".rels"), func(s *scanner) error {
		if string(s.name) != "Relationship" {
			return nil
		}
		var texts [4]string
		for i, key := range [...]string{"Id", "Type", "Target", "TargetMode"} {
			var err error
			if texts[i], err = s.attrText(key, false); err != nil {
				return err
			}
			if len(texts[i]) > maxName {
				return s.malformed("a part's name that is too long")
			}
		}
		if texts[3] == "External" {
			return nil
		}
		target := strings.ReplaceAll(texts[2], `\`, "/")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(path.Clean(target), "/")
		} else {
			target = path.Join(folder, target)
		}
		switch kind := texts[1]; {
		case strings.HasSuffix(kind, "/sharedStrings"):
			x.stringsPart = target
		case strings.HasSuffix(kind, "/styles"):
			x.stylesPart = target
		case len(x.targets) >= MaxParts:
			return tooManyParts()
		default:
			x.targets[texts[0]] = target
		}
		return nil
	})
}

// readStyles learns which cell formats show dates and times. A workbook may
// have none.
func (x *xlsx) readStyles() error {
	x.styles = []bool{}
	if !x.has(x.stylesPart) {
		return nil
	}
	written := make(map[int]bool)
	inside := false
	s, err := x.open(x.stylesPart)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		if err := s.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch name := string(s.name); {
		case name == "cellXfs":
			if s.closes {
				return nil
			}
			inside = true
		case s.closes:
		case name == "numFmt":
			id, known := s.number("numFmtId")
			code, err := s.attrText("formatCode", false)
			if err != nil {
				return err
			}
			if known && len(written) < 1<<16 {
				written[id] = writtenDate(code)
			}
		case name == "xf" && inside && len(x.styles) < 1<<16:
			id, _ := s.number("numFmtId")
			date, known := written[id]
			if !known {
				date = builtinDate(id)
			}
			x.styles = append(x.styles, date)
		}
	}
}

// number returns an attribute that is a whole number from 0.
func (s *scanner) number(name string) (int, bool) {
	raw, ok := s.attr(name, false)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw), 10, 31)
	return int(n), err == nil
}
