package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"waymark/internal/fault"
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
	for _, w := range a.list {
		kind := w.kind
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
			ask.Reference = o.references(faults)
		}
		a.asks = append(a.asks, ask)
	}
}
