package form

import (
	"bytes"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/web/page"
)

const fileWords = "form.file"

// filesPage is what the page of uploading a draft's files shows.
type filesPage struct {
	Upload *page.Form
	Form   *collection.Form
	Files  page.Table
	Faults page.Table
	More   int
	Back   string
}

func (a *area) renderFiles(r *page.Request, status int, p filesPage, v *collection.Version) error {
	needs, err := draft.NeedsOf(v)
	if err != nil {
		return err
	}
	p.Files, p.Back = fileTable(r, p.Form, v, needs), pathOf(p.Form)+"/draft"
	crumbs(r, p.Form)
	r.Crumb(r.Text("form.draft"), p.Back)
	return r.Render(status, "form/files", p)
}

func (a *area) draftFiles(r *page.Request) error {
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	if v == nil {
		return r.Redirect(pathOf(f) + "/draft")
	}
	return a.renderFiles(r, 200, filesPage{Upload: r.NewForm(fileWords), Form: f}, v)
}

// draftFilesPost takes the files that fit, and says of the others why they do not.
func (a *area) draftFilesPost(r *page.Request) error {
	f, v, err := findDraft(r)
	if err != nil {
		return err
	}
	if v == nil || !r.Round.Live() {
		return page.NotFound()
	}
	form, err := r.ReadUpload(fileWords, page.MaxUpload)
	if err != nil {
		return err
	}
	needs, err := draft.NeedsOf(v)
	if err != nil {
		return err
	}
	uploads := form.Files("file")
	if len(uploads) == 0 {
		form.Wrong("file", "form.file.choose")
		return a.renderFiles(r, 422, filesPage{Upload: form, Form: f}, v)
	}
	faults := fault.NewList(mostFindings)
	taken := 0
	for _, u := range uploads {
		file, err := checkUpload(v, needs, u)
		if err != nil {
			for _, one := range faultsOf(err) {
				if one.Place.File == "" {
					one.Place.File = u.Name
				}
				faults.Add(one)
			}
			continue
		}
		if file.Address, file.Size, file.Hash, err = r.House.Collection.PutFile(r.Context(), r.Round.ID, bytes.NewReader(u.Bytes), draft.MaxFile); err != nil {
			return err
		}
		if err := r.House.Collection.PutFormFile(r.Context(), r.By, v.ID, *file); err != nil {
			return err
		}
		taken++
	}
	if faults.Len() == 0 {
		r.Flash("form.file.done", "n", taken)
		return r.Redirect(pathOf(f) + "/draft")
	}
	form.Wrong("file", "form.file.refused", "n", faults.Len(), "taken", taken)
	if v, err = r.House.Collection.Version(r.Context(), v.ID); err != nil {
		return err
	}
	p := filesPage{Upload: form, Form: f}
	p.Faults, p.More = r.FaultTable(faults)
	p.Faults.Head = append([]page.Head{{Text: r.Text("form.file.name")}}, p.Faults.Head...)
	for i, one := range faults.Faults {
		p.Faults.Rows[i].Cells = append([]page.Cell{{Text: one.Place.File}}, p.Faults.Rows[i].Cells...)
	}
	return a.renderFiles(r, 422, p, v)
}

// checkUpload finds what an upload is needed as and judges its content. A name that
// differs only in capitals is taken for the one that the form has: some systems
// change them.
func checkUpload(v *collection.Version, needs []draft.Need, u *page.Upload) (*collection.FormFile, error) {
	name := u.Name
	for _, n := range needs {
		if n.Name == name {
			return draft.CheckFile(&n, u.Bytes)
		}
	}
	for _, n := range needs {
		if strings.EqualFold(n.Name, name) {
			return draft.CheckFile(&n, u.Bytes)
		}
	}
	_, err := v.NeededFile(name)
	return nil, err
}
