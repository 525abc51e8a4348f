package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

func programmes(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	db := place.Open(t)
	p := &collection.Programme{Name: "Synthetic", About: "Two\nlines", Demo: true}
	must(t, db.PutProgramme(ctx, Officer, p))
	if p.ID == 0 || p.Etag != 1 || p.Created.IsZero() {
		t.Fatalf("a new programme is %+v", p)
	}
	old := *p
	p.Name = "Renamed"
	must(t, db.PutProgramme(ctx, Officer, p))
	kind(t, "a change against an old etag", db.PutProgramme(ctx, Officer, &old), fault.Conflict)
	kind(t, "a change of nothing", db.PutProgramme(ctx, Officer, &collection.Programme{ID: 99, Name: "x"}), fault.NotFound)
	kind(t, "no name", db.PutProgramme(ctx, Officer, &collection.Programme{}), fault.Invalid)
	got, err := db.Programme(ctx, p.ID)
	must(t, err)
	if got.Name != "Renamed" || got.About != p.About || !got.Demo || got.Etag != 2 || !got.Created.Equal(p.Created.Truncate(time.Millisecond)) {
		t.Errorf("read %+v", got)
	}
	_, err = db.Programme(ctx, 99)
	kind(t, "no such programme", err, fault.NotFound)

	r := &collection.Round{Programme: p.ID, Name: "R", From: "2016-10-01", To: "2016-10-31", Routes: []collection.Route{{Code: "CMR", Name: "Central"}}}
	must(t, db.PutRound(ctx, Officer, r))
	if r.State != collection.Preparing {
		t.Errorf("a new round is %s", r.State)
	}
	r.State = collection.Open
	must(t, db.PutRound(ctx, Officer, r))
	read, err := db.Round(ctx, r.ID)
	must(t, err)
	if read.State != collection.Open || len(read.Routes) != 1 || read.Routes[0].Name != "Central" || read.To != r.To || read.Etag != 2 {
		t.Errorf("read %+v", read)
	}
	r.State = collection.Deleted
	kind(t, "a round deleted by hand", db.PutRound(ctx, Officer, r), fault.Invalid)
	kind(t, "a round of no programme", db.PutRound(ctx, Officer, &collection.Round{Programme: 99, Name: "x"}), fault.NotFound)
	rounds, err := db.ListRounds(ctx, p.ID)
	must(t, err)
	all, err := db.ListProgrammes(ctx)
	must(t, err)
	if len(rounds) != 1 || len(all) != 1 {
		t.Errorf("%d rounds, %d programmes", len(rounds), len(all))
	}
	if _, err := place.Vault.Token(scope(r.ID), []byte("x")); err != nil {
		t.Errorf("the round has no keys: %v", err)
	}
}

func pointsAndTargets(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	lat, lon := 35.5, -5.25
	p := &collection.Point{Round: w.Round.ID, Code: "P9", Name: "Harbour", Route: "EMR", Lat: &lat, Lon: &lon}
	must(t, db.PutPoint(ctx, Officer, p))
	kind(t, "a code twice", db.PutPoint(ctx, Officer, &collection.Point{Round: w.Round.ID, Code: "P9", Name: "x"}), fault.Conflict)
	err := db.PutPoints(ctx, Officer, w.Round.ID, []*collection.Point{{Code: "P10", Name: "x"}, {Code: "P9", Name: "x"}})
	kind(t, "one of many with a code that is taken", err, fault.Conflict)
	old := *p
	p.Name = "Old harbour"
	must(t, db.PutPoint(ctx, Officer, p))
	kind(t, "an old etag", db.PutPoint(ctx, Officer, &old), fault.Conflict)
	points, err := db.ListPoints(ctx, w.Round.ID)
	must(t, err)
	if len(points) != 4 || *points[3].Lat != lat || *points[3].Lon != lon || points[3].Name != "Old harbour" || points[0].Lat != nil {
		t.Fatalf("read %d points, the last %+v", len(points), points[len(points)-1])
	}
	periods := []*collection.Period{{Name: "Second", From: "2016-10-08", To: "2016-10-14"}, {ID: db.NewID(), Name: "First", From: "2016-10-01", To: "2016-10-07"}}
	periods[0].ID = db.NewID()
	targets := []collection.Target{{Point: points[0].ID, Period: periods[0].ID, Count: 20}, {Point: p.ID, Period: periods[1].ID, Count: 30}}
	must(t, db.SetTargets(ctx, Officer, w.Round.ID, w.Round.Etag, periods, targets))
	kind(t, "targets against an old etag", db.SetTargets(ctx, Officer, w.Round.ID, w.Round.Etag, nil, nil), fault.Conflict)
	kind(t, "a target of no point", db.SetTargets(ctx, Officer, w.Round.ID, w.Round.Etag+1, periods, []collection.Target{{Point: 99, Period: periods[0].ID, Count: 1}}), fault.NotFound)
	readPeriods, err := db.ListPeriods(ctx, w.Round.ID)
	must(t, err)
	readTargets, err := db.ListTargets(ctx, w.Round.ID)
	must(t, err)
	if len(readPeriods) != 2 || readPeriods[0].Name != "Second" || len(readTargets) != 2 {
		t.Errorf("periods %v, targets %v", readPeriods, readTargets)
	}
	must(t, db.RemovePoint(ctx, Officer, w.Round.ID, p.ID))
	kind(t, "removed twice", db.RemovePoint(ctx, Officer, w.Round.ID, p.ID), fault.NotFound)
	if readTargets, _ = db.ListTargets(ctx, w.Round.ID); len(readTargets) != 1 {
		t.Errorf("targets %v", readTargets)
	}
}

func forms(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	if w.Form.State != collection.FormOpen || w.Form.Current != w.Version.ID || w.Form.Draft != 0 {
		t.Errorf("a published form is %+v", w.Form)
	}
	kind(t, "a form_id twice", db.PutForm(ctx, Officer, &collection.Form{Round: w.Round.ID, FormID: "fms", Title: "x"}), fault.Conflict)
	v := &collection.Version{Form: w.Form.ID, Version: "2", Hash: "aa", XForm: []byte("<x/>"), Source: []byte("PK"), SourceName: "form.xlsx", PrivateKey: []byte("synthetic-private-key"),
		Files: []collection.FormFile{{Name: "places.csv"}, {Name: "a.png", Type: "image/png", Size: 3, Hash: "bb", Address: "cc"}}, By: Officer.ID}
	must(t, db.PutDraft(ctx, Officer, v, 0))
	kind(t, "a draft instead of none", db.PutDraft(ctx, Officer, &collection.Version{Form: w.Form.ID}, 0), fault.Conflict)
	must(t, db.PutFormFile(ctx, Officer, v.ID, collection.FormFile{Name: "places.csv", Type: "text/csv", Size: 5, Hash: "dd", Address: "ee"}))
	token := []byte(strings.Repeat("d", 32))
	must(t, db.DraftToken(ctx, Officer, w.Form.ID, token))
	if f, err := db.FormByDraftToken(ctx, token); err != nil || f.ID != w.Form.ID || f.Draft != v.ID {
		t.Errorf("by token: %+v, %v", f, err)
	}
	got, err := db.Version(ctx, v.ID)
	must(t, err)
	if string(got.PrivateKey) != "synthetic-private-key" || string(got.XForm) != "<x/>" || string(got.Source) != "PK" || len(got.Files) != 2 || got.Files[1].Address != "ee" || got.By != Officer.ID {
		t.Errorf("read %+v", got)
	}
	kind(t, "another's draft published", second(db.Publish(ctx, Officer, w.Form.ID, v.ID+1, Noon)), fault.Conflict)
	published, err := db.Publish(ctx, Officer, w.Form.ID, v.ID, Noon)
	must(t, err)
	if !published.Published.Equal(Noon) {
		t.Errorf("published %v", published.Published)
	}
	kind(t, "published twice", second(db.Publish(ctx, Officer, w.Form.ID, v.ID, Noon)), fault.Conflict)
	kind(t, "the draft's token after it was published", second(db.FormByDraftToken(ctx, token)), fault.NotFound)
	kind(t, "a file of a published version", db.PutFormFile(ctx, Officer, v.ID, collection.FormFile{Name: "x"}), fault.Conflict)
	again := &collection.Version{Form: w.Form.ID, Version: "2"}
	must(t, db.PutDraft(ctx, Officer, again, 0))
	kind(t, "a version's name twice", second(db.Publish(ctx, Officer, w.Form.ID, again.ID, Noon)), fault.Conflict)
	third := &collection.Version{Form: w.Form.ID, Version: "3"}
	must(t, db.PutDraft(ctx, Officer, third, again.ID))
	kind(t, "the draft that was replaced", second(db.Version(ctx, again.ID)), fault.NotFound)
	discarded := &collection.Version{Form: w.Form.ID, Version: "4"}
	kind(t, "a draft instead of another", db.PutDraft(ctx, Officer, discarded, again.ID), fault.Conflict)
	form, _ := w.AddForm(t, "discarding", "1")
	discarded.Form = form.ID
	must(t, db.PutDraft(ctx, Officer, discarded, 0))
	must(t, db.PutFormFile(ctx, Officer, discarded.ID, collection.FormFile{Name: "a.png", Type: "image/png", Size: 3, Hash: "bb", Address: "cc"}))
	must(t, db.DraftToken(ctx, Officer, form.ID, token))
	a := w.Arrival("uuid:draft")
	a.Form, a.Version, a.Draft = form.ID, discarded.ID, true
	test := w.Arrive(t, a).Submission
	kind(t, "another draft discarded", db.DropDraft(ctx, Officer, form.ID, third.ID), fault.Conflict)
	must(t, db.DropDraft(ctx, Officer, form.ID, discarded.ID))
	log, err := db.Log(NewSigner(t)).ListEntries(ctx, audit.Filter{Subject: "form:" + form.ID.String(), Limit: 1})
	must(t, err)
	if e := log.Entries[0]; e.Action != "form.change" || e.Actor != Officer || e.Detail["discarded"] != discarded.ID.String() || e.Programme != w.Programme.ID {
		t.Errorf("the audit says of a draft that was discarded: %+v", e)
	}
	kind(t, "a draft discarded twice", db.DropDraft(ctx, Officer, form.ID, discarded.ID), fault.Conflict)
	kind(t, "no draft discarded", db.DropDraft(ctx, Officer, form.ID, 0), fault.Conflict)
	kind(t, "the draft that was discarded", second(db.Version(ctx, discarded.ID)), fault.NotFound)
	kind(t, "its test", second(db.Submission(ctx, test)), fault.NotFound)
	kind(t, "its token", second(db.FormByDraftToken(ctx, token)), fault.NotFound)
	if f, err := db.Form(ctx, form.ID); err != nil || f.Draft != 0 || f.Current == 0 || f.State != collection.FormOpen {
		t.Errorf("the form of a draft that was discarded: %+v, %v", f, err)
	}
	versions, err := db.ListVersions(ctx, w.Form.ID)
	must(t, err)
	if len(versions) != 3 || versions[0].ID != third.ID || versions[1].XForm != nil || versions[1].PrivateKey != nil || len(versions[1].Files) != 2 {
		t.Errorf("listed %d versions: %+v", len(versions), versions)
	}
	if byName, err := db.VersionByName(ctx, w.Form.ID, "2"); err != nil || byName.ID != v.ID {
		t.Errorf("by name: %v, %v", byName, err)
	}
	f, err := db.FormByFormID(ctx, w.Round.ID, "fms")
	must(t, err)
	f.State = collection.FormClosing
	must(t, db.PutForm(ctx, Officer, f))
	kind(t, "an old etag", db.PutForm(ctx, Officer, w.Form), fault.Conflict)
	list, err := db.ListForms(ctx, w.Round.ID)
	must(t, err)
	if list = slices.DeleteFunc(list, func(f *collection.Form) bool { return f.ID == form.ID }); len(list) != 1 || list[0].State != collection.FormClosing || list[0].Draft != third.ID || list[0].Current != v.ID {
		t.Errorf("forms %+v", list[0])
	}
}

func enumerators(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	db := place.Open(t)
	w := NewWorld(t, db)
	first, second32 := []byte(strings.Repeat("1", 32)), []byte(strings.Repeat("2", 32))
	p := &collection.FieldEnumerator{Round: w.Round.ID, Code: "E08", Name: "Synthetic name", Points: []ids.ID{w.Points[0].ID, w.Points[2].ID}}
	must(t, db.PutEnumerator(ctx, Officer, p, first))
	if p.Coded.IsZero() {
		t.Error("a person with a token has no date of the code")
	}
	kind(t, "a code twice", db.PutEnumerator(ctx, Officer, &collection.FieldEnumerator{Round: w.Round.ID, Code: "E08"}, nil), fault.Conflict)
	kind(t, "a point of another round", db.PutEnumerator(ctx, Officer, &collection.FieldEnumerator{Round: w.Round.ID, Code: "E09", Points: []ids.ID{99}}, nil), fault.NotFound)
	must(t, db.PutEnumerators(ctx, Officer, w.Round.ID, []*collection.FieldEnumerator{{Code: "E10"}, {Code: "E11"}}, nil))
	by, err := db.EnumeratorByToken(ctx, first)
	must(t, err)
	if by.ID != p.ID || by.Name != "Synthetic name" || len(by.Points) != 2 {
		t.Errorf("by token: %+v", by)
	}
	// A name changed, the token as it was.
	by.Name, by.Points = "Other name", nil
	must(t, db.PutEnumerator(ctx, Officer, by, nil))
	if again, err := db.EnumeratorByToken(ctx, first); err != nil || again.Name != "Other name" || len(again.Points) != 0 {
		t.Errorf("after a change: %+v, %v", again, err)
	}
	at := Noon.Add(25 * time.Minute)
	must(t, db.TouchEnumerator(ctx, p.ID, at))
	must(t, db.TouchEnumerator(ctx, p.ID, at.Add(time.Minute)))
	if got, _ := db.FieldEnumerator(ctx, p.ID); !got.Used.Equal(Noon) {
		t.Errorf("used %v", got.Used)
	}
	// Revoking works on the next request, in another process too.
	other := place
	if e.Name == PostgreSQL.Name {
		second := other.Open(t)
		if _, err := second.EnumeratorByToken(ctx, first); err != nil {
			t.Error(err)
		}
		must(t, db.RevokeEnumerator(ctx, Officer, p.ID, at))
		_, err := second.EnumeratorByToken(ctx, first)
		kind(t, "revoked, asked elsewhere", err, fault.NotFound)
	} else {
		must(t, db.RevokeEnumerator(ctx, Officer, p.ID, at))
	}
	_, err = db.EnumeratorByToken(ctx, first)
	kind(t, "revoked", err, fault.NotFound)
	revoked, err := db.FieldEnumerator(ctx, p.ID)
	must(t, err)
	if !revoked.Revoked.Equal(at) {
		t.Errorf("revoked at %v", revoked.Revoked)
	}
	must(t, db.PutEnumerator(ctx, Officer, revoked, second32))
	_, err = db.EnumeratorByToken(ctx, first)
	kind(t, "the old code after a new one", err, fault.NotFound)
	if _, err := db.EnumeratorByToken(ctx, second32); err != nil {
		t.Errorf("the new code: %v", err)
	}
	list, err := db.ListEnumerators(ctx, w.Round.ID)
	must(t, err)
	if len(list) != 4 || list[1].Code != "E08" {
		t.Errorf("%d people", len(list))
	}
}

func second[T any](_ T, err error) error { return err }
