package survey

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math"
	"slices"

	"waymark/internal/fault"
)

// The form of an accumulator: accumulatorMark, then uvarints, strings after
// their length, and eight bytes for each float64, low byte first:
//
//	plan as JSON, DF of each request
//	units: name, rows, alive, least and most FPC per stage
//	per tally: domains, classes, cells: unit, domain, class, rows, sums
//	CRC-32 of all that
//
// Names are in the order of their bytes and cells in that of their numbers, and
// a sum is its sign, place and digits without zeros at the ends: equal
// accumulators have equal bytes.
const accumulatorMark = "waymark-accumulator-1\n"

// accumulatorBytes bounds what is read back, and accumulatorPlan the plan in it.
const (
	accumulatorBytes = 1 << 31
	accumulatorPlan  = 1 << 22
)

// AppendBinary appends the accumulator in a form that DecodeAccumulator reads,
// on another machine or at another time.
func (a *Accumulator) AppendBinary(b []byte) ([]byte, error) {
	if a.cells > AccumulatorCells {
		return b, a.full()
	}
	plan, err := json.Marshal(a.plan)
	if err != nil {
		return b, err
	}
	from := len(b)
	b = append(b, accumulatorMark...)
	b = appendString(b, string(plan))
	for _, r := range a.plan.Estimates {
		b = appendFloat(b, r.DF)
	}
	unit, order := a.units.sorted()
	b = binary.AppendUvarint(b, uint64(len(order)))
	for _, k := range order {
		u := &a.of[k]
		b = appendString(b, a.units.names[k])
		b = binary.AppendUvarint(b, u.rows)
		b = binary.AppendUvarint(b, u.alive)
		for _, x := range u.fpc {
			b = appendFloat(b, x)
		}
	}
	for _, s := range a.tallies {
		b = s.append(b, unit)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[from:])), nil
}

// sorted returns the rank of each name, and the names in order.
func (d *dictionary) sorted() (rank, order []uint32) {
	rank, order = make([]uint32, len(d.names)), make([]uint32, len(d.names))
	for k := range order {
		order[k] = uint32(k)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		if d.names[a] < d.names[b] {
			return -1
		}
		return 1 // names differ
	})
	for r, k := range order {
		rank[k] = uint32(r)
	}
	return rank, order
}

func (s *tally) append(b []byte, unit []uint32) []byte {
	var ranks [2][]uint32
	for i, d := range []*dictionary{&s.domains, &s.classes} {
		rank, order := d.sorted()
		ranks[i] = rank
		b = binary.AppendUvarint(b, uint64(len(order)))
		for _, k := range order {
			b = appendString(b, d.names[k])
		}
	}
	type numbered struct {
		key cellAt
		at  uint32
	}
	cells := make([]numbered, 0, len(s.cell))
	for key, at := range s.cell {
		key.domain, key.class = ranks[0][key.domain], ranks[1][key.class]
		if len(s.sums[at].sum) > 0 {
			key.unit = unit[key.unit]
		}
		cells = append(cells, numbered{key, at})
	}
	slices.SortFunc(cells, func(a, b numbered) int {
		return slices.Compare([]uint32{a.key.unit, a.key.domain, a.key.class}, []uint32{b.key.unit, b.key.domain, b.key.class})
	})
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for _, c := range cells {
		for _, x := range []uint32{c.key.unit, c.key.domain, c.key.class} {
			b = binary.AppendUvarint(b, uint64(x))
		}
		sums := &s.sums[c.at]
		b = binary.AppendUvarint(b, sums.rows)
		for i := range sums.sum {
			b = sums.sum[i].append(b)
		}
	}
	return b
}

func (s *exactSum) append(b []byte) []byte {
	negative, first, digits := s.magnitude()
	head := uint64(len(digits)) << 2
	if negative {
		head |= 1
	}
	if s.beyond != 0 {
		head |= 2
	}
	b = binary.AppendUvarint(b, head)
	if s.beyond != 0 {
		x := s.beyond
		if x != x {
			x = math.NaN() // of one form
		}
		b = appendFloat(b, x)
	}
	if len(digits) > 0 {
		b = binary.AppendUvarint(b, uint64(first))
	}
	for _, d := range digits {
		b = binary.LittleEndian.AppendUint32(b, d)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendFloat(b []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
}

// DecodeAccumulator reads what AppendBinary made. Everything is checked, and
// nothing is made larger than the bytes say that it is.
func DecodeAccumulator(b []byte) (*Accumulator, error) {
	if len(b) < len(accumulatorMark)+4 || len(b) > accumulatorBytes || string(b[:len(accumulatorMark)]) != accumulatorMark ||
		crc32.ChecksumIEEE(b[:len(b)-4]) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return nil, damaged()
	}
	r := &accumulatorReader{rest: b[len(accumulatorMark) : len(b)-4]}
	text := r.text()
	if r.bad || len(text) > accumulatorPlan {
		return nil, damaged()
	}
	var plan Accumulation
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the accumulator is damaged", "make it again from the data", err)
	}
	for i := range plan.Estimates {
		plan.Estimates[i].DF = r.float()
	}
	a, err := NewAccumulator(plan)
	if err != nil {
		return nil, err
	}
	r.units(a)
	for _, s := range a.tallies {
		r.tally(a, s)
	}
	if r.bad || len(r.rest) > 0 {
		return nil, damaged()
	}
	return a, nil
}

// accumulatorReader reads the parts; once bad it gives zeros.
type accumulatorReader struct {
	rest []byte
	bad  bool
}

func (r *accumulatorReader) take(n uint64) []byte {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *accumulatorReader) number() uint64 {
	x, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.take(uint64(n))
	return x
}

// count reads how many of something follow, each of at least so many bytes.
func (r *accumulatorReader) count(each int) int {
	n := r.number()
	if n > uint64(len(r.rest)/each) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *accumulatorReader) text() string { return string(r.take(r.number())) }

func (r *accumulatorReader) float() float64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// names reads a dictionary, which must be in order.
func (r *accumulatorReader) names(d *dictionary, valid func(string) bool, after func()) {
	last := ""
	for k := range r.count(1) {
		name := r.text()
		if r.bad || k > 0 && name <= last || !valid(name) {
			r.bad = true
			return
		}
		d.number(name)
		last = name
		after()
	}
}

func (r *accumulatorReader) units(a *Accumulator) {
	columns := len(a.plan.clusters())
	if a.plan.Strata != "" {
		columns++
	}
	valid := func(name string) bool {
		_, ok := splitCodes(name, columns)
		return ok
	}
	r.names(&a.units, valid, func() {
		u := unitCount{rows: r.number(), alive: r.number()}
		for s := range a.plan.FPC {
			least, most := r.float(), r.float()
			u.widen(s, least, most)
			if !(least > 0 && least <= most && most <= math.MaxFloat64) {
				r.bad = true
			}
		}
		if u.alive > u.rows || u.rows == 0 || u.rows > math.MaxInt32 {
			r.bad = true
		}
		a.of = append(a.of, u)
	})
}

func (r *accumulatorReader) tally(a *Accumulator, s *tally) {
	r.names(&s.domains, func(name string) bool {
		_, ok := splitCodes(name, len(s.by))
		return ok
	}, func() {})
	r.names(&s.classes, s.validClass, func() {})
	_, sums := a.channels(s)
	var last cellAt
	for k := range r.count(4) {
		key := cellAt{uint32(r.number()), uint32(r.number()), uint32(r.number())}
		rows := r.number()
		before := slices.Compare([]uint32{last.unit, last.domain, last.class}, []uint32{key.unit, key.domain, key.class})
		if r.bad || k > 0 && before >= 0 || int(key.domain) >= len(s.domains.names) || int(key.class) >= len(s.classes.names) ||
			rows == 0 || rows > math.MaxUint32 {
			r.bad = true
			return
		}
		last = key
		n := sums
		if s.classes.names[key.class][0] == 'r' {
			n = 0
		}
		if n > 0 && int(key.unit) >= len(a.of) || n == 0 && key.unit != 0 {
			r.bad = true
			return
		}
		at, err := a.cellFor(s, key, n)
		if err != nil {
			r.bad = true
			return
		}
		s.sums[at].rows = rows
		for i := range n {
			r.sum(&s.sums[at].sum[i])
		}
	}
}

// validClass says whether a class is one that the tally can have.
func (s *tally) validClass(name string) bool {
	switch {
	case len(name) == 2 && name[0] == 'r':
		return name[1] >= '1' && name[1] <= '7'
	case !s.category:
		return name == "n"
	case name == "o":
		return !s.all
	case name == "vfalse" || name == "vtrue": // a yes/no column has both
		return true
	}
	return len(name) > 0 && name[0] == 'v' && (s.all || slices.Contains(s.wanted, name[1:]))
}

func (r *accumulatorReader) sum(s *exactSum) {
	head := r.number()
	if head&2 != 0 {
		if s.beyond = r.float(); !math.IsInf(s.beyond, 0) && s.beyond == s.beyond {
			r.bad = true
		}
	}
	n := head >> 2
	if n == 0 {
		r.bad = r.bad || head&1 != 0
		return
	}
	first := r.number()
	b := r.take(4 * n)
	if r.bad || n > sumDigits || first+n > sumDigits || b == nil {
		r.bad = true
		return
	}
	s.first, s.adds = int32(first), 1
	for i := range n {
		d := int64(binary.LittleEndian.Uint32(b[4*i:]))
		if d == 0 && (i == 0 || i == n-1) {
			r.bad = true
		}
		if head&1 != 0 {
			d = -d
		}
		s.digits = append(s.digits, d)
	}
}
