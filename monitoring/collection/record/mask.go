package record

import (
	"strings"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/monitoring/instrument"
)

// Reason says why an answer is not shown to a pseudonymous reader.
type Reason string

// The reasons.
const (
	Marked   Reason = "marked"   // the instrument says that it identifies
	Personal Reason = "personal" // its name or label asks for something personal
	FreeText Reason = "text"     // typed text may hold anything
	Place    Reason = "place"    // a position, line or area
	File     Reason = "file"     // a picture, a recording, a document, a log
	Device   Reason = "device"   // number or owner of the phone
	Derived  Reason = "derived"  // made from an answer that is not shown

	// A reader of single records does not see these either; exports leave them out,
	// or put a pseudonym or a day in their place.
	Identifier Reason = "identifier" // the record's number
	TimeOfDay  Reason = "time"       // tells when someone was at a point
	OtherList  Reason = "list"       // choices of a file, which may be a list of people
)

// Mask is what a pseudonymous reader does not see, by path without positions:
// "/data/trip/name". What a form does not know has no entry, and is never shown
// to such a reader.
type Mask map[string]Reason

// Hides tells whether the answer at a path, with or without positions, is not
// shown, and why.
func (m Mask) Hides(path string) (Reason, bool) {
	why, ok := m[Bare(path)]
	return why, ok
}

// Bare is a path without positions: "/data/trip[2]/name" becomes "/data/trip/name".
func Bare(path string) string {
	for {
		from := strings.IndexByte(path, '[')
		if from < 0 {
			return path
		}
		length := strings.IndexByte(path[from:], ']')
		if length < 0 {
			return path[:from]
		}
		path = path[:from] + path[from+length+1:]
	}
}

// Identifying says which answers of a form a pseudonymous reader does not see:
// those that the instrument marks, typed text, barcodes, positions, files, what
// tells the device or its user, what looks personal by name or label, and
// whatever is calculated or copied from one of these.
//
// in may be nil. An instrument is trusted where it knows a number, date or
// choice and does not mark it. Wrong guesses hide too much, never too little.
func Identifying(f *xform.Form, in *instrument.Instrument) Mask {
	m := Mask{}
	for _, d := range f.Nodes {
		if !d.Leaf {
			continue
		}
		if why := ownReason(f, d, in); why != "" {
			m[d.Path] = why
		}
	}
	for grew := true; grew; {
		grew = false
		for _, s := range sourcesOf(f) {
			if _, hidden := m[s.to]; !hidden && m.any(s.from) {
				m[s.to] = Derived
				grew = true
			}
		}
	}
	return m
}

// ownReason judges a node by itself.
func ownReason(f *xform.Form, d *xform.Definition, in *instrument.Instrument) Reason {
	var q *instrument.Question
	if in != nil {
		q = in.Question(local(d.Name))
	}
	switch {
	case q != nil && q.Identifying:
		return Marked
	case d.Preload == "uid" || d.Preload == "timestamp" || d.Preload == "date":
		return ""
	case d.Preload != "":
		return Device
	}
	switch d.Type {
	case "geopoint", "geotrace", "geoshape":
		return Place
	case "binary":
		return File
	case "barcode", "anyURI":
		return FreeText
	}
	if c := d.Control; c != nil {
		switch c.Tag {
		case "select1", "select", "odk:rank", "rank", "range", "trigger":
			return ""
		case "upload":
			return File
		}
	}
	if n := local(d.Name); n == "instanceID" || n == "deprecatedID" {
		return ""
	}
	switch d.Type {
	case "int", "integer", "long", "decimal", "date", "time", "dateTime", "boolean":
		if q == nil && looksPersonal(f, d) {
			return Personal
		}
		return ""
	}
	if d.Calculate != "" && readOnlyFor(d) {
		if q == nil && looksPersonal(f, d) {
			return Personal
		}
		return "" // by what it is calculated from
	}
	return FreeText
}

// readOnlyFor tells that a person cannot type over the calculation.
func readOnlyFor(d *xform.Definition) bool {
	return d.Control == nil || strings.TrimSpace(d.ReadOnly) == "true()"
}

// looksPersonal goes by the name and by the labels in every language.
func looksPersonal(f *xform.Form, d *xform.Definition) bool {
	var labels []string
	if d.Control != nil {
		for _, l := range f.Languages {
			labels = append(labels, f.Text(d.Control.Label, l, nil, nil))
		}
		if len(f.Languages) == 0 {
			labels = append(labels, f.Text(d.Control.Label, "", nil, nil))
		}
	}
	return lint.Personal(d.Name, labels...) != ""
}

// source says that a node's value may come from others.
type source struct {
	to   string
	from []string
}

// sourcesOf lists calculations, actions, and selects that offer the answers of a
// repeat.
func sourcesOf(f *xform.Form) []source {
	var all []source
	add := func(to, expr string) {
		if expr == "" || to == "" {
			return
		}
		tree, err := xpath.Parse(expr)
		if err != nil {
			all = append(all, source{to, []string{"*"}}) // not understood: as if it read everything
			return
		}
		all = append(all, source{to, tree.Paths(to)})
	}
	actions := append([]xform.Action{}, f.Actions...)
	var controls func(list []*xform.Control)
	controls = func(list []*xform.Control) {
		for _, c := range list {
			actions = append(actions, c.Actions...)
			controls(c.Children)
			if c.Itemset == nil || c.Itemset.Instance != "" || c.Node == nil {
				continue
			}
			tree, err := xpath.Parse(c.Itemset.Nodeset)
			if err != nil {
				all = append(all, source{c.Node.Path, []string{"*"}})
				continue
			}
			var from []string
			for _, p := range tree.Paths(c.Node.Path) {
				from = append(from, p+"/"+c.Itemset.ValueRef, p+"/"+c.Itemset.LabelRef)
			}
			all = append(all, source{c.Node.Path, from})
		}
	}
	controls(f.Body)
	for _, d := range f.Nodes {
		add(d.Path, d.Calculate)
	}
	for _, a := range actions {
		if !a.Literal {
			add(a.Ref, a.Value)
		}
	}
	return all
}

// any tells whether one of the paths is hidden. A path with a wildcard counts
// for everything below where it starts; one into the last saved record counts as
// in this one.
func (m Mask) any(paths []string) bool {
	for _, p := range paths {
		if strings.HasPrefix(p, "instance(") {
			_, rest, ok := strings.Cut(p, ")")
			if !ok || !strings.Contains(p, "last-saved") {
				continue // a list or file of the form's own
			}
			p = rest
		}
		if _, ok := m[p]; ok {
			return true
		}
		stem, _, wild := strings.Cut(p, "*")
		if !wild {
			continue
		}
		for hidden := range m {
			if strings.HasPrefix(hidden, strings.TrimSuffix(stem, "/")) {
				return true
			}
		}
	}
	return false
}

// local is a name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }
