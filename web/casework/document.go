package casework

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"waymark/referral"
	"waymark/trust/access"
	"waymark/web/matter"
	"waymark/web/page"
)

// mostFile is the most that one document may hold, in bytes: 25 MB, as the national
// form takes.
const mostFile = 25 << 20

// taken are the kinds of document, by what is in them, with the endings that go with
// each. A name alone is not trusted.
var taken = map[string][]string{
	"application/pdf": {".pdf"},
	"image/jpeg":      {".jpg", ".jpeg"},
	"image/png":       {".png"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {".docx"},
	matter.Word: {".doc"},
}

var endings = []string{".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png"}

type documentPage struct {
	Form    *page.Form
	Back    string
	Accept  string
	Options []page.Option
}

func (a *area) renderDocument(r *page.Request, status int, s *seen, f *page.Form) error {
	p := documentPage{Form: f, Back: page.Path(path(s.ID), "view", "notes"), Accept: strings.Join(endings, ",")}
	p.Options = append(p.Options, page.Option{Text: r.Text("casework.purpose.none")})
	for _, v := range s.purposes() {
		p.Options = append(p.Options, page.Option{Value: v, Text: r.Text("casework.purpose." + v)})
	}
	return r.Render(status, "casework/document", p)
}

func (a *area) document(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	return a.renderDocument(r, 200, s, r.NewForm("casework.document"))
}

func (a *area) documentPost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadUpload("casework.document", mostFile)
	if err != nil {
		return err
	}
	d := &referral.Document{Title: f.Text("title", page.Required)}
	about := referral.About{Purpose: referral.Purpose(f.Choice("purpose", s.purposes())), Private: f.Checked("private")}
	u := f.File("file", page.Required, page.Ends(endings...))
	if u != nil {
		d.Name, d.Type = u.Name, matter.MediaType(u.Bytes)
		if !slices.Contains(taken[d.Type], strings.ToLower(filepath.Ext(u.Name))) {
			f.Wrong("file", "casework.document.type")
		}
	}
	if !f.Bad() {
		if d.Ref, d.Size, err = a.Store.PutContent(r.Context(), s.ID, u.Reader(), mostFile); err != nil {
			return err
		}
		c, err := s.Add(referral.PartDocument, d, about, s.who)
		if _, err := a.do(r, f, c, err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderDocument(r, 422, s, f)
	}
	r.Flash("casework.saved")
	return r.Redirect(page.Path(path(s.ID), "view", "notes"))
}

// file hands a document over to be kept: it is never shown inside a page, since what
// opens it could reach out.
func (a *area) file(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	id, err := r.PathID("part")
	if err != nil {
		return err
	}
	p := s.Part(id)
	if p == nil || p.Kind != referral.PartDocument {
		return page.NotFound()
	}
	var d referral.Document
	if err := p.Decode(&d); err != nil {
		return err
	}
	in, err := a.Store.Content(r.Context(), s.ID, d.Ref)
	if err != nil {
		return err
	}
	defer in.Close()
	end := ""
	if e := taken[d.Type]; len(e) > 0 {
		end = e[0]
	}
	// The name that it came with may tell of the person, and stays in a browser's list.
	_, err = io.Copy(r.Download("document-"+p.ID.String()+end, d.Type, d.Size), in)
	return err
}

// documents lists the files of a case.
func (t *teller) documents() (section, error) {
	r, s := t.r, t.s
	sec := section{Title: r.Text("casework.document.many"), Empty: r.Text("casework.document.none")}
	if r.May(access.CaseWrite) && s.State != referral.Closed {
		sec.Add = &page.Link{Text: r.Text("casework.document.new"), Href: path(s.ID) + "/document"}
	}
	for _, p := range s.Of(referral.PartDocument) {
		var d referral.Document
		if err := p.Decode(&d); err != nil {
			return sec, err
		}
		v := shownPart{Title: d.Title, Note: t.byline(p), Anchor: p.ID.String(), Private: p.Private,
			Rows:  page.Summary{Rows: []page.SummaryRow{{Key: r.Text("casework.document.file"), Value: page.Cell{Text: d.Name, Note: r.Words().Bytes(d.Size)}}}},
			Links: []page.Link{{Text: r.Text("casework.document.get"), Hidden: d.Title, Href: partPath(s.ID, p.ID) + "/file"}}}
		if p.Private {
			v.Tags = append(v.Tags, page.Tag{Text: r.Text("casework.private.tag"), Colour: "purple"})
		}
		if p.Purpose != "" {
			v.Tags = append(v.Tags, page.Tag{Text: r.Text("casework.purpose." + string(p.Purpose)), Colour: "teal"})
		}
		sec.Parts = append(sec.Parts, v)
	}
	slices.Reverse(sec.Parts)
	return sec, nil
}
