package survey

// yesNoTask makes what jobs want from one visit. Jobs that want proportions of
// one level get them without a table of cells, to the same bit.
func yesNoTask(d *Design, g *grouping, jobs []*job, workers int) {
	vars := make([]*variable, len(jobs))
	for i, j := range jobs {
		vars[i] = j.v
	}
	y := newYesNo(d, g, vars)
	d.places()
	rows := rowBuffers.Get().(*[]uint32)
	defer rowBuffers.Put(rows)
	if cap(*rows) < d.rows {
		*rows = make([]uint32, d.rows)
	}
	y.row = (*rows)[:d.rows]
	y.read(workers)
	y.add(workers)
	y.total()
	class := make([]int, len(jobs))
	var points [][]point // nil for a job that needs its cells
	for i, j := range jobs {
		var ok bool
		var at []point
		if class[i], ok = j.oneProportion(); ok && d.oneStage() {
			at = make([]point, g.n())
			for k := range at {
				at[k] = y.out[i].point(k, target{Proportion, class[i]})
			}
		}
		points = append(points, at)
	}
	variances, df := y.variances(class, points)
	for i, at := range points {
		if at == nil {
			y.list(i)
		}
	}
	y.release()
	for i, j := range jobs {
		t := y.out[i]
		if points[i] == nil {
			j.make(t)
			continue
		}
		for _, p := range j.proportions {
			p.give(t.inOccupied(t.oneTarget(p.request, target{Proportion, class[i]}, -1, points[i], variances[i], df[i])))
		}
	}
}

// oneProportion returns the class of a job that wants proportions of one level
// and nothing else.
func (j *job) oneProportion() (class int, ok bool) {
	if len(j.proportions) == 0 || len(j.proportions) != len(j.finish) {
		return 0, false
	}
	class = j.v.class(j.proportions[0].request.level())
	for _, p := range j.proportions[1:] {
		if j.v.class(p.request.level()) != class {
			return 0, false
		}
	}
	return class, true
}

// variances is oneStage and listedFreedom for the variables that have points,
// from the lines of the visit: by variable and domain.
func (y *yesNo) variances(class []int, points [][]point) (variances, df [][]float64) {
	st, n := &y.d.stages[0], y.g.n()
	of := make([]int, 0, len(points)) // variables that have points
	variances, df = make([][]float64, len(points)), make([][]float64, len(points))
	for j := range points {
		if points[j] != nil {
			of = append(of, j)
			variances[j], df[j] = make([]float64, n), make([]float64, n)
		}
	}
	if len(of) == 0 {
		return variances, df
	}
	coef := make([]float64, n*y.width)
	for _, j := range of {
		t := y.out[j]
		one := make([]float64, t.per)
		for d, p := range points[j] {
			if p.why == "" {
				t.influence(one, d, target{Proportion, class[j]}, p, 1)
				copy(coef[d*y.width+2*j:], one[d*y.vars[j].classes():][:2])
			}
		}
	}
	sum, square := make([]float64, n*len(points)), make([]float64, n*len(points))
	seen := make([]bool, n*len(points)) // in the stratum at hand
	stratum := uint32(0)
	flush := func() {
		for at, ok := range seen {
			if ok {
				j, d := at%len(points), at/len(points)
				df[j][d]--
				variances[j][d] += st.spread(int(stratum), sum[at], square[at])
				sum[at], square[at], seen[at] = 0, 0, false
			}
		}
	}
	for _, p := range y.pieces {
		for u := p.first; u < p.end; u++ {
			if h := st.parent[u]; h != stratum {
				flush()
				stratum = h
			}
			for i := p.start[u-p.first]; i < p.start[u-p.first+1]; i++ {
				d := int(p.domains[i])
				line := p.lines[int(i)*y.width:][:y.width]
				c := coef[d*y.width:][:len(line)]
				for _, j := range of {
					a, b := line[2*j], line[2*j+1]
					if a+b == 0 {
						continue
					}
					at := d*len(points) + j
					z := c[2*j]*a + c[2*j+1]*b
					sum[at] += z
					square[at] += z * z
					seen[at] = true
					df[j][d]++
				}
			}
		}
	}
	flush()
	for _, j := range of {
		for d := range variances[j] {
			variances[j][d] *= y.d.average
		}
	}
	return variances, df
}

// list lists the cells of a variable in its table.
func (y *yesNo) list(j int) {
	t := y.out[j]
	k := uint32(y.vars[j].classes())
	t.start = make([]int, 1, y.d.units+1)
	b := borrow()
	for _, p := range y.pieces {
		for u := range p.end - p.first {
			for i := p.start[u]; i < p.start[u+1]; i++ {
				for c, x := range p.lines[int(i)*y.width+2*j:][:2] {
					if x != 0 {
						b.cell = append(b.cell, p.domains[i]*k+uint32(c))
						b.val = append(b.val, x)
					}
				}
			}
			t.start = append(t.start, len(b.cell))
		}
	}
	b.giveTo(t)
}
