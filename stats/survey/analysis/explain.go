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
	if rep, ok := p.d.Replicates(); ok {
		p.say(r, "Variance: the estimate is made again with each of %d replicate weights (%s), and the scaled squares of the differences are added up: scale × Σ rscale (θ_r - centre)².", rep.Count(), rep.Kind())
		r.Sources = append(r.Sources, sourceLumley, "Wolter (2007), Introduction to Variance Estimation")
		return
	}
	if p.sample.PPS != "" {
		p.say(r, "%s", p.sample.ppsWords())
		r.Sources = append(r.Sources, sourceSarndal, "Brewer (2002), Combined Survey Sampling Inference")
		return
	}
	text := "Variance: Taylor linearisation. Weighted linearised values are added up by primary sampling unit; within each stratum, n/(n-1) times the squares of the differences from the mean of the units"
	if p.d.FPC() {
		text += ", times one less the sampling fraction"
	}
	text += ", added over strata."
	if p.d.FPC() && len(p.sample.FPC) > 1 {
		text += " Later stages add theirs, each times the sampling fractions of the stages before."
	}
	p.say(r, "%s", text)
	if words := p.sample.weightWords(); words != "" {
		p.say(r, "Weighting: %s. Variances are those of the residuals where weights meet totals; trimmed weights are taken as given.", words)
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
	rule, interval := orElse(p.opt.QuantileRule, "math"), orElse(p.opt.QuantileInterval, "mean")
	if rule == "math" {
		p.say(r, "Quantile: the smallest value at which the weighted distribution function reaches p.")
	} else {
		p.say(r, "Quantile: by the rule %s of R's svyquantile, between values of the weighted distribution function.", rule)
	}
	if interval == "score" {
		p.say(r, "Interval: the values at which the score test of the share passes the quantile of t (Francisco and Fuller).")
	} else {
		p.say(r, "Interval: Woodruff's. The interval (%s) of the share at or below the estimate, by t with the design's degrees of freedom, is turned back into values; the standard error is its length over twice the quantile of t.", interval)
	}
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
		r.R = p.rDesign() + fmt.Sprintf("svyby(%s, %s, des, svyquantile, quantiles = %s, ci = TRUE, interval.type = %q, qrule = %q, na.rm = TRUE)", rFormula(a.Variables), rFormula(r.By), at, interval, rule)
	} else {
		r.R = p.rDesign() + fmt.Sprintf("svyquantile(%s, des, %s, interval.type = %q, qrule = %q, na.rm = TRUE)", rFormula(a.Variables), at, interval, rule)
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

// testWords say how each form of the test of independence is made.
var testWords = map[string]string{
	"F":           "Rao and Scott's second-order correction of Pearson's chi-squared, as an F statistic with degrees of freedom from the design effects (Satterthwaite).",
	"Chisq":       "Rao and Scott's first-order correction of Pearson's chi-squared: the statistic as Pearson's, its p-value after division by the mean design effect.",
	"Wald":        "Wald's test of the differences between the table's cells and what independence would have there.",
	"adjWald":     "Wald's test of the differences between the table's cells and what independence would have there, with a denominator for few primary sampling units.",
	"lincom":      "Pearson's chi-squared against its exact asymptotic distribution, a sum of chi-squareds weighted by the design effects.",
	"saddlepoint": "Pearson's chi-squared against its asymptotic distribution, a sum of chi-squareds weighted by the design effects, by the saddlepoint approximation.",
}

func explainIndependence(p *plan, a *Ask, r *Result) {
	form := orElse(a.Method, "F")
	p.say(r, "%s", testWords[form])
	p.say(r, "The covariance of the table's cells is that of the design.")
	p.explainVariance(r)
	r.Sources = append(r.Sources, sourceRaoScott)
	p.explainDomain(r)
	r.R = p.rDesign() + fmt.Sprintf("svychisq(%s, des, statistic = %q)", rFormula(a.Variables), form)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
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

// rDesign writes the design, its lonely rule, weighting, replicates and subset.
func (p *plan) rDesign() string {
	s := p.sample
	var b strings.Builder
	if s.Lonely != "" && s.Lonely != "fail" {
		fmt.Fprintf(&b, "options(survey.lonely.psu = %q)\n", s.Lonely)
	}
	weights := "~1"
	if s.Weights != "" {
		weights = rFormula([]string{s.Weights})
	}
	if r := s.Replicates; r.given() {
		b.WriteString(r.rGiven(weights))
	} else {
		ids := "~1"
		if len(s.Clusters) > 0 {
			ids = rFormula(s.Clusters)
		}
		fmt.Fprintf(&b, "des <- svydesign(ids = %s", ids)
		if s.Strata != "" {
			fmt.Fprintf(&b, ", strata = %s", rFormula([]string{s.Strata}))
		}
		if s.PPS == "" || s.Weights != "" {
			fmt.Fprintf(&b, ", weights = %s", weights)
		}
		if len(s.FPC) > 0 {
			fmt.Fprintf(&b, ", fpc = %s", rFormula(s.FPC))
		}
		b.WriteString(s.rPPS())
		if s.Nest {
			b.WriteString(", nest = TRUE")
		}
		b.WriteString(", data = d)\n")
		if r != nil {
			b.WriteString(r.rMade())
		}
	}
	if n := s.Nonresponse; n != nil {
		b.WriteString("# non-response cells: R has postStratify() to the cells' totals, which takes them as known\n")
	}
	if w := s.Weighting; w != nil {
		b.WriteString(w.r())
	}
	if t := s.Trim; t != nil {
		b.WriteString(t.r())
	}
	if p.subset != nil {
		fmt.Fprintf(&b, "des <- subset(des, %s)\n", p.subset.R(p.data.Table))
	}
	return b.String()
}

// rGiven writes a design of replicate weights in columns.
func (r *Replicates) rGiven(weights string) string {
	var b strings.Builder
	if r.Pattern != "" {
		pattern := strings.NewReplacer(".", `\\.`, "*", ".*", "?", ".").Replace(r.Pattern)
		fmt.Fprintf(&b, "des <- svrepdesign(weights = %s, repweights = \"^%s$\", type = %q", weights, pattern, r.Type)
	} else {
		fmt.Fprintf(&b, "des <- svrepdesign(weights = %s, repweights = d[, c(\"%s\")], type = %q", weights, strings.Join(r.Columns, `", "`), r.Type)
	}
	fmt.Fprintf(&b, ", combined.weights = %s", rBool(!r.Factors))
	if r.Rho > 0 {
		fmt.Fprintf(&b, ", rho = %v", r.Rho)
	}
	if r.Scale > 0 {
		fmt.Fprintf(&b, ", scale = %v", r.Scale)
	}
	if len(r.RScales) > 0 {
		b.WriteString(", rscales = c(...)")
	}
	fmt.Fprintf(&b, ", mse = %s, data = d)\n", rBool(r.MSE))
	return b.String()
}

// rMade writes replicate weights made of a design.
func (r *Replicates) rMade() string {
	text := fmt.Sprintf("des <- as.svrepdesign(des, type = %q", r.Type)
	if r.Rho > 0 {
		text += fmt.Sprintf(", fay.rho = %v", r.Rho)
	}
	if strings.Contains(strings.ToLower(r.Type), "bootstrap") {
		text += fmt.Sprintf(", replicates = %d)  # other random numbers, so other figures\n", r.Count)
		return text
	}
	return text + fmt.Sprintf(", mse = %s)\n", rBool(r.MSE))
}

func rBool(v bool) string {
	if v {
		return "TRUE"
	}
	return "FALSE"
}

// r writes the trimming.
func (t *Trim) r() string {
	text := "des <- trimWeights(des"
	if t.Lower > 0 {
		text += fmt.Sprintf(", lower = %v", t.Lower)
	}
	if t.Upper > 0 {
		text += fmt.Sprintf(", upper = %v", t.Upper)
	}
	return text + fmt.Sprintf(", strict = %s)\n", rBool(t.Strict))
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
