package instrument

import (
	"github.com/goccy/go-yaml/ast"

	"waymark/stats/table"
)

// groups reads the ways to divide the sample.
func (d *definer) groups(n ast.Node) {
	for _, item := range d.list(n, "groups") {
		d.group(item)
	}
}

func (d *definer) group(n ast.Node) {
	f := d.fields(n, "a group", "id", "label", "from", "bands", "merge", "ordered")
	g := Group{ID: d.id(f["id"], n, "group"), Ordered: d.truth(f["ordered"], "ordered")}
	what := "group " + g.ID
	g.Label = d.translated(f["label"], "the label of "+what, d.language)
	if f["from"] == nil {
		d.fault(n, "name the question in from", "%s divides no question", what)
	}
	q := d.question(f["from"], what)
	if q != nil {
		g.From = q.Name
		if len(g.Label) == 0 {
			g.Label = q.Label
		}
		g.Ordered = g.Ordered || q.Ordered && f["merge"] == nil
	}
	if d.in.Group(g.ID) != nil && g.ID != "" {
		d.fault(f["id"], "give each group its own id", "there are two groups %q", g.ID)
	}
	switch {
	case f["bands"] != nil && f["merge"] != nil:
		d.fault(f["merge"], "use bands for a number, merge for a select question", "%s has both bands and merge", what)
	case f["bands"] != nil:
		if q != nil && q.Kind != table.Number {
			d.fault(f["bands"], "only a number has bands", "%s has bands, but %s is of type %s", what, q.Name, q.Type)
		}
		g.Bands = d.bands(f["bands"], what)
	case f["merge"] != nil:
		g.Merge = d.merges(f["merge"], q, what)
	case q != nil && q.Kind != table.Category:
		d.fault(f["from"], "divide a select_one question, or give bands of a number", "%s cannot divide %s, which is of type %s", what, q.Name, q.Type)
	}
	d.in.Groups = append(d.in.Groups, g)
}

// id reads a required identifier.
func (d *definer) id(n, parent ast.Node, what string) string {
	id := d.text(n, "id")
	if id == "" {
		d.fault(parent, "give it an id", "a %s has no id", what)
	} else if !identifier().MatchString(id) {
		d.fault(n, "use letters, digits, _ . and -", "the id %q has signs that an id cannot have", id)
	}
	return id
}

// bands reads bands of a number: in rising order, without overlap.
func (d *definer) bands(n ast.Node, what string) []Band {
	var bands []Band
	seen := map[string]bool{}
	for _, item := range d.list(n, "the bands of "+what) {
		f := d.fields(item, "a band", "code", "label", "from", "to")
		b := Band{Code: d.text(f["code"], "code"), From: d.number(f["from"], "from"), To: d.number(f["to"], "to")}
		b.Label = d.translated(f["label"], "the label of a band", d.language)
		if len(b.Label) == 0 {
			b.Label = Text{d.language: b.Code}
		}
		switch {
		case b.Code == "":
			d.fault(item, "give it a code such as 18-25", "a band of %s has no code", what)
		case seen[b.Code]:
			d.fault(item, "give each band its own code", "%s has two bands %q", what, b.Code)
		}
		seen[b.Code] = true
		if b.From != nil && b.To != nil && *b.From > *b.To {
			d.fault(item, "exchange from and to", "the band %q of %s is empty", b.Code, what)
		}
		if len(bands) > 0 {
			before := bands[len(bands)-1]
			if before.To == nil || b.From == nil || *before.To >= *b.From {
				d.fault(item, "put bands in rising order; both ends belong to the band", "the bands %q and %q of %s overlap", before.Code, b.Code, what)
			}
		}
		bands = append(bands, b)
	}
	return bands
}

// merges reads levels taken together; no level is in two of them.
func (d *definer) merges(n ast.Node, q *Question, what string) []Merge {
	var merges []Merge
	owner := map[string]string{}
	seen := map[string]bool{}
	for _, item := range d.list(n, "merge of "+what) {
		f := d.fields(item, "a merged level", "code", "label", "of")
		m := Merge{Code: d.text(f["code"], "code"), Of: d.levels(f["of"], q, what)}
		m.Label = d.translated(f["label"], "the label of a merged level", d.language)
		if len(m.Label) == 0 {
			m.Label = Text{d.language: m.Code}
		}
		switch {
		case m.Code == "":
			d.fault(item, "give it a code", "a merged level of %s has no code", what)
		case seen[m.Code]:
			d.fault(item, "give each its own code", "%s has two merged levels %q", what, m.Code)
		}
		seen[m.Code] = true
		if len(m.Of) == 0 {
			d.fault(item, "list the levels in of", "the merged level %q of %s takes no level", m.Code, what)
		}
		for _, level := range m.Of {
			if other, taken := owner[level]; taken {
				d.fault(item, "put each level in one of them", "the level %q of %s is in both %q and %q", level, what, other, m.Code)
			}
			owner[level] = m.Code
		}
		merges = append(merges, m)
	}
	return merges
}
