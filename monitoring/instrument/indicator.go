package instrument

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"waymark/internal/fault"
	"waymark/stats/table"
)

var experiences = []string{string(Own), string(Awareness), string(Family), string(Measure)}

// indicators reads the yes/no measures.
func (d *definer) indicators(n ast.Node) {
	at := map[string]ast.Node{}
	for _, item := range d.list(n, "indicators") {
		i := d.indicator(item)
		if _, twice := at[i.ID]; twice && i.ID != "" {
			d.fault(item, "give each indicator its own id", "there are two indicators %q", i.ID)
		}
		at[i.ID] = item
		d.in.Indicators = append(d.in.Indicators, i)
	}
	d.later = append(d.later, func() { d.circles(at) })
}

func (d *definer) indicator(n ast.Node) Indicator {
	f := d.fields(n, "an indicator", "id", "label", "sentence", "experience", "question", "yes", "place", "of", "at_least", "unless_any", "citation")
	i := Indicator{ID: d.id(f["id"], n, "indicator"), Experience: Experience(d.text(f["experience"], "experience"))}
	what := "indicator " + i.ID
	i.Label = d.translated(f["label"], "the label of "+what, d.language)
	i.Sentence = d.translated(f["sentence"], "the sentence of "+what, d.language)
	if len(i.Label) == 0 {
		d.fault(n, "name it in a few words", "%s has no label", what)
	}
	if len(i.Sentence) == 0 {
		d.fault(n, `write it so that it reads after "people": "were held against their will"`, "%s has no sentence", what)
	}
	if !slices.Contains(experiences, string(i.Experience)) {
		d.fault(n, "use one of: "+strings.Join(experiences, ", "), "%s does not say whose experience it counts", what)
	}
	if f["citation"] == nil {
		d.fault(n, "add citation with authority, source and date", "%s has no citation", what)
	} else {
		i.Citation = d.citation(f["citation"], "the citation of "+what)
	}
	switch {
	case (f["question"] == nil) == (f["of"] == nil):
		d.fault(n, "give either question with yes, or of with at_least", "%s is defined neither by a question alone nor by other indicators alone", what)
	case f["question"] != nil:
		d.asked(&i, f, n, what)
	default:
		d.counted(&i, f, n, what)
	}
	i.UnlessAny = d.indicatorIDs(f["unless_any"], what)
	return i
}

// asked reads an indicator on one question.
func (d *definer) asked(i *Indicator, f map[string]ast.Node, n ast.Node, what string) {
	q := d.question(f["question"], what)
	if q != nil {
		i.Question = q.Name
		if q.Kind != table.Category && q.Kind != table.Set {
			d.fault(f["question"], "use a select question", "%s is on %s, which is of type %s", what, q.Name, q.Type)
		}
	}
	i.Yes = d.levels(f["yes"], q, what)
	if len(i.Yes) == 0 {
		d.fault(n, "list the levels that count as yes", "%s has no level that counts as yes", what)
	}
	if f["at_least"] != nil {
		d.fault(f["at_least"], "it goes with of", "%s has at_least without of", what)
	}
	if p := d.question(f["place"], what); p != nil {
		i.Place = p.Name
	}
}

// counted reads an indicator that counts others.
func (d *definer) counted(i *Indicator, f map[string]ast.Node, n ast.Node, what string) {
	for _, key := range []string{"yes", "place"} {
		if f[key] != nil {
			d.fault(f[key], "it goes with question", "%s has %s without question", what, key)
		}
	}
	i.Of = d.indicatorIDs(f["of"], what)
	i.AtLeast = 1
	if v := d.number(f["at_least"], "at_least"); v != nil {
		i.AtLeast = int(*v)
		if *v != float64(i.AtLeast) || i.AtLeast < 1 || i.AtLeast > len(i.Of) {
			d.fault(f["at_least"], "use a whole number from 1 to the number of indicators in of", "%s cannot be reached with at_least %v of %d", what, *v, len(i.Of))
		}
	}
	if len(i.Of) == 0 {
		d.fault(n, "list the indicators that it counts", "%s counts nothing", what)
	}
}

// indicatorIDs reads ids and checks them once all indicators are known.
func (d *definer) indicatorIDs(n ast.Node, what string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, item := range d.list(n, what) {
		id := d.text(item, what)
		if seen[id] {
			d.fault(item, "name it once", "%s names %q twice", what, id)
		}
		seen[id] = true
		ids = append(ids, id)
		d.later = append(d.later, func() {
			if d.in.Indicator(id) != nil {
				return
			}
			var known []string
			for _, i := range d.in.Indicators {
				known = append(known, i.ID)
			}
			remedy := "the indicators are: " + shorten(known)
			if near := fault.Nearest(id, known); near != "" {
				remedy = "did you mean " + near + "?"
			}
			d.fault(item, remedy, "%s names the indicator %q, which there is not", what, id)
		})
	}
	return ids
}

// circles reports indicators that are defined by themselves.
func (d *definer) circles(at map[string]ast.Node) {
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		i := d.in.Indicator(id)
		if i == nil || state[id] == done {
			return
		}
		path = append(path, id)
		if state[id] == open {
			from := slices.Index(path, id)
			d.fault(at[id], "define one of them by a question", "indicator %s is defined by itself: %s", id, strings.Join(path[from:], " → "))
			return
		}
		state[id] = open
		for _, next := range i.Of {
			visit(next, path)
		}
		for _, next := range i.UnlessAny {
			visit(next, path)
		}
		state[id] = done
	}
	for _, i := range d.in.Indicators {
		visit(i.ID, nil)
	}
}
