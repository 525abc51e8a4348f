package analysis

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
	"waymark/stats/table"
)

// Replicates says that variances come from replicate weights, given in columns
// or made of the design.
type Replicates struct {
	// Pattern of the names of columns that hold them, such as rep*; * stands for
	// any letters, ? for one. Default: they are made.
	Pattern string
	Columns []string // instead of a pattern
	// Type is one of ReplicateTypes. Required.
	Type string
	Rho  float64 // of Fay
	// Scale and RScales as in R's svrepdesign. Default: those of the type.
	Scale   float64
	RScales []float64
	// Factors says that the columns multiply the weights. Default: they are
	// weights themselves.
	Factors bool
	MSE     bool // deviations from the full estimate. Default: from their mean
	// Count and Seed of random ones that are made.
	Count int
	Seed  uint64
	// Degf is the degrees of freedom. Default: the rank of the weights less one.
	Degf float64
}

// replications are the types by R's names, in lower case.
var replications = map[string]survey.Replication{
	"jk1": survey.JK1, "jkn": survey.JKn, "brr": survey.BRR, "fay": survey.Fay,
	"subbootstrap": survey.RaoWu, "rao-wu": survey.RaoWu,
	"bootstrap": survey.CantyDavison, "canty-davison": survey.CantyDavison,
	"mrbbootstrap": survey.Preston, "preston": survey.Preston,
	"acs": survey.SuccessiveDifference, "successive-difference": survey.SuccessiveDifference,
	"jk2": survey.JK2, "other": survey.OtherReplicates,
}

// ReplicateTypes are the names of replicate weights, R's first.
var ReplicateTypes = []string{"JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap", "mrbbootstrap", "ACS", "JK2", "other"}

func (r *Replicates) kind() (survey.Replication, error) {
	k, ok := replications[strings.ToLower(r.Type)]
	if ok {
		return k, nil
	}
	remedy := "one of " + strings.Join(ReplicateTypes, ", ")
	if near := fault.Nearest(r.Type, ReplicateTypes); near != "" {
		remedy = fmt.Sprintf("did you mean %s?", near)
	}
	return 0, fault.New(fault.Invalid, fault.Place{Field: "replicates"}, fmt.Sprintf("there is no type of replicate weights %q", r.Type), remedy)
}

// given says whether the weights are in columns.
func (r *Replicates) given() bool { return r != nil && (r.Pattern != "" || len(r.Columns) > 0) }

// columns finds the columns of given replicates, in the order of the file.
func (r *Replicates) columns(data *Data, weights string) ([]*table.NumberColumn, error) {
	names := r.Columns
	if r.Pattern != "" {
		for _, c := range data.Table.Columns() {
			match, err := path.Match(r.Pattern, c.Name())
			if err != nil {
				return nil, fault.New(fault.Invalid, fault.Place{Field: "replicates"}, fmt.Sprintf("%q is not a pattern", r.Pattern), "such as rep* or w_[0-9]*")
			}
			if match && c.Name() != weights {
				names = append(names, c.Name())
			}
		}
		if len(names) == 0 {
			return nil, fault.New(fault.NotFound, fault.Place{File: data.Name, Field: "replicates"}, fmt.Sprintf("no column matches %q", r.Pattern), "such as rep* for rep1, rep2 and so on")
		}
	}
	faults := fault.NewList(maxFaults)
	var out []*table.NumberColumn
	for _, name := range names {
		c, err := data.Number(name)
		if err != nil {
			faults.Add(faultsOf(err)...)
			continue
		}
		out = append(out, c)
	}
	return out, faults.Err()
}

// read makes a design of replicate weights in columns.
func (r *Replicates) read(data *Data, weights *table.NumberColumn, name string) (*survey.Design, error) {
	k, err := r.kind()
	if err != nil {
		return nil, err
	}
	cols, err := r.columns(data, name)
	if err != nil {
		return nil, err
	}
	made, err := survey.NewReplicates(survey.ReplicateColumns{
		Kind: k, Weights: weights, Replicates: cols, Factors: r.Factors, Rho: r.Rho,
		Scale: r.Scale, RScales: slices.Clone(r.RScales), MSE: r.MSE, DF: r.Degf,
	})
	if err != nil {
		return nil, err
	}
	return made.Design, nil
}

// make makes replicate weights of a design.
func (r *Replicates) make(d *survey.Design) (*survey.Design, error) {
	k, err := r.kind()
	if err != nil {
		return nil, err
	}
	made, err := d.Replicate(k, survey.ReplicateOptions{Rho: r.Rho, Count: r.Count, Seed: r.Seed, MSE: r.MSE})
	if err != nil {
		return nil, err
	}
	return made.Design, nil
}

// replicateWords describe the replicates of a design.
func replicateWords(d *survey.Design) string {
	r, ok := d.Replicates()
	if !ok {
		return ""
	}
	return fmt.Sprintf("variances from %d replicates (%s)", r.Count(), r.Kind())
}
