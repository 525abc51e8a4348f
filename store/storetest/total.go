package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
)

// totalsEqualARecount does anything that changes submissions, in any order, and
// then counts.
func totalsEqualARecount(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := NewWorld(t, db)
		draft := &collection.Version{Form: w.Form.ID, Version: "draft"}
		must(t, db.PutDraft(ctx, Officer, draft, 0))
		var sent []string
		var all []ids.ID
		n := 0
		anyOf := func(label string) (ids.ID, bool) {
			if len(all) == 0 {
				return 0, false
			}
			return rapid.SampledFrom(all).Draw(rt, label), true
		}
		point := rapid.SampledFrom([]string{"", "P1", "P2"})
		day := rapid.SampledFrom([]string{"2016-10-05", "2016-10-06"})
		rt.Repeat(map[string]func(*rapid.T){
			"arrive": func(rt *rapid.T) {
				n++
				a := w.Arrival(fmt.Sprintf("i%d", n))
				a.Point, a.Day = point.Draw(rt, "point"), day.Draw(rt, "day")
				if rapid.Bool().Draw(rt, "draft") {
					a.Draft, a.Version = true, draft.ID
				}
				got := w.Arrive(t, a)
				all = append(all, got.Submission)
				if !a.Draft {
					sent = append(sent, a.InstanceID)
				}
			},
			"replace": func(rt *rapid.T) {
				if len(sent) == 0 {
					return
				}
				n++
				a := w.Arrival(fmt.Sprintf("i%d", n))
				a.Deprecated = rapid.SampledFrom(sent).Draw(rt, "deprecated")
				a.Point = point.Draw(rt, "point")
				if _, err := db.Arrive(ctx, Phone, a); err == nil {
					sent = append(sent, a.InstanceID)
				} else {
					kind(t, "a replaced one replaced", err, fault.Conflict)
				}
			},
			"edit": func(rt *rapid.T) {
				if id, ok := anyOf("edited"); ok {
					n++
					must(t, db.Edit(ctx, Officer, id, w.Etag(t, id), &collection.Revision{InstanceID: fmt.Sprintf("i%d", n), XML: []byte("<e/>"), At: Noon}, nil))
				}
			},
			"review": func(rt *rapid.T) {
				if id, ok := anyOf("reviewed"); ok {
					must(t, db.Review(ctx, Officer, id, w.Etag(t, id), rapid.SampledFrom(collection.States).Draw(rt, "state"), ""))
				}
			},
			"check": func(rt *rapid.T) {
				var results []collection.Checked // of one submission twice, too
				for range rapid.IntRange(1, 4).Draw(rt, "results") {
					id, ok := anyOf("checked")
					if !ok {
						return
					}
					s, err := db.Submission(ctx, id)
					must(t, err)
					c := collection.Checked{Submission: id, Revision: s.Revision, Point: point.Draw(rt, "point"), Day: day.Draw(rt, "day")}
					if rapid.Bool().Draw(rt, "error") {
						c.Findings = []collection.Finding{{Rule: "r", Severity: collection.SeverityError}}
					}
					if twin, _ := anyOf("twin"); twin != id && rapid.Bool().Draw(rt, "similar") {
						c.Similar = twin
					}
					results = append(results, c)
				}
				must(t, db.SetChecked(ctx, results))
			},
		})
		recount(t, w)
	})
}

// recount compares the totals with what is listed.
func recount(t testing.TB, w *World) {
	t.Helper()
	ctx := context.Background()
	want := map[collection.Tally]int{}
	rows := w.All(t, collection.Filter{})
	for _, s := range rows {
		want[collection.Tally{Point: s.Point, Route: s.Route, Enumerator: s.Enumerator, Day: s.Day, State: s.State}]++
	}
	tallies, err := w.DB.Tallies(ctx, w.Round.ID)
	must(t, err)
	for _, c := range tallies {
		n := c.Count
		c.Count = 0
		if want[c] != n {
			t.Errorf("%+v is counted as %d, and there are %d", c, n, want[c])
		}
		delete(want, c)
	}
	for c, n := range want {
		t.Errorf("%+v is not counted, and there are %d", c, n)
	}
	for _, f := range []collection.Filter{{}, {States: []collection.State{collection.HasIssues}}, {Points: []string{"P1"}}, {Worst: collection.SeverityError}, {Rule: "r"}, {Alike: true}, {From: "2016-10-06"}} {
		f.Round, f.Limit = w.Round.ID, 1
		page, err := w.DB.ListSubmissions(ctx, f)
		must(t, err)
		if n := len(Naive(rows, f)); f.Rule == "" && page.Total != n {
			t.Errorf("%+v has the total %d, and there are %d", f, page.Total, n)
		}
	}
}

// Naive filters rows as a reader of the contract would.
func Naive(rows []*collection.Submission, f collection.Filter) []*collection.Submission {
	var all []*collection.Submission
	for _, s := range rows {
		worst := map[collection.Severity]bool{"": true, collection.SeverityError: s.Errors > 0, collection.SeverityWarning: s.Errors+s.Warnings > 0,
			collection.SeverityNote: s.Errors+s.Warnings+s.Notes > 0}
		if (f.Form == 0 || s.Form == f.Form) && among(f.Versions, s.Version) && among(f.States, s.State) && among(f.Points, s.Point) &&
			among(f.Routes, s.Route) && among(f.Enumerators, s.Enumerator) && s.Day >= f.From && (f.To == "" || s.Day <= f.To) &&
			worst[f.Worst] && (!f.Alike || s.Similar != 0) &&
			(f.After == 0 || f.OldestFirst && s.ID > f.After || !f.OldestFirst && s.ID < f.After) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b *collection.Submission) int {
		if f.OldestFirst {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(b.ID, a.ID)
	})
	return all
}

func among[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// filters compares every way of reading a page with the naive one.
func filters(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	rows, rules := scattered(t, w, 300)
	otherForm, otherVersion := rows[0].Form, rows[0].Version
	for _, s := range rows {
		if s.Form != w.Form.ID {
			otherForm, otherVersion = s.Form, s.Version
		}
	}
	some := func(rt *rapid.T, label string, values ...string) []string {
		if rapid.IntRange(0, 2).Draw(rt, label+"?") > 0 {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(values), 1, 3).Draw(rt, label)
	}
	rapid.Check(t, func(rt *rapid.T) {
		if e.Few != nil {
			e.Few(db, rapid.SampledFrom([]int{1, 5, 50, 1000}).Draw(rt, "few"))
		}
		f := collection.Filter{Round: w.Round.ID, Limit: rapid.IntRange(1, 60).Draw(rt, "limit"), OldestFirst: rapid.Bool().Draw(rt, "oldest")}
		f.Points = some(rt, "points", "P1", "P2", "P3", "none")
		f.Routes = some(rt, "routes", "CMR", "EMR", "none")
		for _, s := range some(rt, "states", "received", "has-issues", "approved", "rejected") {
			f.States = append(f.States, collection.State(s))
		}
		if d := some(rt, "from", "2016-10-01", "2016-10-04", "2016-10-20"); d != nil {
			f.From = d[0]
		}
		if d := some(rt, "to", "2016-10-01", "2016-10-04", "2016-10-20"); d != nil {
			f.To = d[0]
		}
		if rapid.IntRange(0, 3).Draw(rt, "enumerators?") == 0 {
			f.Enumerators = []ids.ID{w.Enumerator.ID, rapid.SampledFrom(rows).Draw(rt, "enumerator").Enumerator}
		}
		if rapid.IntRange(0, 3).Draw(rt, "form?") == 0 {
			f.Form = rapid.SampledFrom([]ids.ID{w.Form.ID, otherForm, 99}).Draw(rt, "form")
		}
		if rapid.IntRange(0, 3).Draw(rt, "version?") == 0 {
			f.Versions = rapid.SliceOfN(rapid.SampledFrom([]ids.ID{w.Version.ID, otherVersion, 99}), 1, 3).Draw(rt, "versions")
		}
		f.Worst = rapid.SampledFrom([]collection.Severity{"", "", "", collection.SeverityError, collection.SeverityWarning, collection.SeverityNote}).Draw(rt, "worst")
		f.Alike = rapid.IntRange(0, 5).Draw(rt, "alike") == 0
		f.Rule = rapid.SampledFrom([]string{"", "", "", "rule.a", "rule.b", "none"}).Draw(rt, "rule")
		if rapid.IntRange(0, 2).Draw(rt, "after?") == 0 {
			f.After = rapid.SampledFrom(rows).Draw(rt, "after").ID
		}
		text := rapid.SampledFrom([]string{"", "", "", "instance", "id", "none", "uuid:"}).Draw(rt, "text")
		pick := rapid.SampledFrom(rows).Draw(rt, "picked")
		compare(t, db, f, rows, rules, text, pick)
	})
	page, err := db.ListSubmissions(ctx, collection.Filter{Round: w.Round.ID, Limit: 10000})
	must(t, err)
	if len(page.Rows) != 300 || page.More || page.Total != 300 {
		t.Errorf("%d rows, more %v, total %d", len(page.Rows), page.More, page.Total)
	}
	kind(t, "no round", second(db.ListSubmissions(ctx, collection.Filter{})), fault.Invalid)
}

func compare(t *testing.T, db *store.DB, f collection.Filter, rows []*collection.Submission, rules map[ids.ID]string, text string, pick *collection.Submission) {
	t.Helper()
	matches := func(*collection.Submission) bool { return true }
	switch text {
	case "instance":
		f.Text = pick.InstanceID[5:8]
	case "id":
		f.Text = pick.ID.String()[:12]
	case "none":
		f.Text = "zzz"
	case "uuid:":
		f.Text = "uuid:"
	}
	if f.Text != "" && f.Text != "uuid:" {
		matches = func(s *collection.Submission) bool {
			return len(s.InstanceID) >= 5+len(f.Text) && s.InstanceID[5:5+len(f.Text)] == f.Text || s.ID.String()[:min(13, len(f.Text))] == f.Text
		}
	}
	keep := func(all []*collection.Submission) []*collection.Submission {
		return slices.DeleteFunc(all, func(s *collection.Submission) bool { return !matches(s) || f.Rule != "" && rules[s.ID] != f.Rule })
	}
	want := keep(Naive(rows, f))
	whole := f
	whole.After = 0
	total := len(keep(Naive(rows, whole)))
	page, err := db.ListSubmissions(context.Background(), f)
	must(t, err)
	if page.Total != total && page.Total != -1 {
		t.Fatalf("%+v has the total %d, and there are %d", f, page.Total, total)
	}
	more := len(want) > f.Limit
	if more {
		want = want[:f.Limit]
	}
	if page.More != more || len(page.Rows) != len(want) {
		t.Fatalf("%+v gave %d rows (more: %v), and there are %d (more: %v)", f, len(page.Rows), page.More, len(want), more)
	}
	for i, s := range page.Rows {
		if *s != *want[i] {
			t.Fatalf("%+v: row %d is %+v, want %+v", f, i, s, want[i])
		}
	}
}

// scattered stores submissions of every sort, and returns them with the rule of
// each one's finding.
func scattered(t *testing.T, w *World, n int) ([]*collection.Submission, map[ids.ID]string) {
	t.Helper()
	ctx := context.Background()
	form, version := w.AddForm(t, "other", "1")
	second := &collection.FieldEnumerator{Round: w.Round.ID, Code: "E20"}
	must(t, w.DB.PutEnumerator(ctx, Officer, second, nil))
	rules := map[ids.ID]string{}
	var all []ids.ID
	for i := range n {
		a := w.Arrival(fmt.Sprintf("uuid:%03d", i*7919%1000))
		a.Point = []string{"P1", "P2", "P3", ""}[i*i%4]
		a.Route = []string{"CMR", "EMR"}[i%7/6]
		a.Day = fmt.Sprintf("2016-10-%02d", 1+i*31%7)
		if i%11 == 0 {
			a.Form, a.Version = form.ID, version.ID
		}
		if i%3 == 0 {
			a.Enumerator = second.ID
		}
		id := w.Arrive(t, a).Submission
		all = append(all, id)
		c := collection.Checked{Submission: id, Revision: 1, Point: a.Point, Route: a.Route, Day: a.Day}
		switch i % 10 {
		case 1:
			rules[id], c.Findings = "rule.a", []collection.Finding{{Rule: "rule.a", Severity: collection.SeverityError}}
		case 2, 3:
			rules[id], c.Findings = "rule.b", []collection.Finding{{Rule: "rule.b", Severity: collection.SeverityWarning}}
		case 4:
			rules[id], c.Findings = "rule.b", []collection.Finding{{Rule: "rule.b", Severity: collection.SeverityNote}}
		}
		if i%29 == 5 {
			c.Similar = all[i-5]
		}
		must(t, w.DB.SetChecked(ctx, []collection.Checked{c}))
		if i%5 == 0 {
			must(t, w.DB.Review(ctx, Officer, id, w.Etag(t, id), collection.Approved, ""))
		}
	}
	return w.All(t, collection.Filter{}), rules
}
