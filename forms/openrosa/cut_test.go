package openrosa_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
)

// tail is where the closing boundary has come whole.
func tail(body []byte, boundary string) int {
	return bytes.LastIndex(body, []byte("--"+boundary+"--")) + len(boundary) + 4
}

// The line is cut at every place that matters. Before the last byte has come
// nothing can be seen; then the interview is there once. Sent again, it is there
// once in every case, with all its files.
func TestLineIsCut(t *testing.T) {
	w := newWorld(t, nil)
	files := map[string][]byte{"a.jpg": jpeg, "b.m4a": []byte("\r\n--no boundary\r\n\r\n")}
	for i, cut := range phonetest.Edges(phonetest.Body(interview("uuid:0000", "", "a.jpg", "b.m4a"), files, true)) {
		instance := fmt.Sprintf("uuid:%04d", i)
		document := interview(instance, "", "a.jpg", "b.m4a")
		body, boundary := phonetest.Body(document, files, true)
		w.cutAfter(body, boundary, cut)
		whole := cut == len(body)
		if (w.get(instance) != nil) != whole {
			t.Fatalf("cut after %d of %d bytes: stored is %v", cut, len(body), w.get(instance) != nil)
		}
		w.sends(w.phone, http.StatusCreated, document, files)
		s := w.get(instance)
		if s == nil || s.revisions != 1 || len(s.files) != 2 {
			t.Fatalf("cut after %d bytes and sent again: %+v", cut, s)
		}
		for name, f := range s.files {
			if !bytes.Equal(w.contents[f.Address], files[name]) {
				t.Fatalf("cut after %d bytes: %s is not what was sent", cut, name)
			}
		}
	}
}

// cutAfter sends the head of a request and only a part of its body, closes the
// line, and waits until the server is done with it.
func (w *world) cutAfter(body []byte, boundary string, cut int) {
	w.Helper()
	done := make(chan struct{})
	handler := w.handler
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		defer close(done)
		handler.ServeHTTP(rw, r)
	})
	defer func() { w.handler = handler }()
	status, err := phonetest.SendPart(w.server.Listener.Addr().String(), openrosa.KeyPath+w.token+"/submission", body, boundary, cut)
	if err != nil || cut == len(body) && status != http.StatusCreated {
		w.Fatalf("answered %d, %v", status, err)
	}
	<-done
}

// A request that is whole as HTTP sees it, with a body that is not: what a proxy
// may make of a cut line.
func TestBodyEndsEarly(t *testing.T) {
	w := newWorld(t, nil)
	files := map[string][]byte{"a.jpg": jpeg}
	body, boundary := phonetest.Body(interview("uuid:1", "", "a.jpg"), files, false)
	for _, cut := range phonetest.Edges(body, boundary) {
		if cut >= tail(body, boundary) {
			continue
		}
		r, err := w.phone.Request(http.MethodPost, w.phone.Server+"/submission", "multipart/form-data; boundary="+boundary, bytes.NewReader(body[:cut]))
		if err != nil || r.Status != http.StatusBadRequest || r.Message == "" {
			t.Fatalf("cut after %d: %+v, %v", cut, r, err)
		}
		if w.submissions() != 0 {
			t.Fatalf("cut after %d: stored", cut)
		}
	}
}

// Bytes arrive one by one, and in pieces of every size.
func TestSlowLine(t *testing.T) {
	w := newWorld(t, nil)
	for size := 1; size <= 64; size *= 4 {
		instance := fmt.Sprintf("uuid:%d", size)
		body, boundary := phonetest.Body(interview(instance, "", "a.jpg"), map[string][]byte{"a.jpg": jpeg}, false)
		r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", &trickle{b: body, n: size})
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		if s := w.get(instance); rec.Code != http.StatusCreated || s == nil || !bytes.Equal(w.contents[s.files["a.jpg"].Address], jpeg) {
			t.Errorf("in pieces of %d: %d %+v", size, rec.Code, s)
		}
	}
}

type trickle struct {
	b []byte
	n int
}

func (t *trickle) Read(p []byte) (int, error) {
	if len(t.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, t.b[:min(t.n, len(t.b))])
	t.b = t.b[n:]
	return n, nil
}

// Posts of one interview come in any order, several times, and at once.
func TestPostsInAnyOrder(t *testing.T) {
	w := newWorld(t, nil)
	rng := rand.New(rand.NewPCG(1, 2016))
	for round := range 40 {
		instance := fmt.Sprintf("uuid:%d", round)
		var names []string
		for i := range 1 + rng.IntN(6) {
			names = append(names, fmt.Sprintf("f%d.jpg", i))
		}
		document := interview(instance, "", names...)
		// Cut the files into posts, then repeat and shuffle them.
		var posts []map[string][]byte
		for _, name := range names {
			if len(posts) == 0 || rng.IntN(2) == 0 {
				posts = append(posts, map[string][]byte{})
			}
			posts[len(posts)-1][name] = []byte(instance + name)
		}
		for range rng.IntN(4) {
			posts = append(posts, posts[rng.IntN(len(posts))])
		}
		rng.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
		var wg sync.WaitGroup
		for _, files := range posts {
			wg.Go(func() {
				body, boundary := phonetest.Body(document, files, true)
				r, err := w.phone.Request(http.MethodPost, w.phone.Server+"/submission", "multipart/form-data; boundary="+boundary, bytes.NewReader(body))
				if err != nil || !r.Success() {
					t.Errorf("%v %+v", err, r)
				}
			})
			if rng.IntN(2) == 0 {
				wg.Wait()
			}
		}
		wg.Wait()
		s := w.get(instance)
		if s == nil || s.revisions != 1 || !s.complete() || len(s.files) != len(names) {
			t.Fatalf("%+v", s)
		}
		for name, f := range s.files {
			if string(w.contents[f.Address]) != instance+name {
				t.Fatalf("%s holds %q", name, w.contents[f.Address])
			}
		}
	}
	if w.submissions() != 40 {
		t.Errorf("%d submissions", w.submissions())
	}
}

// The document need not come first.
func TestDocumentLast(t *testing.T) {
	w := newWorld(t, nil)
	for i, order := range [][]string{{"a.jpg", "b.m4a", "xml"}, {"a.jpg", "xml", "b.m4a"}, {"xml", "b.m4a", "a.jpg"}} {
		instance := fmt.Sprintf("uuid:%d", i)
		r := w.parts(func(mw *multipart.Writer) {
			for _, name := range order {
				if name == "xml" {
					phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview(instance, "", "a.jpg", "b.m4a"))
					continue
				}
				phonetest.Part(mw, name, name, "", []byte(name))
			}
		})
		s := w.get(instance)
		if r.Code != http.StatusCreated || s == nil {
			t.Fatalf("%v: %d", order, r.Code)
		}
		var got []string
		for name, f := range s.files {
			got = append(got, name+"="+string(w.contents[f.Address]))
		}
		sort.Strings(got)
		if strings.Join(got, " ") != "a.jpg=a.jpg b.m4a=b.m4a" {
			t.Errorf("%v: %v", order, got)
		}
	}
}

// parts posts what write makes.
func (w *world) parts(write func(*multipart.Writer)) *httptest.ResponseRecorder {
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	write(mw)
	mw.Close()
	return w.posts(b.Bytes(), mw.FormDataContentType(), nil)
}

// posts posts a body as it is.
func (w *world) posts(body []byte, contentType string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

// The two names of a part may differ, and a quotation mark comes escaped.
func TestNamesOfParts(t *testing.T) {
	w := newWorld(t, nil)
	w.parts(func(mw *multipart.Writer) {
		phonetest.Part(mw, "xml_submission_file", "x.xml", "text/xml", interview("uuid:1", "", "by field.jpg", `say "a".jpg`, "é.m4a", "صورة.jpg"))
		phonetest.Part(mw, "by field.jpg", "other.jpg", "", []byte("1"))
		phonetest.Part(mw, `say "a".jpg`, `say "a".jpg`, "", []byte("2"))
		phonetest.Part(mw, "é.m4a", "é.m4a", "", []byte("3"))
		phonetest.Part(mw, "صورة.jpg", "", "image/jpeg", []byte("4"))
		phonetest.Part(mw, "not named.txt", "not named.txt", "", []byte("5"))
		phonetest.Part(mw, "a field", "", "", []byte("ignored"))
	})
	s := w.get("uuid:1")
	if s == nil || !s.complete() || len(s.files) != 5 {
		t.Fatalf("%+v", s)
	}
	for name, want := range map[string]string{"by field.jpg": "1", `say "a".jpg`: "2", "é.m4a": "3", "صورة.jpg": "4", "not named.txt": "5"} {
		if got := string(w.contents[s.files[name].Address]); got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
}
