package definition

import (
	"strconv"
	"strings"

	"waymark/internal/fault"
)

// frame is a group, repeat or loop that is open.
type frame struct {
	el    *Element
	kind  string // group, repeat or loop; empty for the root
	at    fault.Place
	names map[string]int // of the children, with their rows
	lower map[string]bool
}

func newFrame(el *Element, kind string, at fault.Place) frame {
	return frame{el: el, kind: kind, at: at, names: map[string]int{}, lower: map[string]bool{}}
}

func (r *reader) top() *frame { return &r.stack[len(r.stack)-1] }

// readSurvey reads the survey sheet, row by row, into the tree.
func (r *reader) readSurvey() {
	sheet := r.book.Sheet("survey")
	c := r.columns(sheet, &surveyWords)
	setSurveyTargets(c)
	r.survey, r.form.survey = c, c
	r.require(c, &surveyWords, "type")
	r.hintAtColumns(c, &surveyWords)
	if e := r.book.Sheet("entities"); e == nil || len(e.Rows) == 0 {
		r.warnOfSheetLike("entities")
	}
	r.checkTranslations()

	r.form.Name = r.name
	r.form.Root = &Element{Kind: Group, Type: "survey", Name: r.name}
	r.named, r.questions = make(map[string]int, len(sheet.Rows)), make(map[string]bool, len(sheet.Rows))
	r.repeats, r.instances = map[string]bool{}, map[string]bool{}
	r.stack = append(r.stack, newFrame(r.form.Root, "", fault.Place{}))
	sources := sheet.Rows
	if len(sources) > maxRows {
		r.fault(fault.Place{Sheet: "survey", Row: sources[maxRows].Number}, "take rows out, or make two forms of it",
			"the sheet has more than %d rows; those from here on are not read", maxRows)
		sources = sources[:maxRows]
	}
	elements, rows := make([]Element, len(sources)), make([]row, len(sources))
	for i := range sources {
		w := &rows[i]
		w.number, w.el, w.parent = sources[i].Number, &elements[i], r.top().el
		w.el.Place = fault.Place{Sheet: "survey", Row: w.number}
		r.fillRow(w, &sources[i])
		r.readRow(w)
	}
	for _, f := range r.stack[1:] {
		r.fault(f.at, "add a row with the type end "+f.kind+" after its last question",
			"the %s %q is begun but has no end_%s", f.kind, f.el.Name, f.kind)
	}
}

// readRow puts one row into the tree.
func (r *reader) readRow(w *row) {
	if w.hasDisabled {
		r.warn(r.at(w, "disabled"), "use relevant, or take the row out",
			"the column \"disabled\" is not part of XLSForm")
		if yes, _ := isYes(w.disabled); yes {
			return
		}
	}
	if w.cells == 0 {
		return
	}
	if w.kind == "" {
		r.withoutType(w)
		return
	}
	if to := typeSpellings[w.kind]; to != "" {
		w.kind = to
	}
	if w.hasTrigger {
		r.readTrigger(w)
	}
	r.readDefault(w)
	r.readParameters(w)
	if w.kind == "audit" {
		r.readAudit(w)
		return
	}
	if w.kind == "calculate" && w.el.Bind.Get("calculate") == "" && !w.el.DynamicDefault {
		r.fault(r.at(w, "calculate"), "write an expression in the calculation column", "the calculation is missing")
	}
	if w.kind == "subscriberid" || w.kind == "simserial" {
		r.warn(w.el.Place, "take the row out unless old phones are in use",
			"most devices no longer give the %s; Android 11 and later do not", w.kind)
	}
	if to := settingWords.aliases[w.kind]; to != nil {
		r.settingRow(w, to[0])
		return
	}
	kind, list, begin := parseBegin(w.kind)
	endKind, end := parseEnd(w.kind)
	w.begin, w.end = begin, end
	if !end && !r.nameRow(w) {
		if !begin {
			return
		}
		// Go on with the group, so that its end is not a fault too.
	}
	r.rows = append(r.rows, w)
	switch {
	case end:
		r.endSection(w, endKind)
	case begin:
		r.beginSection(w, kind, list)
	default:
		r.readQuestion(w)
	}
}

// withoutType passes over a row of comments, and complains of any other.
func (r *reader) withoutType(w *row) {
	if w.hasName || w.hasLabel {
		r.fault(r.at(w, "type"), "write a type, such as text, integer or note", "the row has a name or a label but no type")
		return
	}
	r.warn(fault.Place{Sheet: "survey", Row: w.number}, "leave it if it is a remark, or give it a type and a name", "the row has no type, name or label and is not read")
}

// settingRow is a setting that an old form gives on the survey sheet.
func (r *reader) settingRow(w *row, name string) {
	s := &r.form.Settings
	if !w.hasName {
		r.warn(r.at(w, "name"), "write the setting in the name column, or better on the settings sheet", "the row %q has no value", w.kind)
		return
	}
	switch name {
	case "title":
		s.Title = w.el.Name
	case "id_string":
		s.ID = w.el.Name
	case "prefix":
		s.Prefix = w.el.Name
	}
}

// nameRow checks the row's name, or gives a note one, and remembers it. It
// tells whether the row has a usable name.
func (r *reader) nameRow(w *row) bool {
	if !w.hasName {
		if w.kind != "note" {
			r.fault(r.at(w, "name"), "write a short name without spaces in the name column", "the question or group has no name")
			return false
		}
		w.el.Name = "generated_note_name_" + strconv.Itoa(w.number)
	}
	if !isName(w.el.Name) {
		r.fault(r.at(w, "name"), remedyForBadName(w.el.Name), "the name %q cannot name a node", w.el.Name)
		return false
	}
	r.named[w.el.Name]++
	r.unique(w)
	return true
}

// unique checks the row's name against its siblings.
func (r *reader) unique(w *row) {
	f, name := r.top(), w.el.Name
	if name == "meta" {
		r.fault(r.at(w, "name"), "choose another name", "the name \"meta\" is kept for the form's own data")
		return
	}
	if first, twice := f.names[name]; twice {
		r.fault(r.at(w, "name"), "give each question of a group its own name",
			"the name %q is used twice in the same group; row %d has it first", name, first)
		return
	}
	f.names[name] = w.number
	lower := strings.ToLower(name)
	if f.lower[lower] {
		r.warn(r.at(w, "name"), "choose names that differ in more than capitals",
			"the name %q differs from another of the same group only in its capitals, which some programs cannot tell apart", name)
	}
	f.lower[lower] = true
}

// add puts an element under the group that is open.
func (r *reader) add(el *Element) { attach(r.top().el, el) }

func attach(parent, child *Element) {
	child.Parent = parent
	parent.Children = append(parent.Children, child)
}
