package survey

import (
	"math"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// populations returns the population size per parent at a stage, +Inf where
// sampling is with replacement. An FPC column holds sizes if any of its values
// is above 1, else fractions.
func (d *Design) populations(spec Spec, s int, numbered []clusters, n []float64, in []bool, faults *fault.List) []float64 {
	if spec.PPS != nil {
		return d.ppsPopulations(spec, s, numbered, n, in)
	}
	size := make([]float64, len(n))
	for p := range size {
		size[p] = math.Inf(1)
	}
	if s >= len(spec.FPC) {
		return size
	}
	col := spec.FPC[s]
	at := fault.Place{Field: col.Name()}
	sizes := false
	for i, v := range col.Values {
		if in != nil && !in[i] {
			continue
		}
		if row := (fault.Place{Field: col.Name(), Row: i + 1}); col.Missing(i) != table.Present || v != v {
			faults.Addf(fault.Invalid, row, "every row of the sample needs one, or is left out", "the FPC is missing (data row)")
		} else if v <= 0 {
			faults.Addf(fault.Invalid, row, "an FPC is a population size or a sampling fraction above 0", "the FPC %v cannot be used (data row)", v)
		}
		sizes = sizes || v > 1
	}
	if faults.Len() > 0 {
		return size
	}
	set := make([]bool, len(n))
	told := make([]bool, len(n))
	for i, v := range col.Values {
		if in != nil && !in[i] {
			continue
		}
		p := uint32(0)
		if numbered[s].id != nil {
			p = numbered[s].id[i]
		}
		switch {
		case sizes && v < 1:
			faults.Addf(fault.Invalid, fault.Place{Field: col.Name(), Row: i + 1}, "give sizes for all rows, or fractions for all", "the FPC column mixes population sizes and fractions (data row)")
			return size
		case !sizes:
			v = n[p] / v
		}
		if !set[p] {
			set[p], size[p] = true, v
			continue
		}
		if size[p] != v && !told[p] {
			told[p] = true
			faults.Addf(fault.Invalid, at, "the population of a stratum has one size", "the FPC varies within stratum %s at stage %d", d.parentName(numbered, s, int(p), spec), s+1)
		}
	}
	for p, v := range size {
		if v < n[p] {
			faults.Addf(fault.Invalid, at, "check the FPC: the population cannot be smaller than the sample", "stratum %s has %v in its population and %v in the sample at stage %d", d.parentName(numbered, s, p, spec), v, n[p], s+1)
		}
	}
	return size
}
