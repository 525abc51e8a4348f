package definition

import (
	"strings"

	"waymark/forms/xlsform/workbook"
)

// readChoices reads the choices sheet into lists, in order of first appearance.
func (r *reader) readChoices() {
	sheet := r.book.Sheet("choices")
	if sheet == nil || len(sheet.Rows) == 0 {
		return
	}
	c := r.columns(sheet, &choiceWords)
	setChoiceTargets(c)
	r.choices, r.form.choices = c, c
	r.require(c, &choiceWords, "name")
	r.hintAtColumns(c, &choiceWords)
	r.checkChoiceHeaders(c)
	r.form.Lists, r.lists = r.readLists(sheet, c)
	for _, l := range r.form.Lists {
		r.checkList(l)
	}
}

// readExternalChoices reads the sheet that becomes itemsets.csv.
func (r *reader) readExternalChoices() {
	sheet := r.book.Sheet("external_choices")
	if sheet == nil || len(sheet.Rows) == 0 {
		return
	}
	c := r.columns(sheet, &choiceWords)
	setChoiceTargets(c)
	r.form.External, r.external = r.readLists(sheet, c)
	var header []string
	var kept []int
	for i, h := range sheet.Header {
		if h != "" {
			header, kept = append(header, h), append(kept, i)
		}
	}
	r.form.ExternalRows = append(r.form.ExternalRows, header)
	for _, row := range sheet.Rows {
		line := make([]string, len(kept))
		for i, column := range kept {
			line[i] = row.Get(column)
		}
		r.form.ExternalRows = append(r.form.ExternalRows, line)
	}
}

// readOSM reads the lists of tags for osm questions.
func (r *reader) readOSM() {
	if sheet := r.book.Sheet("osm"); sheet != nil && len(sheet.Rows) > 0 {
		c := r.columns(sheet, &choiceWords)
		setChoiceTargets(c)
		_, r.osm = r.readLists(sheet, c)
	}
}

// checkChoiceHeaders takes out the columns that cannot be the name of a node of
// a choice: people keep notes in them. Each is warned of.
func (r *reader) checkChoiceHeaders(c *columns) {
	for i := range c.by {
		col := &c.by[i]
		if len(col.path) == 0 || col.target != extraTarget {
			continue
		}
		if strings.Contains(col.path[0], " ") {
			r.warn(c.place(1, i), "write an underscore for every space, or leave it if it holds notes",
				"the column %q is not read because a header must not have spaces", col.header)
			col.target = noTarget
		} else if !isColumnName(col.path[0]) {
			r.warn(c.place(1, i), nameRemedy,
				"the column %q is not read because its header cannot name a node", col.header)
			col.target = noTarget
		}
	}
}

// setChoiceTargets says what each column of a sheet of choices is.
func setChoiceTargets(c *columns) {
	for i := range c.by {
		col := &c.by[i]
		part := func(n int) string {
			if n < len(col.path) {
				return col.path[n]
			}
			return ""
		}
		switch part(0) {
		case "":
		case "list name":
			col.target = listTarget
		case "name":
			col.target = nameTarget
		case "label":
			col.target, col.language = labelTarget, part(1)
		case "media":
			if col.key = part(1); col.key != "" {
				col.target, col.language = mediaTarget, part(2)
			}
		case "parent", "extra_data":
		default:
			col.target, col.key = extraTarget, strings.Join(col.path, ":")
		}
	}
}

// readLists groups the rows of a sheet by list. Rows without a list are left out.
func (r *reader) readLists(sheet *workbook.Sheet, c *columns) ([]*List, map[string]*List) {
	var lists []*List
	byName := make(map[string]*List)
	var last *List
	var b choiceBuilder
	for i := range sheet.Rows {
		list, choice := b.build(c, &sheet.Rows[i], r.form.DefaultLanguage)
		if list == "" {
			if choice.Name != "" && c == r.choices && c.has("list name") {
				r.warn(c.find(choice.Row, "list name"), "write the name of the list that it belongs to", "the choice %q has no list and is not read", choice.Name)
			}
			continue
		}
		if last == nil || last.Name != list {
			if last = byName[list]; last == nil {
				last = &List{Name: list, Choices: make([]Choice, 0, b.run(c, sheet.Rows[i:]))}
				byName[list] = last
				lists = append(lists, last)
			}
		}
		last.Choices = append(last.Choices, choice)
	}
	return lists, byName
}

// checkList finds choices without a name or a label and names that come twice.
func (r *reader) checkList(l *List) {
	seen := make(map[string]int, len(l.Choices))
	for i := range l.Choices {
		ch := &l.Choices[i]
		if ch.Name == "" {
			r.fault(r.choices.find(ch.Row, "name"), "give the choice a short name without spaces",
				"a choice of the list %q has no name", l.Name)
			continue
		}
		if ch.Label.Empty() {
			r.warn(r.choices.find(ch.Row, "label"), "write what people are to read",
				"the choice %q of the list %q has no label", ch.Name, l.Name)
		}
		if r.form.Settings.AllowChoiceDuplicates {
			continue
		}
		if first, twice := seen[ch.Name]; twice {
			r.fault(r.choices.find(ch.Row, "name"),
				"give each choice of a list its own name, or set allow_choice_duplicates to yes in the settings sheet if it is meant",
				"the name %q is in the list %q twice; row %d has it first", ch.Name, l.Name, first)
			continue
		}
		seen[ch.Name] = ch.Row
	}
}

// markLists notes which lists need itext and which a search() uses.
func (r *reader) markLists() {
	for _, l := range r.form.Lists {
		for i := range l.Choices {
			ch := &l.Choices[i]
			if len(ch.Media) > 0 || len(ch.Label.ByLanguage) > 0 || HasReference(ch.Label.Plain) {
				l.NeedsItext = true
				break
			}
		}
	}
}
