package collection

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
)

func TestProgrammeCheck(t *testing.T) {
	for name, c := range map[string]struct {
		p    Programme
		want []string
	}{
		"sound":       {Programme{Name: "Central route", About: "Two\nlines"}, nil},
		"empty":       {Programme{}, []string{"name missing"}},
		"long":        {Programme{Name: strings.Repeat("é", 201), About: strings.Repeat("a", 2001)}, []string{"name long", "about long"}},
		"longest":     {Programme{Name: strings.Repeat("é", 200), About: strings.Repeat("a", 2000)}, nil},
		"line end":    {Programme{Name: "a\nb"}, []string{"name control"}},
		"turned text": {Programme{Name: "a\u202Eb"}, []string{"name control"}},
		"not UTF-8":   {Programme{Name: "a\xffb"}, []string{"name control"}},
		"Arabic":      {Programme{Name: "الطريق\u200f الأوسط"}, nil},
	} {
		same(t, name, codes(t, c.p.Check()), c.want...)
	}
}

func TestRoundCheckSaysEverythingAtOnce(t *testing.T) {
	r := Round{Instrument: "fms-1066", From: "2016-10-31", To: "2016-10-06", Routes: []Route{
		{"CMR", "Central"}, {"cmr", "Central again"}, {"CMR", "and again"}, {"=1+1", ""}, {"", "x"}}}
	same(t, "round", codes(t, r.Check([]string{"fms-2016"}, []*Point{{Route: "EMR"}, {Route: "EMR"}, {Route: "CMR"}, {}})),
		"name missing", "instrument instrument", "to date.order",
		"2 route.code duplicate.case", "3 route.code duplicate", "4 route.code code", "4 route.name missing", "5 route.code missing",
		"routes route.used")
	sound := Round{Name: "Autumn 2016", Instrument: "fms-2016", From: "2016-10-06", To: "2016-10-06", Routes: []Route{{"CMR", "Central"}}}
	same(t, "sound", codes(t, sound.Check([]string{"fms-2016"}, []*Point{{Route: "CMR"}})))
	open := Round{Name: "No dates"}
	same(t, "open", codes(t, open.Check(nil, nil)))
	many := Round{Name: "x", Routes: make([]Route, MostRoutes+1)}
	same(t, "many", codes(t, many.Check(nil, nil)), "routes many")
}

func TestDays(t *testing.T) {
	for day, want := range map[string]bool{"2016-10-06": true, "2016-02-29": true, "2015-02-29": false,
		"2016-13-01": false, "06/10/2016": false, "2016-1-2": false, "1899-12-31": false, "2200-01-01": false, "": false, "2016-10-06T00:00": false} {
		if _, ok := Day(day); ok != want {
			t.Errorf("Day(%q) is %v, want %v", day, ok, want)
		}
	}
}

func TestRoundMoves(t *testing.T) {
	states := []RoundState{Preparing, Open, Closed, Deleted}
	allowed := map[string]bool{"preparing>open": true, "open>closed": true, "closed>open": true}
	for _, from := range states {
		for _, to := range states {
			r := Round{State: from}
			err := r.Move(to)
			if (err == nil) != allowed[string(from)+">"+string(to)] {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			if err != nil && (r.State != from || fault.KindOf(err) != fault.Conflict) {
				t.Errorf("%s to %s: state %s, %v", from, to, r.State, err)
			}
		}
	}
}

func TestFormMoves(t *testing.T) {
	states := []FormState{FormDraft, FormOpen, FormClosing, FormClosed}
	allowed := map[string]bool{"open>closing": true, "open>closed": true, "closing>open": true, "closing>closed": true, "closed>open": true}
	for _, from := range states {
		for _, to := range states {
			f := Form{State: from}
			if err := f.Move(to); (err == nil) != allowed[string(from)+">"+string(to)] {
				t.Errorf("%s to %s: %v", from, to, err)
			}
		}
	}
}

func degrees(x float64) *float64 { return &x }

func TestPointCheck(t *testing.T) {
	r := &Round{Routes: []Route{{"CMR", "Central"}}}
	others := []*Point{{ID: 1, Code: "P1"}, {ID: 2, Code: "P2"}}
	for name, c := range map[string]struct {
		p    Point
		want []string
	}{
		"sound":        {Point{Code: "P3", Name: "Harbour", Route: "CMR", Lat: degrees(-90), Lon: degrees(180)}, nil},
		"no position":  {Point{Code: "P3", Name: "Harbour"}, nil},
		"itself":       {Point{ID: 2, Code: "P2", Name: "Harbour"}, nil},
		"taken":        {Point{ID: 2, Code: "P1", Name: "Harbour"}, []string{"code taken"}},
		"everything":   {Point{Code: "P 3", Route: "EMR", Lat: degrees(90.1), Lon: degrees(-180.1)}, []string{"code code", "name missing", "route route.unknown", "lat latitude", "lon longitude"}},
		"half":         {Point{Code: "P3", Name: "x", Lat: degrees(1)}, []string{"lon position.half"}},
		"other half":   {Point{Code: "P3", Name: "x", Lon: degrees(1)}, []string{"lat position.half"}},
		"ocean":        {Point{Code: "P3", Name: "x", Lat: degrees(0), Lon: degrees(0)}, []string{"lat position.zero"}},
		"equator":      {Point{Code: "P3", Name: "x", Lat: degrees(0), Lon: degrees(9)}, nil},
		"not a number": {Point{Code: "P3", Name: "x", Lat: degrees(math.NaN()), Lon: degrees(math.Inf(1))}, []string{"lat latitude", "lon longitude"}},
		"formula":      {Point{Code: "@SUM(A1)", Name: "x"}, []string{"code code"}},
	} {
		same(t, name, codes(t, c.p.Check(r, others)), c.want...)
	}
	full := make([]*Point, MostPoints)
	for i := range full {
		full[i] = &Point{ID: ids.ID(i + 1), Code: fmt.Sprintf("P%d", i)}
	}
	same(t, "full", codes(t, (&Point{Code: "new", Name: "x"}).Check(r, full)), "code many")
	same(t, "changed in a full round", codes(t, (&Point{ID: 1, Code: "P0", Name: "x"}).Check(r, full)))
}

func TestTargets(t *testing.T) {
	r := &Round{From: "2016-10-01", To: "2016-10-31"}
	points := []*Point{{ID: 1}, {ID: 2}}
	periods := []*Period{
		{ID: 11, Name: "First week", From: "2016-10-01", To: "2016-10-07"},
		{ID: 12, Name: "Second week", From: "2016-10-08", To: "2016-10-14"},
	}
	same(t, "sound", codes(t, CheckTargets(r, points, periods, []Target{{1, 11, 0}, {2, 12, MostTarget}})))
	same(t, "bad targets", codes(t, CheckTargets(r, points, periods, []Target{{3, 11, 1}, {1, 13, 1}, {1, 11, -1}, {1, 12, MostTarget + 1}})),
		TargetField(3, 11)+" target.point", TargetField(1, 13)+" target.period", TargetField(1, 11)+" target", TargetField(1, 12)+" target")
	bad := []*Period{
		{Name: "First week", From: "2016-10-01", To: "2016-10-07"},
		{Name: "First week", From: "2016-10-07", To: "2016-10-09"},
		{From: "", To: "x"},
		{Name: "Late", From: "2016-10-30", To: "2016-11-02"},
		{Name: "Backward", From: "2016-10-20", To: "2016-10-15"},
	}
	same(t, "bad periods", codes(t, CheckTargets(r, points, bad, nil)),
		"2 name duplicate", "2 from period.overlap", "3 name missing", "3 from missing", "3 to date",
		"4 from period.outside", "5 to date.order")
	same(t, "many", codes(t, CheckTargets(r, nil, make([]*Period, MostPeriods+1), nil)), "periods many")
	if p := PeriodOf(periods, "2016-10-08"); p == nil || p.ID != 12 {
		t.Errorf("8 October is in %v", p)
	}
	if p := PeriodOf(periods, "2016-10-15"); p != nil {
		t.Errorf("15 October is in %v", p)
	}
}

func TestPublish(t *testing.T) {
	at := time.Unix(1, 0)
	published := []*Version{{ID: 1, Version: "1", Published: at}, {ID: 2, Version: "2"}}
	same(t, "sound", codes(t, CheckPublish(&Version{ID: 2, Version: "2"}, 0, published)))
	same(t, "none", codes(t, CheckPublish(nil, 0, published)), "form.none")
	same(t, "everything", codes(t, CheckPublish(&Version{ID: 2, Version: "1", Files: []FormFile{{Name: "a.csv"}, {Name: "b.png", Address: "x"}}}, 3, published)),
		"errors form.errors", "files form.files", "version form.version")
}

func TestEnumeratorCheck(t *testing.T) {
	points := []*Point{{ID: 1}}
	others := []*FieldEnumerator{{ID: 7, Code: "E07"}}
	same(t, "sound", codes(t, (&FieldEnumerator{Code: "E08", Points: []ids.ID{1}}).Check(points, others)))
	same(t, "itself", codes(t, (&FieldEnumerator{ID: 7, Code: "E07", Name: "x"}).Check(points, others)))
	same(t, "everything", codes(t, (&FieldEnumerator{Code: "E 8", Name: strings.Repeat("x", 201), Points: []ids.ID{1, 2, 3}}).Check(points, others)),
		"code code", "name long", "points enumerator.points")
	same(t, "taken", codes(t, (&FieldEnumerator{Code: "E07"}).Check(points, others)), "code taken")
	if e := (&FieldEnumerator{Points: []ids.ID{1}}); !e.WorksAt(1) || e.WorksAt(2) || !(&FieldEnumerator{}).WorksAt(2) {
		t.Error("points where enumerators work")
	}
}

func TestPhoneState(t *testing.T) {
	at := time.Date(2016, 10, 6, 12, 30, 0, 0, time.UTC)
	for want, e := range map[PhoneState]FieldEnumerator{
		PhoneNone:    {},
		PhoneReady:   {Coded: at, Used: at.Add(-2 * time.Hour)},
		PhoneUsed:    {Coded: at, Used: at.Truncate(time.Hour)},
		PhoneRevoked: {Coded: at, Revoked: at},
	} {
		if got := e.Phone(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRetention(t *testing.T) {
	for today, want := range map[string]RetentionState{"2016-01-01": RetentionFar, "2016-11-30": RetentionFar,
		"2016-12-01": RetentionSoon, "2016-12-31": RetentionSoon, "2017-01-01": RetentionDue} {
		if got := (&Round{Retain: "2016-12-31"}).Retention(today); got != want {
			t.Errorf("on %s: %s, want %s", today, got, want)
		}
	}
	if got := (&Round{}).Retention("2016-01-01"); got != RetentionUnset {
		t.Error(got)
	}
	if got := (&Round{State: Deleted, Retain: "2016-01-01"}).Retention("2017-01-01"); got != RetentionDone {
		t.Error(got)
	}
	if n := DaysUntil("2016-02-28", "2016-03-01"); n != 2 {
		t.Errorf("%d days from 28 February to 1 March 2016", n)
	}
	r := &Round{To: "2016-10-31"}
	same(t, "none", codes(t, CheckRetain(r, "", "2016-10-06")))
	same(t, "sound", codes(t, CheckRetain(r, "2016-11-01", "2016-10-06")))
	same(t, "past and early", codes(t, CheckRetain(r, "2016-10-06", "2016-10-06")), "retain retain.past", "retain retain.early")
	same(t, "no day", codes(t, CheckRetain(r, "soon", "2016-10-06")), "retain date")
}

func TestDeletion(t *testing.T) {
	at := time.Unix(1, 0)
	stages := map[DeletionStage]*Deletion{
		DeletionProposed: {Proposer: 1},
		DeletionRefused:  {Decided: at},
		DeletionApproved: {Decided: at, Approved: true},
		DeletionDone:     {Decided: at, Approved: true, Done: at},
	}
	closed := &Round{State: Closed}
	for want, d := range stages {
		if got := d.Stage(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		var refused []string
		if want == DeletionProposed || want == DeletionApproved {
			refused = []string{"state deletion.pending"}
		}
		same(t, "after "+string(want), codes(t, CheckProposal(closed, &Deletion{Reason: "end of the agreement"}, []*Deletion{d})), refused...)
	}
	same(t, "open round", codes(t, CheckProposal(&Round{State: Open}, &Deletion{}, nil)), "reason missing", "state round.open")
	same(t, "own", codes(t, CheckDecision(stages[DeletionProposed], 1)), "deletion.own")
	same(t, "other", codes(t, CheckDecision(stages[DeletionProposed], 2)))
	same(t, "decided", codes(t, CheckDecision(stages[DeletionRefused], 2)), "deletion.decided")
	if k := fault.KindOf(CheckDecision(stages[DeletionProposed], 1)); k != fault.Denied {
		t.Error(k)
	}
}

func TestClean(t *testing.T) {
	if got := Clean("  a \u00a0 b\t\nc "); got != "a b c" {
		t.Errorf("%q", got)
	}
	if got := CleanLines("\r\n a  \r\n\rb \n\n"); got != " a\n\nb" {
		t.Errorf("%q", got)
	}
}

func TestFormFiles(t *testing.T) {
	v := &Version{Files: []FormFile{{Name: "a.csv"}, {Name: "b.png", Address: "x"}}}
	if m := v.Missing(); len(m) != 1 || m[0] != "a.csv" {
		t.Errorf("missing %q", m)
	}
	got, err := v.NeededFile("a.csv")
	if err != nil || got != &v.Files[0] {
		t.Errorf("%v, %v", got, err)
	}
	_, err = v.NeededFile("../a.csv")
	same(t, "unknown file", codes(t, err), "file form.file.name")
}

func TestParts(t *testing.T) {
	r := &Round{ID: 1, From: "2016-10-06", To: "2016-11-20"}
	name := func(n int) string { return fmt.Sprint("part ", n) }
	days := func(list []*Period) string {
		var parts []string
		for _, p := range list {
			parts = append(parts, p.From+".."+p.To)
		}
		return strings.Join(parts, " ")
	}
	if got := days(r.Parts(Monthly, name)); got != "2016-10-06..2016-10-31 2016-11-01..2016-11-20" {
		t.Error(got)
	}
	weeks := r.Parts(Weekly, name)
	if got := days(weeks); !strings.HasPrefix(got, "2016-10-06..2016-10-12 2016-10-13..") || !strings.HasSuffix(got, " 2016-11-17..2016-11-20") {
		t.Error(got)
	}
	same(t, "weeks", codes(t, CheckTargets(r, nil, weeks, nil)))
	if got := (&Round{From: "2016-10-06"}).Parts(Weekly, name); got != nil {
		t.Errorf("%d periods without an end", len(got))
	}
	if got := (&Round{From: "2000-01-01", To: "2016-10-06"}).Parts(Weekly, name); len(got) != MostPeriods {
		t.Errorf("%d periods of sixteen years", len(got))
	}
}
