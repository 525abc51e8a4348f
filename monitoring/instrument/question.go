package instrument

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/pattern"
)

// questionName is what XLSForm takes as a name: the name of an XML element
// without a colon.
var questionName = pattern.Of(`^[\p{L}_][\p{L}\p{N}\p{M}_.-]*$`)

// reference finds ${name} in an expression. Source: XLSForm reference, "Other
// questions in expressions"; last-saved# refers to an earlier interview.
var reference = pattern.Of(`\$\{\s*(?:last-saved#)?([^}]*?)\s*\}`)

// enclosing is a group or repeat that is open while the sheet is read.
type enclosing struct {
	name, kind string // kind: group or repeat
	row        int
}

// surveyReader reads the survey sheet.
type surveyReader struct {
	in       *Instrument
	sheet    *sheet
	language string
	open     []enclosing
	rows     map[string]int // name of any row: its number
	faults   *fault.List
}

// read fills in.Questions and in.Silent.
func (r *surveyReader) read() {
	s := r.sheet
	r.rows = map[string]int{}
	r.in.Silent = map[string]Text{}
	for _, need := range []string{"type", "name"} {
		if _, ok := s.index[need]; !ok {
			p := s.at
			p.Row = 1
			r.faults.Addf(fault.Invalid, p, "add it", "the survey has no column %q", need)
			return
		}
	}
	for _, row := range s.rows {
		r.row(row)
	}
	for _, e := range r.open {
		r.faults.Addf(fault.Invalid, s.place(e.row, "type"), "add a row end_"+e.kind, "the %s %q is never closed", e.kind, e.name)
	}
	r.references()
	if len(r.in.Questions) == 0 && r.faults.Len() == 0 {
		r.faults.Addf(fault.Invalid, s.at, "", "the survey has no question")
	}
}

func (r *surveyReader) row(row sheetRow) {
	s := r.sheet
	cell := s.cell(row, "type")
	name := s.cell(row, "name")
	if cell == "" {
		if name != "" {
			r.faults.Addf(fault.Invalid, s.place(row.number, "type"), "give it a type such as select_one, integer or text", "%q has no type", name)
		}
		return
	}
	kind, list, orOther := splitType(cell)
	known, ok := questionTypes[kind]
	if !ok {
		names := make([]string, 0, len(questionTypes))
		for k := range questionTypes {
			names = append(names, k)
		}
		slices.Sort(names)
		remedy := "see the types at xlsform.org"
		if near := fault.Nearest(kind, names); near != "" {
			remedy = "did you mean " + near + "?"
		}
		r.faults.Addf(fault.Invalid, s.place(row.number, "type"), remedy, "the type %q is not known", cell)
		if name != "" {
			r.rows[name] = row.number
		}
		return
	}
	if strings.HasPrefix(kind, "end_") {
		r.close(strings.TrimPrefix(kind, "end_"), row.number)
		return
	}
	if name == "" && known.metadata {
		name = kind
	}
	if name == "" && kind == "note" {
		return
	}
	if !r.take(name, kind, row.number) {
		return
	}
	label := s.texts(row, "label", r.language)
	if known.silent {
		r.in.Silent[name] = label
		if strings.HasPrefix(kind, "begin_") {
			r.open = append(r.open, enclosing{name, strings.TrimPrefix(kind, "begin_"), row.number})
		}
		return
	}
	q := Question{
		Name: name, Type: kind, Label: label, Hint: s.texts(row, "hint", r.language), Group: r.path(), Repeat: r.repeat(),
		Relevant: s.cell(row, "relevant"), Constraint: s.cell(row, "constraint"), Appearance: s.cell(row, "appearance"),
		Calculation: s.cell(row, "calculation"), Required: yes(s.cell(row, "required")), Kind: known.kind, Metadata: known.metadata,
		Identifying: identifyingTypes[kind], row: row.number,
	}
	if known.list {
		r.list(&q, list, orOther, row.number)
	}
	r.in.Questions = append(r.in.Questions, q)
	if orOther {
		other := Question{Name: name + "_other", Type: "text", Label: label, Group: q.Group, Repeat: q.Repeat,
			Relevant: fmt.Sprintf("selected(${%s}, 'other')", name), Kind: questionTypes["text"].kind, row: row.number}
		if r.take(other.Name, "text", row.number) {
			r.in.Questions = append(r.in.Questions, other)
		}
	}
}

// take checks and registers a name.
func (r *surveyReader) take(name, kind string, row int) bool {
	at := r.sheet.place(row, "name")
	switch {
	case name == "":
		r.faults.Addf(fault.Invalid, at, "give it a name such as age", "a row of type %s has no name", kind)
		return false
	case !questionName().MatchString(name):
		r.faults.Addf(fault.Invalid, at, "use letters, digits, _ . and -, and begin with a letter or _", "%q cannot be a name", name)
		return false
	case r.rows[name] != 0:
		r.faults.Addf(fault.Invalid, at, "give each its own name, also across groups", "the name %q is already in row %d", name, r.rows[name])
		return false
	}
	r.rows[name] = row
	return true
}

// list checks the choice list of a select.
func (r *surveyReader) list(q *Question, list string, orOther bool, row int) {
	q.List = list
	at := r.sheet.place(row, "type")
	switch {
	case list == "":
		r.faults.Addf(fault.Invalid, at, "write it after the type, as in select_one yes_no", "the question %q has no list of choices", q.Name)
	case strings.HasSuffix(q.Type, "_from_file"), q.Type == "select_one_external", strings.HasPrefix(list, "${"):
		q.Open = true
	case len(r.in.Lists[list]) == 0:
		names := make([]string, 0, len(r.in.Lists))
		for name := range r.in.Lists {
			names = append(names, name)
		}
		slices.Sort(names)
		remedy := "add it to the choices"
		if near := fault.Nearest(list, names); near != "" {
			remedy = "did you mean " + near + "?"
		}
		r.faults.Addf(fault.Invalid, at, remedy, "the list %q of question %q has no choices", list, q.Name)
	case orOther && !slices.ContainsFunc(r.in.Lists[list], func(c Choice) bool { return c.Name == "other" }):
		r.in.Lists[list] = append(r.in.Lists[list], Choice{Name: "other", Label: Text{"en": "Other"}})
	}
}

func (r *surveyReader) close(kind string, row int) {
	if len(r.open) == 0 || r.open[len(r.open)-1].kind != kind {
		r.faults.Addf(fault.Invalid, r.sheet.place(row, "type"), "remove it, or add a row begin_"+kind+" before it", "end_%s closes no %s", kind, kind)
		return
	}
	r.open = r.open[:len(r.open)-1]
}

// path is the names of the open groups and repeats, joined by "/".
func (r *surveyReader) path() string {
	names := make([]string, len(r.open))
	for i, e := range r.open {
		names[i] = e.name
	}
	return strings.Join(names, "/")
}

// repeat is the innermost open repeat, or "".
func (r *surveyReader) repeat() string {
	for i := len(r.open) - 1; i >= 0; i-- {
		if r.open[i].kind == "repeat" {
			return r.open[i].name
		}
	}
	return ""
}

// references checks that every ${name} of an expression is a row of the survey.
func (r *surveyReader) references() {
	names := make([]string, 0, len(r.rows))
	for name := range r.rows {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, row := range r.sheet.rows {
		for _, column := range []string{"relevant", "constraint", "calculation", "default", "trigger", "repeat_count", "choice_filter"} {
			for _, m := range reference().FindAllStringSubmatch(r.sheet.cell(row, column), -1) {
				if r.rows[m[1]] != 0 {
					continue
				}
				remedy := "use the name of a question of this survey"
				if near := fault.Nearest(m[1], names); near != "" {
					remedy = "did you mean ${" + near + "}?"
				}
				r.faults.Addf(fault.Invalid, r.sheet.place(row.number, column), remedy, "there is no question %q", m[1])
			}
		}
	}
}

// yes reads a cell of the required column.
func yes(cell string) bool {
	switch strings.ToLower(cell) {
	case "yes", "true", "true()", "1":
		return true
	}
	return false
}
