package openrosa_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/forms/openrosa/phonetest"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// content puts a file into a version's list, with content unless it is nil.
func (w *world) content(v *collection.Version, name, mediaType string, data []byte) {
	w.Helper()
	f := collection.FormFile{Name: name, Type: mediaType}
	if data != nil {
		var err error
		if f.Address, f.Size, f.Hash, err = w.PutFile(context.Background(), w.round.ID, strings.NewReader(string(data)), 1<<30); err != nil {
			w.Fatal(err)
		}
	}
	v.Files = append(v.Files, f)
}

func md5Of(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func (w *world) list(p *phonetest.Phone, query string) []phonetest.Listed {
	w.Helper()
	forms, r, err := p.FormList(query)
	if err != nil {
		w.Fatal(err)
	}
	if r.Status != http.StatusOK {
		w.Fatalf("answered %d", r.Status)
	}
	return forms
}

func TestFormList(t *testing.T) {
	w := newWorld(t, nil)
	w.add("closing", "Closing", collection.FormClosing)
	w.add("shut", "Shut", collection.FormClosed)
	w.add("unborn", "Unborn", collection.FormDraft)
	w.add("nameless", "", collection.FormOpen)
	w.add("", "Without an id", collection.FormOpen)
	w.forms[99] = &collection.Form{ID: 99, Round: w.round.ID, FormID: "never published", State: collection.FormOpen}
	w.forms[98] = &collection.Form{ID: 98, Round: w.round.ID + 1, FormID: "of another round", State: collection.FormOpen, Current: w.version.ID}
	odd, _ := w.add("a <b> & c/d", "Odd & <\x01title>", collection.FormOpen)
	forms := w.list(w.phone, "")
	if len(forms) != 3 {
		t.Fatalf("%+v", forms)
	}
	f := forms[0]
	if f.FormID != "fms" || f.Name != "Synthetic & small" || f.Version != "1" || f.Hash != "md5:"+w.version.Hash || f.ManifestURL != "" || f.Description != "" {
		t.Errorf("%+v", f)
	}
	if forms[1].Name != "nameless" || forms[2].FormID != odd.FormID || forms[2].Name != "Odd & <\uFFFDtitle>" {
		t.Errorf("%+v", forms)
	}
	if got := w.list(w.phone, "?formID="+url.QueryEscape(odd.FormID)+"&verbose=true"); len(got) != 1 || got[0].FormID != odd.FormID || got[0].Description == "" {
		t.Errorf("%+v", got)
	}
	second := w.publish(w.form, "2")
	if got := w.list(w.phone, "?formID=fms"); len(got) != 1 || got[0].Version != "2" {
		t.Errorf("%+v", got)
	}
	if got := w.list(w.phone, "?formID=fms&listAllVersions=true"); len(got) != 2 || got[0].Version != "1" || got[1].Hash != "md5:"+second.Hash {
		t.Errorf("%+v", got)
	}
	// A draft is in no list but its tester's.
	p := w.draft(w.form, "3")
	if got := w.list(w.phone, "?formID=fms&listAllVersions=true"); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	if got := w.list(p, ""); len(got) != 1 || got[0].Version != "3" {
		t.Errorf("%+v", got)
	}
	w.form.Draft = 0
	if got := w.list(p, ""); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	w.round.State = collection.Preparing
	if got := w.list(w.phone, ""); len(got) != 3 {
		t.Errorf("phones cannot be made ready before the round: %+v", got)
	}
	w.round.State = collection.Closed
	if got := w.list(w.phone, ""); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// A list that is cut short would have phones delete forms: it is whole, or an error.
func TestFormListIsWholeOrFails(t *testing.T) {
	w := newWorld(t, nil)
	w.down = fault.New(fault.Unavailable, fault.Place{}, "away", "")
	if _, r, err := w.phone.FormList(""); err != nil || r.Status != http.StatusServiceUnavailable || r.Message == "" {
		t.Errorf("%+v %v", r, err)
	}
}

func TestManifestAndDownloads(t *testing.T) {
	w := newWorld(t, nil)
	csv := []byte("name,label\n" + strings.Repeat("p,Synthetic place\n", 500))
	w.content(w.version, "places.csv", "text/csv", csv)
	w.content(w.version, "später & <1>.png", "image/png", []byte("\x89PNG\r\n\x1a\nsynthetic"))
	w.content(w.version, "missing.csv", "", nil)
	f := w.list(w.phone, "")[0]
	files, err := w.phone.Manifest(f.ManifestURL)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[0].Filename != "places.csv" || files[0].Hash != "md5:"+md5Of(csv) || files[1].Filename != "später & <1>.png" {
		t.Fatalf("%+v", files)
	}
	for address, want := range map[string][]byte{f.DownloadURL: w.version.XForm, files[0].DownloadURL: csv, files[1].DownloadURL: []byte("\x89PNG\r\n\x1a\nsynthetic")} {
		r, err := w.phone.Request(http.MethodGet, address, "", nil) // Go's client asks for gzip, as OkHttp does
		if err != nil || r.Status != http.StatusOK || string(r.Body) != string(want) {
			t.Errorf("%v, %+v", err, r)
		}
		if r.Header.Get("Cache-Control") != "no-store, private" || r.Header.Get("ETag") == "" || r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", r.Header)
		}
	}
	if md5Of(w.version.XForm) != strings.TrimPrefix(f.Hash, "md5:") {
		t.Error("the hash is not of what is downloaded")
	}
	if got := w.head(f.DownloadURL, nil); got.Header.Get("Content-Length") == "0" || got.StatusCode != 200 {
		t.Errorf("%+v", got)
	}
}

// head asks with headers, and no gzip unless they say so.
func (w *world) head(address string, header map[string]string) *http.Response {
	w.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		w.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		w.Fatal(err)
	}
	return res
}

func TestConditionalAndCompressed(t *testing.T) {
	w := newWorld(t, nil)
	w.version.XForm = append(w.version.XForm, "<!--"+strings.Repeat(" synthetic ", 200)+"-->"...)
	w.version.Hash = md5Of(w.version.XForm)
	w.content(w.version, "places.csv", "text/csv", []byte(strings.Repeat("p,Synthetic place\n", 500)))
	f := w.list(w.phone, "")[0]
	files, err := w.phone.Manifest(f.ManifestURL)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{f.DownloadURL, files[0].DownloadURL} {
		plain := w.head(address, nil)
		packed := w.head(address, map[string]string{"Accept-Encoding": "br, gzip;q=0.5"})
		if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("ETag") == plain.Header.Get("ETag") {
			t.Errorf("%v\n%v", plain.Header, packed.Header)
		}
		if got := w.head(address, map[string]string{"Accept-Encoding": "gzip;q=0"}); got.Header.Get("Content-Encoding") != "" {
			t.Errorf("%v", got.Header)
		}
		for _, again := range []*http.Response{plain, packed} {
			got := w.head(address, map[string]string{"If-None-Match": `"x", W/` + again.Header.Get("ETag"), "Accept-Encoding": again.Header.Get("Content-Encoding")})
			if got.StatusCode != http.StatusNotModified {
				t.Errorf("answered %d", got.StatusCode)
			}
		}
	}
}

func TestDownloadsElsewhere(t *testing.T) {
	w := newWorld(t, nil)
	w.content(w.version, "places.csv", "text/csv", []byte("a"))
	base := w.phone.Server + "/forms/"
	id := w.form.ID.String()
	foreign := &collection.Form{ID: 77, Round: w.round.ID + 1, FormID: "theirs", State: collection.FormOpen}
	theirs := w.publish(foreign, "1")
	w.forms[foreign.ID] = foreign
	p := w.draft(w.form, "2")
	draft := w.form.Draft.String()
	for address, status := range map[string]int{
		base + id + "/form.xml":                                                  200,
		base + id + "/manifest":                                                  200,
		base + id + "/files/places.csv":                                          200,
		base + id + "/files/other.csv":                                           404,
		base + id + "/files/..%2fplaces.csv":                                     404,
		base + id + "/form.xml?version=" + theirs.ID.String():                    404,
		base + id + "/form.xml?version=" + draft:                                 404,
		base + id + "/manifest?version=" + draft:                                 404,
		base + id + "/form.xml?version=x":                                        404,
		base + id + "/form.xml?version=" + ids.New().String():                    404,
		base + foreign.ID.String() + "/form.xml":                                 404,
		base + ids.New().String() + "/form.xml":                                  404,
		base + "x/form.xml":                                                      404,
		base + id + "/other":                                                     404,
		w.phone.Server + "/":                                                     404,
		w.server.URL + "/key/":                                                   404,
		p.Server + "/forms/" + id + "/form.xml":                                  200,
		p.Server + "/forms/" + id + "/form.xml?version=" + draft:                 200,
		p.Server + "/forms/" + id + "/form.xml?version=" + w.version.ID.String(): 404,
		p.Server + "/forms/" + foreign.ID.String() + "/form.xml":                 404,
	} {
		r, err := w.phone.Request(http.MethodGet, address, "", nil)
		if err != nil || r.Status != status {
			t.Errorf("%s answered %d, %v", strings.ReplaceAll(address, w.token, "-"), r.Status, err)
		}
	}
	w.form.State = collection.FormClosing
	for _, name := range []string{"form.xml", "manifest", "files/places.csv"} {
		if r, err := w.phone.Request(http.MethodGet, base+id+"/"+name, "", nil); err != nil || r.Status != 404 {
			t.Errorf("%s of a closing form answered %+v, %v", name, r, err)
		}
	}
}

// A file that cannot be opened is an error, and one that breaks off breaks the
// connection: the phone must not take a part for the whole.
func TestFileBreaksOff(t *testing.T) {
	w := newWorld(t, nil)
	w.content(w.version, "places.csv", "text/csv", []byte("abc"))
	address := w.phone.Server + "/forms/" + w.form.ID.String() + "/files/places.csv"
	w.version.Files[0].Size = 10
	if _, err := w.phone.Request(http.MethodGet, address, "", nil); err == nil {
		t.Error("a short file was taken for whole")
	}
	w.version.Files[0].Address = "gone"
	if r, err := w.phone.Request(http.MethodGet, address, "", nil); err != nil || r.Status != http.StatusInternalServerError || r.Message == "" {
		t.Errorf("%+v, %v", r, err)
	}
}
