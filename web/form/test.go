package form

import (
	"bytes"
	"html/template"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// mostTests are listed of one draft.
const mostTests = 100

// testPage is what the page of tests of a draft shows.
type testPage struct {
	Form    *collection.Form
	QR      template.HTML // of a link that was just made
	Address string
	Link    string // opens the page that fills in the draft in a browser
	Table   page.Table
	Path    string
	Empty   *page.Empty
}

// test is the page of tests of a draft: a link for a phone, and what it sent.
func (a *area) test(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	return a.renderTest(r, testPage{Form: f})
}

func (a *area) renderTest(r *page.Request, p testPage) error {
	p.Path = pathOf(p.Form) + "/draft/test"
	if p.Form.Draft == 0 {
		p.Empty = &page.Empty{Title: r.Text("form.draft.empty.title"), Text: r.Text("form.draft.empty.text"),
			Actions: []page.Link{{Text: r.Text("form.draft.upload"), Href: pathOf(p.Form) + "/draft/new"}}}
	}
	got, err := r.House.Collection.ListSubmissions(r.Context(), collection.Filter{Round: r.Round.ID, Form: p.Form.ID, Drafts: true, Limit: mostTests})
	if err != nil {
		return err
	}
	p.Table = page.Table{Caption: r.Text("form.tests"), Head: []page.Head{{Text: r.Text("form.tests.at")}, {Text: r.Text("form.tests.files")}, {Text: r.Text("form.tests.found")}}}
	look := r.May(access.SubmissionList)
	for _, s := range got.Rows {
		at := page.Cell{Text: r.Words().Moment(s.Received)}
		if look {
			at.Href = page.Path("/submissions/{submission}", "submission", s.ID)
		}
		files := r.Text("form.tests.files.all")
		if !s.Complete {
			files = r.Text("form.tests.files.some")
		}
		found := r.Text("form.tests.found.unchecked")
		if s.Checked {
			found = r.Text("form.tests.found.counts", "errors", s.Errors, "warnings", s.Warnings)
		}
		p.Table.Rows = append(p.Table.Rows, page.Row{Cells: []page.Cell{at, {Text: files}, {Text: found}}})
	}
	p.Table.Empty = page.Empty{Title: r.Text("form.tests.empty.title"), Text: r.Text("form.tests.empty.text")}
	crumbs(r, p.Form)
	r.Crumb(r.Text("form.draft"), pathOf(p.Form)+"/draft")
	return r.Render(200, "form/test", p)
}

// testPost makes a link for tests of the draft and shows it, this once. An earlier
// link ends.
func (a *area) testPost(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	if f.Draft == 0 || !r.Round.Live() {
		return page.NotFound()
	}
	token, hash := a.NewToken()
	text, err := a.Settings(r.House.Base, token, r.Text("form.tests.project", "title", f.Title))
	if err != nil {
		return err
	}
	var svg bytes.Buffer
	if err := a.QR(&svg, text, r.Text("form.tests.qr", "title", f.Title)); err != nil {
		return err
	}
	if err := r.House.Collection.DraftToken(r.Context(), r.By, f.ID, hash); err != nil {
		return err
	}
	// The picture holds its label escaped and nothing else that was typed.
	return a.renderTest(r, testPage{Form: f, QR: template.HTML(svg.String()), Address: r.House.Base + "/test/" + token, Link: a.Browser(r.House.Base, token)})
}

// testEnd ends the link.
func (a *area) testEnd(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	if err := r.House.Collection.DraftToken(r.Context(), r.By, f.ID, nil); err != nil {
		return err
	}
	r.Flash("form.tests.ended")
	return r.Redirect(pathOf(f) + "/draft/test")
}
