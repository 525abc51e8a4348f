package audit

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

// kept is a log in memory.
type kept struct {
	entries     []audit.Sequenced
	asked       audit.Filter
	exported    ids.ID
	checkpoints []audit.Kept
	fails       error
}

func (k *kept) ListEntries(_ context.Context, f audit.Filter) (*audit.Page, error) {
	k.asked = f
	p := &audit.Page{}
	for i := len(k.entries) - 1; i >= 0; i-- {
		e := k.entries[i]
		if f.Programme != 0 && e.Programme != f.Programme || f.Before > 0 && e.Number >= f.Before || len(f.Actions) > 0 && e.Action != f.Actions[0] {
			continue
		}
		if len(p.Entries) == f.Limit {
			p.More = true
			break
		}
		p.Entries = append(p.Entries, e)
	}
	return p, nil
}

func (k *kept) SignCheckpoint(context.Context) (*audit.Kept, error) {
	k.checkpoints = append([]audit.Kept{{Size: int64(len(k.entries)), At: pagetest.Now, Signed: []byte("note\n")}}, k.checkpoints...)
	return &k.checkpoints[0], nil
}

func (k *kept) Checkpoints(context.Context, int) ([]audit.Kept, error) { return k.checkpoints, nil }

func (k *kept) Export(_ context.Context, _ audit.Actor, programme ids.ID, w io.Writer) error {
	if k.fails != nil {
		return k.fails
	}
	k.exported = programme
	_, err := io.WriteString(w, strings.Repeat("line\n", 20_000))
	return err
}

func (k *kept) Key() string { return "waymark.example+abc+def" }

// people knows one account, and counts what is written into the log.
type people struct {
	account.Store
	noted []audit.Entry
}

func (p *people) Account(_ context.Context, id ids.ID) (*account.Account, error) {
	if id == 1<<40 {
		return &account.Account{ID: id, Name: "Synthetic Person"}, nil
	}
	return nil, fault.New(fault.NotFound, fault.Place{}, "no such account", "")
}

func (p *people) Note(_ context.Context, e audit.Entry) error {
	p.noted = append(p.noted, e)
	return nil
}

func filled(n int, programme ids.ID) *kept {
	k := &kept{}
	for i := range n {
		e := audit.Entry{At: pagetest.Now.Add(time.Duration(i) * time.Minute), Actor: audit.Actor{Kind: audit.Account, ID: 1 << 40, Via: "web"},
			Action: "submission.read", Programme: programme, Subject: "submission:" + ids.ID(int64(i+1)<<30).String(), Detail: map[string]string{"revision": "2", "files": "3"}}
		switch i % 4 {
		case 1:
			e.Actor, e.Action = audit.Actor{Kind: audit.Enumerator, ID: 1 << 41, Via: "openrosa"}, "submission.add"
		case 2:
			e.Actor, e.Action, e.Programme, e.Detail = audit.Actor{Kind: audit.System, Via: "job"}, audit.BackedUp, 0, nil
		case 3:
			e.Action = "made.up"
		}
		k.entries = append(k.entries, audit.Sequenced{Number: int64(i), Entry: e})
	}
	return k
}

func site(t *testing.T, k *kept, who *pagetest.Person) (*page.House, *people, ids.ID, page.Area) {
	store := collectiontest.New()
	p := &collection.Programme{Name: "Northern points (synthetic)"}
	if err := store.PutProgramme(context.Background(), audit.Actor{}, p); err != nil {
		t.Fatal(err)
	}
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	staff := &people{}
	h := pagetest.House(page.House{Collection: store, Accounts: staff, Policies: policies})
	for i := range k.entries {
		if k.entries[i].Programme != 0 {
			k.entries[i].Programme = p.ID
		}
	}
	for i := range who.Account.Members {
		if who.Account.Members[i].Programme != 0 {
			who.Account.Members[i].Programme = p.ID
		}
	}
	return h, staff, p.ID, Area(h, k)
}

func TestList(t *testing.T) {
	k, who := filled(250, 1), pagetest.Somebody(0, access.Auditor)
	h, staff, _, area := site(t, k, who)
	c := pagetest.New(t, h, who, area)
	a := c.Get("/audit").Want(t, 200, "Synthetic Person", "Read answers", "made.up", "Northern points", "revision: 2", "Phone of an enumerator", "/audit?before=150")
	if strings.Contains(a.Body, "&lt;") || strings.Count(a.Body, "<tr") != 101 {
		t.Errorf("the page shows %d rows", strings.Count(a.Body, "<tr")-1)
	}
	if len(staff.noted) != 1 || staff.noted[0].Action != "audit.read" || staff.noted[0].Actor.ID != who.Account.ID {
		t.Errorf("that the log was read is not in the log: %v", staff.noted)
	}
	c.Get("/audit?action=submission.add&kind=enumerator&from=2026-03-01&to=2026-03-02&subject=submission:x").Want(t, 200, "Show all")
	if f := k.asked; len(f.Actions) != 1 || f.Actor.Kind != audit.Enumerator || !f.From.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) ||
		!f.To.Equal(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)) || f.Subject != "submission:x" {
		t.Errorf("the log was asked for %+v", f)
	}
	if d := staff.noted[1].Detail["filter"]; d != "action.from.kind.subject.to" {
		t.Errorf("the log says that it was narrowed by %q", d)
	}
	c.Get("/audit?action=key.destroyed").Want(t, 200, "No entry fits the filter")
	for _, q := range []string{"actor=Amina", "action=made.up", "from=2026-02-30", "from=2026-03-02&to=2026-03-01", "before=x", "kind=robot"} {
		c.Get("/audit?"+q).Want(t, 422, "There is a problem")
	}
	a = c.Get("/audit?subject="+url.QueryEscape(`"><script>alert(1)</script>`)).Want(t, 200)
	if strings.Contains(a.Body, "<script>alert") {
		t.Error("the filter came back as markup")
	}
}

func TestWhoMayRead(t *testing.T) {
	k := filled(8, 1)
	for _, role := range access.Roles {
		who := pagetest.Somebody(1, role)
		h, _, programme, area := site(t, k, who)
		c := pagetest.New(t, h, who, area)
		in := page.Path("/programmes/{programme}/audit", "programme", programme)
		want := 404
		if role == access.Auditor {
			want = 200
		}
		c.Get(in).Want(t, want)
		for _, path := range []string{"/audit", "/audit/checkpoints", "/audit/key"} {
			c.Get(path).Want(t, 404)
		}
		c.Post("/audit/export", nil).Want(t, 404)
		c.Post(in+"/export", nil).Want(t, want)
		if role == access.Auditor && k.asked.Programme != programme || k.exported != 0 && k.exported != programme {
			t.Errorf("an auditor of a programme was shown the log of %v", k.asked.Programme)
		}
	}
}

func TestExportAndCheckpoints(t *testing.T) {
	k, who := filled(8, 1), pagetest.Somebody(0, access.Auditor)
	h, _, _, area := site(t, k, who)
	c := pagetest.New(t, h, who, area)
	a := c.Post("/audit/export", nil).Want(t, 200)
	if a.Header.Get("Content-Disposition") != `attachment; filename=audit-20260302-1030.jsonl` || len(a.Body) != 100_000 {
		t.Errorf("the export is %d bytes with %v", len(a.Body), a.Header)
	}
	k.fails = errors.New("the disk is away")
	if a := c.Post("/audit/export", nil).Want(t, 500, "Internal error"); a.Header.Get("Content-Disposition") != "" {
		t.Error("a fault was sent as a file")
	}
	c.Get("/audit/checkpoints").Want(t, 200, "No checkpoint yet", "waymark.example+abc+def")
	if a := c.Post("/audit/checkpoints/sign", nil).Want(t, 303); a.Location() != "/audit/checkpoints" {
		t.Errorf("leads to %s", a.Location())
	}
	c.Get("/audit/checkpoints").Want(t, 200, "The log was signed", "/audit/checkpoints/8")
	if a := c.Get("/audit/checkpoints/8").Want(t, 200); a.Body != "note\n" || a.Header.Get("Content-Disposition") != "attachment; filename=checkpoint-20260302-103000-8.note" {
		t.Errorf("the checkpoint is %q, %v", a.Body, a.Header)
	}
	c.Get("/audit/checkpoints/9").Want(t, 404)
	c.Get("/audit/checkpoints/x").Want(t, 404)
	if a := c.Get("/audit/key").Want(t, 200); a.Body != "waymark.example+abc+def\n" {
		t.Errorf("the key is %q", a.Body)
	}
}

func TestWords(t *testing.T) {
	h, _, _, area := site(t, filled(0, 1), pagetest.Somebody(0, access.Auditor))
	pagetest.CheckLanguages(t, area)
	// Every action of requests is said in words.
	c := pagetest.New(t, h, pagetest.Somebody(0, access.Auditor), area)
	a := c.Get("/audit").Want(t, 200)
	for _, action := range actions() {
		if strings.Contains(a.Body, ">"+action+"</option>") {
			t.Errorf("the action %s has no words", action)
		}
	}
}

func TestInTheBrowser(t *testing.T) {
	k, who := filled(30, 1), pagetest.Somebody(0, access.Auditor)
	h, _, _, area := site(t, k, who)
	if _, err := k.SignCheckpoint(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := webtest.NewServer(t)
	h.Base = s.Base
	pages, _, err := page.New(h, who, area)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", pages)
	s.Serve(t, page.Outer(h, mux))
	for _, lang := range page.Languages {
		tab := s.Tab(t)
		tab.Cookie("lang", lang)
		for path, name := range map[string]string{"/audit": "list", "/audit?action=submission.read": "filtered", "/audit/checkpoints": "checkpoints"} {
			tab.Go(path)
			tab.Axe()
			tab.Screenshot("audit-" + lang + "-" + name)
		}
	}
}
