package analysis

import (
	"context"
	"fmt"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// fitOf fits a model once, for its own table and for what is asked of it after.
func (p *plan) fitOf(ctx context.Context, a *Ask) (*survey.Fit, error) {
	key := fmt.Sprint(a.Kind, "|", a.Formula, "|", a.Variance, "|", a.Categorical)
	if f := p.fits[key]; f != nil {
		return f, nil
	}
	set, ok := p.modelData(a)
	if !ok {
		return nil, p.faults.Err()
	}
	r := survey.ModelRequest{Family: survey.Gaussian, Formula: a.Formula, Data: set, Where: p.where, Confidence: p.opt.Confidence, Variance: a.Variance, Reference: a.Reference}
	if a.Kind == "logit" {
		r.Family = survey.Binomial
	}
	f, err := p.d.Fit(ctx, r, survey.EngineOptions{Workers: p.opt.Workers})
	if err != nil {
		return nil, err
	}
	if p.fits == nil {
		p.fits = map[string]*survey.Fit{}
	}
	p.fits[key] = f
	return f, nil
}

// After is what may be asked of a model.
func After() []string { return []string{"wald", "margins", "effects"} }

// AskAfter asks something of a model: a test of terms (wald), the mean prediction
// at each level of a category (margins), or average marginal effects (effects).
func AskAfter(kind string, of Ask, text string) (Ask, error) {
	a := Ask{Kind: kind, Text: "--" + kind + " " + quoted(text), Model: &of}
	separator := ","
	if kind == "wald" {
		separator = "+"
	}
	for _, part := range split(strings.ReplaceAll(text, ",", separator), separator) {
		if part = bare(part); part != "" {
			a.Variables = append(a.Variables, part)
		}
	}
	if len(a.Variables) == 0 {
		return Ask{}, a.wrong("a term of the model is needed", "such as --"+kind+" stype")
	}
	return a, nil
}

// planAfter tests terms of a model or averages its predictions.
func planAfter(p *plan, a *Ask, _ []string) gather {
	if a.Model == nil {
		p.faults.Addf(fault.Usage, fault.Place{}, `give --logit or --linear too`, "%s has no model to be asked of", a.Text)
		return nil
	}
	if _, ok := p.modelData(a.Model); !ok {
		return nil
	}
	return func(ctx context.Context, _ *survey.Answer) ([]Row, error) {
		f, err := p.fitOf(ctx, a.Model)
		if err != nil {
			return nil, err
		}
		row := newRow()
		row.Term, row.Base = strings.Join(a.Variables, " + "), f.Base
		if row.NotEstimable = f.NotEstimable; row.NotEstimable != "" {
			return []Row{row}, nil
		}
		if a.Kind == "wald" {
			t, err := f.TestTerms(a.Variables...)
			if err != nil {
				return nil, err
			}
			if row.NotEstimable = t.NotEstimable; row.NotEstimable == "" {
				row.Statistic, row.DF, row.DF2, row.P = t.F, t.DF1, t.DF2, t.P
			}
			return []Row{row}, nil
		}
		return p.averages(ctx, a, f)
	}
}

// averages are predicted margins or average effects, variable by variable.
func (p *plan) averages(ctx context.Context, a *Ask, f *survey.Fit) ([]Row, error) {
	var rows []Row
	for _, name := range a.Variables {
		ask := f.PredictedMargins
		if a.Kind == "effects" {
			ask = f.AverageEffects
		}
		v, err := ask(ctx, survey.AverageRequest{Variable: name, Uncertainty: a.Uncertainty}, survey.EngineOptions{Workers: p.opt.Workers})
		if err != nil {
			return nil, err
		}
		for i, term := range v.Names {
			row := newRow()
			row.Term, row.Base = term, f.Base
			c, err := v.Linear(term, map[string]float64{term: 1}, p.opt.Confidence)
			if err != nil {
				return nil, err
			}
			if row.NotEstimable = c.NotEstimable; row.NotEstimable == "" {
				row.Value, row.SE, row.Lo, row.Hi, row.DF = v.Values[i], c.SE, c.Lo, c.Hi, c.DF
				if a.Kind == "effects" {
					row.P = c.P
				}
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func titleAfter(a *Ask) string {
	words := map[string]string{"wald": "Wald test of ", "margins": "predicted margins of ", "effects": "average effects of "}
	title := words[a.Kind] + strings.Join(a.Variables, ", ")
	if a.Model != nil {
		title += " in " + a.Model.Formula.String()
	}
	return title
}

func explainAfter(p *plan, a *Ask, r *Result) {
	if a.Model == nil {
		return
	}
	var model Result
	explainModel(p, a.Model, &model)
	call := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(model.R, p.rDesign()), "summary("), ")")
	fit := p.rDesign() + "fit <- " + call + "\n"
	switch a.Kind {
	case "wald":
		p.say(r, "Wald's test that all coefficients of the terms are 0: b' V⁻¹ b over their number, as an F with the model's degrees of freedom.")
		r.R = fit + fmt.Sprintf("regTermTest(fit, ~%s)", strings.Join(a.Variables, " + "))
	case "margins":
		p.say(r, "Predicted margins: the weighted mean of the model's predictions with every row set to each level in turn, everything else as it is.")
		p.say(r, "%s", uncertaintyWords[a.Uncertainty])
		r.Sources = append(r.Sources, "Graubard and Korn (1999), Biometrics 55")
		r.R = fit + "# svypredmeans(model without the variable, ~variable) has the uncertainty called parts here"
	default:
		p.say(r, "Average marginal effects: the weighted mean of the derivative of the prediction, or of its difference from the reference level.")
		p.say(r, "%s", uncertaintyWords[a.Uncertainty])
		r.Sources = append(r.Sources, "Bartus (2005), Stata Journal 5")
		r.R = fit + "# survey has no function of its own for average effects"
	}
}

// uncertaintyWords say what the standard error of an average counts.
var uncertaintyWords = map[survey.Uncertainty]string{
	survey.OfCoefficients: "Standard error: of the coefficients by the delta method, with the rows as they are.",
	survey.OfParts:        "Standard error: of the coefficients, and of the mean prediction as if they were known, added (R's svypredmeans).",
	survey.OfSample:       "Standard error: the whole linearisation, for the rows are a sample too.",
}

// Uncertainties are the names of what the standard error of an average counts.
var Uncertainties = []string{"coefficients", "parts", "sample"}

// ParseUncertainty reads one of Uncertainties.
func ParseUncertainty(name string) (survey.Uncertainty, error) {
	for i, known := range Uncertainties {
		if name == known {
			return survey.Uncertainty(i), nil
		}
	}
	return 0, fault.New(fault.Usage, fault.Place{}, fmt.Sprintf("there is no uncertainty %q", name), "one of "+strings.Join(Uncertainties, ", "))
}

// SmallSamples are the names of variances of models for few units.
var SmallSamples = []string{"none", "bell-mccaffrey", "cr2"}

// ParseSmallSample reads one of SmallSamples.
func ParseSmallSample(name string) (survey.ModelVariance, error) {
	switch name {
	case "none", "":
		return survey.Linearised, nil
	case "bell-mccaffrey":
		return survey.BellMcCaffrey, nil
	case "cr2":
		return survey.ReducedBias, nil
	}
	return 0, fault.New(fault.Usage, fault.Place{}, fmt.Sprintf("there is no small-sample variance %q", name), "one of "+strings.Join(SmallSamples, ", "))
}
