package table

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// The functions here write one value of a Parquet column as the text that the
// builders read. Texts are written as they are, except that an apostrophe that a
// builder would take for a spreadsheet's guard is doubled.

func boolText(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

func int96Text(b []byte, v parquet.Int96) []byte { return stamp(b, v.ToTime(), false) }

func float32Text(b []byte, v float32) []byte { return floatText(b, float64(v), 32) }

func float64Text(b []byte, v float64) []byte { return floatText(b, v, 64) }

// floatText writes a number; one that is not a number is blank.
func floatText(b []byte, v float64, bits int) []byte {
	if math.IsNaN(v) {
		return b
	}
	return strconv.AppendFloat(b, v, 'g', -1, bits)
}

// int32Text writes days, times of day in milliseconds, decimals, and integers.
func int32Text(n *schema.PrimitiveNode) func([]byte, int32) []byte {
	switch t := n.LogicalType().(type) {
	case schema.DateLogicalType:
		return func(b []byte, v int32) []byte { return day(b, int64(v)) }
	case schema.TimeLogicalType:
		return func(b []byte, v int32) []byte { return clock(b, int64(v)*int64(time.Millisecond)) }
	case schema.DecimalLogicalType:
		return func(b []byte, v int32) []byte { return decimal(b, big.NewInt(int64(v)), t.Scale()) }
	case schema.IntLogicalType:
		if !t.IsSigned() {
			return func(b []byte, v int32) []byte { return strconv.AppendUint(b, uint64(uint32(v)), 10) }
		}
	}
	return func(b []byte, v int32) []byte { return strconv.AppendInt(b, int64(v), 10) }
}

// int64Text writes instants, times of day, decimals, and integers.
func int64Text(n *schema.PrimitiveNode) func([]byte, int64) []byte {
	switch t := n.LogicalType().(type) {
	case schema.TimestampLogicalType:
		unit, local := t.TimeUnit(), !t.IsAdjustedToUTC()
		return func(b []byte, v int64) []byte { return stamp(b, instant(v, unit), local) }
	case schema.TimeLogicalType:
		unit := int64(time.Microsecond)
		if t.TimeUnit() == schema.TimeUnitNanos {
			unit = 1
		}
		return func(b []byte, v int64) []byte {
			if v < 0 || v >= daySeconds*int64(time.Second)/unit {
				return strconv.AppendInt(b, v, 10)
			}
			return clock(b, v*unit)
		}
	case schema.DecimalLogicalType:
		return func(b []byte, v int64) []byte { return decimal(b, big.NewInt(v), t.Scale()) }
	case schema.IntLogicalType:
		if !t.IsSigned() {
			return func(b []byte, v int64) []byte { return strconv.AppendUint(b, uint64(v), 10) }
		}
	}
	return func(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }
}

func instant(v int64, unit schema.TimeUnitType) time.Time {
	switch unit {
	case schema.TimeUnitMillis:
		return time.UnixMilli(v)
	case schema.TimeUnitMicros:
		return time.UnixMicro(v)
	}
	return time.Unix(v/1e9, v%1e9)
}

// bytesText writes texts, decimals, half-precision numbers and UUIDs.
func bytesText(n *schema.PrimitiveNode) func(b, v []byte) []byte {
	switch t := n.LogicalType().(type) {
	case schema.DecimalLogicalType:
		return func(b, v []byte) []byte { return decimal(b, bigEndian(v), t.Scale()) }
	case schema.Float16LogicalType:
		return func(b, v []byte) []byte {
			if len(v) != 2 {
				return b
			}
			return floatText(b, float64(float16.FromBits(binary.LittleEndian.Uint16(v)).Float32()), 32)
		}
	case schema.UUIDLogicalType:
		return func(b, v []byte) []byte {
			if len(v) != 16 {
				return b
			}
			for i, part := range [][]byte{v[:4], v[4:6], v[6:8], v[8:10], v[10:]} {
				if i > 0 {
					b = append(b, '-')
				}
				b = hex.AppendEncode(b, part)
			}
			return b
		}
	}
	return func(b, v []byte) []byte { return append(b, keepEscape(v)...) }
}

// keepEscape doubles an apostrophe that unescape would remove.
func keepEscape(v []byte) []byte {
	if len(unescape(v)) != len(v) {
		return append([]byte{'\''}, v...)
	}
	return v
}

// bigEndian reads a signed number in two's complement.
func bigEndian(v []byte) *big.Int {
	x := new(big.Int).SetBytes(v)
	if len(v) > 0 && v[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v))))
	}
	return x
}

// decimal writes unscaled / 10^scale in full.
func decimal(b []byte, unscaled *big.Int, scale int32) []byte {
	if scale <= 0 || scale > 1000 {
		return unscaled.Append(b, 10)
	}
	if unscaled.Sign() < 0 {
		b = append(b, '-')
	}
	digits := new(big.Int).Abs(unscaled).Append(nil, 10)
	for len(digits) <= int(scale) {
		digits = append([]byte{'0'}, digits...)
	}
	point := len(digits) - int(scale)
	b = append(b, digits[:point]...)
	b = append(b, '.')
	return append(b, digits[point:]...)
}

func day(b []byte, days int64) []byte {
	return time.Unix(days*daySeconds, 0).UTC().AppendFormat(b, time.DateOnly)
}

func clock(b []byte, nanos int64) []byte {
	return time.Unix(0, nanos).UTC().AppendFormat(b, time.TimeOnly)
}

// stamp writes an instant in UTC, or without a zone if the file has none.
func stamp(b []byte, t time.Time, local bool) []byte {
	if local {
		return t.UTC().AppendFormat(b, "2006-01-02T15:04:05")
	}
	return t.UTC().AppendFormat(b, time.RFC3339)
}
