package definition

import (
	"strings"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// checkReferences looks up every ${name} in the sheets as they are written. The
// sheet external_choices is left out: its text goes to a file as it is.
func (r *reader) checkReferences() {
	r.checkSheet("settings", &columns{sheet: "settings"}, func(*column) bool { return true })
	r.checkSheet("entities", &columns{sheet: "entities"}, func(c *column) bool {
		return c.header != "list name" && c.header != "list_name" && c.header != "repeat"
	})
	r.checkSheet("survey", r.survey, func(c *column) bool {
		return c.target != typeTarget && c.target != nameTarget && c.target != triggerTarget
	})
	if r.choices != nil {
		// Without any label, the reference compiler looks at all columns.
		all := !r.choices.has("label")
		r.checkSheet("choices", r.choices, func(c *column) bool { return all || c.target == labelTarget })
	}
}

// checkSheet looks up the references in the columns of a sheet that read says.
func (r *reader) checkSheet(name string, c *columns, read func(*column) bool) {
	sheet := r.book.Sheet(name)
	if sheet == nil {
		return
	}
	if c.by == nil {
		c.by = make([]column, len(sheet.Header))
		for i, h := range sheet.Header {
			c.by[i] = column{index: i, header: h}
		}
	}
	wanted := make([]bool, len(sheet.Header))
	for i := range wanted {
		wanted[i] = sheet.Header[i] != "" && read(&c.by[i])
	}
	for i := range sheet.Rows {
		for _, cell := range sheet.Rows[i].Cells {
			if cell.Column < len(wanted) && wanted[cell.Column] && strings.Contains(cell.Text, "${") {
				r.checkCell(&sheet.Rows[i], cell, c)
			}
		}
	}
}

func (r *reader) checkCell(row *workbook.Row, cell workbook.Cell, c *columns) {
	refs, err := ParseReferences(cell.Text)
	for _, ref := range refs {
		at := func() fault.Place { return c.place(row.Number, cell.Column) }
		switch r.named[ref.Name] {
		case 0:
			r.fault(at(), r.remedyForName(ref.Name), "there is no question, group or repeat named %q", ref.Name)
		case 1:
		default:
			r.fault(at(), "give the rows of the survey sheet names of their own", "the reference ${%s} is not clear: the name %q is used more than once", ref.Name, ref.Name)
		}
	}
	if err != nil {
		r.fault(c.place(row.Number, cell.Column), "write ${name}, with a name of the survey sheet",
			"a reference that begins with \"${\" is not finished or not a name")
	}
}
