package survey

import (
	"slices"
	"sync"
)

// unitOrder is the rows by unit; within a unit they keep their order. Columns
// are laid out in it by writing each row to its place: rows are read one after
// the other, and there is one place to write for each unit, which the caches
// hold where there are not too many.
type unitOrder struct {
	placesOnce sync.Once
	start      []int    // per unit, and the end
	place      []uint32 // of each row in the order; nil if rows are in order

	rowsOnce sync.Once
	rows     []uint32 // by place; nil if rows are in order

	wordsOnce sync.Once
	word      []int // see words

	lock      sync.Mutex
	weights   []float64 // see weightsInOrder
	weightsOf *float64
}

// tallyLimit bounds the units times chunks of rows that are counted apart.
const tallyLimit = 1 << 22

// places returns the order with the place of each row, made once per design.
func (d *Design) places() *unitOrder {
	o := d.order
	o.placesOnce.Do(func() {
		o.start = make([]int, d.units+1)
		if d.unit == nil {
			o.start[1] = d.rows
			return
		}
		size := chunkRows
		if d.units*chunksOf(d.rows) > tallyLimit {
			size = d.rows
		}
		chunks := (d.rows + size - 1) / size
		tally := make([][]uint32, chunks) // rows by unit; then the next place
		sorted := make([]bool, chunks)
		inPieces(0, chunks, func(k int) {
			unit := d.unit[k*size : min((k+1)*size, d.rows)]
			count, falls, last := make([]uint32, d.units), 0, unit[0]
			for _, u := range unit {
				count[u]++
				if u < last {
					falls++
				}
				last = u
			}
			tally[k], sorted[k] = count, falls == 0
		})
		inOrder := !slices.Contains(sorted, false)
		for k := 1; k < chunks; k++ {
			inOrder = inOrder && d.unit[k*size-1] <= d.unit[k*size]
		}
		next := uint32(0)
		for u := range d.units {
			for _, t := range tally {
				t[u], next = next, next+t[u]
			}
			o.start[u+1] = int(next)
		}
		if inOrder {
			return
		}
		o.place = make([]uint32, d.rows)
		inPieces(0, chunks, func(k int) {
			from, to, next := k*size, min((k+1)*size, d.rows), tally[k]
			place := o.place[from:to]
			for i, u := range d.unit[from:to] {
				at := next[u]
				place[i] = at
				next[u] = at + 1
			}
		})
	})
	return o
}

// byUnit returns the order with the rows by place, made once per design.
func (d *Design) byUnit() *unitOrder {
	o := d.places()
	o.rowsOnce.Do(func() {
		if o.place != nil {
			o.rows = make([]uint32, d.rows)
			for i, p := range o.place {
				o.rows[p] = uint32(i)
			}
		}
	})
	return o
}

// weightsInOrder returns the weights in the order of units; nil if every row
// weighs 1. They are kept for the design that they were made for: designs with
// other weights share its order.
func (d *Design) weightsInOrder() []float64 {
	o := d.places()
	if d.weights == nil || o.place == nil {
		return d.weights
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.weightsOf != &d.weights[0] {
		o.weightsOf, o.weights = &d.weights[0], make([]float64, d.rows)
		inChunks(d.rows, func(_, from, to int) {
			place := o.place[from:to]
			for i, w := range d.weights[from:to] {
				o.weights[place[i]] = w
			}
		})
	}
	return o.weights
}
