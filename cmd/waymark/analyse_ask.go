package main

import (
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
}

// asFlag is the kind behind a flag of another name.
var asFlag = map[string]string{"test": "independence"}

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
		if w.kind == "test" {
			ask.Method = o.testForm
		}
		a.asks = append(a.asks, ask)
	}
}
