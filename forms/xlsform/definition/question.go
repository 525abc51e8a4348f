package definition

import (
	"path"
	"slices"
	"strings"
)

// readQuestion puts a row that is a question, a calculation, metadata or an
// external instance into the tree.
func (r *reader) readQuestion(w *row) {
	el := w.el
	r.questions[el.Name] = true
	if s, ok := parseSelect(w.kind); ok {
		r.readSelect(w, s)
		return
	}
	if list, ok := parseOSM(w.kind); ok {
		w.kind = "osm"
		r.tagOSM(w, list)
	}
	typ, known := questionTypes[w.kind]
	if _, bare := selectCommands[w.kind]; bare || !known {
		if w.kind == "group" || w.kind == "repeat" {
			r.emptySection(w)
			return
		}
		r.fault(el.Place, typeRemedy(w.kind), "the type %q is not known", w.kind)
		el.Type = w.kind
		r.add(el)
		return
	}
	switch w.kind {
	case "csv-external", "xml-external":
		r.instances[stem(el.Name)] = true
		el.Kind, el.Type, el.Triggers = External, w.kind, nil
		r.add(el)
		return
	case "range":
		r.readRange(w)
	case "text":
		r.readText(w)
	case "photo":
		r.readPhoto(w)
	case "audio", "background-audio":
		r.readAudio(w)
	case "geopoint", "geoshape", "geotrace":
		el.Query = "" // a map looks nothing up
		r.readGeo(w)
	case "start-geopoint":
		el.Actions = append(el.Actions, Action{Name: "odk:setgeopoint", Event: "odk-instance-first-load"})
	case "background-geopoint":
		r.checkBackgroundGeopoint(w)
	}
	applyType(el, typ)
	w.blankLabel()
	r.add(el)
}

// emptySection is a row of type group or repeat without begin and end: a
// section with nothing inside.
func (r *reader) emptySection(w *row) {
	r.warn(w.el.Place, "write begin "+w.kind+" and, after its questions, end "+w.kind, "the %s %q has nothing inside", w.kind, w.el.Name)
	w.el.Kind, w.el.Type = Group, w.kind
	if w.kind == "repeat" {
		w.el.Kind = Repeat
	}
	w.el.Guidance = Text{}
	w.blankLabel()
	r.add(w.el)
}

// applyType gives an element what its type implies, under what its row says.
func applyType(el *Element, t questionType) {
	el.Kind, el.Type, el.Tag = Question, t.name, t.tag
	el.Bind, el.Control = merged(t.bind, el.Bind), merged(t.control, el.Control)
	if t.hint != "" && el.Hint.Empty() {
		el.Hint.Plain = t.hint
	}
	if tag := el.Control.Get("tag"); tag != "" {
		el.Tag = tag
		el.Control = slices.DeleteFunc(el.Control, func(a Attr) bool { return a.Key == "tag" })
	}
}

// merged is a with b's values over it.
func merged(a, b Attrs) Attrs {
	if len(a) == 0 {
		return b
	}
	out := make(Attrs, len(a), len(a)+len(b))
	copy(out, a)
	for _, attr := range b {
		out.Set(attr.Key, attr.Value)
	}
	return out
}

// stem is a file's name without its extension; a name that begins with a full
// stop has no extension.
func stem(name string) string { return strings.TrimSuffix(name, extension(name)) }

func extension(name string) string {
	ext := path.Ext(name)
	if strings.Trim(strings.TrimSuffix(path.Base(name), ext), ".") == "" {
		return ""
	}
	return ext
}

// isInstanceFile tells whether a file of this extension can be an instance.
func isInstanceFile(ext string) bool { return ext == ".csv" || ext == ".xml" || ext == ".geojson" }

// tagOSM gives an osm question the tags of its list.
func (r *reader) tagOSM(w *row, list string) {
	if len(r.osm) == 0 {
		return
	}
	l := r.osm[list]
	if l == nil {
		r.fault(w.el.Place, "add the list to the osm sheet, or correct its name", "the list %q is not on the osm sheet", list)
		return
	}
	w.el.Tags = l.Choices
}
