package page

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"

	"waymark/trust/access"
)

// View is what a page's template gets: "." and, inside range and with, "$".
type View struct {
	*Request
	Status int
	// Data is what the handler gave.
	Data any
	// Notice is a message from before a redirect.
	Notice string
	// Links are the navigations of the site, of the programme and of the round.
	SiteLinks, ProgrammeLinks, RoundLinks []Link
}

// May says what the person may also do: {{if $.May "form.change"}}.
func (v *View) May(action string) bool { return v.Request.May(access.Action(action)) }

// Dir is the direction of the page's text.
func (v *View) Dir() string {
	if v.Words().RTL {
		return "rtl"
	}
	return "ltr"
}

// Here is where a language switch comes back to.
func (v *View) Here() string {
	if v.Method == http.MethodGet && LocalPath(v.URL.RequestURI()) {
		return v.URL.RequestURI()
	}
	return v.site.pageOf(v.Request)
}

// Words are the texts in the page's language.
func (r *Request) Words() *Words { return r.site.words[r.Lang]() }

// Text returns a text in the page's language; see Words.Text.
func (r *Request) Text(key string, args ...any) string { return r.Words().Text(key, args...) }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with the page of a template, "area/name". Nothing is sent if the
// template fails.
func (r *Request) Render(status int, name string, data any) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() < 1<<20 {
			b.Reset()
			buffers.Put(b)
		}
	}()
	b.Reset()
	t, err := r.site.templates.page(r.Lang, name)
	if err != nil {
		return err
	}
	v := &View{Request: r, Status: status, Data: data, Notice: r.takeFlash()}
	v.SiteLinks, v.ProgrammeLinks, v.RoundLinks = r.navigation()
	if err := t.ExecuteTemplate(b, "layout", v); err != nil {
		return fmt.Errorf("template %s: %w", name, err)
	}
	h := r.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", r.Lang)
	h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie, Sec-Fetch-Site")
	return r.write(status, b.Bytes())
}

// write sends a body, compressed where that tells nobody anything.
func (r *Request) write(status int, body []byte) error {
	h := r.W.Header()
	if len(body) > 1000 && r.mayCompress() {
		var encoding string
		if body, encoding = compress(r.Header.Get("Accept-Encoding"), body); encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	r.W.WriteHeader(status)
	_, _ = r.W.Write(body) // the browser may have gone
	return nil
}

// Download says that the answer is a file to keep, not a page, and returns where to
// write it. size is -1 if it is not known.
func (r *Request) Download(name, mediaType string, size int64) io.Writer {
	h := r.W.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if size >= 0 {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	return r.W
}
