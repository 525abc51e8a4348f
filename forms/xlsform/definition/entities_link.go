package definition

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
)

// saveTo is the key of the bind attribute that names an entity's property.
const saveTo = "entities:saveto"

// entityLink ties an entity list to a row of the survey: its answer is saved
// to the list, or an expression of the list refers to it.
type entityLink struct {
	container *Element // the survey, group or repeat that holds the row
	property  string   // empty for a reference
	question  string
	place     fault.Place
}

// linkSurvey walks the survey in row order, collects the links of every list,
// and takes the list's name off the properties.
func (p *entityPlan) linkSurvey() {
	byName := make(map[string]*entityList, len(p.lists))
	mentioned := map[string][]*entityList{}
	for _, l := range p.lists {
		byName[l.name] = l
		for name := range l.refers {
			mentioned[name] = append(mentioned[name], l)
		}
	}
	for _, w := range p.rows {
		if save := w.el.Bind.Get(saveTo); save != "" {
			p.linkSave(w, save, byName)
		}
		if w.end {
			continue
		}
		for _, l := range mentioned[w.el.Name] {
			l.links = append(l.links, entityLink{container: w.parent, question: w.el.Name, place: l.place})
		}
	}
}

// linkSave reads one save_to: a property, or list#property.
func (p *entityPlan) linkSave(w *row, save string, byName map[string]*entityList) {
	listName, property, prefixed := strings.Cut(save, "#")
	if !prefixed {
		property = save
	} else {
		w.el.Bind.Set(saveTo, property)
	}
	at := p.at(w, saveTo)
	if p.sheet == nil || len(p.sheet.Rows) == 0 {
		p.fault(at, "add a sheet entities with list_name and label, or remove the save_to",
			"save_to '%s' has no entity to be saved to: the form declares none", save)
		return
	}
	if strings.Contains(property, "#") {
		p.fault(at, "write list#property, for example people#age",
			"save_to '%s' has more than one #", save)
		return
	}
	if len(p.lists) == 0 {
		return // the entities sheet has faults of its own
	}
	list := p.lists[0]
	if prefixed {
		list = byName[listName]
	} else if len(p.lists) > 1 {
		p.fault(at, fmt.Sprintf("write the list before it: %s#%s", list.name, save),
			"save_to '%s' does not say which of the %d entity lists it belongs to", save, len(p.lists))
		return
	}
	if list == nil {
		p.fault(at, p.listRemedy(listName), "save_to '%s' names entity list '%s', which is not declared", save, listName)
		return
	}
	p.addSave(w, list, property, at)
}

// addSave checks the property and adds the link.
func (p *entityPlan) addSave(w *row, list *entityList, property string, at fault.Place) {
	switch {
	case w.begin || w.end:
		p.fault(at, "move the save_to to a question",
			"a row that begins or ends a group or repeat has no answer that could be saved to an entity")
		return
	case property == "":
		p.fault(at, "write the property's name after the #", "the save_to names no property")
		return
	}
	if wrong, remedy := badEntityName(property, false); wrong != "" {
		p.fault(at, remedy, "entity property '%s' %s", property, wrong)
		return
	}
	for _, l := range list.links {
		if l.property == property {
			p.fault(at, "rename one of them",
				"property '%s' of entity list '%s' is already saved in row %d", property, list.name, l.place.Row)
			return
		}
	}
	list.links = append(list.links, entityLink{container: w.parent, property: property, question: w.el.Name, place: at})
}

// listRemedy suggests a declared list, or names them all.
func (p *entityPlan) listRemedy(name string) string {
	names := make([]string, len(p.lists))
	for i, l := range p.lists {
		names[i] = l.name
	}
	if near := fault.Nearest(name, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "declare it on the entities sheet, or use " + strings.Join(names, ", ")
}
