package export

import (
	"cmp"
	"slices"
	"strings"

	"waymark/forms/record"
	"waymark/stats/table"
)

// sheet is one table as it is written.
type sheet struct {
	name    string // "" for the submissions
	columns []column
	header  []string
}

// column is one column as it is written.
type column struct {
	meta   string // of a server's column, else ""
	from   int    // in the merged table
	source *record.Column
	kind   kind
	// choice is the code that a split column says 0 or 1 to, "" for the whole.
	choice string
	// label is the question, and the choice of a split column; levels are the
	// choices: for formats that keep labels beside codes.
	label  string
	levels []table.Level
}

// kind is how a value is written.
type kind uint8

const (
	text   kind = iota
	number      // a number where the answer is one, else text
	day         // a date, likewise
	flag        // 0 or 1
)

// The columns that a server adds, as KoboToolbox names them.
const (
	metaID        = "_id"
	metaUUID      = "_uuid"
	metaSubmitted = "_submission_time"
	metaBy        = "_submitted_by"
	metaState     = "_validation_status"
	metaVersion   = "__version__"
	metaPoint     = "_point"
	metaIndex     = "_index"
	metaParent    = "_parent_index"
	metaTable     = "_parent_table_name"
	metaOf        = "_submission__uuid"
)

var (
	metaMain   = []string{metaID, metaUUID, metaSubmitted, metaBy, metaState, metaVersion, metaIndex}
	metaRepeat = []string{metaIndex, metaTable, metaParent, metaOf}
	reserved   = slices.Concat(metaMain, metaRepeat, []string{metaPoint})
)

// layOut makes the columns of every table. hidden are the paths that a
// pseudonymous export leaves out.
func (e *Export) layOut(hidden map[string]bool) {
	for n, t := range e.merged.Tables {
		s := &sheet{name: t.Name}
		names := t.Names(e.opt.Groups, reserved...)
		labels := map[string]int{}
		for _, c := range t.Columns {
			labels[e.label(c)]++
		}
		for at, c := range t.Columns {
			if e.opt.Pseudonymous && (hidden[c.Path] || !coded(c)) {
				e.leftOut = append(e.leftOut, c.Path)
				continue
			}
			name := names[at]
			if label := e.label(c); label != "" && labels[label] == 1 {
				name = label
			}
			whole := column{from: at, source: c, kind: kindOf(c), label: e.labelIn(c), levels: e.levels(c)}
			s.add(name, whole)
			if !e.opt.Split || c.Type != "select_multiple" {
				continue
			}
			for _, choice := range c.Choices {
				called := choice.Code
				if e.opt.Labels != "" && e.choiceLabel(&choice) != "" {
					called = e.choiceLabel(&choice)
				}
				s.add(name+"/"+called, column{from: at, source: c, kind: flag, choice: choice.Code, label: whole.label + ": " + e.choiceLabelIn(&choice)})
			}
		}
		meta := metaMain
		if n > 0 {
			meta = metaRepeat
		}
		for _, m := range meta {
			if e.opt.Pseudonymous && (m == metaID || m == metaState) {
				continue // who reviewed what is no answer; the identity is one pseudonym
			}
			c := column{meta: m}
			if m == metaIndex || m == metaParent {
				c.kind = number
			}
			if e.opt.Pseudonymous && m == metaSubmitted {
				c.kind = day
			}
			s.add(m, c)
		}
		e.tables = append(e.tables, s)
	}
}

// add adds a column under a name that no other one has.
func (s *sheet) add(name string, c column) {
	for slices.Contains(s.header, name) {
		name += "_"
	}
	s.header = append(s.header, name)
	s.columns = append(s.columns, c)
}

// label is a column's label in the language asked for, or "".
func (e *Export) label(c *record.Column) string {
	switch e.opt.Labels {
	case "":
		return ""
	case "default":
		return c.Label
	}
	if l := c.Labels[e.opt.Labels]; l != "" {
		return l
	}
	return c.Label
}

func (e *Export) choiceLabel(c *record.Choice) string {
	if l := c.Labels[e.opt.Labels]; l != "" {
		return l
	}
	return c.Label
}

// labelIn is a column's label whatever the header has, or its name.
func (e *Export) labelIn(c *record.Column) string {
	return cmp.Or(c.Labels[e.language], c.Label, c.Name)
}

func (e *Export) choiceLabelIn(c *record.Choice) string {
	return cmp.Or(c.Labels[e.language], c.Label, c.Code)
}

// levels are the choices of a select with their labels.
func (e *Export) levels(c *record.Column) []table.Level {
	var levels []table.Level
	for i := range c.Choices {
		levels = append(levels, table.Level{Code: c.Choices[i].Code, Label: e.choiceLabelIn(&c.Choices[i])})
	}
	return levels
}

func kindOf(c *record.Column) kind {
	switch c.Type {
	case "integer", "decimal", "range":
		return number
	case "date", "today":
		return day
	}
	return text
}

// value writes an answer: codes as they are, or as labels.
func (e *Export) value(c *column, cell string) string {
	switch {
	case cell == "":
		return ""
	case c.choice != "":
		for code := range strings.FieldsSeq(cell) {
			if code == c.choice {
				return "1"
			}
		}
		return "0"
	case !c.source.Select() || e.opt.Labels == "" && !e.opt.Pseudonymous:
		return cell
	case c.source.Several():
		var parts []string
		for code := range strings.FieldsSeq(cell) {
			if word, ok := e.code(c.source, code); ok {
				parts = append(parts, word)
			}
		}
		if e.opt.Labels != "" {
			return strings.Join(parts, "; ")
		}
		return strings.Join(parts, " ")
	}
	word, _ := e.code(c.source, cell)
	return word
}

// code is a code or its label. A pseudonymous export has only codes of the list:
// what is none may have been typed.
func (e *Export) code(c *record.Column, code string) (string, bool) {
	choice := c.Choice(code)
	switch {
	case choice == nil && e.opt.Pseudonymous:
		return "", false
	case choice == nil || e.opt.Labels == "":
		return code, true
	}
	if l := e.choiceLabel(choice); l != "" {
		return l, true
	}
	return code, true
}
