package main

import (
	"archive/tar"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"waymark/internal/ids"
	"waymark/trust/audit"
)

// canaryStem is in every canary, and nowhere else.
const canaryStem = "kestrelquartz"

// canaries are words that stand for what was said about people, each of its own.
type canaries struct {
	mu sync.Mutex
	of map[string]string // where each was planted
	n  int
}

// plant is a planter. Each canary holds what JSON, HTML and addresses write otherwise.
func (c *canaries) plant(of, kind string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]string{}
	}
	c.n++
	word := fmt.Sprintf("%s%04d", canaryStem, c.n)
	switch kind {
	case "email":
		word += "@example.org"
	case "tel":
		word = fmt.Sprintf("020 7946 0%03d", c.n%1000) // numbers that nobody has
	case "file":
	default:
		word += " é<&\"+"
	}
	c.of[word] = of
	return word
}

// forms are the ways in which a text may be written.
func forms(text string) map[string][]byte {
	all := map[string][]byte{"UTF-8": []byte(text), "hex": []byte(hex.EncodeToString([]byte(text)))}
	var little, big []byte
	for _, u := range utf16.Encode([]rune(text)) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	all["UTF-16 LE"], all["UTF-16 BE"] = little, big
	var json, percent strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&json, `\u%04x`, b)
		fmt.Fprintf(&percent, "%%%02x", b)
	}
	all["JSON"], all["URL"] = []byte(json.String()), []byte(percent.String())
	// Of base64 the letters that do not depend on what stands before and after.
	for shift := range 3 {
		code := base64.StdEncoding.EncodeToString(append(bytes.Repeat([]byte{' '}, shift), text...))
		first, last := (shift*8+5)/6, (shift+len(text))*8/6
		all[fmt.Sprintf("base64 at %d", shift)] = []byte(code[first:last])
	}
	return all
}

// searcher finds canaries in whatever was written.
type searcher struct {
	forms  map[string][]byte
	others []string // those without the stem
}

func newSearcher(c *canaries) *searcher {
	s := &searcher{forms: forms(canaryStem)}
	for word := range c.of {
		if !strings.Contains(word, canaryStem) {
			s.others = append(s.others, word, strings.ReplaceAll(word, " ", ""), url.QueryEscape(word))
		}
	}
	return s
}

// in says in which forms data hold a canary.
func (s *searcher) in(data []byte) (found []string) {
	low := bytes.ToLower(data)
	for name, form := range s.forms {
		if bytes.Contains(data, form) || !strings.HasPrefix(name, "base64") && bytes.Contains(low, form) {
			found = append(found, name)
		}
	}
	for _, word := range s.others {
		if bytes.Contains(data, []byte(word)) {
			found = append(found, "a number")
		}
	}
	return found
}

// inFolder names the files below a folder that hold a canary, or are called so.
func (s *searcher) inFolder(t testing.TB, dir string) (found []string, files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was removed meanwhile
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files++
		for _, form := range append(s.in(data), s.in([]byte(path))...) {
			found = append(found, path+" holds one as "+form)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found, files
}

// sharedLog is a log that is written by many.
type sharedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *sharedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *sharedLog) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

// TestPromise1TheSearchFindsWhatIsThere: the search of the test below is one that
// can fail.
func TestPromise1TheSearchFindsWhatIsThere(t *testing.T) {
	c := &canaries{}
	word, number := c.plant("a field", "text"), c.plant("a field", "tel")
	s := newSearcher(c)
	quoted, utf := url.QueryEscape(word), forms(word)
	for name, data := range map[string][]byte{
		"clear": []byte("x" + word), "upper case": []byte(strings.ToUpper(word)), "UTF-16 LE": utf["UTF-16 LE"], "UTF-16 BE": utf["UTF-16 BE"],
		"hex": []byte(hex.EncodeToString([]byte("x" + word))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(word)))), "address": []byte(quoted),
		"number": []byte("x" + number), "number in an address": []byte(url.QueryEscape(number)), "escaped": utf["JSON"],
		"base64 0": []byte(base64.StdEncoding.EncodeToString([]byte(word))), "base64 1": []byte(base64.RawURLEncoding.EncodeToString([]byte("a" + word))),
		"base64 2": []byte(base64.StdEncoding.EncodeToString([]byte("ab" + word))),
	} {
		if len(s.in(data)) == 0 {
			t.Errorf("%s is not found", name)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "waymark.db-wal"), append([]byte("some bytes before "), data...), 0o600); err != nil {
			t.Fatal(err)
		}
		if found, files := s.inFolder(t, dir); len(found) == 0 || files != 1 {
			t.Errorf("%s is not found in a folder: %v of %d", name, found, files)
		}
	}
	if found := s.in([]byte("nothing of this: kestrel quartz 0001, 020 7946")); len(found) > 0 {
		t.Errorf("found where there is none: %v", found)
	}
}

// notShown are fields whose words no page shows again; everything else that was planted
// must be read back, so that the test cannot pass by storing nothing.
var notShown = map[string]string{}

// TestPromise1NothingInClearAnywhere lets everybody work on the running server, with
// words of their own in every field that takes words, and looks for them in all that
// the server wrote: database and journals, files, keys, temporary files, log, metrics,
// audit, backups, panics; and in addresses, headers and cookies (promise 15).
func TestPromise1NothingInClearAnywhere(t *testing.T) {
	dir := t.TempDir()
	data, temporary := filepath.Join(dir, "data"), filepath.Join(dir, "tmp")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	t.Setenv("WAYMARK_DATABASE_URL", "")
	var log sharedLog
	c := &canaries{}
	n := newNetwork(t, startRunning(t, data, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))), c.plant)
	concern := n.concerns()
	kept, gone, sent := n.refer(concern), n.refer(n.concernOf()), n.referral()
	n.keep(kept)
	n.around(kept)
	n.erase(gone)
	n.eraseConcern()
	n.crawl(kept)
	n.crawl(sent)
	n.end()
	n.people["coordinator"].get("/cases/"+gone.String()+"/proof").want(n.people["coordinator"], 200)
	if n.watch.read.Len() == 0 || len(c.of) < 80 {
		t.Fatalf("only %d canaries were planted", len(c.of))
	}
	n.readBack(c)
	n.everyRouteWasUsed()
	s := newSearcher(c)
	clean := func(what string, data []byte) {
		t.Helper()
		if found := s.in(data); len(found) > 0 {
			t.Errorf("%s holds a canary as %v", what, found)
		}
	}
	for _, line := range n.watch.outside {
		clean("what goes over the line beside pages: "+line, []byte(line))
	}
	for _, p := range n.watch.pages {
		clean("an address on "+p.path, addresses(p))
	}
	for _, line := range n.nonsense(kept, concern) {
		clean("a header, where words were sent as codes: "+line, []byte(line))
	}
	n.panics(c)
	// Twice: with what stands in the journal, and after it was written back.
	for _, when := range []string{"while it runs", "after the backup"} {
		found, files := s.inFolder(t, dir)
		if files < 5 {
			t.Errorf("only %d files were looked at", files)
		}
		for _, f := range found {
			t.Errorf("%s %s", when, f)
		}
		if when == "while it runs" {
			n.backedUp(dir, data, s, clean)
		}
	}
	w := httptest.NewRecorder()
	n.metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	clean("metrics", w.Body.Bytes())
	var export bytes.Buffer
	if err := n.house.audit.Export(t.Context(), audit.Actor{Kind: audit.System, Via: "command"}, 0, &export); err != nil || export.Len() < 10_000 {
		t.Fatalf("%d bytes of audit, %v", export.Len(), err)
	}
	clean("the audit", export.Bytes())
	if text := log.bytes(); len(text) < 10_000 || !bytes.Contains(text, []byte("POST /cases/{matter}/share")) {
		t.Errorf("the log has %d bytes", len(text))
	} else if bytes.Count(text, []byte("msg=panic ")) < 2 {
		t.Error("no handler panicked")
	} else {
		clean("the log", text)
	}
	// The search that found nothing finds one that is put there.
	if err := os.WriteFile(filepath.Join(data, "files", "leak"), []byte(hex.EncodeToString([]byte(c.plant("a leak", "text")))), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.inFolder(t, dir); len(found) != 1 {
		t.Errorf("one leak is found as %v", found)
	}
}

// concernOf is one more concern.
func (n *network) concernOf() ids.ID {
	_, _, id := n.handIn(nil)
	return id
}

// crawl opens every page of the areas of referral as everybody, with what is there.
func (n *network) crawl(id ids.ID) {
	n.t.Helper()
	f, err := n.house.db.Referral().Open(n.t.Context(), testBy, id, "case.read")
	if err != nil {
		n.t.Fatal(err)
	}
	m := map[string]bool{}
	for _, v := range n.people {
		for _, view := range []string{"", "?view=people", "?view=partners", "?view=notes", "?view=rights"} {
			v.get("/cases/" + id.String() + view)
		}
		for _, p := range f.Parts {
			at := "/cases/" + id.String() + "/parts/" + p.ID.String()
			for _, end := range []string{"", "/file", "/course"} {
				v.get(at + end)
			}
		}
		concerns, err := n.house.db.Referral().ListMatters(n.t.Context(), filterOf(n.here))
		if err != nil {
			n.t.Fatal(err)
		}
		for _, concern := range concerns.Matters {
			v.get("/concerns/" + concern.ID.String())
		}
		for _, route := range n.routes {
			path := strings.NewReplacer("{programme}", n.here.String(), "{matter}", id.String(), "{kind}", "note", "{verb}", "close",
				"{token}", n.token, "{account}", n.accounts["partner"].String(), "{agency}", n.agencies["police"].String(), "{$}", "").Replace(strings.TrimPrefix(route.Pattern, "GET "))
			if !strings.HasPrefix(route.Pattern, "GET ") || strings.Contains(path, "{") || strings.HasSuffix(path, "/news") || strings.Contains(path, "/provider") {
				continue
			}
			m[route.Pattern] = true
			v.get(path)
		}
	}
	if len(m) < 60 {
		n.t.Errorf("only %d pages were opened", len(m))
	}
}

// readBack says which canaries were read on no page: they were not kept, or the test
// does not see where they are shown.
func (n *network) readBack(c *canaries) {
	n.t.Helper()
	read := n.watch.read.String()
	missing := map[string]string{}
	for word, of := range c.of {
		name, _, _ := strings.Cut(word, " ")
		if !strings.Contains(word, canaryStem) {
			name = word
		}
		if strings.Contains(read, name) {
			missing[of] = ""
		} else if _, known := missing[of]; !known && notShown[of] == "" {
			missing[of] = word
		}
	}
	for of, word := range missing {
		if word != "" {
			n.t.Errorf("what was typed into %s is read nowhere (%s)", of, word)
		}
	}
}

// elsewhere are routes that are looked at by other tests.
var elsewhere = map[string]string{
	"GET /programmes/{programme}/concerns/news": "a stream of numbers, held by TestTheDeskHearsOfAConcernWithinSeconds of web/desk",
	"POST /cases/{matter}/referral/send":        "there is no authority's service here; what waits for one is held by the contract of the store, matters: nothing in clear",
}

// everyRouteWasUsed: a change that no canary went through is not covered.
func (n *network) everyRouteWasUsed() {
	n.t.Helper()
	seen := 0
	for _, route := range n.routes {
		_, path, _ := strings.Cut(route.Pattern, " ")
		if !ofReferral(path) {
			continue
		}
		if !n.watch.used[route.Pattern] && elsewhere[route.Pattern] == "" {
			n.t.Errorf("nobody used %s", route.Pattern)
		}
		seen++
	}
	if seen < 60 {
		n.t.Errorf("only %d routes are of referral", seen)
	}
}

// ofReferral says whether a path is one of networks, concerns and cases.
func ofReferral(path string) bool {
	for _, prefix := range []string{"/report/", "/concerns", "/cases/", "/reminders", "/programmes/{programme}/network", "/programmes/{programme}/concerns",
		"/programmes/{programme}/cases", "/programmes/{programme}/hand-over", "/programmes/{programme}/emergencies", "/programmes/{programme}/erasures", "/programmes/{programme}/referrals"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// broken is a line that panics when a page is written to it, with what it was given.
type broken struct{ *httptest.ResponseRecorder }

func (b broken) Write(p []byte) (int, error) { panic(fmt.Sprintf("cannot write %s", p)) }

// panics sends a canary to the server in every way and lets the handler panic with it.
func (n *network) panics(c *canaries) {
	n.t.Helper()
	word := c.plant("a panic", "text")
	at := "/report/" + n.token + "/back"
	for _, r := range []*http.Request{
		httptest.NewRequest("POST", at, strings.NewReader(url.Values{"code": {word}}.Encode())),
		httptest.NewRequest("GET", at+"?x="+url.QueryEscape(word), nil),
		httptest.NewRequest("GET", "/cases/"+url.PathEscape(word), nil),
	} {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("User-Agent", word)
		r.Header.Set("Cookie", "report="+canaryStem)
		func() {
			defer func() { _ = recover() }() // the server's own words to this line panic too
			n.handler.ServeHTTP(broken{httptest.NewRecorder()}, r)
		}()
	}
}

// backedUp makes a backup with its keys, and looks into both.
func (n *network) backedUp(dir, data string, s *searcher, clean func(string, []byte)) {
	t := n.t
	t.Helper()
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	recipients, file, keys := filepath.Join(dir, "recipients"), filepath.Join(dir, "backup.age"), filepath.Join(dir, "keys.age")
	if err := os.WriteFile(recipients, []byte(pair.Recipient().String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := say("backup", "--data", data, "--recipients", recipients, "--out", file, "--keys", keys); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	} else {
		clean("what the backup said", []byte(out+errs))
	}
	for _, name := range []string{file, keys} {
		parts := unpacked(t, name, pair)
		if len(parts) == 0 {
			t.Errorf("nothing is in %s", filepath.Base(name))
		}
		for part, content := range parts {
			clean("the backup's "+part, append([]byte(part), content...))
		}
	}
}

// unpacked are the files in a backup, opened with the identity alone.
func unpacked(t testing.TB, file string, by age.Identity) map[string][]byte {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	plain, err := age.Decrypt(in, by)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := zstd.NewReader(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	all := map[string][]byte{}
	for archive := tar.NewReader(packed); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if all[h.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}
