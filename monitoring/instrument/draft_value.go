package instrument

import (
	"fmt"
	"math"
	"strings"

	"waymark/stats/table"

	"waymark/internal/pattern"
)

// position is a latitude and a longitude in degrees, maybe with altitude and
// accuracy, as ODK writes them.
var position = pattern.Of(`^-?\d{1,2}(\.\d+)?[ ,]+-?\d{1,3}(\.\d+)?([ ,]+-?\d+(\.\d+)?){0,2}$`)

// isPosition says whether the first hundred values of a column are positions.
func isPosition(c table.Column) bool {
	seen := 0
	for row := 0; row < c.Len() && seen < 100; row++ {
		if c.Missing(row) != table.Present {
			continue
		}
		if !position().MatchString(c.Text(row)) {
			return false
		}
		seen++
	}
	return seen > 0
}

// severalCodes remarks on levels that look like several codes in one cell:
// words without small letters, of which at least one stands in two levels.
func (d *draft) severalCodes(q *draftQuestion) {
	counts := map[string]int{}
	several := 0
	for _, l := range q.levels {
		words := strings.Fields(l.label)
		if len(words) > 1 {
			several++
		}
		for _, w := range words {
			if w != strings.ToUpper(w) && !strings.Contains(w, "_") {
				return
			}
			counts[w]++
		}
	}
	for _, n := range counts {
		if several > 1 && n > 1 {
			d.remarks = append(d.remarks, fmt.Sprintf("%s has %d answers of several codes. If people could choose several, make it select_multiple in survey.csv, with each code once in choices.csv.", q.name, several))
			return
		}
	}
}

// labelNumbers makes text of whole numbers that only name something, so that
// nobody takes their mean: those named like sampling units that are none, and
// those whose name begins or ends with id or code.
func (d *draft) labelNumbers() {
	for _, q := range d.questions {
		if q.kind != "integer" || d.hasRole(q.name) {
			continue
		}
		words := splitWords(q.name)
		if len(words) == 0 {
			continue
		}
		first, last := words[0], words[len(words)-1]
		if named(q, clusterWords) || first == "id" || last == "id" || last == "code" {
			q.kind = "text"
			q.why += "; its name says that the numbers only name something, so it is text and no mean is taken"
		}
	}
}

// sentinels remarks on numbers that look like codes for a missing answer:
// -99 and the like among numbers that are else never negative, 99 and the like
// far above all others.
func (d *draft) sentinels(q *draftQuestion, c *table.NumberColumn) {
	known := map[float64]bool{-9: true, -88: true, -97: true, -98: true, -99: true, -888: true, -999: true, -9999: true}
	counts := map[float64]int{}
	least := math.Inf(1)
	for _, v := range c.Values {
		if known[v] {
			counts[v]++
		} else if v == v {
			least = min(least, v)
		}
	}
	if least < 0 {
		return
	}
	for v, n := range counts {
		d.remarks = append(d.remarks, fmt.Sprintf("%s is %v in %d rows and else never negative. If it stands for a missing answer, add it under missing.", q.name, v, n))
	}
}

// zeroOne says whether a column holds nothing but 0 and 1, or true and false.
func zeroOne(c table.Column) bool {
	switch col := c.(type) {
	case *table.BoolColumn:
		return true
	case *table.NumberColumn:
		for _, v := range col.Values {
			if v == v && v != 0 && v != 1 {
				return false
			}
		}
		return true
	}
	return false
}
