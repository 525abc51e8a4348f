package storetest

import (
	"context"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

func checks(t *testing.T, e Engine) {
	ctx := context.Background()
	place := e.NewPlace(t)
	place.Options.Now = func() time.Time { return Noon.Add(time.Hour) }
	db := place.Open(t)
	w := NewWorld(t, db)
	first := w.Arrive(t, w.Arrival("uuid:1")).Submission
	waits := w.Arrival("uuid:2")
	waits.Names = []string{"never.jpg"}
	late := w.Arrive(t, waits).Submission
	recent := w.Arrival("uuid:3")
	recent.Names, recent.At = []string{"soon.jpg"}, Noon.Add(50*time.Minute)
	w.Arrive(t, recent)

	got, err := db.Unchecked(ctx, 10, 30*time.Minute)
	must(t, err)
	if len(got) != 2 || got[0].Submission.ID != first || got[1].Submission.ID != late || string(got[0].Revision.XML) != string(Document("uuid:1")) ||
		len(got[1].Files) != 1 || got[1].Files[0].Name != "never.jpg" {
		t.Fatalf("unchecked: %+v", got)
	}
	found := []collection.Finding{
		{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/age", Message: "out of range", Remedy: "ask again"},
		{Rule: "form.constraint", Severity: collection.SeverityError, Question: "/data/days"},
		{Rule: "quality.length.short", Severity: collection.SeverityWarning},
		{Rule: "quality.note", Severity: collection.SeverityNote},
	}
	must(t, db.SetChecked(ctx, []collection.Checked{
		{Submission: first, Revision: 1, Findings: found, Point: "P3", Route: "EMR", Day: "2016-10-05", Marks: []int64{5, 6, 7}},
		{Submission: late, Revision: 1, Point: "P1", Route: "CMR", Day: "2016-10-06", Findings: found[2:3]},
		{Submission: 99, Revision: 1},
	}))
	s, err := db.Submission(ctx, first)
	must(t, err)
	if !s.Checked || s.Errors != 2 || s.Warnings != 1 || s.Notes != 1 || s.State != collection.HasIssues || s.Point != "P3" || s.Route != "EMR" || s.Day != "2016-10-05" || s.Etag != 2 {
		t.Errorf("checked: %+v", s)
	}
	if s, _ := db.Submission(ctx, late); s.State != collection.Received || s.Warnings != 1 || s.Etag != 1 {
		t.Errorf("checked: %+v", s)
	}
	back, err := db.Findings(ctx, first)
	must(t, err)
	if len(back) != 4 || back[0] != found[0] {
		t.Errorf("findings %+v", back)
	}
	for what, c := range map[string]struct {
		f    collection.Filter
		want int
	}{
		"errors": {collection.Filter{Worst: collection.SeverityError}, 1}, "warnings": {collection.Filter{Worst: collection.SeverityWarning}, 2},
		"rule": {collection.Filter{Rule: "quality.length.short"}, 2}, "no such rule": {collection.Filter{Rule: "none"}, 0},
	} {
		if rows := w.All(t, c.f); len(rows) != c.want {
			t.Errorf("%s: %d rows", what, len(rows))
		}
	}
	if got, _ := db.Unchecked(ctx, 10, 30*time.Minute); len(got) != 0 {
		t.Errorf("%d are still unchecked", len(got))
	}
	// Checked again, with less.
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: first, Revision: 1, Findings: found[2:3], Point: "P3", Route: "EMR", Day: "2016-10-05", Marks: []int64{7, 8}}}))
	if rows := w.All(t, collection.Filter{Rule: "form.constraint"}); len(rows) != 0 {
		t.Errorf("%d rows with a finding that is gone", len(rows))
	}
	// Another revision came meanwhile: the result of the old one is nothing.
	must(t, db.Edit(ctx, Officer, first, w.Etag(t, first), &collection.Revision{InstanceID: "uuid:9", XML: []byte("<e/>"), At: Noon}, nil))
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: first, Revision: 1, Findings: found}}))
	if s, _ := db.Submission(ctx, first); s.Checked || s.State != collection.Received {
		t.Errorf("an old check was taken: %+v", s)
	}
	encrypted(t, w)
}

// encrypted: what was inside takes the place of the manifest, its files that of
// the encrypted ones.
func encrypted(t *testing.T, w *World) {
	ctx := context.Background()
	a := w.Arrival("uuid:e")
	a.Encrypted, a.Names = true, []string{"p.jpg.enc", "submission.xml.enc"}
	a.Files = []collection.Attachment{{Name: "p.jpg.enc", Address: "aa", At: Noon}, {Name: "submission.xml.enc", Address: "bb", At: Noon}}
	id := w.Arrive(t, a).Submission
	must(t, w.DB.SetChecked(ctx, []collection.Checked{{Submission: id, Revision: 1, Opened: []byte("<inside/>"), Names: []string{"p.jpg"},
		Files: []collection.Attachment{{Name: "p.jpg", Type: "image/jpeg", Size: 4, Address: "cc", At: Noon}}, Point: "P1", Day: "2016-10-06"}}))
	r, err := w.DB.ReadAnswers(ctx, Officer, id, 0)
	must(t, err)
	files, err := w.DB.Attachments(ctx, id)
	must(t, err)
	s, err := w.DB.Submission(ctx, id)
	must(t, err)
	if string(r.XML) != "<inside/>" || len(files) != 1 || files[0].Address != "cc" || !s.Complete {
		t.Errorf("opened: %s, %+v, %+v", r.XML, files, s)
	}
	if got := w.Arrive(t, a); got.New || !got.Complete {
		t.Errorf("the encrypted one sent again: %+v", got)
	}
	b := w.Arrival("uuid:f")
	b.Encrypted = true
	unread := w.Arrive(t, b).Submission
	must(t, w.DB.SetChecked(ctx, []collection.Checked{{Submission: unread, Revision: 1, Unreadable: true, Findings: []collection.Finding{{Rule: "form.encrypted", Severity: collection.SeverityError}}}}))
	if s, _ := w.DB.Submission(ctx, unread); !s.Unreadable || s.State != collection.HasIssues {
		t.Errorf("unreadable: %+v", s)
	}
}

func nearDuplicates(t *testing.T, e Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	w := NewWorld(t, db)
	marks := [][]int64{{1, 2, 3, 4}, {1, 2, 3, 9}, {1, 8, 9, -7}, {-1, -2, -3, -4}}
	var all []ids.ID
	for i, m := range marks {
		all = append(all, w.Arrive(t, w.Arrival(string(rune('a'+i)))).Submission)
		must(t, db.SetChecked(ctx, []collection.Checked{{Submission: all[i], Revision: 1, Point: "P1", Marks: m}}))
	}
	got, err := db.Resemble(ctx, w.Round.ID, all[0], append(marks[0], 1, 1), 1, 10)
	must(t, err)
	if len(got) != 2 || got[0] != (collection.Resemblance{Submission: all[1], Shared: 3}) || got[1] != (collection.Resemblance{Submission: all[2], Shared: 1}) {
		t.Errorf("resembles %+v", got)
	}
	if got, err = db.Resemble(ctx, w.Round.ID, all[0], marks[0], 3, 1); err != nil || len(got) != 1 {
		t.Errorf("resembles %+v, %v", got, err)
	}
	if got, err = db.Resemble(ctx, w.Round.ID, all[0], nil, 1, 10); err != nil || len(got) != 0 {
		t.Errorf("nothing resembles %+v, %v", got, err)
	}
	twins := func() (n int) {
		page, err := db.ListSubmissions(ctx, collection.Filter{Round: w.Round.ID, Alike: true})
		must(t, err)
		if page.Total != len(page.Rows) {
			t.Errorf("%d rows, total %d", len(page.Rows), page.Total)
		}
		return page.Total
	}
	// Found from one side, both show it.
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: all[1], Revision: 1, Point: "P1", Marks: marks[1], Similar: all[0]}}))
	if s, _ := db.Submission(ctx, all[0]); s.Similar != all[1] || twins() != 2 {
		t.Errorf("the older one's near-duplicate is %v", s.Similar)
	}
	must(t, db.SetChecked(ctx, []collection.Checked{{Submission: all[1], Revision: 1, Point: "P1", Marks: []int64{77}}}))
	if s, _ := db.Submission(ctx, all[0]); s.Similar != 0 || twins() != 0 {
		t.Errorf("the older one's near-duplicate is still %v", s.Similar)
	}
	if got, err = db.Resemble(ctx, w.Round.ID, all[0], marks[0], 3, 10); err != nil || len(got) != 0 {
		t.Errorf("old marks still count: %+v, %v", got, err)
	}
}
