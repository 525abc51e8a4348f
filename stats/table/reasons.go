package table

// reasonList is the reasons of a column under construction: nothing until the
// first missing value.
type reasonList struct {
	list []Missing
	rows int
	hint int
}

func (r *reasonList) present() {
	if r.list != nil {
		r.list = append(r.list, Present)
	}
	r.rows++
}

func (r *reasonList) missing(m Missing) {
	if r.list == nil {
		r.list = make([]Missing, r.rows, max(r.hint, r.rows+64))
	}
	r.list = append(r.list, m)
	r.rows++
}

func (r *reasonList) expect(rows int) {
	r.hint = rows
	if r.list != nil {
		r.list = grow(r.list, rows)
	}
}

// change sets the reason of a row that was taken for present.
func (r *reasonList) change(row int, m Missing) {
	if r.list == nil {
		r.list = make([]Missing, r.rows)
	}
	r.list[row] = m
}
