package table

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// maxSpellings bounds how many different spellings a column remembers: enough
// for any dictionary, little enough that free text in the wrong column cannot
// fill the memory.
const maxSpellings = 1 << 16

// spellings maps the bytes of a cell to a code without making a string of
// them: an open hash table whose keys of up to 16 bytes sit in two words.
// BenchmarkSpellings compares it with map[string]uint32.
type spellings struct {
	entries []spelling
	shift   int
	used    int
	odd     uint64 // random, so that no file is made to collide
	seed    maphash.Seed
}

type spelling struct {
	lo, hi uint64
	n      uint32 // length of the spelling
	code   uint32 // 0: the entry is free
	long   string // the spelling, if longer than 16 bytes
}

func newSpellings() *spellings {
	return &spellings{
		entries: make([]spelling, 64),
		shift:   64 - 6,
		odd:     rand.Uint64() | 1,
		seed:    maphash.MakeSeed(),
	}
}

// word loads up to 8 bytes of a cell. A cell is a slice of a bigger buffer, so
// that 8 bytes can most often be loaded at once and the rest masked off.
func word(b []byte) uint64 {
	n := len(b)
	if n == 0 {
		return 0
	}
	if n >= 8 {
		return binary.LittleEndian.Uint64(b)
	}
	if cap(b) >= 8 {
		return binary.LittleEndian.Uint64(b[:8]) & (1<<(8*n) - 1)
	}
	var w uint64
	for i, c := range b {
		w |= uint64(c) << (8 * i)
	}
	return w
}

func (s *spellings) key(cell []byte) (lo, hi uint64) {
	switch n := len(cell); {
	case n <= 8:
		return word(cell), 0
	case n <= 16:
		return word(cell[:8]), word(cell[8:])
	default:
		return maphash.Bytes(s.seed, cell), 0
	}
}

func (s *spellings) slot(lo, hi uint64, n int) int {
	h := (lo ^ bits.RotateLeft64(hi, 29) ^ uint64(n)<<57) * s.odd
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return int(h >> s.shift)
}

// get returns the code of a spelling, or 0.
func (s *spellings) get(cell []byte) uint32 {
	lo, hi := s.key(cell)
	mask := len(s.entries) - 1
	for i := s.slot(lo, hi, len(cell)); ; i = (i + 1) & mask {
		e := &s.entries[i]
		if e.code == 0 {
			return 0
		}
		if e.lo == lo && e.hi == hi && int(e.n) == len(cell) && (e.n <= 16 || e.long == string(cell)) {
			return e.code
		}
	}
}

// put remembers a new spelling under a code above 0. It reports false, and
// remembers nothing, where the table is full.
func (s *spellings) put(cell []byte, code uint32) bool {
	if s.used >= maxSpellings {
		return false
	}
	if 2*(s.used+1) > len(s.entries) {
		old := s.entries
		s.entries = make([]spelling, 2*len(old))
		s.shift--
		for _, e := range old {
			if e.code != 0 {
				s.place(e)
			}
		}
	}
	lo, hi := s.key(cell)
	e := spelling{lo: lo, hi: hi, n: uint32(len(cell)), code: code}
	if len(cell) > 16 {
		e.long = string(cell)
	}
	s.place(e)
	s.used++
	return true
}

func (s *spellings) place(e spelling) {
	mask := len(s.entries) - 1
	i := s.slot(e.lo, e.hi, int(e.n))
	for s.entries[i].code != 0 {
		i = (i + 1) & mask
	}
	s.entries[i] = e
}
