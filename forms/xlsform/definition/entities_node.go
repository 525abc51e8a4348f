package definition

// element builds the entity node of a list: its attributes, each with the bind
// that fills it, and the label. Inside a repeat the id is also made for every
// new repeat.
//
// An id is drawn once, as the document or repeat begins; an id that is given by
// entity_id follows the answer, together with the version of the entity that
// the phone knew, which lets a server see that two people changed it.
func (l *entityList) element(inRepeat bool) *Element {
	e := &Element{Kind: Entity, Type: "entity", Name: "entity", Place: l.place, Implied: true}
	e.attribute("dataset", l.name, "", false)
	if l.entityID == "" || l.createIf != "" {
		e.attribute("create", "1", l.createIf, false)
	}
	if l.entityID != "" {
		e.attribute("update", "1", l.updateIf, false)
		known := "instance('" + l.name + "')/root/item[name=" + l.entityID + "]"
		e.attribute("baseVersion", "", known+"/__version", true)
		e.attribute("trunkVersion", "", known+"/__trunkVersion", true)
		e.attribute("branchId", "", known+"/__branchId", true)
	}
	id := e.attribute("id", "", l.entityID, true)
	if l.entityID == "" {
		id.Actions = append(id.Actions, Action{Name: "setvalue", Event: "odk-instance-first-load", Value: "uuid()"})
		if inRepeat {
			id.Actions = append(id.Actions, Action{Name: "setvalue", Event: "odk-new-repeat", Value: "uuid()"})
		}
	}
	if l.label != "" {
		label := &Element{Kind: Question, Type: "label", Name: "label", Place: l.place, Parent: e, Implied: true, Bind: entityBind(l.label)}
		e.Children = append(e.Children, label)
	}
	return e
}

// attribute adds an attribute with its value at the start, and a bind if it is
// calculated or if it is one that never goes without.
func (e *Element) attribute(name, value, calculate string, bound bool) *Element {
	a := &Element{Kind: Attribute, Type: "attribute", Name: name, Default: value, Place: e.Place, Parent: e, Implied: true}
	if calculate != "" || bound {
		a.Bind = entityBind(calculate)
	}
	e.Children = append(e.Children, a)
	return a
}

func entityBind(calculate string) Attrs {
	var bind Attrs
	if calculate != "" {
		bind.Set("calculate", truth(calculate))
	}
	bind.Set("readonly", "true()")
	bind.Set("type", "string")
	return bind
}
