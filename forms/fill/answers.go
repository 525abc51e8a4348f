package fill

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// The bounds of a table of answers.
const (
	// MaxRows is how many rows it may have, inclusive.
	MaxRows = 1_000_000
	// MaxColumns is how many columns it may have, inclusive.
	MaxColumns = 10_000
	// maxFaults is how many faults are kept.
	maxFaults = 200
)

// Answers is a table: a row is a document, a column a question.
type Answers struct {
	form    *xform.Form
	columns []column
	rows    [][]string
	lines   []int // of the file, by row
	leftOut []string
}

// ReadAnswers reads a table of answers as CSV, with a header. A column is named
// by the question's name if only one question has it, or by its path: "name",
// "group/name", "group-name" as exports write it, "trip[2]/country" for the
// second instance of a repeat. Exports of ODK Central and KoboToolbox are read
// as they are: places and selects may be split over columns, choices may be given
// by their labels. What the form fills by itself and the columns that exports add
// (KEY, _uuid, ...) are left out; unknown ones are faults, all at once.
func ReadAnswers(form *xform.Form, data []byte) (*Answers, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the answers are in a workbook, not in a CSV file", "open it and save the sheet as CSV UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the answers are not in UTF-8", "save the table as CSV UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, comma := range ";\t" {
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = comma
		}
	}
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the table of answers is empty", "name questions in its first row")
	}
	if err != nil {
		return nil, unreadable(err)
	}
	if len(head) > MaxColumns {
		return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the table has %d columns, more than %d", len(head), MaxColumns), "")
	}
	a := &Answers{form: form}
	faults := fault.NewList(maxFaults)
	a.heads(head, faults)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			faults.Add(unreadable(err))
			break
		}
		line, _ := r.FieldPos(0)
		if len(row) > len(head) {
			faults.Addf(fault.Invalid, fault.Place{Row: line}, "put quotes around answers that hold a comma", "the row has %d cells, the header %d", len(row), len(head))
		}
		if len(a.rows) == MaxRows {
			return nil, fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the table has more than %d rows", MaxRows), "split it")
		}
		a.rows = append(a.rows, row)
		a.lines = append(a.lines, line)
	}
	return a, faults.Err()
}

func unreadable(err error) *fault.Fault {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fault.Wrap(fault.Invalid, fault.Place{Row: p.Line, Column: p.Column}, "the table is not CSV here", "check the quotes of this row", err)
	}
	return fault.Wrap(fault.Unavailable, fault.Place{}, "the table could not be read", "", err)
}

// Len returns how many documents the table makes.
func (a *Answers) Len() int { return len(a.rows) }

// LeftOut are the heads of the columns that are not read: what the form fills by
// itself, and what exports add.
func (a *Answers) LeftOut() []string { return a.leftOut }

// Line returns the line of a row, from 0, in the file.
func (a *Answers) Line(row int) int { return a.lines[row] }

// Document fills a document with a row, from 0, in the order of the form. Its
// error lists all that is wrong with the row: answers to questions that are not
// asked, values that do not fit, broken rules.
func (a *Answers) Document(row int, opt xform.SessionOptions) (*xform.Session, error) {
	s, err := a.form.NewSession(opt)
	if err != nil {
		return nil, err
	}
	t := &tabled{a: a, given: a.cells(a.rows[row]), used: map[string]int{}, faults: fault.NewList(maxFaults), line: a.lines[row]}
	if err := walk(s, t); err != nil {
		return nil, err
	}
	t.unused()
	s.Finish()
	for _, p := range s.Validate() {
		at := fault.Place{Row: t.line, Field: p.Path}
		if i, ok := t.columnOf(p.Path); ok {
			at.Column, at.Field = i+1, a.columns[i].head
		}
		t.faults.Add(fault.New(fault.Invalid, at, p.Message, t.remedy(s, p)))
	}
	return s, t.faults.Err()
}

// remedy says what may be written instead.
func (t *tabled) remedy(s *xform.Session, p xform.Problem) string {
	const most = 10
	found := s.Find(p.Path)
	switch {
	case p.Kind == xform.Constraint:
		return "the rule is " + strings.TrimSpace(p.Rule)
	case p.Kind == xform.Required && t.hidden(p.Path):
		return "add a column for it"
	case p.Kind != xform.NotOffered || len(found) == 0:
		return ""
	}
	var offered []string
	for _, choice := range s.Choices(found[0]) {
		if len(offered) == most {
			offered = append(offered, "...")
			break
		}
		offered = append(offered, choice.Value)
	}
	if len(offered) == 0 {
		return "no choice is on offer here: look at what the choices depend on"
	}
	return "write " + strings.Join(offered, ", ")
}

// hidden tells whether the table has no column for the question at a path.
func (t *tabled) hidden(path string) bool {
	for _, c := range t.a.columns {
		if c.path == path {
			return false
		}
	}
	return true
}

// tabled answers from a row.
type tabled struct {
	a      *Answers
	given  map[string]*given // by path, until it is used
	used   map[string]int    // column by path
	faults *fault.List
	line   int
}

func (t *tabled) answer(s *xform.Session, c *xform.Control, n *xpath.Node) error {
	path := s.Path(n)
	g, ok := t.given[path]
	if !ok {
		return nil
	}
	delete(t.given, path)
	t.used[path] = g.column
	return s.Set(n, coded(s, c, n, g.value))
}

// more adds instances as long as the row has an answer for one.
func (t *tabled) more(s *xform.Session, c *xform.Control, parent *xpath.Node, have int) (bool, error) {
	prefix := fmt.Sprintf("%s/%s[", s.Path(parent), c.Node.Name)
	for path := range t.given {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			digits, _, _ := strings.Cut(rest, "]")
			if n, _ := strconv.Atoi(digits); n > have {
				return true, nil
			}
		}
	}
	return false, nil
}

// unused reports answers that found no question that was asked.
func (t *tabled) unused() {
	for i, c := range t.a.columns {
		if g, ok := t.given[c.path]; !ok || g.column != i {
			continue
		}
		remedy := "leave the cell empty, or change what it depends on"
		switch {
		case c.node.Calculate != "":
			remedy = "leave the cell empty: the form calculates it"
		case c.node.Relevant != "":
			remedy = "leave the cell empty, or see to it that " + c.node.Relevant
		}
		t.faults.Add(fault.New(fault.Invalid, fault.Place{Row: t.line, Column: i + 1, Field: c.head}, "the question is not asked in this document", remedy))
	}
}

func (t *tabled) columnOf(path string) (int, bool) {
	i, ok := t.used[path]
	return i, ok
}
