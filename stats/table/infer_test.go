package table

import (
	"fmt"
	"strings"
	"testing"
)

// TestInference holds the type and the explanation of columns given by their
// cells.
func TestInference(t *testing.T) {
	times := func(n int, cells ...string) []string {
		var all []string
		for range n {
			all = append(all, cells...)
		}
		return all
	}
	var ids, many []string
	for i := range 1100 {
		ids = append(ids, fmt.Sprintf("uuid:%d", i))
		many = append(many, fmt.Sprint(i))
	}
	for _, c := range []struct {
		name  string
		cells []string
		kind  Kind
		why   []string
	}{
		{"numbers few distinct", times(4, "1", "2"), Number, []string{"all 8 values are whole numbers from 1 to 2 with 2 different values", "if they are codes"}},
		{"decimals", []string{"1.5", "2", "", "-3"}, Number, []string{"all 3 values are numbers from -3 to 2 with 3 different values", "1 blank"}},
		{"decimal commas", []string{`"1,5"`, `"2,25"`}, Number, []string{"numbers from 1.5 to 2.25"}},
		{"many numbers", many, Number, []string{"more than 1024 different values"}},
		{"leading zeros", times(3, "01", "02"), Category, []string{"6 begin with 0 and would lose it as numbers"}},
		{"long numbers", []string{"12345678901234567", "12345678901234568"}, Text, []string{"2 have more than 15 digits"}},
		{"truths", times(2, "TRUE", "False"), Bool, []string{"all 4 values are true or false"}},
		{"yes and no stay codes", times(2, "yes", "no"), Category, []string{"one of 2 different texts"}},
		{"dates", []string{"2016-10-06", "2016-10-07"}, Date, []string{"all 2 values are dates"}},
		{"dates as people write them", []string{"6 October 2016", "25/12/2016"}, Date, nil},
		{"times", []string{"2016-10-06T09:30:00Z", "2016-10-07"}, Time, []string{"dates with a time of day"}},
		{"years are numbers", times(2, "2015", "2016"), Number, nil},
		{"identifiers", ids, Text, []string{"more than 1024 different values"}},
		{"set", times(5, "TUR", "GRC", "TUR GRC", "LBY TUR", "LBY"), Set, []string{"words of 3 codes, 10 cells with more than one"}},
		{"names with spaces are no set", times(5, "New York", "New Jersey", "Rhode Island"), Category, nil},
		{"mostly numbers", []string{"1", "2", "3", "4", "5", "x"}, Text, []string{"5 are numbers, 1 not, for example in row 7"}},
		{"NA", append(times(3, "a", "b"), "NA"), Category, []string{"1 NA counts as blank"}},
		{"nothing", []string{"", "", ""}, Text, []string{"the column holds no value"}},
		{"one value", []string{"x", ""}, Text, []string{"the only value holds 1 value"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The second column keeps empty cells from making empty rows.
			r := mustRead(t, "id,x\n"+"k,"+strings.Join(c.cells, "\nk,")+"\n", Options{})
			got := r.Inferred[1]
			if got.Kind != c.kind {
				t.Errorf("kind %s, expected %s: %s", got.Kind, c.kind, got.Why)
			}
			for _, why := range c.why {
				if !strings.Contains(got.Why, why) {
					t.Errorf("no %q in %q", why, got.Why)
				}
			}
			if column := r.Table.Column("x"); column.Kind() != c.kind || column.Len() != len(c.cells) {
				t.Errorf("the column is %s with %d rows", column.Kind(), column.Len())
			}
		})
	}
}
