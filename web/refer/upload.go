package refer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// fileView is a file that was uploaded.
type fileView struct{ Ref, Title, Note string }

// mostFile is the most that one file may hold where the question does not say, in
// megabytes.
const mostFile = 25

// kinds are what a content is, by the ending that a question accepts. A name alone is
// not trusted.
var kinds = map[string]string{
	"pdf":  "application/pdf",
	"jpg":  "image/jpeg",
	"png":  "image/png",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"doc":  matter.Word,
}

// document finds the part of an upload by the name of its content.
func (d *draft) document(ref string) (*referral.Part, *referral.Document, error) {
	for _, p := range d.Of(referral.PartDocument) {
		var x referral.Document
		if err := p.Decode(&x); err != nil {
			return nil, nil, err
		}
		if x.Ref == ref {
			return p, &x, nil
		}
	}
	return nil, nil, nil
}

// showUploads shows what was uploaded. up is the form of one file.
func (a *area) showUploads(r *page.Request, status int, d *draft, q *rule.Question, p *questionPage, up *page.Form) error {
	p.Heading, p.Upload, p.Remove = matter.Say(r, q.Text), d.question(q.ID)+"/files", d.question(q.ID)+"/remove"
	p.File, p.Limit, p.Optional = up, matter.Say(r, q.Hint), !q.Required
	for _, e := range q.Accept {
		p.Accept = append(p.Accept, "."+e)
	}
	for _, ref := range d.values[q.ID] {
		_, x, err := d.document(ref)
		if err != nil {
			return err
		}
		if x != nil {
			p.Files = append(p.Files, fileView{ref, x.Title, x.Name + " · " + r.Words().Bytes(x.Size)})
		}
	}
	return r.Render(status, "refer/uploads", p)
}

// showFile shows what is wrong with one file.
func (a *area) showFile(r *page.Request, up *page.Form, d *draft, q *rule.Question) error {
	p := a.pageOf(r, matter.NewForm(r), d, q)
	return a.showUploads(r, 422, d, q, &p, up)
}

// uploadPost takes one file with what it shows.
func (a *area) uploadPost(r *page.Request) error {
	d, q, ok, err := a.ask(r)
	if !ok {
		return err
	}
	if q.Kind != rule.Files {
		return page.NotFound()
	}
	megabytes := q.MaxMB
	if megabytes == 0 {
		megabytes = mostFile
	}
	limit := int64(megabytes) << 20
	f, err := r.ReadUpload("refer.upload", limit)
	if err != nil {
		return err
	}
	x := &referral.Document{Title: f.Text("title", page.Required)}
	var endings []string
	for _, e := range q.Accept {
		endings = append(endings, "."+e)
	}
	u := f.File("file", page.Required, page.Ends(append(endings, ".jpeg")...))
	if u != nil {
		x.Name, x.Type = u.Name, matter.MediaType(u.Bytes)
		end := strings.TrimPrefix(strings.ToLower(filepath.Ext(u.Name)), ".")
		if end == "jpeg" {
			end = "jpg"
		}
		if !slices.Contains(q.Accept, end) || kinds[end] != x.Type {
			f.Wrong("file", "refer.upload.type")
		}
	}
	if f.Bad() {
		return a.showFile(r, f, d, q)
	}
	if x.Ref, x.Size, err = a.Store.PutContent(r.Context(), d.File.ID, bytes.NewReader(u.Bytes), limit); err != nil {
		return err
	}
	digest := sha256.Sum256(u.Bytes)
	x.SHA256 = hex.EncodeToString(digest[:])
	for range most {
		for _, ref := range d.values[q.ID] {
			if _, have, err := d.document(ref); err != nil {
				return err
			} else if have != nil && have.SHA256 == x.SHA256 {
				f.Wrong("file", "refer.upload.twice")
			}
		}
		refs := append(slices.Clone(d.values[q.ID]), x.Ref)
		if q.Max > 0 && len(refs) > q.Max {
			f.Wrong("file", "refer.upload.many", "most", q.Max)
		}
		if f.Bad() {
			return a.showFile(r, f, d, q)
		}
		c, _, err := d.SaveReferral(d.Pathway, d.Here.Network.Nation, rule.Answers{q.ID: refs}, a.Who(r))
		if err == nil {
			var with *referral.Change
			if with, err = d.Add(referral.PartDocument, x, referral.About{}, a.Who(r)); err == nil {
				c.Put, c.Entries = append(c.Put, with.Put...), append(c.Entries, with.Entries...)
				_, err = a.Store.Do(r.Context(), c)
			}
		}
		switch {
		case err == nil:
			r.Flash("refer.upload.done")
			return r.Redirect(d.question(q.ID))
		case fault.KindOf(err) != fault.Conflict:
			return err
		}
		if d, q, ok, err = a.ask(r); !ok {
			return err
		}
	}
	return clashed()
}

// removePost takes a file out of the referral and the case.
func (a *area) removePost(r *page.Request) error {
	f, err := r.ReadForm("refer.upload")
	if err != nil {
		return err
	}
	for range most {
		d, q, ok, err := a.ask(r)
		if !ok {
			return err
		}
		ref := f.Raw("ref")
		if q.Kind != rule.Files || !slices.Contains(d.values[q.ID], ref) {
			return r.Redirect(d.question(q.ID))
		}
		refs := slices.DeleteFunc(slices.Clone(d.values[q.ID]), func(x string) bool { return x == ref })
		c, _, err := d.SaveReferral(d.Pathway, d.Here.Network.Nation, rule.Answers{q.ID: refs}, a.Who(r))
		if err != nil {
			return err
		}
		p, _, err := d.document(ref)
		if err != nil {
			return err
		}
		if p != nil {
			c.Drop = append(c.Drop, referral.Dropped{ID: p.ID, Etag: p.Etag})
		}
		if _, err = a.Store.Do(r.Context(), c); err == nil {
			return r.Redirect(d.question(q.ID))
		} else if fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return clashed()
}
