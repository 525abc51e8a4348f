package main

import (
	"archive/zip"
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/referral"
)

// packed is a ZIP with one file, and not the one of a document.
func packed(t *testing.T, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("synthetic")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPromise18DocumentsOfCases sends what is not what it is called, what is too much,
// and names that lead elsewhere, to the pages of a case and of a referral; and looks at
// how a document is given back.
func TestPromise18DocumentsOfCases(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	n := newNetwork(t, startRunning(t, data, discard()), contents(&canaries{}))
	id := n.refer(n.concernOf())
	at := "/cases/" + id.String() + "/document"
	v := n.people["caseworker"]
	pdf := []byte("%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n")
	const most = 25 << 20
	documents := func() []*referral.Document {
		t.Helper()
		f, err := n.house.db.Referral().Open(t.Context(), testBy, id, "case.read")
		if err != nil {
			t.Fatal(err)
		}
		var all []*referral.Document
		for _, p := range f.Of(referral.PartDocument) {
			d := &referral.Document{}
			if err := p.Decode(d); err != nil {
				t.Fatal(err)
			}
			all = append(all, d)
		}
		return all
	}
	page := []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")
	for name, content := range map[string][]byte{
		"page.pdf": page, "page.html": page, "page.jpg": page, "picture.png": pdf, "program.docx": append([]byte("MZ\x90\x00"), bytes.Repeat([]byte{0}, 200)...),
		"script.doc": []byte("#!/bin/sh\necho synthetic\n"), "archive.docx": packed(t, "anything.txt"), "picture.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"nothing.pdf": {}, "two.pdf.exe": pdf, "no-ending": pdf, "page.pdf.html": pdf, "large.pdf": append(bytes.Clone(pdf), bytes.Repeat([]byte(" "), most+1-len(pdf))...),
	} {
		got := v.send(at, fields{"title": {"x"}}, "file", name, content)
		if got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s was answered with %d", name, got.StatusCode)
		}
	}
	if kept := documents(); len(kept) != 0 {
		t.Errorf("%d documents are kept", len(kept))
	}
	before := folder(t, dir)
	names := []string{"../../../../tmp/synthetic.pdf", `..\..\synthetic.pdf`, "/etc/synthetic.pdf", "a\x00b.pdf", "CON.pdf", strings.Repeat("n", 240) + ".pdf", "\"; filename=\"x.html\".pdf", "line\r\nSet-Cookie: x=1.pdf"}
	taken := 0
	for _, name := range names {
		got := v.send(at, fields{"title": {"x"}}, "file", name, pdf)
		if got.StatusCode == http.StatusSeeOther {
			taken++
		} else if got.StatusCode != http.StatusUnprocessableEntity && got.StatusCode != http.StatusBadRequest {
			t.Errorf("%q was answered with %d", name, got.StatusCode)
		}
	}
	if v.send(at, fields{"title": {"x"}}, "file", "exact.pdf", append(bytes.Clone(pdf), bytes.Repeat([]byte(" "), most-len(pdf))...)).StatusCode != http.StatusSeeOther {
		t.Error("25 MB are refused")
	} else {
		taken++
	}
	kept := documents()
	if len(kept) != taken || taken < 4 {
		t.Errorf("%d were taken, %d are kept", taken, len(kept))
	}
	for _, d := range kept {
		if strings.ContainsAny(d.Name, "/\\\x00\r\n") || d.Type != "application/pdf" {
			t.Errorf("one is kept as %q, %s", d.Name, d.Type)
		}
	}
	for path := range folder(t, dir) {
		if !before[path] && (!strings.HasPrefix(path, filepath.Join(data, "files")) || strings.Contains(path, "synthetic") || strings.Contains(path, ".pdf")) && !strings.Contains(path, "waymark.db") {
			t.Errorf("a file was made at %s", path)
		}
	}
	n.givenBack(v, id)
}

// givenBack looks at every document as it is downloaded.
func (n *network) givenBack(v *visitor, id ids.ID) {
	n.t.Helper()
	f, err := n.house.db.Referral().Open(n.t.Context(), testBy, id, "case.read")
	if err != nil {
		n.t.Fatal(err)
	}
	for _, p := range f.Of(referral.PartDocument) {
		got := v.get("/cases/"+id.String()+"/parts/"+p.ID.String()+"/file").want(v, 200)
		h := got.Header
		if !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=") || strings.Contains(h.Get("Content-Disposition"), "synthetic") || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Type") != "application/pdf" || h.Get("Cache-Control") != "no-store" || len(h.Values("Set-Cookie")) > 0 {
			n.t.Errorf("it comes with %v", h)
		}
		if !strings.HasPrefix(got.body, "%PDF-1.4") {
			n.t.Errorf("it is %.40q", got.body)
		}
	}
}
