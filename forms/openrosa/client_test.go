package openrosa_test

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

// phone behaves like ODK Collect: what it sends, what it takes for success, when
// it splits. Source: OpenRosaClient, OkHttpConnection,
// OpenRosaServerInstanceUploader and Kxml2OpenRosaResponseParser of Collect.
type phone struct {
	server string // as in its settings
	client *http.Client
	lang   string
	remap  map[string]string
}

// listed is one form of the list.
type listed struct {
	FormID      string `xml:"formID"`
	Name        string `xml:"name"`
	Version     string `xml:"version"`
	Hash        string `xml:"hash"`
	Description string `xml:"descriptionText"`
	DownloadURL string `xml:"downloadUrl"`
	ManifestURL string `xml:"manifestUrl"`
}

// media is one file of a manifest.
type media struct {
	Filename    string `xml:"filename"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
}

// reply is an answer as the phone understands it.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	message string
}

func (r *reply) success() bool {
	return r.status == http.StatusCreated || r.status == http.StatusAccepted
}

func newPhone(server string) *phone {
	return &phone{server: server, client: http.DefaultClient, remap: map[string]string{}}
}

// request sends one request with Collect's headers.
func (p *phone) request(method, address string, contentType string, body io.Reader) (*reply, error) {
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
	if p.lang != "" {
		r.Header.Set("Accept-Language", p.lang)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := p.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out := &reply{status: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	if bytes.Contains(out.body, []byte("OpenRosaResponse")) {
		var m struct {
			XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
			Message string   `xml:"message"`
		}
		if err := xml.Unmarshal(out.body, &m); err != nil {
			return nil, err
		}
		out.message = m.Message
	}
	if out.header.Get("X-OpenRosa-Version") != "1.0" || out.header.Get("Date") == "" || out.header.Get("X-OpenRosa-Accept-Content-Length") == "" {
		return nil, fmt.Errorf("%s %s: a header of OpenRosa is missing: %v", method, out.header.Get("X"), out.header)
	}
	return out, nil
}

// get reads an XML document as Collect does: only with that type.
func (p *phone) get(address string, into any) (*reply, error) {
	r, err := p.request(http.MethodGet, address, "", nil)
	if err != nil || r.status != http.StatusOK {
		return r, err
	}
	if !strings.Contains(strings.ToLower(r.header.Get("Content-Type")), "text/xml") {
		return nil, fmt.Errorf("the type %q is not text/xml", r.header.Get("Content-Type"))
	}
	return r, xml.Unmarshal(r.body, into)
}

// formList reads the list. One entry without id, name or address voids it.
func (p *phone) formList(query string) ([]listed, *reply, error) {
	var doc struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
		XForms  []listed `xml:"xform"`
	}
	r, err := p.get(p.server+"/formList"+query, &doc)
	if err != nil || r.status != http.StatusOK {
		return nil, r, err
	}
	for _, f := range doc.XForms {
		if f.FormID == "" || f.Name == "" || f.DownloadURL == "" {
			return nil, nil, fmt.Errorf("the list is void for %+v", f)
		}
	}
	return doc.XForms, r, nil
}

func (p *phone) manifest(address string) ([]media, error) {
	var doc struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
		Media   []media  `xml:"mediaFile"`
	}
	r, err := p.get(address, &doc)
	if err != nil {
		return nil, err
	}
	if r.status != http.StatusOK {
		return nil, fmt.Errorf("the manifest answered %d", r.status)
	}
	for _, f := range doc.Media {
		if f.Filename == "" || f.DownloadURL == "" || !strings.HasPrefix(f.Hash, "md5:") {
			return nil, fmt.Errorf("the manifest is void for %+v", f)
		}
	}
	return doc.Media, nil
}

// send sends an interview with its files: HEAD first, then one post or several,
// as many as the server's limit asks for.
func (p *phone) send(document []byte, files map[string][]byte) (*reply, error) {
	address := p.server + "/submission"
	limit := int64(10_000_000)
	if to, ok := p.remap[address]; ok {
		address = to
	} else {
		head, err := p.request(http.MethodHead, address, "", nil)
		if err != nil {
			return nil, err
		}
		if n, err := strconv.ParseInt(head.header.Get("X-OpenRosa-Accept-Content-Length"), 10, 64); err == nil {
			limit = n
		}
		switch {
		case head.status == http.StatusNoContent && head.header.Get("Location") != "":
			from, _ := url.Parse(address)
			to, err := url.Parse(head.header.Get("Location"))
			if err != nil || !strings.EqualFold(from.Hostname(), to.Hostname()) {
				return nil, fmt.Errorf("a redirection to another host")
			}
			p.remap[address] = to.String()
			address = to.String()
		case head.status >= 200 && head.status < 300 && head.status != http.StatusNoContent:
			return nil, fmt.Errorf("HEAD answered %d", head.status)
		}
	}
	names := slices.Sorted(maps.Keys(files))
	for at, first := 0, true; at < len(names) || first; first = false {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part(w, "xml_submission_file", "interview.xml", "text/xml", document)
		size, count := int64(len(document)), 0
		for at < len(names) {
			name := names[at]
			part(w, name, name, "application/octet-stream", files[name])
			size += int64(len(files[name]))
			at++
			count++
			if at < len(names) && (count > 100 || size+int64(len(files[names[at]])) > limit) {
				part(w, "*isIncomplete*", "", "", []byte("yes"))
				break
			}
		}
		w.Close()
		r, err := p.request(http.MethodPost, address, w.FormDataContentType(), &b)
		if err != nil || !r.success() || at >= len(names) {
			return r, err
		}
	}
	return nil, nil
}

// part writes a part as OkHttp does.
func part(w *multipart.Writer, name, filename, contentType string, data []byte) {
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
