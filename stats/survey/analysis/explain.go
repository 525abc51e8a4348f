package analysis

import (
	"fmt"
	"math"
	"strings"

	"waymark/stats/survey/condition"
	"waymark/stats/table"
)

// The sources that explanations name, as in the docstrings of stats/survey.
const (
	sourceSarndal  = "Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.8"
	sourceLumley   = "Lumley (2010), Complex Surveys, chapters 2 and 3"
	sourceRaoScott = "Rao and Scott (1984), Annals of Statistics 12"
	sourceWoodruff = "Woodruff (1952), JASA 47"
	sourceKorn     = "Korn and Graubard (1998), Survey Methodology 24"
	sourceWilson   = "Wilson (1927), JASA 22, at the effective sample size"
	sourceBinder   = "Binder (1983), International Statistical Review 51"
)

// formulas of the estimates that one scan makes, with their linearised values.
var formulas = map[string]string{
	"mean":       "Σ w y / Σ w; linearised value (y - mean) / Σ w",
	"total":      "Σ w y; the value itself is linear",
	"share":      "Σ w of the level / Σ w; linearised value (1 or 0 - share) / Σ w",
	"proportion": "Σ w of the level / Σ w; linearised value (1 or 0 - proportion) / Σ w",
	"ratio":      "Σ w y / Σ w x; linearised value (y - ratio x) / Σ w x",
}

// intervalWords say how each interval is made.
var intervalWords = map[string]string{
	"wilson":          "Wilson's score interval at the effective sample size p (1 - p) / v, with t in place of z",
	"logit":           "symmetric on the scale of the logit, then turned back",
	"xlogit":          "symmetric on the scale of the logit, then turned back",
	"likelihood":      "the profile likelihood of a binomial, scaled by the design effect",
	"asin":            "symmetric on the scale of the arcsine of the root, then turned back",
	"beta":            "Korn and Graubard's: Clopper-Pearson at the effective sample size",
	"mean":            "estimate ± quantile × standard error",
	"clopper-pearson": "Clopper-Pearson on the unweighted count",
}

func (p *plan) say(r *Result, format string, args ...any) {
	r.Explain = append(r.Explain, fmt.Sprintf(format, args...))
}

// explainVariance says how variances of this design are made.
func (p *plan) explainVariance(r *Result) {
	text := "Variance: Taylor linearisation. Weighted linearised values are added up by primary sampling unit; within each stratum, n/(n-1) times the squares of the differences from the mean of the units"
	if p.d.FPC() {
		text += ", times one less the sampling fraction"
	}
	text += ", added over strata."
	if p.d.FPC() && len(p.sample.FPC) > 1 {
		text += " Later stages add theirs, each times the sampling fractions of the stages before."
	}
	p.say(r, "%s", text)
	if w := p.sample.Weighting; w != nil {
		p.say(r, "The %s; variances are those of the residuals from the margins.", w.words())
	}
	r.Sources = append(r.Sources, sourceSarndal, sourceLumley)
}

// explainDomain says whom the result is about.
func (p *plan) explainDomain(r *Result) {
	if p.subset != nil {
		p.say(r, "Only where %s: a domain of the whole design. Rows outside count as zero and stay in their units.", p.subset)
	}
	if len(r.By) > 0 {
		p.say(r, "Each combination of %s is a domain of the whole design, so every unit and stratum keeps its place in the variance. Rows without a group are in none.", strings.Join(r.By, " and "))
	}
	p.say(r, "Rows with a missing value leave the estimate, are counted beside it, and stay in the design.")
}

func explainEstimate(p *plan, a *Ask, r *Result) {
	p.say(r, "%s: %s, over rows of the domain with a value.", strings.ToUpper(a.Kind[:1])+a.Kind[1:], formulas[a.Kind])
	p.explainVariance(r)
	percent := fmt.Sprintf("%v%%", math.Round(p.opt.Confidence*1e6)/1e4)
	if a.Kind == "proportion" {
		name := a.Method
		if name == "" {
			name = p.opt.Interval
		}
		if name == "" {
			name = Intervals[0]
		}
		p.say(r, "Interval (%s): %s; t with the design's degrees of freedom, those of the units and strata that hold an answer. At exactly 0 or 1 it is Clopper-Pearson on the unweighted count.", percent, intervalWords[name])
		switch name {
		case "wilson":
			r.Sources = append(r.Sources, sourceWilson)
		case "beta":
			r.Sources = append(r.Sources, sourceKorn)
		}
	} else {
		p.say(r, "Interval (%s): estimate ± %s × standard error.", percent, p.quantileWords())
	}
	p.explainDomain(r)
	r.R = p.rEstimate(a, r.By)
}

// quantileWords names the quantile of intervals that are symmetric.
func (p *plan) quantileWords() string {
	switch {
	case p.opt.DF == 0 || math.IsInf(p.opt.DF, 1):
		return "normal quantile (R's default; --df design uses t)"
	default:
		return fmt.Sprintf("quantile of t with %v degrees of freedom", p.opt.DF)
	}
}

func explainQuantile(p *plan, a *Ask, r *Result) {
	p.say(r, "Quantile: the smallest value at which the weighted distribution function reaches p.")
	p.say(r, "Interval: Woodruff's. The interval of the share at or below the estimate, by t with the design's degrees of freedom, is turned back into values; the standard error is its length over twice the quantile of t.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, sourceWoodruff)
	p.explainDomain(r)
	at := "c(0.25, 0.5, 0.75)"
	if len(a.At) > 0 {
		parts := make([]string, len(a.At))
		for i, v := range a.At {
			parts[i] = fmt.Sprint(v)
		}
		at = "c(" + strings.Join(parts, ", ") + ")"
	}
	if len(r.By) > 0 {
		r.R = p.rDesign() + fmt.Sprintf("svyby(%s, %s, des, svyquantile, quantiles = %s, ci = TRUE, interval.type = \"mean\", na.rm = TRUE)", rFormula(a.Variables), rFormula(r.By), at)
	} else {
		r.R = p.rDesign() + fmt.Sprintf("svyquantile(%s, des, %s, interval.type = \"mean\", qrule = \"math\", na.rm = TRUE)", rFormula(a.Variables), at)
	}
}

func explainCompare(p *plan, a *Ask, r *Result) {
	switch a.Measure {
	case "difference":
		p.say(r, "Difference of the two groups' values; interval by t with the design's degrees of freedom.")
	case "odds":
		p.say(r, "Odds over odds; interval on the scale of the logarithm, by t with the design's degrees of freedom, then turned back.")
	default:
		p.say(r, "Value over value; interval on the scale of the logarithm, by t with the design's degrees of freedom, then turned back.")
	}
	p.say(r, "Variance by the delta method: units that hold rows of both groups bring their covariance. P is two-sided, of no difference.")
	p.explainVariance(r)
	p.explainDomain(r)
	of, against := groupNames(a.Of), groupNames(a.Against)
	over := make([]string, len(a.Of))
	for i, g := range a.Of {
		over[i] = g.Column
	}
	sign := "/"
	if a.Measure == "difference" {
		sign = "-"
	}
	r.R = p.rDesign() + fmt.Sprintf("m <- svyby(%s, %s, des, svymean, na.rm = TRUE, covmat = TRUE)\nsvycontrast(m, quote(`%s` %s `%s`))", rCharacteristic(p.data, a), rFormula(over), of, sign, against)
}

func explainTrend(p *plan, a *Ask, r *Result) {
	if p.d.Simple() {
		p.say(r, "Cochran-Armitage test of trend over the levels of %s, scored 0, 1, 2 and so on.", a.Over)
	} else {
		p.say(r, "Score test of the slope in a logistic model on the levels of %s, scored 0, 1, 2 and so on: U² over its design variance, F with 1 and the design's degrees of freedom.", a.Over)
	}
	p.say(r, "The odds ratio per step is that of the weighted logistic model; interval by t with one degree of freedom less than the design.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, "Armitage (1955), Biometrics 11", "Rao, Scott and Skinner (1998), Statistica Sinica 8")
	p.explainDomain(r)
	r.R = p.rDesign() + fmt.Sprintf("summary(svyglm(%s ~ as.integer(factor(%s)), des, family = quasibinomial))", strings.TrimPrefix(rCharacteristic(p.data, a), "~"), condition.RName(a.Over))
}

func explainIndependence(p *plan, a *Ask, r *Result) {
	if a.Method == "Chisq" {
		p.say(r, "Rao and Scott's first-order correction of Pearson's chi-squared: the statistic as Pearson's, its p-value after division by the mean design effect.")
	} else {
		p.say(r, "Rao and Scott's second-order correction of Pearson's chi-squared, as an F statistic with degrees of freedom from the design effects (Satterthwaite).")
	}
	p.say(r, "The covariance of the table's cells is that of the design.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, sourceRaoScott)
	p.explainDomain(r)
	form := "F"
	if a.Method == "Chisq" {
		form = "Chisq"
	}
	r.R = p.rDesign() + fmt.Sprintf("svychisq(%s, des, statistic = %q)", rFormula(a.Variables), form)
}

// rFormula writes ~a + b.
func rFormula(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = condition.RName(n)
	}
	return "~" + strings.Join(parts, " + ")
}

// rCharacteristic writes what a proportion is taken of.
func rCharacteristic(data *Data, a *Ask) string {
	name := condition.RName(a.Variables[0])
	col, _ := data.Column(a.Variables[0])
	switch {
	case !a.HasLevel:
		return "~" + name
	case col != nil && col.Kind() == table.Number:
		return fmt.Sprintf("~I(%s == %s)", name, a.Level)
	}
	return fmt.Sprintf("~I(%s == %q)", name, a.Level)
}

// rDesign writes the design, its lonely rule and the subset.
func (p *plan) rDesign() string {
	s := p.sample
	var b strings.Builder
	if s.Lonely != "" && s.Lonely != "fail" {
		fmt.Fprintf(&b, "options(survey.lonely.psu = %q)\n", s.Lonely)
	}
	ids := "~1"
	if len(s.Clusters) > 0 {
		ids = rFormula(s.Clusters)
	}
	fmt.Fprintf(&b, "des <- svydesign(ids = %s", ids)
	if s.Strata != "" {
		fmt.Fprintf(&b, ", strata = %s", rFormula([]string{s.Strata}))
	}
	if s.Weights != "" {
		fmt.Fprintf(&b, ", weights = %s", rFormula([]string{s.Weights}))
	} else {
		b.WriteString(", weights = ~1")
	}
	if len(s.FPC) > 0 {
		fmt.Fprintf(&b, ", fpc = %s", rFormula(s.FPC))
	}
	if s.Nest {
		b.WriteString(", nest = TRUE")
	}
	b.WriteString(", data = d)\n")
	if w := s.Weighting; w != nil {
		b.WriteString(w.r())
	}
	if p.subset != nil {
		fmt.Fprintf(&b, "des <- subset(des, %s)\n", p.subset.R(p.data.Table))
	}
	return b.String()
}

// r writes the weighting; population tables are left to the analyst.
func (w *Weighting) r() string {
	switch w.Kind {
	case "poststratify":
		return fmt.Sprintf("des <- postStratify(des, %s, totals)  # totals: a data frame with the columns and Freq\n", rFormula(w.Margins[0].Columns))
	case "rake":
		var margins []string
		for _, m := range w.Margins {
			margins = append(margins, rFormula(m.Columns))
		}
		return fmt.Sprintf("des <- rake(des, list(%s), list(...), control = list(maxit = 1000, epsilon = 1e-10))  # one data frame with Freq for each\n", strings.Join(margins, ", "))
	}
	return fmt.Sprintf("des <- calibrate(des, ~..., population = c(...), calfun = %q)\n", strings.TrimPrefix(w.Kind, "greg-"))
}

// rEstimate writes svymean and its sisters.
func (p *plan) rEstimate(a *Ask, by []string) string {
	what := rFormula(a.Variables)
	call, args := "svymean", "na.rm = TRUE"
	switch a.Kind {
	case "total":
		call = "svytotal"
	case "ratio":
		call, args = "svyratio", fmt.Sprintf("denominator = %s, na.rm = TRUE", rFormula([]string{a.Denominator}))
	case "share":
		parts := make([]string, len(a.Variables))
		for i, n := range a.Variables {
			parts[i] = "factor(" + condition.RName(n) + ")"
		}
		what = "~" + strings.Join(parts, " + ")
	case "proportion":
		what = rCharacteristic(p.data, a)
		name := a.Method
		if name == "" {
			name = p.opt.Interval
		}
		if name != "" && name != "wilson" && name != "clopper-pearson" {
			call, args = "svyciprop", fmt.Sprintf("method = %q, na.rm = TRUE", name)
		}
	}
	if len(by) > 0 {
		return p.rDesign() + fmt.Sprintf("svyby(%s, %s, des, %s, %s)", what, rFormula(by), call, args)
	}
	return p.rDesign() + fmt.Sprintf("%s(%s, design = des, %s)", call, what, args)
}
