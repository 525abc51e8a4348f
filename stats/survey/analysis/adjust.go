package analysis

import (
	"fmt"
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// adjustments for many tests, by name.
var adjustments = map[string]survey.Adjustment{
	"": survey.NotAdjusted, "none": survey.NotAdjusted, "holm": survey.Holm, "bh": survey.BenjaminiHochberg,
	"by": survey.BenjaminiYekutieli, "bonferroni": survey.Bonferroni,
}

// Adjustments are the names that Options.Adjust takes.
var Adjustments = []string{"none", "holm", "bh", "by", "bonferroni"}

func adjustmentOf(name string) (survey.Adjustment, error) {
	how, ok := adjustments[strings.ToLower(name)]
	if !ok {
		return 0, fault.New(fault.Invalid, fault.Place{Field: "adjust"}, fmt.Sprintf("there is no adjustment %q", name), strings.Join(Adjustments, ", "))
	}
	return how, nil
}

// adjustAll adjusts the p-values of all results as one family. Constants of
// models take no part: nobody asks whether they are 0.
func (p *plan) adjustAll(report *Report) error {
	how, err := adjustmentOf(p.opt.Adjust)
	if err != nil || how == survey.NotAdjusted {
		return err
	}
	var rows []*Row
	var values []float64
	for i := range report.Results {
		for k := range report.Results[i].Rows {
			if r := &report.Results[i].Rows[k]; !math.IsNaN(r.P) && r.Term != intercept {
				rows, values = append(rows, r), append(values, r.P)
			}
		}
	}
	family, err := survey.Adjust(values, how)
	if err != nil {
		return err
	}
	for i, r := range rows {
		r.PAdjusted = family.P[i]
	}
	names := map[survey.Adjustment]string{survey.Holm: "Holm", survey.BenjaminiHochberg: "Benjamini and Hochberg", survey.BenjaminiYekutieli: "Benjamini and Yekutieli", survey.Bonferroni: "Bonferroni"}
	report.Notes = append(report.Notes, fmt.Sprintf("Adjusted p-values allow for the %d tests of this call (%s).", family.Size, names[how]))
	return nil
}
