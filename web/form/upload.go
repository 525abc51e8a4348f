package form

import (
	"bytes"
	"io"
	"slices"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/monitoring/instrument"
	"waymark/web/page"
)

const uploadWords = "form.upload"

// uploaded is the choice of a file, beside the ids of built-in questionnaires.
const uploaded = "upload"

// uploadPage is what the page of a new form or draft shows.
type uploadPage struct {
	Form     *page.Form
	Of       *collection.Form // nil for a new form
	Findings page.Table
	Counts   []page.Tag
	Exists   string // path of the form that has the upload's id already
	Back     string
}

func renderUpload(r *page.Request, status int, v uploadPage) error {
	v.Back = rootPath(r)
	if v.Of != nil {
		v.Back = pathOf(v.Of)
	}
	crumbs(r, v.Of)
	var options []page.Option
	ids := instrument.Builtin()
	slices.Reverse(ids) // the newest first
	for _, id := range ids {
		options = append(options, page.Option{Value: id, Text: instrument.Titles()[id].In(r.Lang), Hint: r.Text("form.upload.builtin.hint", "id", id)})
	}
	options = append([]page.Option{{Value: uploaded, Text: r.Text("form.upload.own"), Hint: r.Text("form.upload.own.hint")}}, options...)
	v.Form.SetOptions("source", options)
	if v.Form.Raw("source") == "" {
		first := uploaded
		if r.Round.Instrument != "" && v.Of == nil {
			first = r.Round.Instrument
		}
		v.Form.Set("source", first)
	}
	return r.Render(status, "form/upload", v)
}

func (a *area) add(r *page.Request) error {
	if !r.Round.Live() {
		return page.NotFound()
	}
	return renderUpload(r, 200, uploadPage{Form: r.NewForm(uploadWords)})
}

func (a *area) replace(r *page.Request) error {
	of, err := find(r)
	if err != nil {
		return err
	}
	f := r.NewForm(uploadWords)
	f.Set("instead", of.Draft.String())
	return renderUpload(r, 200, uploadPage{Form: f, Of: of})
}

// addPost makes a new form of an upload or of a built-in questionnaire.
func (a *area) addPost(r *page.Request) error {
	if !r.Round.Live() {
		return page.NotFound()
	}
	f, d, err := a.read(r, nil, nil)
	if err != nil || f.Bad() {
		return a.refuse(r, f, d, nil, err)
	}
	ctx, c := r.Context(), r.House.Collection
	if was, err := c.FormByFormID(ctx, r.Round.ID, d.FormID); err == nil {
		f.Wrong("file", "form.upload.exists", "id", d.FormID)
		return renderUpload(r, 422, uploadPage{Form: f, Exists: pathOf(was) + "/draft/new"})
	} else if fault.KindOf(err) != fault.NotFound {
		return err
	}
	one := &collection.Form{Round: r.Round.ID, FormID: d.FormID, Title: d.Title, State: collection.FormDraft, Created: r.House.Now()}
	if err := c.PutForm(ctx, r.By, one); err != nil {
		return err
	}
	return a.keep(r, f, d, one, 0, nil)
}

// replacePost makes the upload the form's draft, in place of the one that the page
// was opened for.
func (a *area) replacePost(r *page.Request) error {
	of, err := find(r)
	if err != nil {
		return err
	}
	versions, err := r.House.Collection.ListVersions(r.Context(), of.ID)
	if err != nil {
		return err
	}
	f, d, err := a.read(r, of, versions)
	if err != nil || f.Bad() {
		return a.refuse(r, f, d, of, err)
	}
	instead, _ := ids.Parse(f.Raw("instead")) // zero is no draft
	return a.keep(r, f, d, of, instead, versions)
}

// read reads the form and makes a draft. An error is the upload's or an error page.
func (a *area) read(r *page.Request, of *collection.Form, versions []*collection.Version) (*page.Form, *draft.Draft, error) {
	f, err := r.ReadUpload(uploadWords, draft.MaxSource)
	if err != nil {
		return nil, nil, err
	}
	source := f.Choice("source", append(instrument.Builtin(), uploaded), page.Required)
	var u *page.Upload
	if source == uploaded {
		u = f.File("file", page.Required)
	}
	if f.Bad() {
		return f, nil, nil
	}
	opt := draft.Options{Now: r.House.Now()}
	var private []byte
	if of != nil {
		opt.FormID, opt.Taken = of.FormID, taken(versions)
		if of.Managed {
			if opt.PublicKey, private, err = a.NewKey(); err != nil {
				return nil, nil, err
			}
		}
	}
	var d *draft.Draft
	if u != nil {
		d, err = draft.Make(u.Bytes, u.Name, opt)
	} else {
		d, err = draft.Builtin(source, opt)
	}
	if d != nil && d.Version != nil {
		d.Version.PrivateKey = private
	}
	return f, d, err
}

// taken are the version names that were published.
func taken(versions []*collection.Version) []string {
	var names []string
	for _, v := range versions {
		if !v.Published.IsZero() {
			names = append(names, v.Version)
		}
	}
	return names
}

// refuse shows the page again with everything that is wrong with the upload.
func (a *area) refuse(r *page.Request, f *page.Form, d *draft.Draft, of *collection.Form, err error) error {
	if f == nil {
		return err
	}
	v := uploadPage{Form: f, Of: of}
	if err != nil {
		if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict && k != fault.NotFound || d == nil {
			return err
		}
		v.Findings, v.Counts = findingTable(r, d.Findings), countTags(r, d.Findings)
		f.Wrong("file", "form.upload.broken", "n", max(errorsIn(d.Findings), 1))
	}
	return renderUpload(r, 422, v)
}

// keep stores the draft with the files that it brings or that an earlier version has.
func (a *area) keep(r *page.Request, f *page.Form, d *draft.Draft, of *collection.Form, instead ids.ID, versions []*collection.Version) error {
	v := d.Version
	v.Form, v.Created = of.ID, r.House.Now()
	if r.Account != nil {
		v.By = r.Account.ID
	}
	if err := a.carry(r, d, versions); err != nil {
		return err
	}
	err := r.House.Collection.PutDraft(r.Context(), r.By, v, instead)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		now, err := r.House.Collection.Form(r.Context(), of.ID)
		if err != nil {
			return err
		}
		f.Set("instead", now.Draft.String())
		f.Wrong("", "form.upload.clash")
		return renderUpload(r, 409, uploadPage{Form: f, Of: now})
	}
	if err != nil {
		return err
	}
	r.Flash("form.upload.done")
	return r.Redirect(pathOf(of) + "/draft")
}

// carry gives a draft the files that it brings itself, and those of the newest
// earlier version that still do.
func (a *area) carry(r *page.Request, d *draft.Draft, versions []*collection.Version) error {
	had := map[string]collection.FormFile{}
	if len(versions) > 0 {
		for _, f := range versions[0].Files {
			had[f.Name] = f
		}
	}
	for i, need := range d.Needs {
		content := need.Content
		if was := had[need.Name]; content == nil && was.Address != "" && was.Size <= page.MaxUpload {
			var err error
			if content, err = readFile(r, was.Address); err != nil {
				return err
			}
		}
		if content == nil {
			continue
		}
		file, err := draft.CheckFile(&d.Needs[i], content)
		if err != nil {
			continue // it does not fit any more: it is asked for anew
		}
		if file.Address, file.Size, file.Hash, err = r.House.Collection.PutFile(r.Context(), r.Round.ID, bytes.NewReader(content), draft.MaxFile); err != nil {
			return err
		}
		for k := range d.Version.Files {
			if d.Version.Files[k].Name == file.Name {
				d.Version.Files[k] = *file
			}
		}
	}
	return nil
}

func readFile(r *page.Request, address string) ([]byte, error) {
	in, err := r.House.Collection.OpenFile(r.Context(), r.Round.ID, address)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(in, page.MaxUpload))
	if e := in.Close(); err == nil {
		err = e
	}
	return content, err
}
