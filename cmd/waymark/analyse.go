package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"waymark/internal/fault"
	"waymark/stats/survey/analysis"
	"waymark/stats/survey/analysis/listing"
)

// analyseOptions are the flags of `waymark analyse`.
type analyseOptions struct {
	asks        askFlags
	weights     string
	strata      string
	cluster     string
	fpc         string
	pps         string
	ppsVariance string
	nest        bool
	lonely      string
	by          []string
	overall     bool
	where       string
	interval    string
	testForm    string
	rankTest    string
	reference   []string
	quantile    quantileFlags
	adjust      string
	replicates  replicateFlags
	confidence  float64
	df          string
	weighting   weightingFlags
	imputation  imputationFlags
	format      string
	out         string
	plot        string
	explain     bool
	sheet       string
	report      bool
	smallSample string
	uncertainty string
}

func analyseCommand() *cobra.Command {
	var o analyseOptions
	cmd := &cobra.Command{
		Use:   "analyse FILE",
		Short: "Estimates, tests and models from any survey file, with the design's variance",
		Long: `Reads a survey file, takes its sample design from the columns that you name, and
prints what you ask, each number with its standard error, interval and base.
Everything that is asked in one call is answered together.

The design. --weights, --strata, --cluster (outermost stage first), --fpc (sizes
or fractions, one a stage), --nest, and --lonely for strata with one unit. What
is not named is not there: without --weights each row weighs 1. With --pps the
columns of --fpc are probabilities of inclusion, and weights are one over them.
Two-phase designs are left out.

Numbers can be asked for as groups (--share, --by, --test); levels are then in
the order of numbers. Names with signs in them stand in ` + "`backticks`" + `, levels with
signs or spaces in "quotes".

--where is a condition such as
  stype in (E, M) and not (meals > 50 or api99 is missing)
with ==, !=, <, <=, >, >=, in, is missing, and, or, not. It names a domain: rows
outside stay in the design, as in R's subset() of a design.

Totals for --rake, --poststratify and --calibrate are a file with a column for
each variable and, last, one of counts (or term and total for --calibrate); or in
place: --rake "stype: E=4421, H=755, M=1018".

Missing answers are left out of each number and counted beside it. --responded
lets those who answered carry the weights of the others; --impute fills missing
answers several times over and says how many values were made up, and by which
model.

Results go to standard output, or to --out. --explain says how each was made and
how R would be asked the same.`,
		Example: `  waymark analyse schools.csv --weights pw --strata stype --fpc fpc --mean api00 --total enroll
  waymark analyse schools.csv --weights pw --cluster dnum,snum --fpc fpc1,fpc2 --mean api00 --by stype
  waymark analyse schools.csv --weights pw --strata stype --proportion sch.wide=Yes --interval logit --by stype --by stype,awards
  waymark analyse schools.csv --weights pw --cluster dnum --test sch.wide~stype --share stype --where "meals < 50"
  waymark analyse schools.csv --weights pw --quantile api00:0.25,0.5,0.75 --format csv --out quantiles.csv
  waymark analyse schools.csv --weights pw --cluster dnum --logit "sch.wide=Yes ~ ell*stype" --wald ell:stype --margins stype
  waymark analyse schools.csv --weights pw --mean api00 --by stype --plot means.svg --explain`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Sprintf("waymark analyse takes one file, not %d", len(args)), "such as: waymark analyse data.csv --weights w --mean age")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runAnalyse(cmd, args[0], &o) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.weights, "weights", "", "`column` of weights (default: each row weighs 1)")
	f.StringVar(&o.strata, "strata", "", "`column` of the first stage's strata")
	f.StringVar(&o.cluster, "cluster", "", "`columns` of the stages' clusters, outermost first")
	f.StringVar(&o.pps, "pps", "", "--fpc has probabilities of inclusion: `kind` brewer, overton or HR")
	f.StringVar(&o.ppsVariance, "pps-variance", "", "of overton and HR: `form` HT (Horvitz-Thompson, default) or YG (Yates-Grundy)")
	f.StringVar(&o.fpc, "fpc", "", "`columns` of population sizes or fractions, one a stage (default: with replacement)")
	f.BoolVar(&o.nest, "nest", false, "cluster identifiers are unique only within their stratum")
	f.StringVar(&o.lonely, "lonely", "fail", "strata with one unit: "+strings.Join(analysis.LonelyRules, ", "))
	o.replicates.add(f)
	o.weighting.add(f)
	o.imputation.add(f)
	o.asks.add(f)
	f.StringArrayVar(&o.by, "by", nil, "repeat estimates in the groups of these `columns`; give it again for another grouping")
	f.BoolVar(&o.overall, "overall", false, "with --by, estimates of everyone too")
	f.StringVar(&o.where, "where", "", "only rows for which the `condition` holds, as a domain")
	f.StringVar(&o.interval, "interval", analysis.Intervals[0], "interval of proportions: "+strings.Join(analysis.Intervals, ", "))
	f.StringVar(&o.testForm, "test-form", "", "`form` of --test: "+strings.Join(analysis.TestForms, ", ")+" (default F)")
	f.StringVar(&o.rankTest, "rank-test", analysis.RankScores[0], "`score` of --rank: "+strings.Join(analysis.RankScores, ", "))
	o.quantile.add(f)
	f.StringArrayVar(&o.reference, "reference", nil, "`column=level` that models compare with (default: the first level)")
	f.StringVar(&o.smallSample, "small-sample", analysis.SmallSamples[0], "variance of models for few units: "+strings.Join(analysis.SmallSamples, ", "))
	f.StringVar(&o.uncertainty, "margins-error", analysis.Uncertainties[0], "what the error of --margins and --effects counts: "+strings.Join(analysis.Uncertainties, ", "))
	f.StringVar(&o.adjust, "adjust", "none", "p-values for the number of tests: "+strings.Join(analysis.Adjustments, ", "))
	f.Float64Var(&o.confidence, "confidence", 0.95, "of intervals, a `share`")
	f.StringVar(&o.df, "df", "normal", "of the other intervals: normal, design, or a `number` for t")
	f.StringVar(&o.sheet, "sheet", "", "`name` of the sheet of a workbook (default: the first with a header)")
	f.BoolVar(&o.report, "weighting-report", false, "what came of the weights: their distribution, margins before and after, design effect, iterations")
	f.BoolVar(&o.explain, "explain", false, "say in words how each number was made, with sources and the call of R")
	f.StringVar(&o.format, "format", "table", "what to print: table, json, csv or md")
	f.StringVar(&o.out, "out", "", "`file` to write instead of printing")
	f.StringVar(&o.plot, "plot", "", "`file` for a picture as SVG; - draws dots on the terminal, none draws none")
	return cmd
}

func runAnalyse(cmd *cobra.Command, file string, o *analyseOptions) error {
	a, err := o.analysis()
	if err != nil {
		return err
	}
	source, data, err := o.read(cmd, file)
	if err != nil {
		return err
	}
	a.Data = data
	if err := o.weighting.weigh(cmd.Context(), a); err != nil {
		return err
	}
	report, err := a.Run(cmd.Context())
	if err != nil {
		return err
	}
	return o.print(cmd, report, source)
}

// analysis makes what is asked of the flags. It reports every wrong one.
func (o *analyseOptions) analysis() (*analysis.Analysis, error) {
	faults := fault.NewList(50)
	wrong := func(message, remedy string) {
		faults.Add(fault.New(fault.Usage, fault.Place{}, message, remedy))
	}
	switch o.format {
	case "table", "json", "csv", "md":
	default:
		wrong(fmt.Sprintf("there is no format %q", o.format), "--format table, json, csv or md")
	}
	if o.plot != "" && o.plot != "-" && o.plot != "none" && !strings.HasSuffix(strings.ToLower(o.plot), ".svg") {
		wrong(fmt.Sprintf("--plot %s is not a file that ends in .svg", o.plot), "--plot dots.svg, or --plot - for the terminal")
	}
	if !(o.confidence > 0 && o.confidence < 1) {
		wrong(fmt.Sprintf("the confidence %v is not between 0 and 1", o.confidence), "such as --confidence 0.95")
	}
	opt := analysis.Options{Confidence: o.confidence, Interval: o.interval, Explain: o.explain, Adjust: o.adjust, QuantileRule: o.quantile.rule, QuantileInterval: o.quantile.interval}
	switch o.df {
	case "normal", "":
	case "design":
		opt.DF = analysis.DesignDF
	default:
		n, err := strconv.ParseFloat(o.df, 64)
		if err != nil || !(n > 0) {
			wrong(fmt.Sprintf("the degrees of freedom %q cannot be used", o.df), "--df normal, --df design, or a positive number")
		}
		opt.DF = n
	}
	if len(o.asks.list) == 0 {
		wrong("nothing is asked", "such as --mean COLUMN, --share COLUMN or --test A~B; waymark analyse --help lists them all")
	}
	o.asks.finish(o, faults)
	o.weighting.check(faults)
	if o.report && !o.weighting.asked() {
		wrong("--weighting-report is asked and no weights are adjusted", "give --rake, --poststratify, --calibrate, --responded or --trim too")
	}
	o.imputation.check(faults)
	replicates := o.replicates.read(faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	a := &analysis.Analysis{
		Imputation: o.imputation.read(o.replicates.seed),
		Sample: analysis.Sample{
			Weights: bareName(o.weights), Strata: bareName(o.strata), Clusters: analysis.Names(o.cluster), FPC: analysis.Names(o.fpc), PPS: o.pps, PPSVariance: o.ppsVariance,
			Nest: o.nest, Lonely: o.lonely, Replicates: replicates,
			Nonresponse: o.weighting.nonresponse(), Trim: o.weighting.trimming(),
		},
		Asks: o.asks.asks, Overall: o.overall, Where: o.where, Options: opt,
	}
	for _, by := range o.by {
		a.By = append(a.By, analysis.Names(by))
	}
	return a, nil
}

// bareName takes one column from a flag.
func bareName(text string) string {
	return strings.Join(analysis.Names(text), ",")
}

// print writes the report where it is wanted, then pictures.
func (o *analyseOptions) print(cmd *cobra.Command, report *analysis.Report, source listing.Source) error {
	var b strings.Builder
	screen := screenOf(cmd.OutOrStdout())
	var err error
	switch o.format {
	case "json":
		err = listing.JSON(&b, report, source, o.confidence)
	case "csv":
		err = listing.CSV(&b, report)
	case "md":
		printMarkdown(&b, report, source, o.confidence)
		if o.report {
			fmt.Fprintf(&b, "%s\n", report.Design.Diagnosis.Markdown())
		}
	default:
		printReport(&b, report, source, o.confidence, screen.width)
		if o.report {
			fmt.Fprintf(&b, "\n%s", report.Design.Diagnosis.Text())
		}
	}
	if err != nil {
		return err
	}
	if drawn := o.plot == "-" || o.plot == "" && screen.terminal && o.format == "table" && o.out == ""; drawn {
		plotTo(&b, cmd.ErrOrStderr(), report, screen, o)
	}
	if o.out != "" {
		if err := replaceFile(o.out, []byte(b.String())); err != nil {
			return unwritten(o.out, err)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", o.out)
	} else if _, err := io.WriteString(cmd.OutOrStdout(), b.String()); err != nil {
		return unwritten("standard output", err)
	}
	if o.plot != "" && o.plot != "-" && o.plot != "none" {
		picture := analyseFigure(report, source, o.confidence)
		if err := replaceFile(o.plot, picture); err != nil {
			return unwritten(o.plot, err)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", o.plot)
	}
	return nil
}

// plotTo draws dots below the tables; where the output is for a program, or
// goes to a file, they go to standard error.
func plotTo(b *strings.Builder, errs io.Writer, report *analysis.Report, screen screen, o *analyseOptions) {
	opt := listing.PlotOptions{Width: screen.width, ASCII: screen.ascii, Color: screen.color && o.out == ""}
	if o.format == "table" && o.out == "" {
		b.WriteString("\n")
		listing.Plot(b, report.Results, opt)
		return
	}
	listing.Plot(errs, report.Results, opt)
}

// printReport writes tables for a terminal: the results first, then the design
// and what is to be said about it, then explanations.
func printReport(w io.Writer, report *analysis.Report, source listing.Source, confidence float64, width int) {
	for i := range report.Results {
		if i > 0 {
			fmt.Fprintln(w)
		}
		r := &report.Results[i]
		t := listing.Tabulate(r, confidence)
		t.Text(w, width)
	}
	fmt.Fprintln(w)
	for _, line := range closing(report, source) {
		for i, part := range listing.Wrap(line, width-2) {
			fmt.Fprintln(w, strings.Repeat(" ", min(i, 1)*2)+part)
		}
	}
	for _, h := range explanations(report, confidence) {
		fmt.Fprintf(w, "\nHow: %s\n", h.title)
		for _, s := range h.sentences {
			for k, part := range listing.Wrap(s, width-4) {
				fmt.Fprintln(w, "  "+strings.Repeat(" ", min(k, 1)*2)+part)
			}
		}
		if h.r != "" {
			fmt.Fprintln(w, "  In R:")
			for line := range strings.Lines(h.r) {
				fmt.Fprintln(w, "    "+strings.TrimRight(line, "\n"))
			}
		}
	}
}

// explanation is how a result was made.
type explanation struct {
	title     string
	sentences []string
	r         string
}

// explanations gives each result's, with what all of them share said once.
func explanations(report *analysis.Report, confidence float64) []explanation {
	shared := map[string]int{}
	n := 0
	for _, r := range report.Results {
		if len(r.Explain) > 0 {
			n++
		}
		for _, s := range append(r.Explain[:len(r.Explain):len(r.Explain)], r.Sources...) {
			shared[s]++
		}
	}
	all := explanation{title: "all of these"}
	var common []string
	var out []explanation
	seen := map[string]bool{}
	for i := range report.Results {
		r := &report.Results[i]
		if len(r.Explain) == 0 {
			continue
		}
		own := explanation{title: listing.Tabulate(r, confidence).Title, r: r.R}
		var from []string
		for _, s := range r.Explain {
			switch {
			case n == 1 || shared[s] < n:
				own.sentences = append(own.sentences, s)
			case !seen[s]:
				seen[s] = true
				all.sentences = append(all.sentences, s)
			}
		}
		for _, s := range r.Sources {
			switch {
			case n == 1 || shared[s] < n:
				from = append(from, s)
			case !seen[s]:
				seen[s] = true
				common = append(common, s)
			}
		}
		own.sentences = append(own.sentences, sources(from)...)
		out = append(out, own)
	}
	if all.sentences = append(all.sentences, sources(common)...); len(all.sentences) > 0 {
		out = append(out, all)
	}
	return out
}

func sources(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return []string{"Source: " + strings.Join(list, "; ") + "."}
}

// closing says what the numbers rest on.
func closing(report *analysis.Report, source listing.Source) []string {
	out := []string{fmt.Sprintf("%s: %s. Design: %s.", source.Name, counted(source.Rows, "row", "rows"), report.Design.Words)}
	if report.Where != "" {
		out = append(out, "Only where "+report.Where+".")
	}
	return append(out, report.Notes...)
}

func printMarkdown(w io.Writer, report *analysis.Report, source listing.Source, confidence float64) {
	for i := range report.Results {
		t := listing.Tabulate(&report.Results[i], confidence)
		t.Markdown(w)
	}
	for _, line := range closing(report, source) {
		fmt.Fprintf(w, "%s\n\n", line)
	}
	for _, h := range explanations(report, confidence) {
		fmt.Fprintf(w, "#### How: %s\n\n", h.title)
		for _, s := range h.sentences {
			fmt.Fprintf(w, "%s\n\n", s)
		}
		if h.r != "" {
			fmt.Fprintf(w, "```r\n%s\n```\n\n", strings.TrimRight(h.r, "\n"))
		}
	}
}

// lookup is os.LookupEnv, for what a terminal can show.
func lookup(name string) string { v, _ := os.LookupEnv(name); return v }
