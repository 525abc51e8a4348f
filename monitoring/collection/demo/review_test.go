package demo

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"waymark/forms/xform"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// desk is a store with submissions to decide about.
type desk struct {
	rows  []*collection.Submission
	xml   [][]byte
	edits int
	said  map[collection.State]int
}

func (d *desk) ListSubmissions(_ context.Context, f collection.Filter) (*collection.Page, error) {
	return &collection.Page{Rows: d.rows[:min(f.Limit, len(d.rows))]}, nil
}

func (d *desk) Submission(_ context.Context, id ids.ID) (*collection.Submission, error) {
	return d.rows[id], nil
}

func (d *desk) ReadAnswers(_ context.Context, _ audit.Actor, id ids.ID, _ int) (*collection.Revision, error) {
	return &collection.Revision{Submission: id, InstanceID: d.rows[id].InstanceID, XML: d.xml[id]}, nil
}

func (d *desk) Edit(_ context.Context, _ audit.Actor, id ids.ID, etag int64, r *collection.Revision, _ []string) error {
	d.edits++
	d.xml[id] = r.XML
	d.rows[id].Revision, d.rows[id].InstanceID, d.rows[id].Etag = 2, r.InstanceID, etag+1
	return nil
}

func (d *desk) Review(_ context.Context, _ audit.Actor, id ids.ID, etag int64, to collection.State, text string) error {
	if etag != d.rows[id].Etag || text != "" && !strings.Contains(text, "synthetic") {
		panic("an old state, or a remark that does not say what it is")
	}
	d.rows[id].State = to
	d.said[to]++
	return nil
}

func TestReviewDecidesAndCorrects(t *testing.T) {
	f := form(t)
	d := &desk{said: map[collection.State]int{}}
	if err := Interviews(200, 3, false, func(i *Interview) error {
		d.rows = append(d.rows, &collection.Submission{ID: ids.ID(len(d.rows)), InstanceID: i.InstanceID, State: collection.Received, Revision: 1, Received: i.Sent})
		d.xml = append(d.xml, i.XML)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := Review(t.Context(), d, audit.Actor{}, 1, 150); err != nil {
		t.Fatal(err)
	}
	decided := d.said[collection.Approved] + d.said[collection.Rejected] + d.said[collection.HasIssues]
	if decided != 150 || d.edits == 0 || d.said[collection.Rejected] == 0 {
		t.Errorf("%v decided, %d corrected", d.said, d.edits)
	}
	for i, s := range d.rows {
		if s.Revision != 2 {
			continue
		}
		report, err := f.Check(d.xml[i], xform.CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range report.Problems {
			if p.Path != "/data/intro/previous" && p.Path != "/data/meta/deprecatedID" {
				t.Errorf("%s: %s", p.Path, p.Message)
			}
		}
		if !bytes.Contains(d.xml[i], []byte(s.InstanceID)) {
			t.Error("the corrected record has another identifier than its document")
		}
	}
	before := d.edits
	if err := Review(t.Context(), d, audit.Actor{}, 1, 150); err != nil || d.edits != before {
		t.Errorf("a second review changed something: %v", err)
	}
}
