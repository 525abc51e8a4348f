package openrosa

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// asked finds the form and version of a request, as the list and the manifest
// name them: the form open, the version published, or the draft that is tested.
// Without a version it is the current one.
func (d *door) asked(r *http.Request, c *caller) (*collection.Form, *collection.Version, *refusal) {
	f, id, no := d.askedID(r, c)
	if no != nil {
		return nil, nil, no
	}
	versions, err := d.listed(r, c, f, true)
	if err != nil {
		return nil, nil, d.failed(err)
	}
	i := slices.IndexFunc(versions, func(v *collection.Version) bool { return v.ID == id })
	if i < 0 {
		return nil, nil, refuse(http.StatusNotFound, sayNoForm)
	}
	return f, versions[i], nil
}

func (d *door) askedID(r *http.Request, c *caller) (*collection.Form, ids.ID, *refusal) {
	unknown := refuse(http.StatusNotFound, sayNoForm)
	id, err := ids.Parse(r.PathValue("form"))
	if err != nil {
		return nil, 0, unknown
	}
	f := c.draft
	if f == nil {
		if f, err = d.Store.Form(r.Context(), id); notFound(err) {
			return nil, 0, unknown
		} else if err != nil {
			return nil, 0, d.failed(err)
		}
		if f.Round != c.round.ID || !fetchable(f) || c.round.State == collection.Closed {
			return nil, 0, unknown
		}
	} else if f.ID != id || f.Draft == 0 {
		return nil, 0, unknown
	}
	version := f.Current
	if c.draft != nil {
		version = f.Draft
	}
	if s := r.URL.Query().Get("version"); s != "" {
		if version, err = ids.Parse(s); err != nil || c.draft != nil && version != f.Draft {
			return nil, 0, unknown
		}
	}
	return f, version, nil
}

// form answers an XForm, byte for byte as its hash was made.
func (d *door) form(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
	f, id, no := d.askedID(r, c)
	if no != nil {
		return no
	}
	var v *readVersion
	var err error
	if c.draft != nil {
		var draft *collection.Version
		if draft, err = d.draftVersion(r.Context(), f); draft != nil {
			v = &readVersion{id: draft.ID, of: draft.Form, hash: draft.Hash, source: draft.XForm}
		}
	} else {
		v, err = d.published(r.Context(), f, id)
	}
	switch {
	case err != nil:
		return d.failed(err)
	case v == nil:
		return refuse(http.StatusNotFound, sayNoForm)
	}
	w.Header()["Content-Type"] = xmlType
	body, packed := v.source, false
	if len(body) >= worthPacking && takesGzip(r) {
		body, packed = v.gzip(), true
	}
	if fresh(w, r, v.hash, packed) {
		return nil
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_ = d.deliver(w, bytes.NewReader(body), false)
	}
	return nil
}

// file answers a file of a form: a picture, a list of choices.
func (d *door) file(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
	_, v, no := d.asked(r, c)
	if no != nil {
		return no
	}
	files := present(v)
	i := slices.IndexFunc(files, func(f collection.FormFile) bool { return f.Name == r.PathValue("name") })
	if i < 0 {
		return refuse(http.StatusNotFound, sayNoForm)
	}
	file := files[i]
	h := w.Header()
	h.Set("Content-Type", file.Type)
	if file.Type == "" {
		h.Set("Content-Type", "application/octet-stream")
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	packed := file.Size >= worthPacking && packs(file.Type) && takesGzip(r)
	if fresh(w, r, file.Hash, packed) {
		return nil
	}
	if !packed {
		h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	content, err := d.Store.OpenFile(r.Context(), c.round.ID, file.Address)
	if err != nil {
		for _, name := range []string{"Content-Length", "Content-Encoding", "Content-Disposition", "ETag"} {
			h.Del(name)
		}
		return d.failed(err)
	}
	defer content.Close()
	w.WriteHeader(http.StatusOK)
	if err = d.deliver(w, content, packed); err != nil {
		// The answer had begun; the phone must see that it is not whole.
		if r.Context().Err() == nil {
			d.Log.Error("a form's file could not be sent", "version", v.ID, "err", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

// document sends a list or a manifest.
func (d *door) document(w http.ResponseWriter, r *http.Request, body []byte) {
	h := w.Header()
	h["Content-Type"] = xmlType
	packed := len(body) >= worthPacking && takesGzip(r)
	h.Set("Vary", "Accept-Encoding")
	if packed {
		h.Set("Content-Encoding", "gzip")
	} else {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	_ = d.deliver(w, bytes.NewReader(body), packed)
}

// worthPacking is the size from which compressing saves a packet or more, in bytes.
const worthPacking = 1_200

// fresh sets what belongs to a content that has a hash, and answers 304 if the
// phone has it already.
func fresh(w http.ResponseWriter, r *http.Request, hash string, packed bool) bool {
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	tag := `"` + hash + `"`
	if packed {
		h.Set("Content-Encoding", "gzip")
		tag = `"` + hash + `-gzip"`
	}
	h.Set("ETag", tag)
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(have), "W/") == tag {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// packs tells whether a type of file becomes smaller.
func packs(mediaType string) bool {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "xml")
}

// takesGzip tells whether the client asked for gzip. Source: RFC 9110, §12.5.3.
func takesGzip(r *http.Request) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}
