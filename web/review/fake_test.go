package review

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// fake keeps one round in memory and does what the contracts say of the calls that
// these pages make.
type fake struct {
	collection.Store
	mu          sync.Mutex
	programme   *collection.Programme
	round       *collection.Round
	points      []*collection.Point
	periods     []*collection.Period
	targets     []collection.Target
	enumerators []*collection.FieldEnumerator
	form        *collection.Form
	version     *collection.Version
	subs        []*collection.Submission
	revisions   map[ids.ID][]*collection.Revision
	findings    map[ids.ID][]collection.Finding
	files       map[ids.ID]map[string][]byte
	remarks     map[ids.ID][]*collection.Remark
	log         []audit.Sequenced
	queries     int // of Newest and ListSubmissions
	before      func(call string)
	keyless     map[ids.ID]bool // submissions whose keys are lost
	next        ids.ID
}

const (
	officer ids.ID = 1 << 40
	second  ids.ID = 2 << 40
)

func notThere() error { return fault.New(fault.NotFound, fault.Place{}, "there is no such thing", "") }

func (f *fake) note(by audit.Actor, action string, id ids.ID, detail map[string]string) {
	f.log = append(f.log, audit.Sequenced{Number: int64(len(f.log)), Entry: audit.Entry{At: time.Date(2026, 3, 2, 9, len(f.log)%60, 0, 0, time.UTC), Actor: by, Action: action, Programme: f.programme.ID, Subject: "submission:" + id.String(), Detail: detail}})
}

func (f *fake) id() ids.ID { f.next++; return f.next }

func (f *fake) Programme(_ context.Context, id ids.ID) (*collection.Programme, error) {
	if id != f.programme.ID {
		return nil, notThere()
	}
	return f.programme, nil
}
func (f *fake) Round(_ context.Context, id ids.ID) (*collection.Round, error) {
	if id != f.round.ID {
		return nil, notThere()
	}
	return f.round, nil
}
func (f *fake) ListPoints(context.Context, ids.ID) ([]*collection.Point, error) { return f.points, nil }
func (f *fake) ListPeriods(context.Context, ids.ID) ([]*collection.Period, error) {
	return f.periods, nil
}
func (f *fake) ListTargets(context.Context, ids.ID) ([]collection.Target, error) {
	return f.targets, nil
}
func (f *fake) ListEnumerators(context.Context, ids.ID) ([]*collection.FieldEnumerator, error) {
	return f.enumerators, nil
}
func (f *fake) ListForms(context.Context, ids.ID) ([]*collection.Form, error) {
	return []*collection.Form{f.form}, nil
}
func (f *fake) ListVersions(context.Context, ids.ID) ([]*collection.Version, error) {
	return []*collection.Version{f.version}, nil
}
func (f *fake) Version(_ context.Context, id ids.ID) (*collection.Version, error) {
	if id != f.version.ID {
		return nil, notThere()
	}
	return f.version, nil
}
func (f *fake) OpenFile(_ context.Context, _ ids.ID, address string) (io.ReadCloser, error) {
	if address == "countries" {
		return io.NopCloser(strings.NewReader("name,label\nLBY,Libya\nNER,Niger\n")), nil
	}
	return nil, notThere()
}

func (f *fake) find(id ids.ID) *collection.Submission {
	for _, s := range f.subs {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func (f *fake) Submission(_ context.Context, id ids.ID) (*collection.Submission, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.find(id)
	if s == nil {
		return nil, notThere()
	}
	c := *s
	return &c, nil
}

func (f *fake) lets(q collection.Filter, s *collection.Submission) bool {
	has := func(n int, ok bool) bool { return n == 0 || ok }
	worst := map[collection.Severity]bool{"": true, collection.SeverityError: s.Errors > 0, collection.SeverityWarning: s.Errors+s.Warnings > 0, collection.SeverityNote: s.Errors+s.Warnings+s.Notes > 0}
	rule := q.Rule == "" || slices.ContainsFunc(f.findings[s.ID], func(x collection.Finding) bool { return x.Rule == q.Rule })
	return s.Round == q.Round && has(len(q.States), slices.Contains(q.States, s.State)) && has(len(q.Points), slices.Contains(q.Points, s.Point)) &&
		has(len(q.Routes), slices.Contains(q.Routes, s.Route)) && has(len(q.Enumerators), slices.Contains(q.Enumerators, s.Enumerator)) &&
		has(len(q.Versions), slices.Contains(q.Versions, s.Version)) && (q.From == "" || s.Day >= q.From) && (q.To == "" || s.Day <= q.To) &&
		worst[q.Worst] && rule && (!q.Alike || s.Similar != 0) && (q.Text == "" || strings.HasPrefix(s.InstanceID, q.Text) || strings.HasPrefix(s.ID.String(), q.Text))
}

func (f *fake) ListSubmissions(_ context.Context, q collection.Filter) (*collection.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	p := &collection.Page{}
	if q.Limit == 0 {
		q.Limit = 50
	}
	for i := range f.subs {
		s := f.subs[len(f.subs)-1-i]
		if q.OldestFirst {
			s = f.subs[i]
		}
		if !f.lets(q, s) {
			continue
		}
		p.Total++
		if q.After != 0 && (q.OldestFirst && s.ID <= q.After || !q.OldestFirst && s.ID >= q.After) {
			continue
		}
		if len(p.Rows) == q.Limit {
			p.More = true
			continue
		}
		c := *s
		p.Rows = append(p.Rows, &c)
	}
	return p, nil
}

func (f *fake) Newest(context.Context, ids.ID) (ids.ID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	if len(f.subs) == 0 {
		return 0, nil
	}
	return f.subs[len(f.subs)-1].ID, nil
}

func (f *fake) Tallies(context.Context, ids.ID) ([]collection.Tally, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []collection.Tally
	for _, s := range f.subs {
		all = append(all, collection.Tally{Point: s.Point, Route: s.Route, Enumerator: s.Enumerator, Day: s.Day, State: s.State, Count: 1})
	}
	return all, nil
}

func (f *fake) ReadAnswers(_ context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.find(id)
	if s == nil {
		return nil, notThere()
	}
	if revision == 0 {
		revision = s.Revision
	}
	if f.keyless[id] {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "there are no keys", "", vault.ErrNoKey)
	}
	f.note(by, "submission.read", id, map[string]string{"revision": fmt.Sprint(revision)})
	return f.revisions[id][revision-1], nil
}

func (f *fake) ReadPseudonymous(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error) {
	r, err := f.ReadAnswers(ctx, by, id, revision)
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.log[len(f.log)-1].Action = "submission.read-pseudonymous"
	}
	return r, err
}

func (f *fake) Revisions(_ context.Context, id ids.ID) ([]*collection.Revision, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []*collection.Revision
	for _, r := range f.revisions[id] {
		c := *r
		c.XML = nil
		all = append(all, &c)
	}
	return all, nil
}

func (f *fake) Attachments(_ context.Context, id ids.ID) ([]collection.Attachment, error) {
	var all []collection.Attachment
	for name, data := range f.files[id] {
		a := collection.Attachment{Submission: id, Name: name, Size: int64(len(data)), Type: "application/octet-stream", Address: "x"}
		if bytes.HasPrefix(data, []byte("\x89PNG")) {
			a.Type = "image/png"
		}
		if strings.HasSuffix(name, ".lie.png") {
			a.Type = "image/png"
		}
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b collection.Attachment) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func (f *fake) ReadAttachment(ctx context.Context, by audit.Actor, id ids.ID, name string) (*collection.Attachment, io.ReadCloser, error) {
	all, _ := f.Attachments(ctx, id)
	for _, a := range all {
		if a.Name == name {
			f.note(by, "submission.file", id, nil)
			return &a, io.NopCloser(bytes.NewReader(f.files[id][name])), nil
		}
	}
	return nil, nil, notThere()
}

func (f *fake) Edit(_ context.Context, by audit.Actor, id ids.ID, etag int64, r *collection.Revision, _ []string) error {
	if f.before != nil {
		f.before("edit")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.find(id)
	if s.Etag != etag {
		return fault.New(fault.Conflict, fault.Place{}, "the submission has changed", "")
	}
	s.Etag++
	s.Revision++
	s.InstanceID, s.Checked = r.InstanceID, false
	r.Number, r.Submission = s.Revision, id
	f.revisions[id] = append(f.revisions[id], r)
	f.note(by, "submission.edit", id, map[string]string{"revision": fmt.Sprint(s.Revision)})
	return nil
}

func (f *fake) Findings(_ context.Context, id ids.ID) ([]collection.Finding, error) {
	return f.findings[id], nil
}

func (f *fake) Review(_ context.Context, by audit.Actor, id ids.ID, etag int64, to collection.State, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reviewed(by, id, etag, to, text)
}

func (f *fake) reviewed(by audit.Actor, id ids.ID, etag int64, to collection.State, text string) error {
	s := f.find(id)
	if s == nil {
		return notThere()
	}
	if s.Etag != etag {
		return fault.New(fault.Conflict, fault.Place{}, "the submission has changed", "")
	}
	f.remarks[id] = append(f.remarks[id], &collection.Remark{ID: f.id(), Submission: id, At: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), Account: by.ID, Text: text, From: s.State, To: to})
	f.note(by, "submission.review", id, map[string]string{"from": string(s.State), "to": string(to)})
	s.State = to
	s.Etag++
	return nil
}

func (f *fake) ReviewMany(_ context.Context, by audit.Actor, items []collection.Reviewed, to collection.State, text string) (int, []ids.ID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed := 0
	var conflicts []ids.ID
	for _, i := range items {
		if err := f.reviewed(by, i.ID, i.Etag, to, text); err != nil {
			conflicts = append(conflicts, i.ID)
			continue
		}
		changed++
	}
	return changed, conflicts, nil
}

func (f *fake) Remarks(_ context.Context, id ids.ID) ([]*collection.Remark, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.remarks[id]), nil
}

func (f *fake) History(_ context.Context, id ids.ID) ([]audit.Sequenced, error) {
	var all []audit.Sequenced
	for _, e := range f.log {
		if e.Subject == "submission:"+id.String() {
			all = append(all, e)
		}
	}
	return all, nil
}

// people are two made-up officers.
type people struct{ account.Store }

func (people) Account(_ context.Context, id ids.ID) (*account.Account, error) {
	switch id {
	case officer:
		return &account.Account{ID: id, Name: "Synthetic Officer"}, nil
	case second:
		return &account.Account{ID: id, Name: "Synthetic Colleague"}, nil
	}
	return nil, notThere()
}

// interview is a synthetic submission's document.
func interview(n int, name, age string) string {
	return fmt.Sprintf(`<?xml version='1.0'?><data id="interview" version="2" xmlns:orx="http://openrosa.org/xforms"><start>2016-10-06T09:00:00.000+02:00</start><end>2016-10-06T09:31:00.000+02:00</end><deviceid>collect:synthetic</deviceid><today>2016-10-06</today><consent>yes</consent><person><full>%s</full><age>%s</age><phone>7700900123</phone><born>1985-02-01</born><sex>f</sex><greeting>Dear %s</greeting><group>adult</group></person><means>car boat</means><first>LBY</first><spot>35.5 12.6 0 5</spot><photo>form.png</photo><card/><trip><country>Niger</country><days>3</days><note>waited for a lorry</note></trip><trip><country>Libya</country><days>9</days><note/></trip><main>Niger</main><total>12</total><seen>2016-10-06T09:31:00.000+02:00</seen><orx:meta><orx:instanceID>uuid:5d0c3f3e-0000-4000-8000-%012d</orx:instanceID><orx:instanceName>%s 2016-10-06</orx:instanceName></orx:meta></data>`, name, age, name, n, name)
}

// newFake makes a round with n synthetic submissions.
func newFake(n int) *fake {
	xform, err := os.ReadFile("../../monitoring/collection/record/testdata/interview.xml")
	if err != nil {
		panic(err)
	}
	f := &fake{next: 1000, revisions: map[ids.ID][]*collection.Revision{}, findings: map[ids.ID][]collection.Finding{}, files: map[ids.ID]map[string][]byte{}, remarks: map[ids.ID][]*collection.Remark{}}
	f.programme = &collection.Programme{ID: f.id(), Name: "Synthetic programme", Demo: true}
	f.round = &collection.Round{ID: f.id(), Programme: f.programme.ID, Name: "Synthetic round", Instrument: "fms-2016", From: "2016-10-01", To: "2016-10-31", State: collection.Open,
		Routes: []collection.Route{{Code: "CMR", Name: "Central Mediterranean"}, {Code: "EMR", Name: "Eastern Mediterranean"}}}
	at := func(x float64) *float64 { return &x }
	for i, p := range []struct {
		code, name, route string
		lat, lon          float64
	}{{"P1", "Harbour", "CMR", 35.5, 12.6}, {"P2", "Bus station", "CMR", 37.5, 15.1}, {"P3", "Border crossing", "EMR", 41.1, 22.5}} {
		f.points = append(f.points, &collection.Point{ID: f.id(), Round: f.round.ID, Code: p.code, Name: p.name, Route: p.route, Lat: at(p.lat), Lon: at(p.lon)})
		f.enumerators = append(f.enumerators, &collection.FieldEnumerator{ID: f.id(), Round: f.round.ID, Code: fmt.Sprintf("E%02d", i+1), Name: "Synthetic Enumerator"})
	}
	f.periods = []*collection.Period{{ID: f.id(), Round: f.round.ID, Name: "First half", From: "2016-10-01", To: "2016-10-15"}, {ID: f.id(), Round: f.round.ID, Name: "Second half", From: "2016-10-16", To: "2016-10-31"}}
	for _, p := range f.points {
		f.targets = append(f.targets, collection.Target{Point: p.ID, Period: f.periods[0].ID, Count: 20}, collection.Target{Point: p.ID, Period: f.periods[1].ID, Count: 30})
	}
	f.form = &collection.Form{ID: f.id(), Round: f.round.ID, FormID: "interview", Title: "Interview", State: collection.FormOpen}
	f.version = &collection.Version{ID: f.id(), Form: f.form.ID, Version: "2", XForm: xform, Published: time.Date(2016, 9, 1, 0, 0, 0, 0, time.UTC), Files: []collection.FormFile{{Name: "countries.csv", Address: "countries"}}}
	f.form.Current = f.version.ID
	for i := range n {
		f.add(i, interview(i, "Amina Example", "31"))
	}
	return f
}

// add lets a submission arrive.
func (f *fake) add(i int, xml string) *collection.Submission {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &collection.Submission{ID: f.id(), Round: f.round.ID, Form: f.form.ID, Version: f.version.ID, InstanceID: fmt.Sprintf("uuid:5d0c3f3e-0000-4000-8000-%012d", i),
		Received: time.Date(2016, 10, 1+i%31, 10, i%60, 0, 0, time.UTC), Enumerator: f.enumerators[i%3].ID, Point: f.points[i%3].Code, Route: f.points[i%3].Route,
		Day: fmt.Sprintf("2016-10-%02d", 1+i%31), State: collection.States[i%4], Complete: true, Revision: 1, Checked: true, Etag: 1}
	f.subs = append(f.subs, s)
	f.revisions[s.ID] = []*collection.Revision{{Submission: s.ID, Number: 1, InstanceID: s.InstanceID, At: s.Received, Enumerator: s.Enumerator, Version: s.Version, XML: []byte(xml)}}
	f.note(audit.Actor{Kind: audit.Enumerator, ID: s.Enumerator, Via: "openrosa"}, "submission.add", s.ID, nil)
	return s
}
