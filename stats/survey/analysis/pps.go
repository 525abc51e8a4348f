package analysis

import (
	"fmt"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/survey"
)

// ppsKinds are the kinds of sampling with unequal probabilities, by R's names.
var ppsKinds = []string{"brewer", "overton", "HR"}

// unequal reads Sample.PPS: the FPC's columns are probabilities of inclusion.
func (s *Sample) unequal(spec *survey.Spec) error {
	if s.PPS == "" {
		if s.PPSVariance != "" {
			return fault.New(fault.Invalid, fault.Place{Field: "pps"}, "a variance for unequal probabilities is asked for, and no kind of sampling", "one of "+strings.Join(ppsKinds, ", "))
		}
		return nil
	}
	p := &survey.PPS{Probabilities: spec.FPC}
	switch s.PPS {
	case "brewer":
	case "overton":
		p.Approximation = survey.Overton
	case "HR":
		p.Approximation = survey.HartleyRao
	default:
		return fault.New(fault.Invalid, fault.Place{Field: "pps"}, fmt.Sprintf("there is no sampling with unequal probabilities called %q", s.PPS), "one of "+strings.Join(ppsKinds, ", "))
	}
	switch {
	case s.PPSVariance == "" && s.PPS == "brewer":
	case s.PPS == "brewer":
		return fault.New(fault.Invalid, fault.Place{Field: "pps_variance"}, "Brewer's variance has no other form", "leave it out, or choose overton or HR")
	case s.PPSVariance == "" || s.PPSVariance == "HT":
		p.Variance = survey.HorvitzThompson
	case s.PPSVariance == "YG":
		p.Variance = survey.YatesGrundy
	default:
		return fault.New(fault.Invalid, fault.Place{Field: "pps_variance"}, fmt.Sprintf("there is no variance %q", s.PPSVariance), "HT or YG")
	}
	spec.PPS, spec.FPC = p, nil
	return nil
}

// ppsWords say how the variance under unequal probabilities is made.
func (s *Sample) ppsWords() string {
	if s.PPS == "brewer" {
		return "Variance: Taylor linearisation for unequal probabilities of inclusion p, by Brewer. Weighted linearised values are added up by primary sampling unit; within each stratum, n/(n-1) times the squares of the differences from the mean of the units, each times 1-p, added over strata. Later stages add theirs, times the probabilities of the stages before."
	}
	form := "Horvitz-Thompson: Σ D_ij z_i z_j"
	if s.PPSVariance == "YG" {
		form = "Yates-Grundy: -½ Σ D_ij (z_i - z_j)²"
	}
	by := "Hartley and Rao: D_ij = (p_i + p_j - 1 - p̄)/(n-1)"
	if s.PPS == "overton" {
		by = "Overton: D_ij = ((p_i + p_j)/2 - 1)/(n-1)"
	}
	return fmt.Sprintf("Variance: Taylor linearisation for unequal probabilities of inclusion p. %s, with z the weighted linearised values of primary sampling units, D_ii = 1 - p_i, and for two units of a stratum the approximation of %s.", form, by)
}

// rPPS is what R's svydesign needs for it.
func (s *Sample) rPPS() string {
	variance := s.PPSVariance
	if variance == "" {
		variance = "HT"
	}
	switch s.PPS {
	case "":
		return ""
	case "brewer":
		return `, pps = "brewer"`
	case "HR":
		return fmt.Sprintf(`, pps = HR(), variance = %q`, variance)
	}
	return fmt.Sprintf(`, pps = %q, variance = %q`, s.PPS, variance)
}
