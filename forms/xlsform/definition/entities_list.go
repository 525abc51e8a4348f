package definition

import (
	"fmt"
	"strings"

	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
)

// entityWords are the columns of the entities sheet. The column repeat is read
// for older forms and means nothing: the place follows from references.
var entityWords = vocabulary{
	known:   set("dataset", "label", "entity_id", "create_if", "update_if", "repeat"),
	aliases: map[string][]string{"list_name": {"dataset"}},
	suggest: []string{"list_name", "label", "entity_id", "create_if", "update_if"},
}

// entityList is one row of the entities sheet: a list of entities, and when
// and how an answer document adds to it.
//
//	entity_id  create_if  update_if
//	no         no         no         always makes an entity
//	no         yes        no         makes one where create_if holds
//	yes        no         no         always changes the entity of that id
//	yes        no         yes        changes it where update_if holds
//	yes        yes        yes        makes or changes, as the conditions say
//
// Every other combination is a fault. A list that may make entities without
// entity_id needs a label.
type entityList struct {
	name                                string
	label, entityID, createIf, updateIf string
	place                               fault.Place
	// refers are the names that the row's expressions refer to.
	refers map[string]bool
	links  []entityLink
}

// readEntities reads every row of the entities sheet.
func (p *entityPlan) readEntities() {
	if p.sheet == nil || len(p.sheet.Rows) == 0 {
		return
	}
	columns := p.columns(p.sheet, &entityWords)
	known := p.checkEntityColumns(columns)
	first := map[string]*entityList{}
	for _, row := range p.sheet.Rows {
		l := p.readEntity(row, columns, known)
		if l == nil {
			continue
		}
		if other := first[l.name]; other != nil {
			p.fault(l.place, "give each list one row; join the conditions in create_if or update_if",
				"entity list '%s' is already declared in row %d", l.name, other.place.Row)
			continue
		}
		first[l.name] = l
		p.lists = append(p.lists, l)
	}
}

// checkEntityColumns reports columns that the sheet does not have and in which
// something is written. It tells whether all are known.
func (p *entityPlan) checkEntityColumns(columns *columns) bool {
	before := p.faults.Len()
	filled := make([]bool, len(columns.by))
	for _, row := range p.sheet.Rows {
		for _, c := range row.Cells {
			if c.Column < len(filled) {
				filled[c.Column] = true
			}
		}
	}
	for i, c := range columns.by {
		if len(c.path) == 0 || !filled[i] || len(c.path) == 1 && entityWords.known[c.path[0]] {
			continue
		}
		remedy := "use " + strings.Join(entityWords.suggest, ", ") + ", or remove the column"
		if base := c.path[0]; entityWords.known[base] {
			remedy = fmt.Sprintf("name the column %q: an entity has one %s, whatever the language", base, base)
		} else if near := fault.Nearest(snakeCase(c.header), entityWords.suggest); near != "" {
			remedy = fmt.Sprintf("did you mean %q?", near)
		}
		p.fault(columns.place(1, i), remedy, "the entities sheet has no column '%s'", c.header)
	}
	return p.faults.Len() == before
}

// readEntity reads one row, or reports what is wrong and returns nil. Where a
// column is not known, what seems to be missing may be in it.
func (p *entityPlan) readEntity(row workbook.Row, columns *columns, known bool) *entityList {
	cells := map[string]string{}
	for _, c := range row.Cells {
		if c.Column >= len(columns.by) {
			continue
		}
		if path := columns.by[c.Column].path; len(path) == 1 {
			cells[path[0]] = plainText(c.Text, false)
		}
	}
	l := &entityList{
		name: cells["dataset"], label: cells["label"], entityID: cells["entity_id"],
		createIf: cells["create_if"], updateIf: cells["update_if"],
		place: columns.find(row.Number, "dataset"), refers: map[string]bool{},
	}
	before := p.faults.Len()
	if l.name == "" {
		p.fault(l.place, "write the list's name, for example people", "the entity has no list_name")
	} else if wrong, remedy := badEntityName(l.name, true); wrong != "" {
		p.fault(l.place, remedy, "entity list name '%s' %s", l.name, wrong)
	}
	switch {
	case !known:
	case l.updateIf != "" && l.entityID == "":
		p.fault(columns.find(row.Number, "entity_id"),
			"write in entity_id which entity to change, for example ${person}; or, if the form only makes entities, move the condition to create_if",
			"entity list '%s' has update_if but no entity_id", l.name)
	case l.entityID != "" && l.createIf != "" && l.updateIf == "":
		p.fault(columns.find(row.Number, "update_if"),
			"write in update_if when to change the entity; or, if the form only makes entities, remove entity_id",
			"entity list '%s' has entity_id and create_if but no update_if", l.name)
	case l.entityID == "" && l.label == "":
		p.fault(columns.find(row.Number, "label"),
			"write a label, for example ${name}; or, if the form changes entities, write entity_id",
			"entity list '%s' has no label for the entities that it makes", l.name)
	}
	if p.faults.Len() > before {
		return nil
	}
	for _, text := range []string{l.entityID, l.createIf, l.updateIf, l.label} {
		refs, _ := ParseReferences(text) // malformed ones are reported with those of all sheets
		for _, ref := range refs {
			l.refers[ref.Name] = true
		}
	}
	return l
}

// badEntityName says what is wrong with the name of a list or a property, and
// what to do; both are empty if it is good.
func badEntityName(name string, list bool) (wrong, remedy string) {
	switch {
	case strings.HasPrefix(name, "__"):
		return "begins with two underscores, which the specification keeps for itself", "remove the underscores"
	case list && strings.Contains(name, "."):
		return "has a full stop", "write an underscore instead"
	case !list && (strings.EqualFold(name, "name") || strings.EqualFold(name, "label")):
		return "is kept for the entity's own id and label", "choose another name, such as full_name"
	case !isName(name):
		return "is not a name that XML allows", "begin with a letter or an underscore and go on with letters, digits, - and _ only"
	}
	return "", ""
}
