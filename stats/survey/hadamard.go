package survey

// hadamard is a Hadamard matrix of ones and zeros (for minus ones), by rows.
// Its first row is all ones, so that every other row has as many ones as zeros.
type hadamard struct {
	n    int
	ones []bool
}

func newHadamard(n int) *hadamard { return &hadamard{n, make([]bool, n*n)} }

func (h *hadamard) at(row, column int) bool { return h.ones[row*h.n+column] }

// maxHadamard bounds the order of a Hadamard matrix.
const maxHadamard = 1 << 12

// hadamardFor returns a matrix of an order above n, of the order that R's
// hadamard() has for n, and the same matrix except where its order is 28 times
// a power of two: R takes a stored one there. Matrices of one order give the
// same variance of a total, as their rows are orthogonal and balanced, and
// almost the same of other estimates. It returns nil beyond maxHadamard.
//
// Constructions: Sylvester (doubling), Paley I for primes p with p mod 4 = 3
// (order p+1), Paley II for 13 (order 28), twin primes 5 and 7 (order 36).
// Source: Hedayat and Wallis (1978), Annals of Statistics 6; orders as chosen by
// R survey 4.1-1, hadamard and paley.
func hadamardFor(n int) *hadamard {
	if n >= maxHadamard {
		return nil
	}
	small := n - n%4
	for _, s := range []int{4, 16, 28, 36} {
		if small < s && small+4 >= s {
			return basicHadamard(s)
		}
	}
	order, base := 0, 0
	for _, s := range []int{4, 16, 28, 36} {
		size := s
		for size < n+1 {
			size *= 2
		}
		if order == 0 || size < order {
			order, base = size, s
		}
	}
	if order-n > 4 {
		if h := paley(n, order); h != nil {
			return h
		}
	}
	h := basicHadamard(base)
	for h.n < order {
		h = h.double()
	}
	return h
}

// basicHadamard returns the matrix of order 4, 16, 28 or 36.
func basicHadamard(n int) *hadamard {
	switch n {
	case 28:
		return paleyTwo(13)
	case 36:
		return twinPrimes(5, 7)
	}
	h := newHadamard(1)
	h.ones[0] = true
	for h.n < n {
		h = h.double()
	}
	return h
}

// double is Sylvester's construction.
func (h *hadamard) double() *hadamard {
	d := newHadamard(2 * h.n)
	for i := range d.n {
		for j := range d.n {
			d.ones[i*d.n+j] = h.at(i%h.n, j%h.n) != (i >= h.n && j >= h.n)
		}
	}
	return d
}

// paley returns the matrix that R's paley(n, most) does, or nil.
func paley(n, most int) *hadamard {
	up := n + 4 - n%4
	if n%8 >= 4 {
		odd := up
		for odd%8 == 0 {
			odd /= 2
		}
		if isPaleyPrime(odd - 1) {
			h := paleyOne(odd - 1)
			for h.n < up {
				h = h.double()
			}
			return h
		}
	}
	p := n
	for !isPaleyPrime(p) {
		p++
	}
	if p+1 > up+4 && up+4 < most {
		return paley(up+3, 2*(up+3))
	}
	if p > most {
		return nil
	}
	return paleyOne(p)
}

// isPaleyPrime says whether p is a prime that is 3 modulo 4.
func isPaleyPrime(p int) bool {
	if p%4 != 3 {
		return false
	}
	for k := 3; k*k <= p; k += 2 {
		if p%k == 0 {
			return false
		}
	}
	return true
}

// squares says which residues modulo p are squares, 0 among them.
func squares(p int) []bool {
	out := make([]bool, p)
	for i := range p {
		out[i*i%p] = true
	}
	return out
}

// paleyOne borders the matrix of non-residues of i+j by ones.
func paleyOne(p int) *hadamard {
	h := newHadamard(p + 1)
	square := squares(p)
	for i := range h.n {
		for j := range h.n {
			h.ones[i*h.n+j] = i == 0 || j == 0 || !square[(i+j-2)%p]
		}
	}
	return h
}

// paleyTwo is of order 2(p+1), for a prime p that is 1 modulo 4: each entry of
// the symmetric conference matrix of p becomes a block of two by two.
func paleyTwo(p int) *hadamard {
	h := newHadamard(2 * (p + 1))
	square := squares(p)
	entry := func(i, j int) int {
		switch {
		case i == j:
			return 0
		case i == 0 || j == 0 || square[(i-j+p)%p]:
			return 1
		}
		return -1
	}
	for i := range h.n {
		for j := range h.n {
			x := entry(i/2, j/2)
			one := x > 0 != (i%2 == 1 && j%2 == 1)
			if x == 0 {
				one = i%2 == 0 && j%2 == 0
			}
			h.ones[i*h.n+j] = one
		}
	}
	for j := range h.n { // the first row becomes ones
		if !h.at(0, j) {
			for i := range h.n {
				h.ones[i*h.n+j] = !h.ones[i*h.n+j]
			}
		}
	}
	return h
}

// twinPrimes is of order p(p+2)+1: the complement of the twin prime difference
// set, read backwards and shifted from row to row, beside a column of zeros.
func twinPrimes(p, q int) *hadamard {
	v := p * q
	h := newHadamard(v + 1)
	square, other := squares(p), squares(q)
	in := make([]bool, v)
	for k := range v {
		x, y := k%p, k%q
		in[k] = y == 0 || x != 0 && square[x] == other[y]
	}
	for i := range h.n {
		for j := range h.n {
			h.ones[i*h.n+j] = i == 0 || j < v && !in[(2*v-(i-1)-j)%v]
		}
	}
	return h
}
