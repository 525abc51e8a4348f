package example

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"testing"
)

// Every margin says where it comes from, and nothing assumed looks published.
func TestMarginsTellTheirSource(t *testing.T) {
	m, err := readMargins()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Sources {
		if s.ID == "" || s.Authority == "" || s.Title == "" || s.Date == "" {
			t.Errorf("source %q is not complete", s.ID)
		}
	}
	used := map[string]bool{}
	check := func(what string, b Basis, source string) {
		used[source] = true
		if !slices.ContainsFunc(m.Sources, func(s Source) bool { return s.ID == source }) {
			t.Errorf("%s: no source %q", what, source)
		}
		if (b == Assumed) != (source == "assumption") || b != Published && b != Derived && b != Assumed {
			t.Errorf("%s: basis %q goes with source %q", what, b, source)
		}
	}
	for _, f := range m.Figures {
		check(f.ID+" "+f.Route, f.Basis, f.Source)
	}
	for _, s := range m.Spans {
		check(s.From, s.Basis, s.Source)
	}
	for _, r := range m.Regions {
		check(r.Points[0], r.Basis, r.Source)
	}
	for _, d := range m.Draws {
		check(d.ID, d.Basis, d.Source)
	}
	check("exposure", m.Exposure.Basis, m.Exposure.Source)
}

// The published figures of October 2016, typed again here from the facts.
func TestPublishedMargins(t *testing.T) {
	type key struct{ id, route string }
	want := map[key]float64{
		{"eligible", "EMR"}: 5695, {"eligible", "CMR"}: 2780,
		{"at_least_one", "EMR"}: 0.14, {"at_least_one", "CMR"}: 0.71, {"at_least_one.abroad_one_year", ""}: 0.79,
		{"unpaid_work", "EMR"}: 0.07, {"unpaid_work", "CMR"}: 0.50, {"held", "EMR"}: 0.06, {"held", "CMR"}: 0.49,
		{"organs_awareness", "CMR"}: 0.06, {"transit.over_6_months", "EMR"}: 0.11, {"transit.over_6_months", "CMR"}: 0.35,
	}
	figures, err := Figures()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range figures {
		if f.Basis != Published {
			continue
		}
		n++
		if v, ok := want[key{f.ID, f.Route}]; !ok || v != f.Value {
			t.Errorf("%s %s is %v, the publication has %v", f.ID, f.Route, f.Value, v)
		}
	}
	if n != len(want) {
		t.Errorf("%d published figures, want %d", n, len(want))
	}
}

// Codes and nationalities that a table narrows to must exist: a slip would
// silently widen or empty the table.
func TestDrawsNarrowToWhatExists(t *testing.T) {
	m, err := newMaker()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range m.margins.Draws {
		if d.Route != "" && !slices.Contains(m.routes, d.Route) {
			t.Errorf("%s: no route %q", d.ID, d.Route)
		}
		if d.Sex != "" && m.book.codes["sex"][d.Sex] == 0 {
			t.Errorf("%s: no sex %q", d.ID, d.Sex)
		}
		for _, n := range d.Nationality {
			if !slices.Contains(m.nats, n) {
				t.Errorf("%s: no detections of nationality %q", d.ID, n)
			}
		}
	}
	for n := range m.margins.Exposure.Weights {
		if !slices.Contains(m.nats, n) {
			t.Errorf("exposure: no detections of nationality %q", n)
		}
	}
}

// All detections of a route's months in Frontex's file, added up apart.
var detected = map[string]int{"EMR": 285363, "CMR": 84115}

func TestTotalsAddUp(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(Totals())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	derived, assumed := map[string]int{}, map[string]int{}
	for i, r := range rows[1:] {
		n, err := strconv.Atoi(r[3])
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case r[1] != "" && r[2] == "" && r[4] == string(Derived):
			derived[r[0]] += n
		case r[1] == "" && r[2] != "" && r[4] == string(Assumed):
			assumed[r[0]] += n
		default:
			t.Errorf("row %d: basis %q goes with %q", i+2, r[4], r[:3])
		}
	}
	if !maps.Equal(derived, detected) || !maps.Equal(assumed, detected) {
		t.Errorf("nationalities %v, sexes %v, Frontex has %v", derived, assumed, detected)
	}
}
