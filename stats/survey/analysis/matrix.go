package analysis

import (
	"math"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// intercept is the name of the constant in model matrices.
const intercept = "(Intercept)"

// modelColumn returns the column of a model matrix by its name: the constant, a
// number, or where a category has the level written behind its name.
func (d *Data) modelColumn(name string) ([]float64, error) {
	if name == intercept {
		ones := make([]float64, d.Table.Rows())
		for i := range ones {
			ones[i] = 1
		}
		return ones, nil
	}
	if d.Table.Column(name) != nil {
		col, err := d.Number(name)
		if err != nil {
			return nil, err
		}
		return col.Values, nil
	}
	for _, col := range d.Table.Columns() {
		level, ok := strings.CutPrefix(name, col.Name())
		if !ok || col.Kind() == table.Set {
			continue
		}
		cat, err := d.Category(col.Name())
		if err != nil {
			return nil, err
		}
		if l := cat.Index(level); l >= 0 {
			return indicator(cat, l), nil
		}
	}
	return nil, fault.New(fault.NotFound, fault.Place{File: d.Name, Field: name}, "no column, and no column with a level behind its name, is called so", "name totals by model-matrix column, such as enroll or stypeH")
}

// indicator is 1 where a category has the level, NaN where it is missing.
func indicator(col *table.CategoryColumn, level int) []float64 {
	out := make([]float64, col.Len())
	for i := range out {
		switch col.Level(i) {
		case -1:
			out[i] = math.NaN()
		case level:
			out[i] = 1
		}
	}
	return out
}
