package definition

import (
	"waymark/forms/xlsform/workbook"
)

// The versions of the entities specification that a form says it follows: the
// later one where there are several lists or where a repeat makes entities.
const (
	entitiesOne  = "2024.1.0"
	entitiesMany = "2025.1.0"
)

// applyEntities reads the entities sheet, ties its lists to the questions that
// are saved to them or that they refer to, and puts one entity node into the
// meta of the place where each belongs.
//
// Source: ODK XForms specification, Entities; the grammar of the sheet and the
// choice of the place are those of pyxform 4.5.0.
func (r *reader) applyEntities() {
	p := &entityPlan{reader: r, sheet: r.book.Sheet("entities")}
	p.apply()
}

// entityPlan is the work of turning the entities sheet into nodes.
type entityPlan struct {
	*reader
	sheet *workbook.Sheet // nil if there is none
	lists []*entityList
}

// apply stops after reading if the sheet itself is at fault: where an entity
// belongs cannot be said of a list that is not understood.
func (p *entityPlan) apply() {
	before := p.faults.Len()
	p.readEntities()
	p.linkSurvey()
	if len(p.lists) == 0 || p.faults.Len() > before {
		return
	}
	requests := make([]*entityRequest, 0, len(p.lists))
	for _, l := range p.lists {
		if q := p.settle(l); q != nil {
			requests = append(requests, q)
		}
	}
	if len(requests) < len(p.lists) || !p.place(requests) {
		return
	}
	p.checkSaved(requests)
	p.form.EntityVersion = entitiesOne
	for _, q := range requests {
		inRepeat := boundary(q.at).Kind == Repeat
		if inRepeat || len(requests) > 1 {
			p.form.EntityVersion = entitiesMany
		}
		putEntity(q.at, q.list.element(inRepeat))
	}
}

// putEntity adds an entity to a container, in a meta group of its own; the
// survey's own meta is joined with it later.
func putEntity(at, entity *Element) {
	meta := newMeta()
	attach(meta, entity)
	attach(at, meta)
}
