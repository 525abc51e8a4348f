package openrosa

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/url"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// formList answers the forms that the phone may fetch. A phone set to match the
// list deletes what it does not find there, so that a list is whole or it is an
// error. Source: OpenRosa Form Discovery, "Form list".
func (d *door) formList(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
	forms, err := d.offered(r, c)
	if err != nil {
		return d.failed(err)
	}
	q := r.URL.Query()
	wanted, verbose := q.Get("formID"), truth(q.Get("verbose"))
	var b bytes.Buffer
	b.WriteString(xml.Header + `<xforms xmlns="http://openrosa.org/xforms/xformsList">` + "\n")
	for _, f := range forms {
		if wanted != "" && f.FormID != wanted {
			continue
		}
		versions, err := d.listed(r, c, f, truth(q.Get("listAllVersions")))
		if err != nil {
			return d.failed(err)
		}
		for _, v := range versions {
			d.entry(&b, c, f, v, verbose)
		}
	}
	b.WriteString("</xforms>\n")
	d.document(w, r, b.Bytes())
	return nil
}

// offered are the forms of the round that may be fetched: open ones with a
// published version, or the form whose draft is tested.
func (d *door) offered(r *http.Request, c *caller) ([]*collection.Form, error) {
	if c.draft != nil {
		return []*collection.Form{c.draft}, nil
	}
	if c.round.State == collection.Closed {
		return nil, nil
	}
	forms, err := d.Store.ListForms(r.Context(), c.round.ID)
	if err != nil {
		return nil, err
	}
	var out []*collection.Form
	for _, f := range forms {
		if fetchable(f) {
			out = append(out, f)
		}
	}
	return out, nil
}

// fetchable tells whether phones may fetch a form. One without an id would void
// the whole list.
func fetchable(f *collection.Form) bool {
	return f.State == collection.FormOpen && f.Current != 0 && f.FormID != ""
}

// listed are the versions of a form that the list names, without their XForms.
func (d *door) listed(r *http.Request, c *caller, f *collection.Form, all bool) ([]*collection.Version, error) {
	versions, err := d.Store.ListVersions(r.Context(), f.ID)
	if err != nil {
		return nil, err
	}
	var out []*collection.Version
	for _, v := range versions {
		switch {
		case c.draft != nil:
			if v.ID == f.Draft {
				out = append(out, v)
			}
		case v.ID == f.Current, all && !v.Published.IsZero():
			out = append(out, v)
		}
	}
	return out, nil
}

func (d *door) entry(b *bytes.Buffer, c *caller, f *collection.Form, v *collection.Version, verbose bool) {
	name := f.Title
	if name == "" {
		name = f.FormID
	}
	b.WriteString("  <xform>\n")
	element(b, "formID", f.FormID)
	element(b, "name", name)
	element(b, "version", v.Version)
	if v.Hash != "" {
		element(b, "hash", "md5:"+v.Hash)
	}
	if verbose {
		element(b, "descriptionText", name)
	}
	element(b, "downloadUrl", address(c, f.ID, "form.xml", v.ID))
	if len(present(v)) > 0 {
		element(b, "manifestUrl", address(c, f.ID, "manifest", v.ID))
	}
	b.WriteString("  </xform>\n")
}

// manifest answers the files of a version. A file that nobody has uploaded yet is
// left out: an entry without hash or address voids the whole.
func (d *door) manifest(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
	f, v, no := d.asked(r, c)
	if no != nil {
		return no
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<manifest xmlns="http://openrosa.org/xforms/xformsManifest">` + "\n")
	for _, file := range present(v) {
		b.WriteString("  <mediaFile>\n")
		element(&b, "filename", file.Name)
		element(&b, "hash", "md5:"+file.Hash)
		element(&b, "downloadUrl", address(c, f.ID, "files/"+url.PathEscape(file.Name), v.ID))
		b.WriteString("  </mediaFile>\n")
	}
	b.WriteString("</manifest>\n")
	d.document(w, r, b.Bytes())
	return nil
}

// present are the files of a version that are there.
func present(v *collection.Version) []collection.FormFile {
	var out []collection.FormFile
	for _, f := range v.Files {
		if f.Name != "" && f.Address != "" && f.Hash != "" {
			out = append(out, f)
		}
	}
	return out
}

func address(c *caller, form ids.ID, rest string, version ids.ID) string {
	return c.base + "/forms/" + form.String() + "/" + rest + "?version=" + version.String()
}

func element(b *bytes.Buffer, name, text string) {
	b.WriteString("    <" + name + ">")
	_ = xml.EscapeText(b, []byte(text)) // a bytes.Buffer takes everything
	b.WriteString("</" + name + ">\n")
}

func truth(s string) bool { return s == "true" || s == "1" }
