// Package phonetest is a phone with ODK Collect, for tests: what it sends, what it
// takes for success, when it splits, and where a line can be cut. It was written
// from Collect's sources, not from the server's.
//
// It knows no server of ours; it is for tests alone.
package phonetest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Phone behaves like ODK Collect: what it sends, what it takes for success, when
// it splits. Source: OpenRosaClient, OkHttpConnection,
// OpenRosaServerInstanceUploader and Kxml2OpenRosaResponseParser of Collect.
type Phone struct {
	Server string // as in its settings
	Client *http.Client
	Lang   string
	remap  map[string]string
}

// Listed is one form of the list.
type Listed struct {
	FormID      string `xml:"formID"`
	Name        string `xml:"name"`
	Version     string `xml:"version"`
	Hash        string `xml:"hash"`
	Description string `xml:"descriptionText"`
	DownloadURL string `xml:"downloadUrl"`
	ManifestURL string `xml:"manifestUrl"`
}

// Media is one file of a manifest.
type Media struct {
	Filename    string `xml:"filename"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
}

// Reply is an answer as the phone understands it.
type Reply struct {
	Status  int
	Header  http.Header
	Body    []byte
	Message string
}

// Success is what Collect takes for it.
func (r *Reply) Success() bool {
	return r.Status == http.StatusCreated || r.Status == http.StatusAccepted
}

// New is a phone whose settings have this server: "https://.../key/TOKEN".
func New(server string) *Phone {
	return &Phone{Server: server, Client: http.DefaultClient, remap: map[string]string{}}
}

// Request sends one request with Collect's headers.
func (p *Phone) Request(method, address string, contentType string, body io.Reader) (*Reply, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("deviceID", "collect:synthetic")
	u.RawQuery = q.Encode()
	r, err := http.NewRequest(method, u.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("X-OpenRosa-Version", "1.0")
	r.Header.Set("User-Agent", "org.odk.collect.android/v2026.1.0 Dalvik/2.1.0 (synthetic)")
	// Collect writes hours on a clock of twelve.
	r.Header.Set("Date", time.Now().UTC().Format("Mon, 02 Jan 2006 03:04:05 GMT"))
	if p.Lang != "" {
		r.Header.Set("Accept-Language", p.Lang)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := p.Client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out := &Reply{Status: res.StatusCode, Header: res.Header}
	if out.Body, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	if bytes.Contains(out.Body, []byte("OpenRosaResponse")) {
		var m struct {
			XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
			Message string   `xml:"message"`
		}
		if err := xml.Unmarshal(out.Body, &m); err != nil {
			return nil, err
		}
		out.Message = m.Message
	}
	if out.Header.Get("X-OpenRosa-Version") != "1.0" || out.Header.Get("Date") == "" || out.Header.Get("X-OpenRosa-Accept-Content-Length") == "" {
		return nil, fmt.Errorf("%s %s: a header of OpenRosa is missing: %v", method, out.Header.Get("X"), out.Header)
	}
	return out, nil
}

// get reads an XML document as Collect does: only with that type.
func (p *Phone) get(address string, into any) (*Reply, error) {
	r, err := p.Request(http.MethodGet, address, "", nil)
	if err != nil || r.Status != http.StatusOK {
		return r, err
	}
	if !strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "text/xml") {
		return nil, fmt.Errorf("the type %q is not text/xml", r.Header.Get("Content-Type"))
	}
	return r, xml.Unmarshal(r.Body, into)
}

// FormList reads the list. One entry without id, name or address voids it.
func (p *Phone) FormList(query string) ([]Listed, *Reply, error) {
	var doc struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
		XForms  []Listed `xml:"xform"`
	}
	r, err := p.get(p.Server+"/formList"+query, &doc)
	if err != nil || r.Status != http.StatusOK {
		return nil, r, err
	}
	for _, f := range doc.XForms {
		if f.FormID == "" || f.Name == "" || f.DownloadURL == "" {
			return nil, nil, fmt.Errorf("the list is void for %+v", f)
		}
	}
	return doc.XForms, r, nil
}

// Manifest reads a list of files. One entry without name, hash or address voids it.
func (p *Phone) Manifest(address string) ([]Media, error) {
	var doc struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
		Media   []Media  `xml:"mediaFile"`
	}
	r, err := p.get(address, &doc)
	if err != nil {
		return nil, err
	}
	if r.Status != http.StatusOK {
		return nil, fmt.Errorf("the manifest answered %d", r.Status)
	}
	for _, f := range doc.Media {
		if f.Filename == "" || f.DownloadURL == "" || !strings.HasPrefix(f.Hash, "md5:") {
			return nil, fmt.Errorf("the manifest is void for %+v", f)
		}
	}
	return doc.Media, nil
}

// Send sends an interview with its files: HEAD first, then one post or several,
// as many as the server's limit asks for.
func (p *Phone) Send(document []byte, files map[string][]byte) (*Reply, error) {
	address := p.Server + "/submission"
	limit := int64(10_000_000)
	if to, ok := p.remap[address]; ok {
		address = to
	} else {
		head, err := p.Request(http.MethodHead, address, "", nil)
		if err != nil {
			return nil, err
		}
		if n, err := strconv.ParseInt(head.Header.Get("X-OpenRosa-Accept-Content-Length"), 10, 64); err == nil {
			limit = n
		}
		switch {
		case head.Status == http.StatusNoContent && head.Header.Get("Location") != "":
			from, _ := url.Parse(address)
			to, err := url.Parse(head.Header.Get("Location"))
			if err != nil || !strings.EqualFold(from.Hostname(), to.Hostname()) {
				return nil, fmt.Errorf("a redirection to another host")
			}
			p.remap[address] = to.String()
			address = to.String()
		case head.Status >= 200 && head.Status < 300 && head.Status != http.StatusNoContent:
			return nil, fmt.Errorf("HEAD answered %d", head.Status)
		}
	}
	names := slices.Sorted(maps.Keys(files))
	for at, first := 0, true; at < len(names) || first; first = false {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		Part(w, "xml_submission_file", "interview.xml", "text/xml", document)
		size, count := int64(len(document)), 0
		for at < len(names) {
			name := names[at]
			Part(w, name, name, "application/octet-stream", files[name])
			size += int64(len(files[name]))
			at++
			count++
			if at < len(names) && (count > 100 || size+int64(len(files[names[at]])) > limit) {
				Part(w, "*isIncomplete*", "", "", []byte("yes"))
				break
			}
		}
		w.Close()
		r, err := p.Request(http.MethodPost, address, w.FormDataContentType(), &b)
		if err != nil || !r.Success() || at >= len(names) {
			return r, err
		}
	}
	return nil, nil
}

// Part writes a part as OkHttp does.
func Part(w *multipart.Writer, name, filename, contentType string, data []byte) {
	escape := strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace
	h := textproto.MIMEHeader{}
	disposition := `form-data; name="` + escape(name) + `"`
	if filename != "" {
		disposition += `; filename="` + escape(filename) + `"`
	}
	h.Set("Content-Disposition", disposition)
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	pw, err := w.CreatePart(h)
	if err == nil {
		_, err = pw.Write(data)
	}
	if err != nil {
		panic(err)
	}
}
