package definition

import (
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// row is one row of the survey sheet.
type row struct {
	number int
	el     *Element
	kind   string // the type as written
	// parent is the group that the row stands in, the root at the top.
	parent *Element
	// begin and end tell that the row opens or closes a group, repeat or loop.
	begin, end bool
	// what of the row's cells are there
	hasName, hasLabel, hasHint, hasMedia, hasDisabled, bareMedia, flat bool
	disabled                                                           string
	trigger, intent                                                    string
	hasTrigger                                                         bool
	rawParameters                                                      string
	parameters                                                         Attrs
	// appearance is that of the row's own cell.
	appearance string
	cells      int
}

// fillRow reads the cells of a row into its element.
func (r *reader) fillRow(w *row, source *workbook.Row) {
	el, byDefault := w.el, r.form.DefaultLanguage
	for _, cell := range source.Cells {
		if cell.Column >= len(r.survey.by) {
			continue
		}
		col := &r.survey.by[cell.Column]
		if len(col.path) == 0 {
			continue
		}
		w.cells++
		if col.target == noTarget {
			continue
		}
		text := plainText(cell.Text, r.clean)
		switch col.target {
		case typeTarget:
			w.kind = text
			el.Place.Column, el.Place.Field = cell.Column+1, col.header
		case nameTarget:
			el.Name, w.hasName = text, true
		case labelTarget:
			el.Label.set(col.language, text, byDefault)
			w.hasLabel = true
		case hintTarget:
			el.Hint.set(col.language, text, byDefault)
			w.hasHint = true
		case guidanceTarget:
			el.Guidance.set(col.language, text, byDefault)
		case mediaTarget:
			el.Media = setMedium(el.Media, col.key, col.language, text, byDefault)
			w.hasMedia = true
		case bareMediaTarget:
			w.bareMedia = true
		case bindTarget:
			el.Bind.Set(col.key, bindValue(col.key, text))
		case constraintMessageTarget:
			el.ConstraintMessage.setNested(col.language, text, byDefault)
		case requiredMessageTarget:
			el.RequiredMessage.setNested(col.language, text, byDefault)
		case noAppErrorTarget:
			el.NoAppErrorMsg.setNested(col.language, text, byDefault)
		case controlTarget:
			el.Control.Set(col.key, text)
			if col.key == "appearance" {
				w.appearance = text
			}
		case instanceTarget:
			el.Instance.Set(col.key, text)
		case defaultTarget:
			el.Default = text
		case triggerTarget:
			w.trigger, w.hasTrigger = text, true
		case choiceFilterTarget:
			el.ChoiceFilter = text
		case parametersTarget:
			w.rawParameters = text
		case disabledTarget:
			w.disabled, w.hasDisabled = text, true
			w.cells--
		case queryTarget:
			el.Query = text
		case intentTarget:
			w.intent = text
		case partedTarget:
			r.fault(r.survey.place(w.number, cell.Column), "take away what is behind the colon", "the column %q has no parts or languages", col.key)
		case flatTarget:
			w.flat = true
		}
	}
}

// bindValue turns yes and no into expressions where an expression belongs.
func bindValue(key, text string) string {
	switch key {
	case "readonly", "required", "relevant", "constraint", "calculate":
		return truth(text)
	}
	return text
}

// at is the place of one of the row's cells, by a part of the column's path:
// "name", "relevant", "parameters", "jr:count".
func (r *reader) at(w *row, part string) fault.Place { return r.survey.find(w.number, part) }
