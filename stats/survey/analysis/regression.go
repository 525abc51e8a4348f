package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// parseModel reads a formula in R's notation, such as "sch.wide=Yes ~ ell + meals".
func parseModel(a *Ask, text string) error {
	f, err := survey.ParseFormula(text)
	if err != nil {
		for _, g := range faultsOf(err) {
			g.Kind = fault.Usage
			if g.Place.Field == "" {
				g.Place.Field = a.Text
			}
		}
		return err
	}
	if f.Outcome == "" {
		return a.wrong("the formula has no outcome", `such as --`+a.Kind+` "api00 ~ ell + meals"`)
	}
	a.Formula = f
	return nil
}

// modelData gives the columns of a formula: numbers where a column holds
// numbers, else categories.
func (p *plan) modelData(a *Ask) (survey.ColumnSet, bool) {
	set, ok := survey.ColumnSet{}, true
	put := func(name string, category bool) {
		var col table.Column
		var err error
		number, whyNot := p.data.IsNumber(name)
		switch {
		case whyNot != nil:
			err = whyNot
		case category || !number:
			col, err = p.data.grouping(name)
		default:
			col, err = p.data.Number(name)
		}
		if err != nil {
			p.add(err)
			ok = false
			return
		}
		set[name] = col
	}
	// A column that factor() makes categories of may also stand as a number.
	for _, name := range a.Formula.Columns() {
		if name != a.Formula.Outcome {
			put(name, slices.Contains(a.Categorical, name))
		}
	}
	outcome := a.Formula.Outcome
	switch col, err := p.data.Column(outcome); {
	case err != nil:
		p.add(err)
		ok = false
	case a.Kind == "linear":
		put(outcome, false)
	case col.Kind() == table.Bool && !a.Formula.HasLevel:
		set[outcome] = col
	default:
		put(outcome, a.Formula.HasLevel)
	}
	return set, ok
}

// planModel asks for a linear or logistic regression.
func planModel(p *plan, a *Ask, _ []string) gather {
	if _, ok := p.modelData(a); !ok {
		return nil
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		f, err := p.fitOf(ctx, a)
		if err != nil {
			return nil, err
		}
		a.notes = modelNotes(f)
		var rows []Row
		for _, c := range f.Coefficients {
			row := newRow()
			row.Term, row.Base, row.NotEstimable = c.Name, f.Base, c.NotEstimable
			if c.NotEstimable == "" {
				row.Value, row.SE, row.Lo, row.Hi, row.T, row.P, row.DF = c.Value, c.SE, c.Lo, c.Hi, c.T, c.P, c.DF
				if f.Family == survey.Binomial {
					row.OddsRatio, row.OddsLo, row.OddsHi = c.OddsRatio, c.OddsLo, c.OddsHi
				}
			}
			rows = append(rows, row)
		}
		return rows, nil
	}
}

// modelNotes say what a reader of a model's table should know.
func modelNotes(f *survey.Fit) []string {
	out := []string{fmt.Sprintf("%s of %d have all values.", counted(f.Base, "row", "rows"), f.Rows)}
	var parts []string
	for _, m := range f.Missing {
		if m.Rows > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", m.Variable, m.Rows))
		}
	}
	if len(parts) > 0 {
		out[0] += " Missing: " + strings.Join(parts, ", ") + "."
	}
	labels := make([]string, 0, len(f.Reference))
	for label := range f.Reference {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	for i, label := range labels {
		labels[i] = label + " = " + f.Reference[label]
	}
	if len(labels) > 0 {
		out = append(out, "Compared with "+strings.Join(labels, ", ")+".")
	}
	if len(f.Unused) > 0 {
		out = append(out, "Levels that no row has: "+strings.Join(f.Unused, ", ")+".")
	}
	return out
}

func titleModel(a *Ask) string {
	word := map[string]string{"logit": "logistic", "linear": "linear"}[a.Kind]
	return word + " model " + a.Formula.String()
}

func explainModel(p *plan, a *Ask, r *Result) {
	if a.Kind == "logit" {
		p.say(r, "Logistic regression by weighted likelihood (iterated least squares), stopped where R's glm stops. Odds ratios are exp of the coefficients and of their limits.")
	} else {
		p.say(r, "Linear regression by weighted least squares.")
	}
	switch a.Variance {
	case survey.BellMcCaffrey:
		p.say(r, "Small-sample variance and degrees of freedom of Bell and McCaffrey, as R's svyglm(std.errors = \"Bell-McCaffrey\", degf = TRUE) of later versions has them.")
	case survey.ReducedBias:
		p.say(r, "Small-sample variance CR2 with Satterthwaite degrees of freedom, as clubSandwich has them.")
	}
	p.say(r, "Variance: the sandwich A⁻¹ B A⁻¹ with A = X'WX and B the design's covariance of the weighted scores Σ w x (y - fitted).")
	p.say(r, "Tests and intervals by t with the design's degrees of freedom + 1 - the number of coefficients.")
	p.say(r, "Rows with a missing value leave the model and stay in the design.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, sourceBinder)
	outcome := condition.RName(a.Formula.Outcome)
	if a.Formula.HasLevel {
		outcome = fmt.Sprintf("I(%s == %q)", outcome, a.Formula.Level)
	}
	terms := a.Formula.String()
	if _, rest, ok := strings.Cut(terms, "~"); ok {
		terms = strings.TrimSpace(rest)
	}
	family := ""
	if a.Kind == "logit" {
		family = ", family = quasibinomial"
	}
	r.R = p.rDesign() + fmt.Sprintf("summary(svyglm(%s ~ %s, des%s))", outcome, terms, family)
}
