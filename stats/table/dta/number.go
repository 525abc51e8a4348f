package dta

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The greatest values that are numbers; beyond each stand ".", ".a" to ".z".
// Source: help dta, "Representation of numbers".
const (
	maxByte = 100
	maxInt  = 32_740
	maxLong = 2_147_483_620
	// Bits of "." as float and double, and the step to the next missing value.
	missingFloat  = 0x7f000000
	stepFloat     = 1 << 11
	missingDouble = 0x7fe0000000000000
	stepDouble    = 1 << 40
	// marks is the number of different missing values.
	marks = 27
)

var numberWidth = [...]int{Byte: 1, Int: 2, Long: 4, Float: 4, Double: 8}

// NotANumber marks a value that is neither a number nor missing: Inf or NaN,
// which Stata itself never writes.
const NotANumber = marks + 1

// Numbers writes a numeric variable's values in this block to dst and how they
// are missing to mark, both of Rows entries: 0 a number, 1 ".", 2 to 27 ".a" to
// ".z", or NotANumber; dst holds 0 where mark is not 0.
func (b *Block) Numbers(variable int, dst []float64, mark []uint8) {
	v := &b.file.Variables[variable]
	at, width, big := v.offset, b.file.width, b.file.BigEndian
	for i := range b.Rows {
		field := b.data[at : at+v.Width]
		at += width
		var x float64
		var m uint8
		switch v.Type {
		case Byte:
			if n := int8(field[0]); n > maxByte {
				m = uint8(n - maxByte)
			} else {
				x = float64(n)
			}
		case Int:
			u := binary.LittleEndian.Uint16(field)
			if big {
				u = bits.ReverseBytes16(u)
			}
			if n := int16(u); n > maxInt {
				m = uint8(n - maxInt)
			} else {
				x = float64(n)
			}
		case Long, Float:
			u := binary.LittleEndian.Uint32(field)
			if big {
				u = bits.ReverseBytes32(u)
			}
			if v.Type == Float {
				x, m = float(u)
			} else if n := int32(u); n > maxLong {
				m = uint8(n - maxLong)
			} else {
				x = float64(n)
			}
		default:
			u := binary.LittleEndian.Uint64(field)
			if big {
				u = bits.ReverseBytes64(u)
			}
			x, m = double(u)
		}
		dst[i], mark[i] = x, m
	}
}

func float(u uint32) (float64, uint8) {
	if u&0x7fffffff < missingFloat {
		return float64(math.Float32frombits(u)), 0
	}
	if n := (u - missingFloat) / stepFloat; u < 1<<31 && n < marks {
		return 0, uint8(n) + 1
	}
	return 0, NotANumber
}

func double(u uint64) (float64, uint8) {
	if u&(1<<63-1) < missingDouble {
		return math.Float64frombits(u), 0
	}
	if n := (u - missingDouble) / stepDouble; u < 1<<63 && n < marks {
		return 0, uint8(n) + 1
	}
	return 0, NotANumber
}

// putNumber writes a value, or a missing value where mark is not 0.
func putNumber(dst []byte, t Type, x float64, mark uint8) {
	le := binary.LittleEndian
	m := int32(mark)
	switch t {
	case Byte:
		v := int8(x)
		if mark > 0 {
			v = int8(maxByte + m)
		}
		dst[0] = byte(v)
	case Int:
		v := int16(x)
		if mark > 0 {
			v = int16(maxInt + m)
		}
		le.PutUint16(dst, uint16(v))
	case Long:
		v := int32(x)
		if mark > 0 {
			v = maxLong + m
		}
		le.PutUint32(dst, uint32(v))
	default:
		u := math.Float64bits(x)
		if mark > 0 {
			u = missingDouble + uint64(mark-1)*stepDouble
		}
		le.PutUint64(dst, u)
	}
}

// Fit is the smallest type that holds all whole numbers from low to high, or
// Double.
func Fit(low, high float64) Type {
	switch {
	case low >= -127 && high <= maxByte:
		return Byte
	case low >= -32_767 && high <= maxInt:
		return Int
	case low >= -2_147_483_647 && high <= maxLong:
		return Long
	}
	return Double
}

// MaxDouble is the greatest number that a double of Stata's holds.
const MaxDouble = 8.9884656743115785e+307
