package review

import (
	"strconv"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// reviewView is what was decided about a submission, and the form for more.
type reviewView struct {
	May    bool
	Form   *page.Form
	Action string
	States []page.Option
	// Etag, Seen and Revision say what the person saw.
	Etag     int64
	Seen     ids.ID
	Revision int
	Remarks  []remarkView
	// Withheld tells that comments are not shown to this reader.
	Withheld bool
	Query    string
}

// remarkView is one event of the review.
type remarkView struct {
	Who      string
	When     page.Time
	From, To page.Tag
	Moved    bool
	Text     string
}

// reviewOf gathers the review of a submission. form is what was typed, or nil.
// Comments are free text, which pseudonymous readers do not see.
func (a *area) reviewOf(r *page.Request, s *seen, form *page.Form) (*reviewView, error) {
	remarks, err := a.house.Collection.Remarks(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	if form == nil {
		form = r.NewForm("review.decide")
	}
	v := &reviewView{May: r.May(access.SubmissionReview), Form: form, Etag: s.Etag, Revision: s.Revision,
		Action: page.Path("/submissions/{submission}/review", "submission", s.ID), Query: r.URL.RawQuery}
	v.States = []page.Option{{Value: "", Text: r.Text("review.decide.state.keep", "state", r.Text("review.state."+string(s.State)))}}
	for _, o := range form.Choices("state", texts(collection.States)...) {
		if o.Value != string(s.State) {
			v.States = append(v.States, o)
		}
	}
	form.SetOptions("state", v.States)
	if len(form.Values("state")) == 0 {
		form.Set("state", "")
	}
	for _, m := range remarks {
		v.Seen = max(v.Seen, m.ID)
		v.Remarks = append(v.Remarks, a.remark(r, s, m))
		v.Withheld = v.Withheld || s.masked && m.Text != ""
	}
	return v, nil
}

func (a *area) remark(r *page.Request, s *seen, m *collection.Remark) remarkView {
	v := remarkView{Who: s.names.account(m.Account), When: moment(r, m.At), From: stateTag(r, m.From), To: stateTag(r, m.To), Moved: m.From != m.To}
	if !s.masked {
		v.Text = m.Text
	}
	return v
}

// meanwhile is what happened to a submission since a page about it was made.
type meanwhile struct {
	Remarks []remarkView
	Edits   []editView
}

// editView is one edit by a person or a phone.
type editView struct {
	Number int
	Who    string
	When   page.Time
	Reason string
	Href   string // the difference
}

// since lists what came after a remark and a revision.
func (a *area) since(r *page.Request, s *seen, remark ids.ID, revision int) (*meanwhile, error) {
	var m meanwhile
	remarks, err := a.house.Collection.Remarks(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range remarks {
		if one.ID > remark {
			m.Remarks = append(m.Remarks, a.remark(r, s, one))
		}
	}
	revisions, err := a.house.Collection.Revisions(r.Context(), s.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range revisions {
		if one.Number > revision {
			m.Edits = append(m.Edits, a.editOf(r, s, one))
		}
	}
	return &m, nil
}

func (a *area) editOf(r *page.Request, s *seen, rev *collection.Revision) editView {
	v := editView{Number: rev.Number, When: received(r, rev.At, s.masked)}
	switch {
	case rev.Account != 0:
		v.Who = s.names.account(rev.Account)
	case rev.Enumerator != 0:
		v.Who = s.looks.enumeratorName(rev.Enumerator, r.May(access.EnumeratorView))
	}
	if v.Who == "" {
		v.Who = r.Text("review.who.phone")
	}
	if !s.masked {
		v.Reason = rev.Reason
	}
	if rev.Number > 1 {
		v.Href = s.base + "/revisions?from=" + strconv.Itoa(rev.Number-1) + "&to=" + strconv.Itoa(rev.Number)
	}
	return v
}

// conflictView says who changed a submission, with the form as it was typed.
type conflictView struct {
	*seen
	Tag       page.Tag
	Meanwhile *meanwhile
	Review    *reviewView
}

// review adds a comment, changes the state, or both.
func (a *area) review(r *page.Request) error {
	form, err := r.ReadForm("review.decide")
	if err != nil {
		return err
	}
	s, err := a.open(r, !r.May(access.SubmissionRead))
	if err != nil {
		return err
	}
	to := collection.State(form.Choice("state", texts(collection.States)))
	comment := form.Text("comment", page.Max(maxComment), page.Lines)
	etag, err := strconv.ParseInt(form.Raw("etag"), 10, 64)
	if err != nil {
		return fault.New(fault.Usage, fault.Place{}, "what was sent is not a form of this page", "go back to the page and send it again")
	}
	if to == "" && comment == "" && !form.Bad() {
		form.Wrong("state", "review.decide.nothing")
	}
	if to == "" {
		to = s.State
	}
	if !form.Bad() {
		err := a.house.Collection.Review(r.Context(), r.By, s.ID, etag, to, comment)
		switch {
		case err == nil:
			r.Flash("review.decide.done")
			return r.Redirect(a.backTo(r, form, s))
		case fault.KindOf(err) != fault.Conflict:
			return err
		}
		return a.conflict(r, s, form, 409)
	}
	return a.conflict(r, s, form, 422)
}

// backTo is the submission's page, or the next one of the list if that was asked
// for.
func (a *area) backTo(r *page.Request, form *page.Form, s *seen) string {
	query := form.Raw("query")
	if form.Raw("go") == "next" {
		was := r.URL
		at := *was
		at.RawQuery = query
		r.URL = &at
		next, err := a.next(r, s)
		r.URL = was
		if err == nil && next != "" {
			return next
		}
	}
	if at := s.base + "?" + query; query != "" && page.LocalPath(at) {
		return at
	}
	return s.base
}

// conflict shows the form again, with what was typed and what happened meanwhile.
func (a *area) conflict(r *page.Request, s *seen, form *page.Form, status int) error {
	remark, _ := ids.Parse(form.Raw("seen")) // nothing seen shows everything
	revision, err := strconv.Atoi(form.Raw("revision"))
	if err != nil {
		revision = s.Revision
	}
	// The state may have moved between reading and writing.
	if s.Submission, err = a.house.Collection.Submission(r.Context(), s.ID); err != nil {
		return err
	}
	v := &conflictView{seen: s, Tag: stateTag(r, s.State)}
	if status == 409 {
		if v.Meanwhile, err = a.since(r, s, remark, revision); err != nil {
			return err
		}
	}
	if v.Review, err = a.reviewOf(r, s, form); err != nil {
		return err
	}
	v.Review.Query = form.Raw("query")
	return r.Render(status, "review/conflict", v)
}
