package fill

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
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
}

// column is where the answers of a column go.
type column struct {
	head string
	path string // with positions: "/data/trip[2]/country"
	node *xform.Definition
}

// ReadAnswers reads a table of answers as CSV, with a header. A column is named
// by the question's name if only one question has it, or by its path: "name",
// "group/name", "group-name" as exports write it, "trip[2]/country" for the
// second instance of a repeat. Further columns of exports (KEY, instanceID, ...)
// are left out; unknown ones are faults, all at once.
func ReadAnswers(form *xform.Form, data []byte) (*Answers, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the answers are not in UTF-8", "save the table as CSV UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
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

// exported are columns that exports add; they hold no answers.
var exported = map[string]bool{
	"key": true, "submissiondate": true, "instanceid": true, "_id": true, "_uuid": true, "_submission_time": true,
	"submitterid": true, "submittername": true, "attachmentspresent": true, "attachmentsexpected": true, "status": true,
	"reviewstate": true, "deviceid": false, "edits": true, "formversion": true, "_index": true, "_status": true,
	"_submitted_by": true, "_tags": true, "_notes": true, "_validation_status": true, "__version__": true,
}

func (a *Answers) heads(head []string, faults *fault.List) {
	names := a.names()
	seen := map[string]int{}
	for i, h := range head {
		h = strings.TrimSpace(h)
		at := fault.Place{Row: 1, Column: i + 1, Field: h}
		c := column{head: h}
		plain, positions := split(h)
		switch list := names[strings.ToLower(plain)]; {
		case len(list) == 1:
			c.node = list[0]
			c.path = placed(c.node, positions)
		case len(list) > 1:
			faults.Addf(fault.Invalid, at, "write its path, such as "+strings.TrimPrefix(list[0].Path, "/"), "%d questions have this name", len(list))
		case h == "" || exported[strings.ToLower(h)]:
		default:
			known := slices.Sorted(maps.Keys(names)) // so that a tie always ends alike
			remedy := "name a question of the form, or take the column out"
			if near := fault.Nearest(strings.ToLower(plain), known); near != "" {
				remedy = fmt.Sprintf("did you mean %q?", near)
			}
			faults.Addf(fault.Invalid, at, remedy, "the form has no such question")
		}
		if c.path != "" {
			if first, twice := seen[c.path]; twice {
				faults.Addf(fault.Invalid, at, "keep one of them", "column %d is for the same question", first)
			}
			seen[c.path] = i + 1
		}
		a.columns = append(a.columns, c)
	}
}

// names lists the questions by every name that a column may have, lower case.
func (a *Answers) names() map[string][]*xform.Definition {
	names := map[string][]*xform.Definition{}
	for _, d := range a.form.Nodes {
		if !d.Leaf || d.Attribute || d.Control == nil {
			continue
		}
		path := strings.ToLower(strings.TrimPrefix(d.Path, "/"))
		_, inner, _ := strings.Cut(path, "/")
		all := map[string]bool{strings.ToLower(d.Name): true, "/" + path: true, path: true, inner: true, strings.ReplaceAll(inner, "/", "-"): true}
		for name := range all {
			names[name] = append(names[name], d)
		}
	}
	return names
}

// split takes the positions out of a head: "trip[2]/country" is "trip/country"
// with position 2 for "trip".
func split(head string) (string, map[string]int) {
	positions := map[string]int{}
	var plain strings.Builder
	for {
		before, rest, ok := strings.Cut(head, "[")
		plain.WriteString(before)
		if !ok {
			return plain.String(), positions
		}
		digits, after, ok := strings.Cut(rest, "]")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 1 || n > xform.MaxInstances {
			return plain.String() + "[" + rest, positions // no name has a bracket: it will not be found
		}
		name := plain.String()
		positions[strings.ToLower(name[strings.LastIndexAny(name, "/-")+1:])] = n
		head = after
	}
}

// placed is a question's path with the positions that a session gives its nodes.
func placed(d *xform.Definition, positions map[string]int) string {
	if d == nil {
		return ""
	}
	step := "/" + d.Name
	if d.Repeat {
		step += fmt.Sprintf("[%d]", max(1, positions[strings.ToLower(d.Name)]))
	}
	return placed(d.Parent, positions) + step
}

// Len returns how many documents the table makes.
func (a *Answers) Len() int { return len(a.rows) }

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
	t := &tabled{a: a, s: s, given: map[string]int{}, faults: fault.NewList(maxFaults), line: a.lines[row]}
	for i, c := range a.columns {
		if c.node != nil && i < len(a.rows[row]) {
			if value := strings.TrimSpace(a.rows[row][i]); value != "" {
				t.given[c.path] = i
			}
		}
	}
	t.row = a.rows[row]
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
		t.faults.Add(fault.New(fault.Invalid, at, p.Message, ""))
	}
	return s, t.faults.Err()
}

// tabled answers from a row.
type tabled struct {
	a      *Answers
	s      *xform.Session
	row    []string
	given  map[string]int // column by path, until it is used
	used   map[string]int
	faults *fault.List
	line   int
}

func (t *tabled) answer(s *xform.Session, c *xform.Control, n *xpath.Node) error {
	path := s.Path(n)
	i, ok := t.given[path]
	if !ok {
		return nil
	}
	delete(t.given, path)
	if t.used == nil {
		t.used = map[string]int{}
	}
	t.used[path] = i
	return s.Set(n, coded(s, c, n, strings.TrimSpace(t.row[i])))
}

// coded turns labels of choices into their names where a cell holds those, and
// leaves everything else as it is.
func coded(s *xform.Session, c *xform.Control, n *xpath.Node, value string) string {
	if c.Tag != "select1" && c.Tag != "select" {
		return value
	}
	choices := s.Choices(n)
	for _, choice := range choices {
		if choice.Value == value {
			return value
		}
	}
	for _, choice := range choices {
		if strings.EqualFold(strings.TrimSpace(choice.Label), value) {
			return choice.Value
		}
	}
	return value
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
		if at, ok := t.given[c.path]; !ok || at != i {
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
