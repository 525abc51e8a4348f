package review

import (
	"errors"
	"net/url"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/record"
	"waymark/trust/access"
	"waymark/trust/vault"
	"waymark/web/page"
)

// seen is one submission as a page about it needs it.
type seen struct {
	*collection.Submission
	masked bool
	looks  *looked
	names  *names
	// base is the page of the submission for this kind of reader.
	base string
}

// Base is the page of the submission, and Pseudonymous tells how it is read: for
// templates.
func (s *seen) Base() string       { return s.base }
func (s *seen) Pseudonymous() bool { return s.masked }

// show is a handler of a page about one submission.
type show func(r *page.Request, s *seen) error

// full lets a page be read with all answers, masked without those that identify.
func (a *area) full(do show) func(*page.Request) error   { return a.reading(do, false) }
func (a *area) masked(do show) func(*page.Request) error { return a.reading(do, true) }

func (a *area) reading(do show, masked bool) func(*page.Request) error {
	return func(r *page.Request) error {
		s, err := a.open(r, masked)
		if err != nil {
			return err
		}
		return do(r, s)
	}
}

// open finds the submission of the address. It reads no answers.
func (a *area) open(r *page.Request, masked bool) (*seen, error) {
	id, err := r.PathID("submission")
	if err != nil {
		return nil, err
	}
	sub, err := a.house.Collection.Submission(r.Context(), id)
	if err != nil {
		return nil, err
	}
	k, err := a.looks.of(r.Context(), r.Round)
	if err != nil {
		return nil, err
	}
	s := &seen{Submission: sub, masked: masked, looks: k, names: a.names(r, k), base: page.Path("/submissions/{submission}", "submission", id)}
	if masked {
		s.base += "/pseudonymous"
	}
	r.Crumb(r.Text("review.nav.list"), page.Path("/rounds/{round}/submissions", "round", r.Round.ID))
	return s, nil
}

// readAs reads one revision of a submission's answers, which the audit then says.
func (a *area) readAs(r *page.Request, s *seen, revision int, v record.View) (*record.Record, *collection.Revision, error) {
	read := a.house.Collection.ReadAnswers
	if s.masked {
		read = a.house.Collection.ReadPseudonymous
	}
	rev, err := read(r.Context(), r.By, s.ID, revision)
	if err != nil {
		return nil, nil, err
	}
	rec, err := a.layOut(r, s, rev, v)
	return rec, rev, err
}

// layOut lays out a revision that was read.
func (a *area) layOut(r *page.Request, s *seen, rev *collection.Revision, v record.View) (*record.Record, error) {
	version := rev.Version
	if version == 0 {
		version = s.Version
	}
	reader, err := a.readers.of(r.Context(), r.Round, version)
	if err != nil {
		return nil, err
	}
	v.Pseudonymous = s.masked
	if v.Language == "" {
		v.Language = labelLanguage(r)
	}
	return reader.Read(rev.XML, v)
}

// labelLanguage is the language of questions: the one asked for, else the page's.
func labelLanguage(r *page.Request) string {
	if l := r.URL.Query().Get("labels"); l != "" && len(l) <= 40 {
		return l
	}
	return r.Lang
}

// recordView is the page of one submission.
type recordView struct {
	*seen
	Tag       page.Tag
	Tags      []page.Tag
	Facts     page.Summary
	Record    *record.Record
	Problem   string // why there are no answers to show
	Keyless   bool   // the keys of the round are missing
	Findings  []record.Placed
	Files     []fileView
	Hidden    int // files that this reader does not see
	Languages []page.Link
	Links     []page.Link
	Next      string
	Review    *reviewView
}

// record shows a submission with everything about it; where the keys of its round
// are missing, what can be known without them.
func (a *area) record(r *page.Request, s *seen) error {
	if s.Unreadable && !s.Checked {
		return a.keyless(r, s)
	}
	err := a.whole(r, s)
	if errors.Is(err, vault.ErrNoKey) {
		return a.keyless(r, s)
	}
	return err
}

func (a *area) keyless(r *page.Request, s *seen) error {
	return r.Render(200, "review/record", &recordView{seen: s, Tag: stateTag(r, s.State), Tags: findingTags(r, s.Submission),
		Problem: r.Text("review.record.keyless"), Keyless: true, Facts: a.facts(r, s)})
}

func (a *area) whole(r *page.Request, s *seen) error {
	findings, err := a.house.Collection.Findings(r.Context(), s.ID)
	if err != nil {
		return err
	}
	files, err := a.house.Collection.Attachments(r.Context(), s.ID)
	if err != nil {
		return err
	}
	v := &recordView{seen: s, Tag: stateTag(r, s.State), Tags: findingTags(r, s.Submission)}
	if s.Unreadable {
		v.Problem = r.Text("review.record.unreadable")
		for _, f := range findings {
			v.Findings = append(v.Findings, record.Placed{Finding: f})
		}
	} else {
		rec, _, err := a.readAs(r, s, 0, record.View{Findings: findings, Files: files})
		switch {
		case err == nil:
			v.Record, v.Findings = rec, rec.Findings
		case fault.KindOf(err) == fault.Invalid:
			v.Problem = r.Text("review.record.broken")
			for _, f := range findings {
				v.Findings = append(v.Findings, record.Placed{Finding: f})
			}
		default:
			return err
		}
		v.Languages = a.labelLinks(r, s)
	}
	if s.masked {
		v.Hidden = len(files)
	} else {
		v.Files = fileViews(r, s, files)
	}
	v.Facts = a.facts(r, s)
	v.Links = a.recordLinks(r, s)
	if v.Next, err = a.next(r, s); err != nil {
		return err
	}
	if v.Review, err = a.reviewOf(r, s, nil); err != nil {
		return err
	}
	return r.Render(200, "review/record", v)
}

// facts are what is known of a submission beside its answers.
func (a *area) facts(r *page.Request, s *seen) page.Summary {
	var rows []page.SummaryRow
	add := func(key string, c page.Cell) {
		if c.Text != "" || c.Time.ISO != "" || len(c.Links) > 0 {
			rows = append(rows, page.SummaryRow{Key: r.Text(key), Value: c})
		}
	}
	add("review.list.received", page.Cell{Time: received(r, s.Received, s.masked)})
	if s.Day != "" {
		add("review.list.day", page.Cell{Text: r.Words().Date(s.Day)})
	}
	add("review.list.point", page.Cell{Text: s.looks.pointName(s.Point)})
	add("review.list.route", page.Cell{Text: s.looks.routeName(s.Route)})
	sender := s.looks.enumeratorName(s.Enumerator, r.May(access.EnumeratorView))
	if sender == "" && s.Sender != 0 {
		sender = s.names.account(s.Sender)
	}
	add("review.list.enumerator", page.Cell{Text: sender})
	form := s.looks.versionName(s.Version)
	if f := s.looks.formByID[s.Form]; f != nil && !s.looks.severalForms {
		form = f.Title + ": " + form
	}
	add("review.list.version", page.Cell{Text: form})
	if !s.masked {
		add("review.record.instance", page.Cell{Text: s.InstanceID})
	}
	return page.Summary{Rows: rows}
}

// recordLinks lead to the other pages about the submission.
func (a *area) recordLinks(r *page.Request, s *seen) []page.Link {
	var links []page.Link
	if r.May(access.SubmissionEdit) && !s.masked && !s.Unreadable {
		links = append(links, page.Link{Text: r.Text("review.edit.link"), Href: s.base + "/edit"})
	}
	if s.Revision > 1 {
		links = append(links, page.Link{Text: r.Text("review.revisions.link", "n", s.Revision), Href: s.base + "/revisions"})
	}
	if s.Similar != 0 {
		links = append(links, page.Link{Text: r.Text("review.similar.link"), Href: s.base + "/similar/" + s.Similar.String()})
	}
	if r.May(access.RecordHistory) {
		links = append(links, page.Link{Text: r.Text("review.history.link"), Href: page.Path("/submissions/{submission}/history", "submission", s.ID)})
	}
	return links
}

// labelLinks offer the languages of the form, where it has several.
func (a *area) labelLinks(r *page.Request, s *seen) []page.Link {
	reader, err := a.readers.of(r.Context(), r.Round, s.Version)
	if err != nil {
		return nil
	}
	all := reader.Languages()
	if len(all) < 2 {
		return nil
	}
	var links []page.Link
	for _, l := range all {
		q := url.Values{}
		for name, values := range r.URL.Query() {
			q[name] = values
		}
		q.Set("labels", l.Name)
		links = append(links, page.Link{Text: l.Name, Href: s.base + "?" + q.Encode(), Current: labelLanguage(r) == l.Name || labelLanguage(r) == l.Tag})
	}
	return links
}

// next is the submission behind this one in the list that the person came from.
func (a *area) next(r *page.Request, s *seen) (string, error) {
	f, err := parseFilter(r, s.looks)
	if err != nil {
		return "", nil // the address has no list
	}
	f.After, f.Limit = s.ID, 1
	got, err := a.house.Collection.ListSubmissions(r.Context(), f.Filter)
	if err != nil || len(got.Rows) == 0 {
		return "", err
	}
	return f.path(a.recordPath(r, got.Rows[0].ID, "")), nil
}

// other finds the second submission of a comparison: one of the same round.
func (a *area) other(r *page.Request, s *seen) (*seen, error) {
	id, err := r.PathID("other")
	if err != nil {
		return nil, err
	}
	sub, err := a.house.Collection.Submission(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if sub.Round != s.Round || sub.ID == s.ID {
		return nil, page.NotFound()
	}
	o := *s
	o.Submission = sub
	return &o, nil
}
