package fill

import (
	"math"
	"reflect"
	"testing"
)

func TestBoundsOf(t *testing.T) {
	for _, c := range []struct {
		constraint string
		want       func(*bounds)
	}{
		{"", func(*bounds) {}},
		{". >= 0 and . <= 110", func(b *bounds) { b.least, b.greatest = 0, 110 }},
		{"0 < . and 10 > .", func(b *bounds) { b.least, b.greatest = 1, 9 }},
		{". >= -90", func(b *bounds) { b.least = -90 }},
		{". > 5 or . < 2", func(*bounds) {}},
		{"regex(., '^E[0-9]{2,4}$')", func(b *bounds) { b.patterns = []string{"^E[0-9]{2,4}$"} }},
		{"string-length(.) = 6", func(b *bounds) { b.length = [2]int{6, 6} }},
		{"count-selected(.) <= 3 and count-selected(.) >= 1", func(b *bounds) { b.fewest, b.most = 1, 3 }},
		{". = 'yes'", func(b *bounds) { b.values = []string{"yes"} }},
		{". = 2024 or . = 2025", func(b *bounds) { b.values = []string{"2024", "2025"} }},
		{"not(selected(., 'dk') and count-selected(.) > 1)", func(b *bounds) { b.alone = []string{"dk"} }},
		{"not a rule (", func(*bounds) {}},
		{" /data/trip/age  >= 18 and  ../age  <= 30", func(b *bounds) { b.least, b.greatest = 18, 30 }},
		{"/data/trip/other >= 18 and ../other <= 30", func(*bounds) {}},
	} {
		want := free()
		want.itself = "/data/trip/age"
		c.want(&want)
		if got := boundsOf(c.constraint, "/data/trip/age"); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", c.constraint, got, want)
		}
	}
	if !math.IsInf(free().least, -1) {
		t.Error("a free answer has a least value")
	}
}
