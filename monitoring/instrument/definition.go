package instrument

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"waymark/internal/fault"
	"waymark/internal/pattern"
	"waymark/stats/table"
)

// identifier is the form of an instrument's id and of the ids of groups,
// indicators and exclusions: safe in file names and addresses.
var identifier = pattern.Of(`^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$`)

// citationDate is a day, a month or a year: 2016-10-11, 2016-10, 2016.
var citationDate = pattern.Of(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

// definer reads instrument.yaml against the questions that are already known.
type definer struct {
	*yamlReader
	in       *Instrument
	language string   // of bare texts
	later    []func() // checks that need every indicator to be known
}

// definitionKeys are the keys of instrument.yaml.
var definitionKeys = []string{"id", "title", "version", "date", "citation", "languages", "missing", "ordered", "kinds",
	"ranges", "identifying", "optional", "roles", "groups", "indicators", "exclusions"}

func (d *definer) read(root ast.Node) {
	f := d.fields(root, "the instrument", definitionKeys...)
	in := d.in
	if id := d.text(f["id"], "id"); id != "" {
		in.ID = id
		if !identifier().MatchString(id) {
			d.fault(f["id"], "use letters, digits, _ . and -", "the id %q has signs that an id cannot have", id)
		}
	}
	if t := d.translated(f["title"], "title", d.language); len(t) > 0 {
		in.Title = t
	}
	if v := d.text(f["version"], "version"); v != "" {
		in.Version = v
	}
	in.Date = d.text(f["date"], "date")
	if in.Date != "" && !citationDate().MatchString(in.Date) {
		d.fault(f["date"], "write it as 2016-10-11 or 2016-10", "the date %q is not a date", in.Date)
	}
	if f["citation"] == nil {
		d.fault(root, "add citation with authority, source and date", "the instrument has no citation")
	} else {
		in.Citation = d.citation(f["citation"], "the citation of the instrument")
	}
	d.missing(f["missing"])
	for _, n := range d.list(f["ordered"], "ordered") {
		d.ordered(n)
	}
	d.kinds(f["kinds"])
	d.ranges(f["ranges"])
	for _, n := range d.list(f["identifying"], "identifying") {
		if q := d.question(n, "identifying"); q != nil {
			q.Identifying = true
		}
	}
	d.optional(f["optional"])
	d.roles(f["roles"])
	d.groups(f["groups"])
	d.indicators(f["indicators"])
	d.exclusions(f["exclusions"])
	for _, check := range d.later {
		check()
	}
}

// question resolves a node to a question, or reports it.
func (d *definer) question(n ast.Node, what string) *Question {
	if name := d.text(n, what); name != "" {
		return d.named(n, name, what)
	}
	return nil
}

// named finds a question by name, or reports that there is none.
func (d *definer) named(n ast.Node, name, what string) *Question {
	if q := d.in.Question(name); q != nil {
		return q
	}
	names := make([]string, len(d.in.Questions))
	for i, q := range d.in.Questions {
		names[i] = q.Name
	}
	remedy := "use the name of a question of the survey"
	if near := fault.Nearest(name, names); near != "" {
		remedy = "did you mean " + near + "?"
	}
	d.fault(n, remedy, "%s names the question %q, which the survey does not have", what, name)
	return nil
}

// levels reads codes and checks each against the list of a question.
func (d *definer) levels(n ast.Node, q *Question, what string) []string {
	var codes []string
	for _, item := range d.list(n, what) {
		code := d.text(item, what)
		codes = append(codes, code)
		if q == nil || q.Open || q.List != "" && len(d.in.Lists[q.List]) == 0 { // told already, or not known
			continue
		}
		if q.List == "" {
			d.fault(item, "only a select question has levels", "%s names the level %q, but %s is of type %s", what, code, q.Name, q.Type)
			continue
		}
		var known []string
		found := false
		for _, c := range d.in.Lists[q.List] {
			if c.Missing != table.Present {
				if c.Name == code {
					d.fault(item, "a missing answer is not a level", "%s names %q, which stands for a missing answer", what, code)
					found = true
				}
				continue
			}
			known = append(known, c.Name)
			found = found || c.Name == code
		}
		if !found {
			d.fault(item, "the levels are: "+shorten(known), "%s names the level %q, which the list %s does not have", what, code, q.List)
		}
	}
	return codes
}

// citation reads a citation; all of its parts are required.
func (d *definer) citation(n ast.Node, what string) Citation {
	f := d.fields(n, what, "authority", "source", "date")
	c := Citation{d.text(f["authority"], "authority"), d.text(f["source"], "source"), d.text(f["date"], "date")}
	for _, part := range []struct{ name, value string }{{"authority", c.Authority}, {"source", c.Source}, {"date", c.Date}} {
		if part.value == "" {
			d.fault(n, "say who defined it, where, and when", "%s has no %s", what, part.name)
		}
	}
	if c.Date != "" && !citationDate().MatchString(c.Date) {
		d.fault(f["date"], "write it as 2016-10-11 or 2016-10", "%s has the date %q, which is not a date", what, c.Date)
	}
	return c
}

func (d *definer) missing(n ast.Node) {
	if n == nil {
		return
	}
	d.in.MissingCodes = map[string]table.Missing{}
	for _, e := range d.entries(n, "missing") {
		word := d.text(e.value, "missing")
		reason, ok := missingReasons[strings.ToLower(word)]
		if !ok {
			d.fault(e.value, "use one of: "+strings.Join(missingWords(), ", "), "%q is not a reason for a missing answer", word)
			continue
		}
		d.in.MissingCodes[e.key] = reason
		// A form without a missing column marks its choices here.
		for _, list := range d.in.Lists {
			for i := range list {
				if list[i].Name == e.key && list[i].Missing == table.Present {
					list[i].Missing = reason
				}
			}
		}
	}
}

func (d *definer) ordered(n ast.Node) {
	name := d.text(n, "ordered")
	if _, ok := d.in.Lists[name]; !ok {
		names := make([]string, 0, len(d.in.Lists))
		for list := range d.in.Lists {
			names = append(names, list)
		}
		slices.Sort(names)
		d.fault(n, "the lists are: "+shorten(names), "ordered names the list %q, which the choices do not have", name)
		return
	}
	for i := range d.in.Questions {
		if d.in.Questions[i].List == name {
			d.in.Questions[i].Ordered = true
		}
	}
}

// kinds says how calculated, hidden and text answers are held, which the
// survey sheet does not know.
func (d *definer) kinds(n ast.Node) {
	if n == nil {
		return
	}
	words := map[string]table.Kind{"number": table.Number, "date": table.Date, "time": table.Time, "text": table.Text, "category": table.Category}
	for _, e := range d.entries(n, "kinds") {
		q := d.question(e.node, "kinds")
		kind, ok := words[d.text(e.value, "kinds")]
		switch {
		case !ok:
			d.fault(e.value, "use one of: category, date, number, text, time", "kinds gives %s a kind that there is not", e.key)
		case q != nil && q.List != "":
			d.fault(e.value, "leave it out; the list says what it holds", "kinds names %s, a select question", e.key)
		case q != nil:
			q.Kind = kind
			q.Open = kind == table.Category
		}
	}
}

func (d *definer) ranges(n ast.Node) {
	if n == nil {
		return
	}
	for _, e := range d.entries(n, "ranges") {
		q := d.question(e.node, "ranges")
		f := d.fields(e.value, "the range of "+e.key, "min", "max")
		lo, hi := d.number(f["min"], "min"), d.number(f["max"], "max")
		if lo != nil && hi != nil && *lo > *hi {
			d.fault(e.value, "exchange min and max", "the range of %s is empty", e.key)
		}
		if q == nil {
			continue
		}
		if q.Kind != table.Number {
			d.fault(e.node, "only a number has a range", "ranges names %s, which is of type %s", e.key, q.Type)
			continue
		}
		q.Min, q.Max = lo, hi
	}
}

// shorten joins names, at most twelve.
func shorten(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:12], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}
