package openrosa_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/monitoring/collection"
)

// small has limits that a test reaches.
func small(o *openrosa.Options) {
	o.Limits = openrosa.Limits{XML: 2_000, File: 5_000, Post: 20_000, Parts: 6, Names: 4}
}

// refused wants a status, a sentence, and nothing stored.
func (w *world) refused(name string, status int, rec *httptest.ResponseRecorder) {
	w.Helper()
	if rec.Code != status || !strings.Contains(rec.Body.String(), "<message") {
		w.Errorf("%s: answered %d %s, want %d", name, rec.Code, rec.Body, status)
	}
	if w.submissions() != 0 {
		w.Fatalf("%s: stored", name)
	}
}

func TestTooMuch(t *testing.T) {
	w := newWorld(t, small)
	ok := interview("uuid:1", "", "a.jpg")
	w.refused("document", 413, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", append(bytes.Clone(ok), bytes.Repeat([]byte(" "), 2_001-len(ok))...))
	}))
	w.refused("file", 413, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", ok)
		phonetest.Part(mw, "a.jpg", "a.jpg", "", make([]byte, 5_001))
	}))
	w.refused("file before the document", 413, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "a.jpg", "a.jpg", "", make([]byte, 5_001))
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", ok)
	}))
	w.refused("parts", 413, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", ok)
		for i := range 6 {
			phonetest.Part(mw, fmt.Sprint(i), "", "", nil)
		}
	}))
	w.refused("names", 400, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview("uuid:1", "", "1", "2", "3", "4", "5"))
	}))
	// Without a length, the limit is met while reading.
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", ok)
	for i := range 5 {
		phonetest.Part(mw, fmt.Sprint(i), fmt.Sprint(i), "", make([]byte, 5_000))
	}
	mw.Close()
	r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", io.MultiReader(&b))
	r.ContentLength = -1
	r.Header.Set("Content-Type", mw.FormDataContentType())
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	w.refused("chunked", 413, rec)
	// Just within every limit.
	got := w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", append(bytes.Clone(ok), bytes.Repeat([]byte(" "), 2_000-len(ok))...))
		phonetest.Part(mw, "a.jpg", "a.jpg", "", make([]byte, 5_000))
		for i := range 4 {
			phonetest.Part(mw, fmt.Sprint(i), "", "", nil)
		}
	})
	if got.Code != http.StatusCreated {
		t.Errorf("answered %d %s", got.Code, got.Body)
	}
	w.silent()
}

// A length beyond the limit is refused before a byte of the body is read.
func TestTooLongBeforeReading(t *testing.T) {
	w := newWorld(t, small)
	var read atomic.Int64
	r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", counting{&read})
	r.ContentLength = 20_001
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	w.refused("length", 413, rec)
	// And so is every token but a right one.
	r = httptest.NewRequest(http.MethodPost, "/key/x/submission", counting{&read})
	r.ContentLength = 100
	rec = httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	w.refused("token", 403, rec)
	if read.Load() != 0 {
		t.Errorf("%d reads", read.Load())
	}
}

type counting struct{ n *atomic.Int64 }

func (c counting) Read(p []byte) (int, error) {
	c.n.Add(1)
	return 0, io.EOF
}

func TestHostileXML(t *testing.T) {
	w := newWorld(t, nil)
	deep := strings.Repeat("<a>", 2_000)
	for name, document := range map[string]string{
		"empty":            "",
		"no XML":           "uuid:1",
		"doctype":          `<!DOCTYPE data><data id="fms" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>`,
		"external entity":  `<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="fms" version="1"><point>&x;</point><meta><instanceID>uuid:1</instanceID></meta></data>`,
		"parameter entity": `<!DOCTYPE data [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><data id="fms" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>`,
		"billion laughs":   `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><data id="fms" version="1"><point>&c;</point><meta><instanceID>uuid:1</instanceID></meta></data>`,
		"unknown entity":   `<data id="fms" version="1"><point>&nbsp;</point><meta><instanceID>uuid:1</instanceID></meta></data>`,
		"too deep":         `<data id="fms" version="1"><meta><instanceID>uuid:1</instanceID></meta>` + deep + strings.ReplaceAll(deep, "<", "</") + `</data>`,
		"open":             `<data id="fms" version="1"><meta><instanceID>uuid:1</instanceID></meta>`,
		"two roots":        `<data id="fms" version="1"><meta><instanceID>uuid:1</instanceID></meta></data><data/>`,
		"two ids":          `<data id="fms" version="1"><meta><instanceID>uuid:1</instanceID><instanceID>uuid:2</instanceID></meta></data>`,
		"NUL":              "<data id=\"fms\" version=\"1\"><point>\x00</point><meta><instanceID>uuid:1</instanceID></meta></data>",
		"no instanceID":    `<data id="fms" version="1"><meta/></data>`,
		"blank instanceID": `<data id="fms" version="1"><meta><instanceID> </instanceID></meta></data>`,
		"long instanceID":  `<data id="fms" version="1"><meta><instanceID>` + strings.Repeat("x", 251) + `</instanceID></meta></data>`,
		"odd instanceID":   "<data id=\"fms\" version=\"1\"><meta><instanceID>uuid:\u202e1</instanceID></meta></data>",
		"corrects itself":  `<data id="fms" version="1"><meta><instanceID>uuid:1</instanceID><deprecatedID>uuid:1</deprecatedID></meta></data>`,
		"not UTF-8":        "<data id=\"fms\" version=\"1\"><point>\xff\xfe</point><meta><instanceID>uuid:1</instanceID></meta></data>",
		"half a manifest":  `<data xmlns="http://opendatakit.org/submissions" id="fms" version="1" encrypted="yes"><meta><instanceID>uuid:1</instanceID></meta></data>`,
	} {
		w.refused(name, 400, w.parts(func(mw *multipart.Writer) {
			phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", []byte(document))
		}))
	}
	w.silent()
}

func TestHostileNames(t *testing.T) {
	w := newWorld(t, nil)
	for _, name := range []string{
		"../../etc/passwd", "..", ".", "a/b.jpg", `a\b.jpg`, `..\a.jpg`, "/etc/passwd", `C:\a.jpg`, "a\x00.jpg", "a\x1b[2J.jpg", "a\u0085.jpg",
		"gnp.\u202exe", "a\u2028b", strings.Repeat("x", 256), "\xff.jpg", "a\u2066b\u2069",
	} {
		w.refused(fmt.Sprintf("%q", name), 400, w.parts(func(mw *multipart.Writer) {
			phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview("uuid:1", ""))
			phonetest.Part(mw, "a", name, "", []byte("x"))
		}))
	}
	w.refused("no name at all", 400, w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "", "", "text/plain", []byte("x"))
	}))
	// Names in answers that no file can have are not waited for.
	rec := w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview("uuid:1", "", "../../etc/passwd", strings.Repeat("x", 256), "a.jpg"))
		phonetest.Part(mw, "a.jpg", "a.jpg", "", []byte("x"))
		phonetest.Part(mw, strings.Repeat("y", 255), strings.Repeat("y", 255), "", []byte("x"))
	})
	if s := w.get("uuid:1"); rec.Code != http.StatusCreated || len(s.names) != 1 || len(s.files) != 2 {
		t.Errorf("%d %+v", rec.Code, s)
	}
	w.silent()
}

// What the client says of a file's type is not believed.
func TestTypeIsByContent(t *testing.T) {
	w := newWorld(t, nil)
	files := map[string]struct{ said, content, want string }{
		"a.jpg": {"image/jpeg", "<html><script>alert(1)</script></html>", collection.Unknown},
		"b.png": {"image/png", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", collection.Unknown},
		"c.csv": {"text/html", string(jpeg), "image/jpeg"},
		"d.txt": {"", "", "text/plain"},
		"e.jpg": {"../../x; y", "<svg xmlns='http://www.w3.org/2000/svg'/>", collection.Unknown},
	}
	w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "application/x-lies", interview("uuid:1", ""))
		for name, f := range files {
			phonetest.Part(mw, name, name, f.said, []byte(f.content))
		}
	})
	s := w.get("uuid:1")
	if s == nil {
		t.Fatal("not stored")
	}
	for name, f := range files {
		if got := s.files[name].Type; got != f.want {
			t.Errorf("%s is %q, want %q", name, got, f.want)
		}
	}
}

// raw makes a part with headers as given.
func raw(mw *multipart.Writer, data string, headers ...string) {
	h := textproto.MIMEHeader{}
	for i := 0; i < len(headers); i += 2 {
		h[headers[i]] = append(h[headers[i]], headers[i+1])
	}
	pw, err := mw.CreatePart(h)
	if err == nil {
		_, err = io.WriteString(pw, data)
	}
	if err != nil {
		panic(err)
	}
}

func TestSmuggling(t *testing.T) {
	w := newWorld(t, nil)
	const cd = "Content-Disposition"
	document := string(interview("uuid:1", ""))
	xml := func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", []byte(document))
	}
	for name, write := range map[string]func(*multipart.Writer){
		"two documents":    func(mw *multipart.Writer) { xml(mw); xml(mw) },
		"another document": func(mw *multipart.Writer) { xml(mw); raw(mw, document, cd, `form-data; name=xml_submission_file`) },
		"no document":      func(mw *multipart.Writer) { phonetest.Part(mw, "a.jpg", "a.jpg", "", []byte("x")) },
		"two dispositions": func(mw *multipart.Writer) {
			xml(mw)
			raw(mw, "yes", cd, `form-data; name="a.jpg"; filename="a.jpg"`, cd, `form-data; name="*isIncomplete*"`)
		},
		"two names": func(mw *multipart.Writer) {
			xml(mw)
			raw(mw, "yes", cd, `form-data; name="a.jpg"; name="*isIncomplete*"`)
		},
		"no disposition": func(mw *multipart.Writer) { xml(mw); raw(mw, "yes", "Content-Type", "text/plain") },
		"an attachment":  func(mw *multipart.Writer) { xml(mw); raw(mw, "yes", cd, `attachment; filename="a.jpg"`) },
		"base64": func(mw *multipart.Writer) {
			xml(mw)
			raw(mw, "eA==", cd, `form-data; name="a"; filename="a"`, "Content-Transfer-Encoding", "base64")
		},
		"quoted-printable": func(mw *multipart.Writer) {
			raw(mw, document, cd, `form-data; name="xml_submission_file"`, "Content-Transfer-Encoding", "quoted-printable")
		},
		"one name, two files": func(mw *multipart.Writer) {
			xml(mw)
			phonetest.Part(mw, "a", "a", "", []byte("1"))
			phonetest.Part(mw, "a", "a", "", []byte("2"))
		},
		"a path by another encoding": func(mw *multipart.Writer) { xml(mw); raw(mw, "x", cd, `form-data; name="a"; filename*=UTF-8''..%2Fa`) },
	} {
		w.refused(name, 400, w.parts(write))
	}
	w.refused("compressed part", 415, w.parts(func(mw *multipart.Writer) {
		xml(mw)
		raw(mw, "x", cd, `form-data; name="a"; filename="a"`, "Content-Encoding", "gzip")
	}))
	w.refused("a long field", 413, w.parts(func(mw *multipart.Writer) {
		xml(mw)
		phonetest.Part(mw, "*isIncomplete*", "", "", make([]byte, 70_000))
	}))
	// As a file, *isIncomplete* is a file; as a header, in a query or with another
	// case it is nothing. The same file twice is one.
	rec := w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview("uuid:1", "", "a"))
		phonetest.Part(mw, "*isIncomplete*", "*isIncomplete*", "", []byte("yes"))
		phonetest.Part(mw, "*ISINCOMPLETE*", "", "", []byte("yes"))
		phonetest.Part(mw, "a", "a", "", []byte("1"))
		phonetest.Part(mw, "a", "a", "", []byte("1"))
	})
	if s := w.get("uuid:1"); rec.Code != http.StatusCreated || len(s.files) != 2 {
		t.Errorf("%d %+v", rec.Code, s)
	}
}

// Compressed bodies are refused before they are read, and so is what is no
// multipart form.
func TestOtherBodies(t *testing.T) {
	w := newWorld(t, nil)
	body, boundary := phonetest.Body(interview("uuid:1", ""), nil, false)
	form := "multipart/form-data; boundary=" + boundary
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(body)
	z.Close()
	for _, encoding := range []string{"gzip", "deflate", "br", "GZIP", "gzip, identity"} {
		w.refused(encoding, 415, w.posts(bomb.Bytes(), form, map[string]string{"Content-Encoding": encoding}))
	}
	for _, contentType := range []string{"", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed; boundary=" + boundary, `multipart/form-data; boundary=""`, "multipart/form-data; boundary=" + strings.Repeat("x", 71), "multipart/form-data; boundary=a; boundary=" + boundary} {
		w.refused(contentType, 415, w.posts(body, contentType, nil))
	}
	w.refused("another boundary", 400, w.posts(body, "multipart/form-data; boundary=x", nil))
	w.refused("nothing", 400, w.posts(nil, form, nil))
	if rec := w.posts(body, form, map[string]string{"Content-Encoding": "identity"}); rec.Code != http.StatusCreated {
		t.Errorf("answered %d", rec.Code)
	}
}

// A phone that stops sending is given up, and its place is free again.
func TestPatienceEnds(t *testing.T) {
	w := newWorld(t, func(o *openrosa.Options) {
		o.Limits.Patience = 50 * time.Millisecond
		o.Limits.Posts = 1
	})
	body, boundary := phonetest.Body(interview("uuid:1", ""), nil, false)
	w.stalls(body[:20], boundary, len(body))
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", ""), nil)
}

// One that sends a byte now and then is given up too: it never falls silent, and
// never comes to an end.
func TestPaceIsKept(t *testing.T) {
	w := newWorld(t, func(o *openrosa.Options) {
		o.Limits.Patience = 50 * time.Millisecond
		o.Limits.Pace = 1_000_000
	})
	conn := w.dial("x", 1_000_000)
	defer conn.Close()
	done := make(chan struct{})
	go func() { // writes until the server closes the line
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := conn.Write([]byte("-")); err != nil {
				return
			}
		}
	}()
	answer, _ := io.ReadAll(conn)
	if !bytes.Contains(answer, []byte(" 400 ")) {
		t.Errorf("answered %q", answer)
	}
	conn.Close()
	<-done
	if w.submissions() != 0 {
		t.Error("stored")
	}
}

// dial opens a connection and sends the head of a post.
func (w *world) dial(boundary string, length int) net.Conn {
	w.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /key/%s/submission HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n", w.token, boundary, length)
	return conn
}

// stalls sends a part of a body, then nothing, and waits for the answer.
func (w *world) stalls(sent []byte, boundary string, length int) {
	w.Helper()
	conn := w.dial(boundary, length)
	defer conn.Close()
	if _, err := conn.Write(sent); err != nil {
		w.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	if !bytes.Contains(answer, []byte(" 400 ")) {
		w.Errorf("answered %q", answer)
	}
}

// More posts at once than there are places are asked to come back.
func TestBusy(t *testing.T) {
	w := newWorld(t, func(o *openrosa.Options) { o.Limits.Posts = 1 })
	body, boundary := phonetest.Body(interview("uuid:1", ""), nil, false)
	pr, pw := io.Pipe()
	r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", pr)
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	first := httptest.NewRecorder()
	done := make(chan struct{})
	go func() { defer close(done); w.handler.ServeHTTP(first, r) }()
	if _, err := pw.Write(body[:10]); err != nil { // the first has its place when this returns
		t.Fatal(err)
	}
	second := w.posts(body, "multipart/form-data; boundary="+boundary, nil)
	w.refused("second", 503, second)
	if second.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if _, err := pw.Write(body[10:]); err != nil {
		t.Fatal(err)
	}
	pw.Close()
	<-done
	if first.Code != http.StatusCreated {
		t.Errorf("answered %d", first.Code)
	}
}

// A phone that is refused after its document still sees why, though it goes on
// sending its pictures.
func TestRefusalIsSeen(t *testing.T) {
	w := newWorld(t, nil)
	r, err := w.phone.Send(bytes.Replace(interview("uuid:1", ""), []byte(`version="1"`), []byte(`version="7"`), 1), map[string][]byte{"a.jpg": make([]byte, 8_000_000)})
	if err != nil || r.Status != http.StatusNotFound || r.Message == "" {
		t.Errorf("%+v, %v", r, err)
	}
	if len(w.contents) != 0 {
		t.Error("the picture was stored")
	}
}

// A phone that stops taking what it asked for is given up.
func TestTakingEnds(t *testing.T) {
	w := newWorld(t, func(o *openrosa.Options) { o.Limits.Patience = 50 * time.Millisecond })
	w.content(w.version, "film.mp4", "video/mp4", make([]byte, 40_000_000)) // more than the buffers between
	done := make(chan any, 1)
	handler := w.handler
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		defer func() { done <- recover() }()
		handler.ServeHTTP(rw, r)
	})
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /key/%s/forms/%s/files/film.mp4 HTTP/1.1\r\nHost: x\r\n\r\n", w.token, w.form.ID)
	if got := <-done; got != http.ErrAbortHandler { // and nothing is read from conn
		t.Errorf("ended with %v", got)
	}
}

// Requests are counted by route and status, without their paths.
func TestObserve(t *testing.T) {
	var seen []string
	w := newWorld(t, func(o *openrosa.Options) {
		o.Observe = func(route string, status int, _ time.Duration) { seen = append(seen, fmt.Sprint(route, " ", status)) }
	})
	w.list(w.phone, "")
	w.sends(w.phone, http.StatusCreated, interview("uuid:1", ""), nil)
	w.sends(phonetest.New(w.server.URL+"/key/x"), http.StatusForbidden, interview("uuid:1", ""), nil)
	if got := strings.Join(seen, ", "); got != "formList 200, submission 204, submission 201, submission 403, submission 403" {
		t.Error(got)
	}
}
