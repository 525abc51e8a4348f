package survey

// meansByGroup fits weighted group means: the residuals of post-stratification.
type meansByGroup struct {
	group   []uint32
	n       int
	weights []float64 // sum per joint margin
}

func (m meansByGroup) fit(_, weighted []float64) []float64 {
	sum, w := make([]float64, m.n), make([]float64, m.n)
	for j, g := range m.group {
		sum[g] += weighted[j]
		w[g] += m.weights[j]
	}
	out := make([]float64, len(m.group))
	for j, g := range m.group {
		if w[g] > 0 {
			out[j] = sum[g] / w[g]
		}
	}
	return out
}

// sweeps is how often the margins are taken out of a functional, as in R.
const sweeps = 10

// raking fits each margin's unweighted means in turn, ten times over.
type raking struct {
	margins []grouped
	count   []float64 // rows per joint margin
}

func (r raking) fit(plain, _ []float64) []float64 {
	out := make([]float64, len(plain))
	for range sweeps {
		for _, m := range r.margins {
			sum, n := make([]float64, len(m.targets)), make([]float64, len(m.targets))
			for j, g := range m.group {
				sum[g] += plain[j] - r.count[j]*out[j]
				n[g] += r.count[j]
			}
			for j, g := range m.group {
				if n[g] > 0 {
					out[j] += sum[g] / n[g]
				}
			}
		}
	}
	return out
}
