package table

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSelect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := genTable(t)
		keep := make([]bool, table.Rows())
		var rows []int
		for i := range keep {
			if keep[i] = rapid.Bool().Draw(t, "keep"); keep[i] {
				rows = append(rows, i)
			}
		}
		part := table.Select(keep)
		if part.Rows() != len(rows) {
			t.Fatalf("%d rows, expected %d", part.Rows(), len(rows))
		}
		for _, c := range table.Columns() {
			got := part.Column(c.Name())
			if got.Len() != len(rows) || got.Kind() != c.Kind() {
				t.Fatalf("%s has %d rows", c.Name(), got.Len())
			}
			for i, row := range rows {
				if got.Text(i) != c.Text(row) || got.Missing(i) != c.Missing(row) {
					t.Fatalf("%s, row %d: %q, expected %q", c.Name(), i, got.Text(i), c.Text(row))
				}
			}
		}
		if n := rapid.IntRange(0, 10).Draw(t, "n"); table.Head(n).Rows() != min(n, table.Rows()) {
			t.Fatalf("the first %d rows are %d", n, table.Head(n).Rows())
		}
	})
}
