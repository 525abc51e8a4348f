package survey

import (
	"encoding/binary"

	"waymark/stats/table"
)

// Complete says which rows have a value in every column: the rows of a table
// whose estimates all have one base, for Request.Where. Columns have one
// length; without columns there are no rows.
func Complete(columns ...table.Column) []bool {
	if len(columns) == 0 {
		return nil
	}
	out := make([]bool, columns[0].Len())
	inChunks(len(out), func(_, from, to int) {
		chunk := out[from:to]
		for i := range chunk {
			chunk[i] = true
		}
		for _, col := range columns {
			if c, ok := col.(*table.CategoryColumn); ok && c.Codes8 != nil {
				leaveOutReasons(chunk, c.Codes8[from:to])
				continue
			}
			for i := range chunk {
				chunk[i] = chunk[i] && col.Missing(from+i) == table.Present
			}
		}
	})
	return out
}

// leaveOutReasons looks at eight rows at a time, most of which have a value.
func leaveOutReasons(in []bool, codes []uint8) {
	i := 0
	for ; i+8 <= len(codes); i += 8 {
		if !anyReasonOf(binary.LittleEndian.Uint64(codes[i:])) {
			continue
		}
		for k := i; k < i+8; k++ {
			in[k] = in[k] && codes[k] >= table.FirstLevel
		}
	}
	for ; i < len(codes); i++ {
		in[i] = in[i] && codes[i] >= table.FirstLevel
	}
}
