package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/survey/analysis"
)

// askFlags are the flags that ask for something. Their order on the command line
// is that of the results.
type askFlags struct {
	list []written
	asks []analysis.Ask
}

// written is one flag as it stands.
type written struct{ kind, text string }

// askHelp are the flags by kind of estimate, with what they take.
var askHelp = []struct{ name, takes, help string }{
	{"mean", "columns", "means of numbers"},
	{"total", "columns", "totals of numbers"},
	{"share", "columns", "shares of every level"},
	{"proportion", "column=level", "proportion of a level"},
	{"ratio", "a/b", "ratio of two totals"},
	{"quantile", "column:p", "quantiles, such as api00:0.25,0.5,0.75"},
	{"compare", "comparison", `two groups, such as "sch.wide=Yes: stype=H vs stype=E"; difference or odds in front for those`},
	{"trend", "column=level~ordered", "trend of a proportion across ordered groups"},
	{"test", "a~b", "whether two categories go together (Rao-Scott)"},
	{"variance", "columns", "variances of numbers in the population"},
	{"correlation", "a,b", "correlations of all pairs of these numbers"},
	{"ttest", "y~group", `whether two means are equal; "y - x ~ 1" for pairs, y~1 against 0`},
	{"rank", "y~group", "whether a number is distributed alike in groups (Wilcoxon, Kruskal-Wallis)"},
	{"contrast", "formula", `of estimates, with their covariance: "api00[stype=H] - api00[stype=E]"`},
	{"logit", "formula", `logistic model: "sch.wide=Yes ~ ell + meals"`},
	{"linear", "formula", `linear model: "api00 ~ ell*stype + factor(year)"`},
	{"wald", "terms", "of the models: whether all coefficients of terms are 0, such as ell:stype"},
	{"margins", "columns", "of the models: mean predictions at each level of categories"},
	{"effects", "columns", "of the models: average marginal effects"},
}

// asFlag is the kind behind a flag of another name.
var asFlag = map[string]string{"test": "independence", "rank": "ranktest"}

func (a *askFlags) add(f *pflag.FlagSet) {
	for _, h := range askHelp {
		f.Var(&askFlag{a, h.name, h.takes}, h.name, h.help)
	}
}

// askFlag puts what is written into the common list.
type askFlag struct {
	list        *askFlags
	name, takes string
}

func (a *askFlag) String() string { return "" }
func (a *askFlag) Type() string   { return a.takes }
func (a *askFlag) Set(text string) error {
	a.list.list = append(a.list.list, written{a.name, text})
	return nil
}

// references reads the levels that models compare with.
func (o *analyseOptions) references(faults *fault.List) map[string]string {
	out := map[string]string{}
	for _, text := range o.reference {
		column, level, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(column) == "" {
			addFaults(faults, usage(fmt.Sprintf("--reference %s is not COLUMN=LEVEL", text), "such as --reference stype=M"))
			continue
		}
		out[bareName(column)] = strings.TrimSpace(level)
	}
	return out
}

// finish reads what was written, after all flags are known.
func (a *askFlags) finish(o *analyseOptions, faults *fault.List) {
	variance, err := analysis.ParseSmallSample(o.smallSample)
	if err != nil {
		addFaults(faults, err)
	}
	uncertainty, err := analysis.ParseUncertainty(o.uncertainty)
	if err != nil {
		addFaults(faults, err)
	}
	var after []written
	for _, w := range a.list {
		kind := w.kind
		if slices.Contains(analysis.After(), kind) {
			after = append(after, w)
			continue
		}
		if other := asFlag[kind]; other != "" {
			kind = other
		}
		ask, err := analysis.ParseAsk(kind, w.kind, w.text)
		if err != nil {
			addFaults(faults, err)
			continue
		}
		switch w.kind {
		case "test":
			ask.Method = o.testForm
		case "rank":
			ask.Method = o.rankTest
		case "logit", "linear":
			ask.Reference, ask.Variance = o.references(faults), variance
		}
		a.asks = append(a.asks, ask)
	}
	a.ofModels(after, uncertainty, faults)
}

// ofModels puts what is asked of models behind each of them.
func (a *askFlags) ofModels(after []written, uncertainty survey.Uncertainty, faults *fault.List) {
	if len(after) == 0 {
		return
	}
	var all []analysis.Ask
	models := 0
	for _, ask := range a.asks {
		all = append(all, ask)
		if ask.Formula == nil {
			continue
		}
		models++
		for _, w := range after {
			more, err := analysis.AskAfter(w.kind, ask, w.text)
			if err != nil {
				addFaults(faults, err)
				continue
			}
			more.Uncertainty = uncertainty
			all = append(all, more)
		}
	}
	if a.asks = all; models == 0 {
		addFaults(faults, usage("--"+after[0].kind+" is asked of a model, and there is none", "give --logit or --linear too"))
	}
}
