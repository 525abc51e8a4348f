package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"waymark/trust/account"
)

// visitor is somebody with a browser of their own, over real HTTP, without scripts.
type visitor struct {
	t     testing.TB
	watch *watch
	base  string
	name  string
	http  *http.Client
	lost  bool // the line may be cut: a reply without a code is no fault
}

// reply is what came.
type reply struct {
	*http.Response
	path, body string
}

// watch sees everything that goes over the line: where words must never stand, and
// which routes were used.
type watch struct {
	t       testing.TB
	mux     *http.ServeMux
	mu      sync.Mutex
	outside []string        // addresses and headers
	used    map[string]bool // patterns that answered a change, or showed a page
	read    strings.Builder // all pages
	pages   []reply
}

func newWatch(t testing.TB, r *running) *watch {
	w := &watch{t: t, mux: http.NewServeMux(), used: map[string]bool{}}
	for _, route := range r.routes {
		w.mux.Handle(route.Pattern, http.NotFoundHandler())
	}
	return w
}

func (w *watch) saw(r *http.Request, a *reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outside = append(w.outside, r.Method+" "+r.URL.String())
	for name, values := range a.Header {
		for _, v := range values {
			w.outside = append(w.outside, name+": "+v)
		}
	}
	if _, pattern := w.mux.Handler(r); a.StatusCode < 400 && !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
		w.used[pattern] = true
	}
	w.read.WriteString(a.body)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		w.pages = append(w.pages, *a)
	}
}

// visit is a new browser.
func (r *running) visit(w *watch, name string) *visitor {
	r.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &visitor{t: r.t, watch: w, base: r.server.Base, name: name, http: browserOf(jar)}
}

// browserOf keeps cookies and follows nothing by itself.
func browserOf(jar http.CookieJar) *http.Client {
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// enter goes from a one-time link to a session with a second factor.
func (r *running) enter(w *watch, link *account.Shown, name, email string) *visitor {
	r.t.Helper()
	v := r.visit(w, name)
	v.get("/link/"+link.Token).want(v, 200, 303)
	join := v.get("/join")
	join.want(v, 200)
	v.submit(join, "/join", fields{"name": {name}, "email": {email}, "password": {testPassword}, "again": {testPassword}}).want(v, 303, 200)
	factor := v.get("/join/factor")
	factor.want(v, 200)
	for n := range factor.nodes("code") {
		r.secrets[email] = said(n)
	}
	v.submit(factor, "/join/factor", fields{"code": {r.code(email)}}).want(v, 303, 200)
	return v
}

func (v *visitor) do(r *http.Request) *reply {
	v.t.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	res, err := v.http.Do(r)
	var body []byte
	if err == nil {
		defer res.Body.Close()
		body, err = io.ReadAll(res.Body)
	}
	if err != nil && v.lost {
		return &reply{Response: &http.Response{Request: r, Header: http.Header{}}, path: r.URL.Path}
	}
	if err != nil {
		v.t.Fatal(err)
	}
	a := &reply{Response: res, path: r.URL.Path, body: string(body)}
	if v.watch != nil {
		v.watch.saw(r, a)
	}
	return a
}

func (v *visitor) get(path string) *reply {
	v.t.Helper()
	r, err := http.NewRequest("GET", v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v *visitor) post(path string, f fields) *reply {
	v.t.Helper()
	r, err := http.NewRequest("POST", v.base+path, strings.NewReader(url.Values(f).Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// send posts a form with a file.
func (v *visitor) send(path string, f fields, field, name string, content []byte) *reply {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range f {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		v.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", v.base+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// want ends the test unless one of the codes came.
func (a *reply) want(v *visitor, codes ...int) *reply {
	v.t.Helper()
	if !slices.Contains(codes, a.StatusCode) {
		told := a.body
		if doc, err := html.Parse(strings.NewReader(a.body)); err == nil {
			told = said(find(doc, "main"))
		}
		v.t.Fatalf("%s: %s %s answered %d to %q: %.1500s", v.name, a.Request.Method, a.path, a.StatusCode, a.Header.Get("Location"), told)
	}
	return a
}

// to is the local path of a redirect.
func (a *reply) to() string {
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return u.Path
}

// fields are those of a form, by name.
type fields map[string][]string

// planter makes what is typed into a field that takes words; of is where that is.
type planter func(of, kind string) string

// submit fills in the form of a page that goes to an address, and sends it.
func (v *visitor) submit(a *reply, action string, set fields) *reply {
	v.t.Helper()
	return v.fill(a, action, set, func(string, string) string { return "" }, nil)
}

// fill fills in the form: set says what stands in a field; plant writes into all
// others that take words; what must be chosen is chosen. file is the content of an
// upload.
func (v *visitor) fill(a *reply, action string, set fields, plant planter, file func(of string) (name string, content []byte)) *reply {
	v.t.Helper()
	form := a.form(action, set)
	if form == nil {
		v.t.Fatalf("%s: there is no form to %s at %s: %.2000s", v.name, action, a.path, a.body)
	}
	probe, err := http.NewRequest("POST", v.base+action, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	pattern := action
	if v.watch != nil {
		_, pattern = v.watch.mux.Handler(probe)
	}
	f := fields{}
	upload := ""
	for n := range inputs(form) {
		name, kind := attr(n, "name"), attr(n, "type")
		if name == "" || n.Data == "button" {
			continue
		}
		of := pattern + " " + name
		values, isSet := set[name]
		switch {
		case kind == "file":
			upload = name
		case isSet:
			f[name] = values
		case n.Data == "select":
			f[name] = []string{selected(n)}
		case kind == "hidden":
			f[name] = append(f[name], attr(n, "value"))
		case kind == "radio":
			if _, ok := attribute(n, "checked"); ok || f[name] == nil {
				f[name] = []string{attr(n, "value")}
			}
		case kind == "checkbox":
			_, ok := attribute(n, "checked")
			if group := attr(n, "value") != "yes"; ok || group && f[name] == nil {
				f[name] = append(f[name], attr(n, "value"))
			}
		case strings.HasSuffix(name, "-day"), strings.HasSuffix(name, "-month"), strings.HasSuffix(name, "-year"):
			f[name] = []string{attr(n, "value")}
			if attr(n, "value") == "" {
				f[name] = []string{map[string]string{"y": "2026", "m": "6", "d": "1"}[name[strings.LastIndexByte(name, '-')+1:][:1]]}
			}
		case kind == "date":
			f[name] = []string{"2026-06-01"}
		case attr(n, "inputmode") == "numeric":
			if f[name] = []string{attr(n, "value")}; attr(n, "value") == "" {
				f[name] = []string{"2"}
			}
		default:
			if n.Data == "textarea" {
				kind = "textarea"
			}
			f[name] = []string{plant(of, kind)}
		}
	}
	if upload != "" && file != nil {
		name, content := file(pattern + " " + upload)
		return v.send(action, f, upload, name, content)
	}
	return v.post(action, f)
}

// form finds the form of a page that is sent to an address and has the fields that
// are set hidden as wanted.
func (a *reply) form(action string, set fields) *html.Node {
	for n := range a.nodes("form") {
		to := attr(n, "action")
		if to == "" {
			to = a.path
		}
		if path, _, _ := strings.Cut(to, "?"); path != action || !strings.EqualFold(attr(n, "method"), "post") {
			continue
		}
		fits := true
		for in := range inputs(n) {
			if want, ok := set[attr(in, "name")]; ok && attr(in, "type") == "hidden" && !slices.Contains(want, attr(in, "value")) {
				fits = false
			}
		}
		if do, ok := set["do"]; ok && !strings.Contains(render(n), strconv.Quote(do[0])) {
			fits = false
		}
		if fits {
			return n
		}
	}
	return nil
}

func render(n *html.Node) string {
	var b bytes.Buffer
	_ = html.Render(&b, n) // into memory
	return b.String()
}

// nodes are the elements of a page with a name, in order.
func (a *reply) nodes(name string) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		doc, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			return
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && (n.Data == name || name == "*") && !yield(n) {
				return
			}
		}
	}
}

func inputs(form *html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for n := range form.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "input" || n.Data == "textarea" || n.Data == "select") && !yield(n) {
				return
			}
		}
	}
}

func find(n *html.Node, name string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			return d
		}
	}
	return n
}

// selected is the option that is chosen, or the first that says something.
func selected(n *html.Node) string {
	first, chosen := "", ""
	for o := range n.Descendants() {
		if o.Data != "option" {
			continue
		}
		value := attr(o, "value")
		if _, ok := attribute(o, "selected"); ok {
			chosen = value
		}
		if first == "" {
			first = value
		}
	}
	if chosen != "" {
		return chosen
	}
	return first
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	v, _ := attribute(n, name)
	return v
}

// said is what is read, with single spaces.
func said(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			fmt.Fprintf(&b, "%s ", d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// discard is a log that nobody reads.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// folder names the files below a folder.
func folder(t testing.TB, dir string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was removed meanwhile
		}
		if err == nil && !e.IsDir() {
			all[path] = true
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}
