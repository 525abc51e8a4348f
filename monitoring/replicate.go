package monitoring

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// ReplicatePlan takes variances from replicate weights: given in columns, or
// made from the plan's strata, clusters and FPC.
type ReplicatePlan struct {
	// Type is the kind of replicates; those that
	// a plan may name are in replications. Required.
	Type string `yaml:"type"`
	// Columns of replicate weights, in order: names, or patterns in which *
	// stands for anything (repw*), whose columns are taken in the order of their
	// numbers. Default: none, the replicates are made.
	Columns []string `yaml:"columns"`
	// Factors says that the columns multiply the weights. Default: false, they
	// are weights.
	Factors bool `yaml:"factors"`
	// Rho of Fay's replicates, from 0 to below 1. Default: 0.
	Rho float64 `yaml:"rho"`
	// Scale of all squared deviations. Default: that of the type.
	Scale float64 `yaml:"scale"`
	// RScales has a further factor a replicate. Default: 1 each. Required for
	// jkn in columns that are not factors.
	RScales []float64 `yaml:"rscales"`
	// MSE takes deviations from the full estimate. Default: false, from the mean
	// of the replicates.
	MSE bool `yaml:"mse"`
	// DiscardMissing leaves out replicates in which a group is empty. Default:
	// false, the number is then not estimable.
	DiscardMissing bool `yaml:"discard_missing"`
	// DF is the degrees of freedom. Default: the rank of the replicates less one.
	DF float64 `yaml:"df"`
}

// replications are the kinds that a plan may name.
var replications = map[string]survey.Replication{
	"jk1": survey.JK1, "jkn": survey.JKn, "brr": survey.BRR, "fay": survey.Fay, "rao-wu": survey.RaoWu, "bootstrap": survey.CantyDavison,
	"preston": survey.Preston, "successive-difference": survey.SuccessiveDifference, "jk2": survey.JK2, "other": survey.OtherReplicates,
}

// maxReplicateColumns bounds the columns of replicate weights.
const maxReplicateColumns = 10_000

func (v *validation) replicates(d *DesignPlan) {
	r, at := d.Replicates, "$.design.replicates"
	if r == nil {
		return
	}
	if !v.choice(at+".type", r.Type, sortedKeys(replications)) {
		return
	}
	columns := v.replicateColumns(at+".columns", r)
	if len(r.Columns) > 0 {
		if named(d.Strata) || len(d.Clusters) > 0 || len(d.FPC) > 0 {
			v.add(at+".columns", "", "write strata: none, clusters: [] and fpc: []", "replicate weights in columns hold the design already: strata, clusters and fpc have no part beside them")
		}
		if r.Type == "jkn" && !r.Factors && len(r.RScales) == 0 {
			v.add(at+".rscales", "", "give (n-1)/n of the stratum of each replicate", "jkn weights need a factor for each replicate")
		}
	} else {
		if r.Type == "jk2" || r.Type == "other" {
			v.add(at+".type", r.Type, "name the columns that hold them, or choose another type", "replicates of this type are not made")
		}
		for _, only := range []struct {
			key   string
			given bool
		}{{"factors", r.Factors}, {"scale", r.Scale != 0}, {"rscales", len(r.RScales) > 0}, {"df", r.DF != 0}} {
			if only.given {
				v.add(at+"."+only.key, only.key, "leave it out, or name the columns", "this is for replicate weights in columns only")
			}
		}
	}
	if r.Rho != 0 && r.Type != "fay" {
		v.add(at+".rho", "", "leave it out, or write type: fay", "rho belongs to replicates of type fay")
	}
	if !(r.Rho >= 0 && r.Rho < 1) {
		v.add(at+".rho", "", "write the rho that the weights were made with, such as 0.5", "rho must be 0 or more and less than 1")
	}
	if !(r.Scale >= 0) || !(r.DF >= 0) || slices.ContainsFunc(r.RScales, func(x float64) bool { return !(x >= 0) }) {
		v.add(at, "", "use numbers of 0 or more", "scale, rscales and df are not negative")
	}
	if n := len(r.RScales); n > 0 && len(columns) > 0 && n != len(columns) {
		v.add(at+".rscales", "", "give one for each column, in order", "there are %d rscales for %d columns of replicate weights", n, len(columns))
	}
}

// replicateColumns finds the columns and reports what is wrong with them.
func (v *validation) replicateColumns(at string, r *ReplicatePlan) []string {
	var all []string
	for i, pattern := range r.Columns {
		place := fmt.Sprintf("%s[%d]", at, i)
		if !strings.ContainsAny(pattern, `*?[\`) {
			if v.variable(place, pattern) {
				all = append(all, pattern)
			}
			continue
		}
		matched, err := matchNumbers(v.in, pattern)
		switch {
		case err != nil:
			v.add(place, pattern, "write it like repw*: * stands for any letters and digits", "this is not a pattern of names")
		case len(matched) == 0:
			v.add(place, pattern, "`waymark instrument show "+v.in.ID+"` lists its questions", "no number of instrument %s has a name of this pattern", v.in.ID)
		}
		all = append(all, matched...)
	}
	switch {
	case len(all) == 1:
		v.add(at, all[0], "name all of them, or use a pattern such as repw*", "one column of replicate weights gives no variance")
	case len(all) > maxReplicateColumns:
		v.add(at, "", "use fewer", "%d columns of replicate weights are more than %d", len(all), maxReplicateColumns)
		return all
	}
	for i, name := range all {
		if slices.Contains(all[:i], name) {
			v.add(at, name, "name each column once", "this column of replicate weights is named twice")
			break
		}
	}
	return all
}

// matchNumbers returns the questions with numbers whose names fit a pattern, in
// the order of the numbers in their names: repw2 before repw10.
func matchNumbers(in *instrument.Instrument, pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	var names []string
	for _, q := range in.Questions {
		if ok, _ := path.Match(pattern, q.Name); ok && q.Kind == table.Number {
			names = append(names, q.Name)
		}
	}
	slices.SortStableFunc(names, natural)
	return names, nil
}

// natural compares names so that runs of digits go by their value.
func natural(a, b string) int {
	digits := func(s string) int {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	}
	for len(a) > 0 && len(b) > 0 {
		na, nb := digits(a), digits(b)
		if na == 0 || nb == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[na:], b[nb:]
	}
	return cmp.Compare(len(a), len(b))
}

// names are the columns of replicate weights, in order.
func (r *ReplicatePlan) names(in *instrument.Instrument) []string {
	var all []string
	for _, pattern := range r.Columns {
		if !strings.ContainsAny(pattern, `*?[\`) {
			all = append(all, pattern)
			continue
		}
		matched, _ := matchNumbers(in, pattern) // the plan was validated
		all = append(all, matched...)
	}
	return all
}

// replicated is the design with the plan's replicate weights.
func (f *frame) replicated(spec survey.Spec) (*survey.Design, error) {
	r := f.plan.Design.Replicates
	if len(r.Columns) == 0 {
		design, err := survey.New(spec)
		if err != nil {
			return nil, err
		}
		made, err := design.Replicate(replications[r.Type], survey.ReplicateOptions{Rho: r.Rho, MSE: r.MSE, DiscardMissing: r.DiscardMissing})
		if err != nil {
			return nil, err
		}
		f.notes = append(f.notes, made.Notes()...)
		return made.Design, nil
	}
	given := survey.ReplicateColumns{Kind: replications[r.Type], Weights: spec.Weights, Factors: r.Factors, Rho: r.Rho, Scale: r.Scale,
		RScales: r.RScales, MSE: r.MSE, DiscardMissing: r.DiscardMissing, DF: r.DF, Include: f.include}
	faults := fault.NewList(planFaults)
	for _, name := range r.names(f.round.Instrument) {
		c := f.round.Table.Number(name)
		if c == nil {
			faults.Addf(fault.Invalid, fault.Place{File: f.round.Source.Name, Field: name}, "correct the design in the plan", "the replicate weight column is not in the file or does not hold numbers")
			continue
		}
		given.Replicates = append(given.Replicates, c)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	replicates, err := survey.NewReplicates(given)
	if err != nil {
		return nil, err
	}
	return replicates.Design, nil
}

// yaml prints the replicates under design, or a commented example of them.
func (r *ReplicatePlan) yaml(b *strings.Builder) {
	if r == nil {
		b.WriteString("  # Variances from replicate weights instead, in columns or made from the design:\n")
		b.WriteString("  # replicates: {type: fay, columns: [repw*], rho: 0.5}\n")
		return
	}
	fmt.Fprintf(b, "  replicates:\n    type: %s # %s\n", r.Type, strings.Join(sortedKeys(replications), ", "))
	fmt.Fprintf(b, "    columns: %s # names or patterns such as repw*; [] = made from strata, clusters and fpc\n", flow(r.Columns))
	if r.Factors {
		b.WriteString("    factors: true # the columns multiply the weights\n")
	}
	for _, n := range []struct {
		key   string
		value float64
	}{{"rho", r.Rho}, {"scale", r.Scale}, {"df", r.DF}} {
		if n.value != 0 {
			fmt.Fprintf(b, "    %s: %v\n", n.key, n.value)
		}
	}
	if len(r.RScales) > 0 {
		parts := make([]string, len(r.RScales))
		for i, x := range r.RScales {
			parts[i] = fmt.Sprint(x)
		}
		fmt.Fprintf(b, "    rscales: [%s]\n", strings.Join(parts, ", "))
	}
	fmt.Fprintf(b, "    mse: %t # true: deviations from the full estimate, false: from the mean of the replicates\n", r.MSE)
	if r.DiscardMissing {
		b.WriteString("    discard_missing: true # leave out replicates in which a group is empty\n")
	}
}
