package impute

import (
	"context"
	"math"
	"math/rand/v2"
)

// chain is one sequence of turns towards one completed file.
type chain struct {
	w      *work
	rng    *rand.Rand
	state  [][]float64 // values per variable; shared where nothing is filled
	coded  []float64   // encoded matrix, by row
	start  [][]float64 // last fit of iterative models
	mean   [][]float64 // [variable][iteration]
	sd     [][]float64
	x      []float64 // scratch: predictors of one row
	sorted []donor   // scratch
}

// newChain starts from values drawn from those observed.
func newChain(w *work, rng *rand.Rand) *chain {
	c := &chain{w: w, rng: rng, state: make([][]float64, len(w.vars)), start: make([][]float64, len(w.vars)),
		mean: make([][]float64, len(w.vars)), sd: make([][]float64, len(w.vars)), coded: make([]float64, len(w.rows)*w.width)}
	for k := range w.vars {
		v := &w.vars[k]
		c.state[k] = v.values
		if len(v.missing) > 0 {
			c.state[k] = append([]float64(nil), v.values...)
			for _, i := range v.missing {
				c.state[k][i] = v.values[v.seen[rng.IntN(len(v.seen))]]
			}
		}
		for i := range w.rows {
			c.coded[i*w.width] = 1
			c.encode(k, i)
		}
	}
	return c
}

// encode writes a variable's columns of a row.
func (c *chain) encode(k, i int) {
	v := &c.w.vars[k]
	line := c.coded[i*c.w.width+v.at:][:v.cols]
	clear(line)
	if v.gap != nil && v.gap[i] {
		line[v.cols-1] = 1
		return
	}
	x := c.state[k][i]
	if v.levels == nil {
		line[0] = (x - v.mean) / v.sd
	} else if l := int(x); l > 0 {
		line[l-1] = 1
	}
}

// iterate gives every variable its turn.
func (c *chain) iterate(ctx context.Context) error {
	for _, k := range c.w.turns {
		if err := ctx.Err(); err != nil {
			return err
		}
		v := &c.w.vars[k]
		c.draw(k)
		sum, sq := 0.0, 0.0
		for _, i := range v.missing {
			c.encode(k, i)
			sum += c.state[k][i]
		}
		n := float64(len(v.missing))
		mean := sum / n
		for _, i := range v.missing {
			sq += (c.state[k][i] - mean) * (c.state[k][i] - mean)
		}
		c.mean[k] = append(c.mean[k], mean)
		c.sd[k] = append(c.sd[k], math.Sqrt(sq/max(1, n-1)))
	}
	return nil
}

// draw gives the missing rows of a variable new values.
func (c *chain) draw(k int) {
	v := &c.w.vars[k]
	switch {
	case len(v.levels) == 1:
		for _, i := range v.missing {
			c.state[k][i] = 0
		}
	case v.method == Normal || v.method == Matching && v.levels == nil:
		c.drawNumber(k)
	case v.method == Matching:
		c.drawMatched(k)
	case v.method == Ordered && len(v.levels) > 2:
		c.drawOrdered(k)
	default:
		c.drawLevel(k)
	}
}

// row gathers the predictors of a row for a variable's model.
func (c *chain) row(v *variable, i int) []float64 {
	c.x = c.x[:0]
	line := c.coded[i*c.w.width:][:c.w.width]
	for _, r := range v.reads {
		c.x = append(c.x, line[r])
	}
	return c.x
}

// values are the filled values of a variable, in the order of its missing rows.
func (c *chain) values(k int) []float64 {
	out := make([]float64, len(c.w.vars[k].missing))
	for j, i := range c.w.vars[k].missing {
		out[j] = c.state[k][i]
	}
	return out
}

// release lets go of what is not needed once the values are taken.
func (c *chain) release() { c.coded, c.state, c.start, c.sorted = nil, nil, nil, nil }

// mixing is the potential scale reduction of series over their second halves.
func mixing(series [][]float64) float64 {
	n := len(series[0]) - len(series[0])/2
	m := float64(len(series))
	if n < 2 || m < 2 {
		return 0
	}
	means := make([]float64, len(series))
	within, grand := 0.0, 0.0
	for k, s := range series {
		s = s[len(s)-n:]
		for _, x := range s {
			means[k] += x / float64(n)
		}
		for _, x := range s {
			within += (x - means[k]) * (x - means[k]) / float64(n-1) / m
		}
		grand += means[k] / m
	}
	between := 0.0
	for _, x := range means {
		between += (x - grand) * (x - grand) / (m - 1)
	}
	if within == 0 {
		return 0
	}
	return math.Sqrt((float64(n-1)/float64(n)*within + between) / within)
}
