package quality

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
)

// spoil has one fixture a rule: it changes the clean round so that the rule,
// and possibly others, finds something.
var spoil = map[string]func(s *sample){
	"columns.missing": func(s *sample) { s.drop = []string{"held"} },
	"columns.unknown": func(s *sample) { s.unknownColumns = []string{"helt"} },
	"columns.empty": func(s *sample) {
		for _, v := range s.rows {
			v.set("sex", "")
		}
	},
	"codes.unknown":       func(s *sample) { s.rows[5].set("sex", "?") },
	"values.range":        func(s *sample) { s.rows[5].set("age", "180") },
	"exclusion.continued": func(s *sample) { s.rows[5].set("consent", "no") },
	"exclusion.unknown":   func(s *sample) { s.rows[5].set("consent", "") },
	"contradiction.transit": func(s *sample) {
		s.rows[5].set("transit_time", "over_12_months")
		s.rows[5].set("departure_date", s.rows[5].start.AddDate(0, -3, 0).Format(time.DateOnly))
	},
	"contradiction.departure": func(s *sample) { s.rows[5].set("departure_date", "2016-12-01") },
	"contradiction.place_without_yes": func(s *sample) {
		s.rows[5].set("held", "no")
		s.rows[5].set("held_where", "LBY")
	},
	"contradiction.yes_without_place": func(s *sample) {
		s.rows[5].set("held", "yes")
		s.rows[5].set("held_where", "")
	},
	"contradiction.family": func(s *sample) {
		s.rows[5].set("held", "yes")
		s.rows[5].set("held_where", "LBY")
		s.rows[5].set("family_any", "no")
	},
	"contradiction.route":   func(s *sample) { s.rows[5].set("route", "CMR") },
	"date.clock":            func(s *sample) { s.rows[5].set("interview_date", "2016-07-08") },
	"date.end_before_start": func(s *sample) { s.rows[5].end = s.rows[5].start.Add(-time.Hour) },
	"date.future":           func(s *sample) { s.rows[5].submission = s.rows[5].start.AddDate(0, 0, -3) },
	"date.outside":          func(s *sample) { s.rows[5].set("interview_date", "2015-07-01") },
	"duplicate.id":          func(s *sample) { s.rows[5].set("_uuid", s.rows[9].cell["_uuid"]) },
	"duplicate.answers":     func(s *sample) { s.copyAnswers(5, 400) },
	"duplicate.near":        func(s *sample) { s.copyAnswers(5, 6); s.rows[6].set("profile_3", "z") },
	"length.short":          func(s *sample) { s.rows[5].end = s.rows[5].start.Add(2 * time.Minute) },
	"length.long":           func(s *sample) { s.rows[5].end = s.rows[5].start.Add(7 * time.Hour) },
	"clock.night":           func(s *sample) { s.move(5, time.Date(2016, 7, 1, 1, 30, 0, 0, s.rows[5].start.Location())) },
	"clock.overlap":         func(s *sample) { s.move(5, s.rows[4].start.Add(5*time.Minute)) },
	"clock.busy":            func(s *sample) { s.busy() },
	"place.broken":          func(s *sample) { s.rows[5].set("point_location", "0 0 0 0") },
	"place.far":             func(s *sample) { s.rows[5].set("point_location", "40.1 20.2 0 5") },
	"place.speed":           func(s *sample) { s.rows[5].set("point_location", "38.1 20.2 0 5") },
	"place.route":           func(s *sample) { s.farPoint() },
	"pattern.enumerator":    func(s *sample) { s.leadingEnumerator() },
	"pattern.point":         func(s *sample) { s.leadingPoint() },
	"straight.module":       func(s *sample) { s.straight("E02", 1, func(int) bool { return true }) },
	"straight.run":          func(s *sample) { s.straight("E02", 1, func(k int) bool { return k >= 20 && k < 50 }) },
	"digits.whipple":        func(s *sample) { s.heap() },
	"digits.myers":          func(s *sample) { s.heap() },
	"digits.minutes":        func(s *sample) { s.roundLengths() },
	"straight.empty": func(s *sample) {
		for _, item := range items {
			s.rows[5].set(item, "refused")
			s.rows[5].set(item+"_where", "")
		}
		s.rows[5].set("family_any", "")
	},
	"reading.warning": nil, // given below: it is not in the rows
}

func (s *sample) copyAnswers(from, to int) {
	for name, value := range s.rows[from].cell {
		switch name {
		case "_uuid", "enumerator", "point", "route", "point_location", "interview_date":
		default:
			s.rows[to].set(name, value)
		}
	}
	for _, item := range items {
		s.rows[to].set(item+"_where", s.rows[from].cell[item+"_where"])
	}
	s.rows[to].set("family_any", s.rows[from].cell["family_any"])
}

func (s *sample) move(row int, start time.Time) {
	v := &s.rows[row]
	length := v.end.Sub(v.start)
	v.start, v.end = start, start.Add(length)
	v.submission = v.end.Add(time.Hour)
}

func (s *sample) busy() {
	for row := range 30 {
		s.rows[row].set("interview_date", "2016-07-02")
	}
}

func (s *sample) farPoint() {
	for row, v := range s.rows {
		if v.cell["point"] == "p01" {
			s.rows[row].set("point_location", "60.1 80.2 0 5")
		}
	}
}

func (s *sample) leadingEnumerator() {
	for row, v := range s.rows {
		if v.cell["enumerator"] == "E01" && row%3 > 0 {
			v.set("held", "yes")
			v.set("held_where", "LBY")
			v.set("family_any", "")
		}
	}
}

func (s *sample) leadingPoint() {
	for row, v := range s.rows {
		if v.cell["point"] == "p01" && row%3 > 0 {
			v.set("held", "yes")
			v.set("held_where", "LBY")
			v.set("family_any", "")
		}
	}
}

// straight gives the k-th interviews of an enumerator that pick accepts one
// and the same module.
func (s *sample) straight(enumerator string, yes int, pick func(k int) bool) {
	k := 0
	for _, v := range s.rows {
		if v.cell["enumerator"] != enumerator {
			continue
		}
		if pick(k) {
			for i, item := range items {
				v.set(item, "no")
				v.set(item+"_where", "")
				if i < yes {
					v.set(item, "yes")
					v.set(item+"_where", "LBY")
				}
			}
			v.set("family_any", "")
		}
		k++
	}
}

func (s *sample) heap() {
	for row, v := range s.rows {
		if row%2 == 0 {
			v.set("age", fmt.Sprint(20+5*(row/2%8)))
		}
	}
}

func (s *sample) roundLengths() {
	for row := range s.rows {
		v := &s.rows[row]
		v.end = v.start.Add(v.end.Sub(v.start).Round(5 * time.Minute))
	}
}

func findings(rep *Report, rule string) []Finding {
	var list []Finding
	for _, f := range rep.Findings {
		if f.Rule == rule {
			list = append(list, f)
		}
	}
	return list
}

func TestCleanRoundHasNoFinding(t *testing.T) {
	rep := newSample().check(t)
	for _, f := range rep.Findings {
		t.Errorf("%s: %s %v %v", f.Rule, f.Message, f.Rows, f.Details)
	}
	for _, o := range rep.Rules {
		if o.NotChecked != "" {
			t.Errorf("%s was not checked: %s", o.Rule, o.NotChecked)
		}
	}
	if rep.Interviews != 960 || rep.Eligible != 960 || rep.First != "2016-07-01" || rep.Last != "2016-07-10" {
		t.Errorf("counts %d, %d, %s to %s", rep.Interviews, rep.Eligible, rep.First, rep.Last)
	}
}

func TestEveryRuleHasAFixtureThatTriggersIt(t *testing.T) {
	rules := Rules()
	if len(rules) != len(spoil) {
		t.Errorf("%d rules, %d fixtures", len(rules), len(spoil))
	}
	for _, rule := range rules {
		t.Run(rule.ID, func(t *testing.T) {
			f, ok := spoil[rule.ID]
			if !ok {
				t.Fatal("the rule has no fixture")
			}
			s := newSample()
			if f != nil {
				f(s)
			}
			in := s.input(t)
			if rule.ID == "reading.warning" {
				in.Warnings = fault.NewList(10)
				in.Warnings.Addf(fault.Invalid, fault.Place{Row: 9, Field: "sex"}, "remove it", "one cell too many")
			}
			rep, err := Check(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			found := findings(rep, rule.ID)
			if len(found) == 0 {
				for _, o := range rep.Rules {
					if o.Rule == rule.ID && o.NotChecked != "" {
						t.Errorf("not checked: %s", o.NotChecked)
					}
				}
				t.Fatal("nothing found")
			}
			for _, f := range found {
				if f.Message == "" || f.Remedy == "" || strings.HasSuffix(f.Message, ".") {
					t.Errorf("message %q, remedy %q", f.Message, f.Remedy)
				}
				if f.Total == 0 && f.Severity != Note && f.Subject == "" && f.Rows == nil {
					t.Error("the finding is about nothing")
				}
				if len(f.Rows) > f.Total || len(f.Rows) > 20 || len(f.Details) > 20 {
					t.Errorf("%d rows of %d, %d details", len(f.Rows), f.Total, len(f.Details))
				}
				t.Logf("%s: %s. rows %v %v", f.Severity, f.Message, f.Rows, f.Details)
			}
		})
	}
}

func TestEveryRuleIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules() {
		if seen[rule.ID] {
			t.Errorf("%s is there twice", rule.ID)
		}
		seen[rule.ID] = true
		if rule.Title == "" || rule.Why == "" || rule.check == nil || !strings.Contains(rule.ID, ".") {
			t.Errorf("%s is not complete", rule.ID)
		}
		if c := rule.Citation; c.Authority == "" || c.Source == "" || c.Date == "" {
			t.Errorf("%s has no citation", rule.ID)
		}
		for _, th := range rule.Thresholds {
			if th.Name == "" || th.Unit == "" || th.Meaning == "" {
				t.Errorf("%s: threshold %q is not complete", rule.ID, th.Name)
			}
		}
	}
}
