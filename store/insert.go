package store

import (
	"strconv"
	"strings"
)

// insertSizes are how many rows one statement writes, so that few statements
// differ and all stay prepared.
var insertSizes = [...]int{32, 16, 8, 7, 6, 5, 4, 3, 2, 1}

// insert writes rows of equal length, several a statement, at the latest at the
// end of the batch (see Later). before ends in VALUES; behind follows the rows.
func insert(t *Tx, before, behind string, rows [][]any) error {
	for len(rows) > 0 {
		n := 1
		for _, size := range insertSizes {
			if len(rows) >= size {
				n = size
				break
			}
		}
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if err := t.Later(insertText(before, behind, n, len(rows[0])), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func insertText(before, behind string, rows, columns int) string {
	var b strings.Builder
	b.Grow(len(before) + len(behind) + rows*columns*5)
	b.WriteString(before)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(" (")
		for j := range columns {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(i*columns + j + 1))
		}
		b.WriteByte(')')
	}
	if behind != "" {
		b.WriteByte(' ')
		b.WriteString(behind)
	}
	return b.String()
}
