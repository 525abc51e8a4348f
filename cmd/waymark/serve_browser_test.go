package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/trust/access"
	"waymark/web/webtest"
)

const testPassword = "three slow herons at dawn"

// TestFromSetUpToTheFirstReview goes the way of a new server: the printed link, the
// first administrator, a coordinator whom they invite, an interview from a phone,
// its check and its review; then two officers who edit the same record, and a
// phone that is revoked. Every page is held against axe-core, and none may ask
// anyone but the server for anything.
func TestFromSetUpToTheFirstReview(t *testing.T) {
	r := newRunning(t)
	setUp, err := r.accounts.SetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admin := r.join(setUp, "First Person (synthetic)", "first@example.org", testPassword)
	admin.Axe()
	if status := r.server.Tab(t).Go("/link/" + setUp.Token); status == http.StatusOK {
		t.Errorf("the set-up link works twice: %d", status)
	}
	first, err := r.house.db.AccountByEmail(t.Context(), "first@example.org")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, r.house.db, openrosa.NewToken)
	list := "/rounds/" + w.round.ID.String() + "/submissions"
	if status := admin.Go(list); status != http.StatusNotFound {
		t.Errorf("an administrator at the submissions: %d, want a page that says nothing", status)
	}

	officer := r.join(r.member(first.ID, "officer@example.org", w.programme.ID, access.DataOfficer), "", "officer@example.org", testPassword)
	if status := officer.Go(list); status != http.StatusOK {
		t.Fatalf("the empty list answered %d", status)
	}
	officer.Axe()
	officer.Screenshot("submissions-empty")

	sent := interviews(t, 1)[0]
	phone := phonetest.New(r.server.Base + "/key/" + w.token)
	if forms, _, err := phone.FormList(""); err != nil || len(forms) != 1 {
		t.Fatalf("the phone sees %d forms, %v", len(forms), err)
	}
	if reply, err := phone.Send(sent.XML, nil); err != nil || reply.Status != http.StatusCreated {
		t.Fatalf("the phone was answered %+v, %v", reply, err)
	}
	// The watching page hears of it by itself.
	officer.Wait(`!document.querySelector("[data-news]").hidden`)
	id, err := r.house.db.Newest(t.Context(), w.round.ID)
	if err != nil {
		t.Fatal(err)
	}
	record := "/submissions/" + id.String()
	open := func(tab *webtest.Tab) {
		t.Helper()
		if status := tab.Go(record); status != http.StatusOK {
			t.Fatalf("the record answered %d", status)
		}
	}
	open(officer)
	officer.Axe()
	officer.Screenshot("record")
	officer.Choose("state", "approved")
	officer.Fill("comment", "Heard the recording; it holds.")
	officer.Press("Save")
	s, err := r.house.db.Submission(t.Context(), id)
	if err != nil || s.State != "approved" {
		t.Fatalf("after the review the submission is %+v, %v", s, err)
	}

	second := r.join(r.member(first.ID, "second@example.org", w.programme.ID, access.DataOfficer), "", "second@example.org", testPassword)
	edit := func(tab *webtest.Tab) {
		t.Helper()
		if status := tab.Go(record + "/edit"); status != http.StatusOK {
			t.Fatalf("the edit page answered %d", status)
		}
	}
	age := func(tab *webtest.Tab, years string) int {
		t.Helper()
		var name string
		tab.Eval(`(([...document.querySelectorAll("label")].find(l => /how old/i.test(l.textContent) && l.htmlFor)||{}).htmlFor || "")`, &name)
		if name == "" {
			t.Fatalf("the edit page at %s does not ask for the age: %s", tab.Path(), tab.Text("main"))
		}
		tab.Eval(fmt.Sprintf(`document.getElementById(%q).name`, name), &name)
		tab.Fill(name, years)
		tab.Fill("reason", "Mistyped")
		return tab.Press("Save the changes")
	}
	edit(officer)
	edit(second)
	if status := age(officer, "61"); status != http.StatusOK {
		t.Fatalf("the first officer's edit answered %d", status)
	}
	if status := age(second, "62"); status != http.StatusConflict || !strings.Contains(second.Text("main"), "Both of you changed these") {
		t.Errorf("the second officer was answered %d: %s", status, second.Text("main"))
	}
	second.Axe()
	second.Screenshot("edit-conflict")
	if s, err := r.house.db.Submission(t.Context(), id); err != nil || s.Revision != 2 {
		t.Errorf("after both edits the submission is %+v, %v; want revision 2", s, err)
	}

	if err := r.house.db.RevokeEnumerator(t.Context(), testBy, w.person.ID, sent.Sent); err != nil {
		t.Fatal(err)
	}
	if reply, err := phone.Send(interviews(t, 2)[1].XML, nil); err != nil || reply.Status != http.StatusForbidden {
		t.Errorf("a revoked phone was answered %+v, %v", reply, err)
	}
	for _, tab := range []*webtest.Tab{admin, officer, second} {
		if foreign := tab.Foreign(); len(foreign) > 0 {
			t.Errorf("pages asked others: %v", foreign)
		}
	}
}

// TestEveryPageIsAccessible looks with axe-core, at two widths, at every page of the
// demonstration that needs no more than looking.
func TestEveryPageIsAccessible(t *testing.T) {
	r := newRunning(t)
	w := newWorld(t, r.house.db, openrosa.NewToken)
	setUp, err := r.accounts.SetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admin := r.join(setUp, "First Person (synthetic)", "first@example.org", testPassword)
	first, err := r.house.db.AccountByEmail(t.Context(), "first@example.org")
	if err != nil {
		t.Fatal(err)
	}
	phone := phonetest.New(r.server.Base + "/key/" + w.token)
	for _, i := range interviews(t, 12) {
		if reply, err := phone.Send(i.XML, nil); err != nil || !reply.Success() {
			t.Fatalf("%+v, %v", reply, err)
		}
	}
	coordinator := r.join(r.member(first.ID, "coordinator@example.org", w.programme.ID, access.Coordinator), "", "coordinator@example.org", testPassword)
	auditor := r.join(r.member(first.ID, "auditor@example.org", 0, access.Auditor), "", "auditor@example.org", testPassword)
	id, err := r.house.db.Newest(t.Context(), w.round.ID)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{programme}", w.programme.ID.String(), "{round}", w.round.ID.String(), "{form}", w.form.ID.String(),
		"{version}", w.version.ID.String(), "{submission}", id.String(), "{enumerator}", w.person.ID.String(), "{revision}", "1", "{$}", "")
	seen := 0
	for _, route := range r.routes {
		path, ok := strings.CutPrefix(route.Pattern, "GET ")
		if !ok {
			continue
		}
		path = fill.Replace(path)
		if strings.Contains(path, "{") || strings.HasSuffix(path, "/news") || strings.HasSuffix(path, "/preview") || // the preview has a policy without scripts
			strings.Contains(path, "/provider") {
			continue
		}
		for _, who := range []struct {
			name, email string
			tab         *webtest.Tab
		}{{"coordinator", "coordinator@example.org", coordinator}, {"admin", "first@example.org", admin}, {"auditor", "auditor@example.org", auditor}} {
			reply := r.kind(who.tab, path)
			if reply != "text/html; charset=utf-8" {
				continue
			}
			status := who.tab.Go(path)
			r.fresh(who.tab, who.email, testPassword)
			if status != http.StatusOK || strings.HasPrefix(who.tab.Path(), "/sign-in") {
				continue
			}
			seen++
			who.tab.Axe()
			who.tab.Screenshot("page-" + strings.Trim(strings.NewReplacer("/", "-", "{", "", "}", "", "$", "").Replace(strings.TrimPrefix(route.Pattern, "GET /")), "-") + "-" + who.name)
			break
		}
	}
	if seen < 40 {
		t.Errorf("only %d pages were looked at", seen)
	}
	if foreign := append(coordinator.Foreign(), append(admin.Foreign(), auditor.Foreign()...)...); len(foreign) > 0 {
		t.Errorf("pages asked others: %v", foreign)
	}
}

// kind asks for a page without opening it, and says what comes: a file to keep must
// not be opened by the browser.
func (r *running) kind(tab *webtest.Tab, path string) string {
	var kind string
	tab.Eval(fmt.Sprintf(`(() => { const r = new XMLHttpRequest(); r.open("HEAD", %q, false); r.send(); return r.getResponseHeader("Content-Type") || ""; })()`, path), &kind)
	return kind
}
