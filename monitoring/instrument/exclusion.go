package instrument

import (
	"github.com/goccy/go-yaml/ast"

	"waymark/stats/table"
)

// What an exclusion does with a missing answer.
const (
	MissingExclude = "exclude"
	MissingKeep    = "keep"
)

// exclusions reads the rules for who is left out, in order.
func (d *definer) exclusions(n ast.Node) {
	seen := map[string]bool{}
	for _, item := range d.list(n, "exclusions") {
		e := d.exclusion(item)
		if seen[e.ID] && e.ID != "" {
			d.fault(item, "give each exclusion its own id", "there are two exclusions %q", e.ID)
		}
		seen[e.ID] = true
		d.in.Exclusions = append(d.in.Exclusions, e)
	}
}

func (d *definer) exclusion(n ast.Node) Exclusion {
	f := d.fields(n, "an exclusion", "id", "label", "question", "levels", "below", "missing", "why", "citation")
	e := Exclusion{ID: d.id(f["id"], n, "exclusion"), Missing: d.text(f["missing"], "missing"), Below: d.number(f["below"], "below")}
	what := "exclusion " + e.ID
	e.Label = d.translated(f["label"], "the label of "+what, d.language)
	e.Why = d.translated(f["why"], "why of "+what, d.language)
	if len(e.Label) == 0 {
		d.fault(n, "say who is left out, in a few words", "%s has no label", what)
	}
	if len(e.Why) == 0 {
		d.fault(n, "say why missing answers are treated so", "%s does not say why", what)
	}
	if e.Missing != MissingExclude && e.Missing != MissingKeep {
		d.fault(n, "write missing: exclude or missing: keep", "%s has no rule for a missing answer", what)
	}
	if f["question"] == nil {
		d.fault(n, "name the question", "%s is on no question", what)
	}
	q := d.question(f["question"], what)
	if q != nil {
		e.Question = q.Name
	}
	e.Levels = d.levels(f["levels"], q, what)
	switch {
	case (len(e.Levels) > 0) == (e.Below != nil):
		d.fault(n, "give levels for a select question, or below for a number", "%s has not exactly one of levels and below", what)
	case e.Below != nil && q != nil && q.Kind != table.Number:
		d.fault(f["below"], "only a number has a bound", "%s has a bound, but %s is of type %s", what, q.Name, q.Type)
	}
	if f["citation"] == nil {
		d.fault(n, "add citation with authority, source and date", "%s has no citation", what)
	} else {
		e.Citation = d.citation(f["citation"], "the citation of "+what)
	}
	return e
}
