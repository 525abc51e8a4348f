package survey

import (
	"math"
	"math/bits"
)

// exactSum is a sum of float64 without rounding, so that neither the order of
// additions nor how they were divided among sums that are added up later shows
// in the number that it is rounded to at the end.
//
// It is an integer in units of 2^-1074, the smallest float64, in digits of 32
// bits of which only the ones in use are kept. A digit has room for 2^30
// additions before what is above 32 bits is carried over. The idea is Kulisch's
// long accumulator; cf. Demmel and Nguyen (2015), IEEE Transactions on
// Computers 64, on reproducible summation.
type exactSum struct {
	first  int32 // place of digits[0]: it counts units of 2^(32·first - 1074)
	adds   uint32
	digits []int64
	beyond float64 // infinite numbers, or NaN if they have both signs
}

// sumAdds is how many additions digits bear between carries.
const sumAdds = 1 << 30

// sumDigits is the number of digits that finite numbers can reach: 2098 bits,
// and 64 more for their number.
const sumDigits = (2098 + 64 + 31) / 32

func (s *exactSum) add(x float64) {
	b := math.Float64bits(x)
	place, m := int32(b>>52&0x7FF), b&(1<<52-1)
	switch {
	case place == 0x7FF:
		s.beyond += x
		return
	case place > 0:
		m |= 1 << 52
		place--
	case m == 0:
		return
	}
	at, shift := place>>5, place&31
	low, high := m<<shift, int64(m>>1>>(63-shift))
	if s.adds >= sumAdds {
		s.carry()
	}
	s.adds++
	d := s.reach(at, 3)
	if b>>63 == 0 {
		d[0] += int64(low & 0xFFFFFFFF)
		d[1] += int64(low >> 32)
		d[2] += high
	} else {
		d[0] -= int64(low & 0xFFFFFFFF)
		d[1] -= int64(low >> 32)
		d[2] -= high
	}
}

// reach returns n digits from a place on, making room for them.
func (s *exactSum) reach(at int32, n int) []int64 {
	if len(s.digits) == 0 {
		s.first, s.digits = at, make([]int64, n, n+1)
	}
	if at < s.first {
		more := make([]int64, int(s.first-at)+len(s.digits))
		copy(more[s.first-at:], s.digits)
		s.first, s.digits = at, more
	}
	from := int(at - s.first)
	if grow := from + n - len(s.digits); grow > 0 {
		s.digits = append(s.digits, make([]int64, grow)...)
	}
	return s.digits[from : from+n : from+n]
}

// carry leaves 32 bits in every digit; the last one has the sign.
func (s *exactSum) carry() {
	over := int64(0)
	for i, d := range s.digits {
		d += over
		s.digits[i], over = d&0xFFFFFFFF, d>>32
	}
	switch last := len(s.digits) - 1; {
	case over == -1 && s.digits[last] == 0xFFFFFFFF:
		s.digits[last] = -1
	case over != 0:
		s.digits = append(s.digits, over)
	}
	s.adds = 1
}

// merge adds another sum, which stays as it is but for carries.
func (s *exactSum) merge(o *exactSum) {
	s.beyond += o.beyond
	if len(o.digits) == 0 {
		return
	}
	if s.adds+o.adds > sumAdds {
		s.carry()
		o.carry()
	}
	s.adds += o.adds
	d := s.reach(o.first, len(o.digits))
	for i, x := range o.digits {
		d[i] += x
	}
}

// magnitude returns the sign and the digits of the absolute value, lowest
// first, without zeros at either end, and the place of the first. Equal sums
// have equal ones.
func (s *exactSum) magnitude() (negative bool, first int32, digits []uint32) {
	sum := exactSum{first: s.first, digits: append([]int64(nil), s.digits...)}
	sum.carry()
	if n := len(sum.digits); n > 0 && sum.digits[n-1] < 0 {
		negative = true
		for i := range sum.digits {
			sum.digits[i] = -sum.digits[i]
		}
		sum.carry()
	}
	d, first := sum.digits, sum.first
	for len(d) > 0 && d[0] == 0 {
		d, first = d[1:], first+1
	}
	for len(d) > 0 && d[len(d)-1] == 0 {
		d = d[:len(d)-1]
	}
	for _, x := range d {
		digits = append(digits, uint32(x))
	}
	return negative, first, digits
}

// value is the float64 nearest to the sum, ties to even.
func (s *exactSum) value() float64 {
	if s.beyond != 0 { // also NaN
		return s.beyond
	}
	negative, first, d := s.magnitude()
	if len(d) == 0 {
		return 0
	}
	top := len(d) - 1
	digit := func(back int) uint64 {
		if top < back {
			return 0
		}
		return uint64(d[top-back])
	}
	high, low := digit(0)<<32|digit(1), digit(2)<<32|digit(3)
	for back := 4; back <= top; back++ {
		if d[top-back] != 0 {
			low |= 1
		}
	}
	zeros := bits.LeadingZeros64(high) // below 32
	high, low = high<<zeros|low>>1>>(63-zeros), low<<zeros
	// high is 53 bits of the number and 11 that decide the rounding, with low
	m, rest := high>>11, high&0x7FF
	if rest > 0x400 || rest == 0x400 && (low != 0 || m&1 == 1) {
		m++
	}
	x := math.Ldexp(float64(m), 32*(int(first)+top-1)-zeros+11-1074)
	if negative {
		return -x
	}
	return x
}
