package definition

import "waymark/internal/fault"

// readGeo reads the parameters of geopoint, geotrace and geoshape.
func (r *reader) readGeo(w *row) {
	el, at := w.el, r.at(w, "parameters")
	if w.kind == "geopoint" {
		r.accept(w, "allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy")
		r.readAccuracy(w, at, "capture-accuracy", "accuracyThreshold")
		r.readAccuracy(w, at, "warning-accuracy", "unacceptableAccuracyThreshold")
	} else {
		r.accept(w, "allow-mock-accuracy", "incremental", "reference-geometry")
		if w.parameters.Has("incremental") {
			if yes, _ := isYes(w.parameters.Get("incremental")); yes {
				el.Control.Set("incremental", "true")
			} else {
				r.fault(at, "write incremental=true, or leave it out", "%q is not a value of the parameter \"incremental\"", w.parameters.Get("incremental"))
			}
		}
	}
	if w.parameters.Has("allow-mock-accuracy") {
		mock := w.parameters.Get("allow-mock-accuracy")
		if mock == "true" || mock == "false" {
			el.Bind.Set("odk:allow-mock-accuracy", mock)
		} else {
			r.fault(at, "write true or false", "%q is not a value of the parameter \"allow-mock-accuracy\"", mock)
		}
	}
	if geometry := w.parameters.Get("reference-geometry"); geometry != "" {
		el.Itemset = geometry
		r.geometries = append(r.geometries, mention{geometry, at})
	}
}

func (r *reader) readAccuracy(w *row, at fault.Place, key, attribute string) {
	if !w.parameters.Has(key) {
		return
	}
	metres := w.parameters.Get(key)
	if !isNumber(metres) {
		r.fault(at, "write metres, such as "+key+"=10", "the parameter %q is %q, not a number", key, metres)
		return
	}
	w.el.Control.Set(attribute, metres)
}

// checkGeometries looks up what reference-geometry names: a list, a file, an
// entity list or a repeat.
func (r *reader) checkGeometries() {
	if len(r.geometries) == 0 {
		return
	}
	entities := r.entityLists()
	for _, g := range r.geometries {
		if r.instances[g.what] || r.lists[g.what] != nil || entities[g.what] {
			continue
		}
		if ref, sole := soleReference(g.what); sole && r.repeats[ref.Name] {
			continue
		}
		r.fault(g.at, "write the name of a list, of an attached file without its extension, of an entity list, or a repeat as ${name}",
			"the parameter \"reference-geometry\" names %q, which is none of these", g.what)
	}
}

// entityLists are the names on the entities sheet.
func (r *reader) entityLists() map[string]bool {
	names := map[string]bool{}
	sheet := r.book.Sheet("entities")
	if sheet == nil {
		return names
	}
	for column, h := range sheet.Header {
		if h = snakeCase(h); h != "list_name" && h != "dataset" {
			continue
		}
		for _, row := range sheet.Rows {
			names[row.Get(column)] = true
		}
	}
	delete(names, "")
	return names
}

// checkBackgroundGeopoint checks what sets a background-geopoint.
func (r *reader) checkBackgroundGeopoint(w *row) {
	if len(w.el.Triggers) == 0 {
		r.fault(r.at(w, "trigger"), "name the question whose answer asks for the place, such as ${q1}",
			"a background-geopoint needs a trigger, but \"trigger\" is empty")
	}
	if w.el.Bind.Has("calculate") {
		r.fault(r.at(w, "calculate"), "take the calculation out", "a background-geopoint must have no \"calculation\"")
	}
}
