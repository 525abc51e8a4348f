package form

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"waymark/forms/preview"
	"waymark/forms/xform"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/web/page"
)

// version is the page of one version.
func version(r *page.Request) error {
	f, v, err := findVersion(r)
	if err != nil {
		return err
	}
	if v.ID == f.Draft {
		return r.Redirect(pathOf(f) + "/draft")
	}
	needs, err := draft.NeedsOf(v)
	if err != nil {
		return err
	}
	names, err := people(r)
	if err != nil {
		return err
	}
	versions, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	row := func(key, text string) page.SummaryRow {
		return page.SummaryRow{Key: r.Text(key), Value: page.Cell{Text: text}}
	}
	encrypted := r.Text("form.encryption.off")
	if v.PrivateKey != nil {
		encrypted = r.Text("form.encryption.on")
	}
	at := versionPath(f, v.ID)
	downloads := page.Cell{Links: []page.Link{{Text: r.Text("form.download.xform"), Href: at + "/xform"}}}
	if v.Source != nil {
		downloads.Links = append(downloads.Links, page.Link{Text: r.Text("form.download.source"), Href: at + "/source"})
	}
	p := struct {
		Form    *collection.Form
		Version *collection.Version
		About   page.Summary
		Files   page.Table
		Others  []page.Link
		Preview string
	}{Form: f, Version: v, Files: fileTable(r, f, v, needs), Preview: at + "/preview",
		About: page.Summary{Rows: []page.SummaryRow{row("form.published", r.Words().Moment(v.Published)), row("form.by", or(names[v.By], "–")),
			row("form.encryption", encrypted), row("form.hash", "md5:"+v.Hash), {Key: r.Text("form.download"), Value: downloads}}}}
	for _, other := range versions {
		if other.ID != v.ID {
			p.Others = append(p.Others, page.Link{Text: versionName(r, f, other), Href: comparePath(f, min(other.ID, v.ID), max(other.ID, v.ID))})
		}
	}
	crumbs(r, f)
	return r.Render(200, "form/version", p)
}

// versionName names a version, and says if it is the draft.
func versionName(r *page.Request, f *collection.Form, v *collection.Version) string {
	if v.ID == f.Draft {
		return r.Text("form.version.draft", "version", or(v.Version, "–"))
	}
	return or(v.Version, "–")
}

// previewPolicy lets the page of a whole form use its own styles and nothing else.
// The page has no script, and its style sheet stands in it.
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// showPreview answers with the page of the whole form, as "waymark form preview"
// writes it.
func showPreview(r *page.Request) error {
	_, v, err := findVersion(r)
	if err != nil {
		return err
	}
	form, err := xform.Parse(v.XForm)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := preview.Write(&b, form, preview.Options{Program: "Waymark"}); err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", previewPolicy)
	h.Set("Content-Length", fmt.Sprint(b.Len()))
	_, _ = r.W.Write(b.Bytes()) // the browser may have gone
	return nil
}

func xformFile(r *page.Request) error {
	f, v, err := findVersion(r)
	if err != nil {
		return err
	}
	return send(r, downloadName(f, v, ".xml"), "application/xml", v.XForm)
}

// sourceFile is the workbook as it was uploaded.
func sourceFile(r *page.Request) error {
	f, v, err := findVersion(r)
	if err != nil {
		return err
	}
	if v.Source == nil {
		return page.NotFound()
	}
	return send(r, downloadName(f, v, strings.ToLower(path.Ext(v.SourceName))), "application/octet-stream", v.Source)
}

// downloadName is made of the form's id and version, which hold nothing that a file
// system minds once slashes and the like are out.
func downloadName(f *collection.Form, v *collection.Version, ext string) string {
	clean := func(s string) string {
		return strings.Map(func(c rune) rune {
			if strings.ContainsRune(`/\:*?"<>|%`, c) || c < ' ' {
				return '-'
			}
			return c
		}, s)
	}
	name := clean(f.FormID)
	if v.Version != "" {
		name += "-" + clean(v.Version)
	}
	return name + clean(ext)
}

func send(r *page.Request, name, mediaType string, content []byte) error {
	_, _ = r.Download(name, mediaType, int64(len(content))).Write(content) // the browser may have gone
	return nil
}

// formFile is one of the files of a version.
func formFile(r *page.Request) error {
	_, v, err := findVersion(r)
	if err != nil {
		return err
	}
	for _, f := range v.Files {
		if f.Name != r.PathValue("file") || f.Address == "" {
			continue
		}
		in, err := r.House.Collection.OpenFile(r.Context(), r.Round.ID, f.Address)
		if err != nil {
			return err
		}
		_, err = io.Copy(r.Download(f.Name, or(f.Type, "application/octet-stream"), f.Size), in)
		if e := in.Close(); err == nil {
			err = e
		}
		return err
	}
	return page.NotFound()
}
