package system

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/assets"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

type source struct {
	state State
	asked []string
	err   error
}

func (s *source) State(context.Context) (*State, error) {
	if s.err != nil {
		return nil, s.err
	}
	copied := s.state
	return &copied, nil
}

func (s *source) Ask(_ context.Context, job string) error {
	s.asked = append(s.asked, job)
	return nil
}

type noAccounts struct{ account.Store }

// well is a system with nothing to complain of.
func well() State {
	now := pagetest.Now
	return State{Version: "1.0.0", Build: "go1.26 linux/amd64", Started: now.Add(-50 * time.Hour), Engine: "SQLite 3.51.0", Schema: 3,
		Database: 53_000_000, Files: 1_200_000_000, Store: "disk", Free: 60e9, Total: 100e9, Entries: 1234, Signed: now.Add(-20 * time.Minute),
		Backup: now.Add(-26 * time.Hour), BackupSize: 40_000_000,
		Jobs: []Job{{Name: "checkpoint", Every: time.Hour, Last: now.Add(-20 * time.Minute), Next: now.Add(40 * time.Minute)},
			{Name: "backup", Every: 7 * 24 * time.Hour, Last: now.Add(-26 * time.Hour)}, {Name: "restock"}},
		Keys: []Key{{Scope: "accounts", State: KeyGood, Made: now.Add(-900 * time.Hour)}, {Scope: "round-0c5abc", State: KeyDestroyed, Made: now.Add(-800 * time.Hour)}}}
}

func site(t *testing.T, role access.Role) (*page.House, *pagetest.Person) {
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	return pagetest.House(page.House{Collection: collectiontest.New(), Accounts: noAccounts{}, Policies: policies}), pagetest.Somebody(0, role)
}

func TestAllIsWell(t *testing.T) {
	s := &source{state: well()}
	h, who := site(t, access.Administrator)
	a := pagetest.New(t, h, who, Area(h, s)).Get("/system").Want(t, 200, "Everything works", "SQLite 3.51.0", "53 MB", "60 GB free of 100 GB",
		"1,234 entries", "Every hour", "Every 7 days", "restock", "Not yet done", "Destroyed", "2 March 2026, 10:10")
	if strings.Contains(a.Body, "What needs attention") {
		t.Error("the page complains")
	}
}

func TestConcerns(t *testing.T) {
	for want, spoil := range map[string]func(*State){
		"The key of round-0c5abc is missing":      func(s *State) { s.Keys[1].State = KeyMissing },
		"Only 400 MB are free":                    func(s *State) { s.Free = 400e6 },
		"Only 1.5 GB are free":                    func(s *State) { s.Free = 1.5e9 },
		"Only 7 GB are free":                      func(s *State) { s.Free = 7e9 },
		"“Signing the audit log” failed 4 times.": func(s *State) { s.Jobs[0].Failures = 4 },
		"There is no backup":                      func(s *State) { s.Backup = time.Time{} },
		"The last backup is of 20 February 2026":  func(s *State) { s.Backup = pagetest.Now.Add(-10 * 24 * time.Hour) },
		"The audit log has not been signed":       func(s *State) { s.Signed = pagetest.Now.Add(-4 * time.Hour) },
		"2,000 submissions wait for their check":  func(s *State) { s.Unchecked = 2000 },
	} {
		s := &source{state: well()}
		spoil(&s.state)
		h, who := site(t, access.Administrator)
		a := pagetest.New(t, h, who, Area(h, s)).Get("/system").Want(t, 200, want, "What needs attention")
		if n := strings.Count(a.Body, "govuk-warning-text__icon"); n != 1 {
			t.Errorf("%s: the page names %d concerns", want, n)
		}
	}
	// A server that has just been started is late with nothing, and much free space
	// is enough on a huge disk.
	s := &source{state: well()}
	s.state.Started, s.state.Backup, s.state.Signed = pagetest.Now.Add(-time.Minute), time.Time{}, time.Time{}
	s.state.Free, s.state.Total = 80e9, 2000e9
	h, who := site(t, access.Administrator)
	pagetest.New(t, h, who, Area(h, s)).Get("/system").Want(t, 200, "Everything works", "Never")
}

func TestAsk(t *testing.T) {
	s := &source{state: well()}
	h, who := site(t, access.Administrator)
	c := pagetest.New(t, h, who, Area(h, s))
	if a := c.Post("/system/jobs/backup", nil).Want(t, 303); a.Location() != "/system" || len(s.asked) != 1 || s.asked[0] != "backup" {
		t.Errorf("asked for %v, leads to %s", s.asked, a.Location())
	}
	c.Get("/system").Want(t, 200, "It will be done in a moment")
	c.Post("/system/jobs/made-up", nil).Want(t, 404)
	s.err = errors.New("the database is away")
	c.Get("/system").Want(t, 500, "Internal error")
	if len(s.asked) != 1 {
		t.Errorf("asked for %v", s.asked)
	}
}

func TestOthersSeeNothing(t *testing.T) {
	s := &source{state: well()}
	for _, role := range access.Roles {
		if role == access.Administrator {
			continue
		}
		h, who := site(t, role)
		c := pagetest.New(t, h, who, Area(h, s))
		c.Get("/system").Want(t, 404)
		c.Post("/system/jobs/backup", nil).Want(t, 404)
	}
	if len(s.asked) > 0 {
		t.Errorf("asked for %v", s.asked)
	}
}

func TestWords(t *testing.T) {
	h, _ := site(t, access.Administrator)
	pagetest.CheckLanguages(t, Area(h, &source{}))
}

func TestInTheBrowser(t *testing.T) {
	s := &source{state: well()}
	s.state.Free, s.state.Jobs[0].Failures, s.state.Backup = 400e6, 4, time.Time{}
	h, who := site(t, access.Administrator)
	server := webtest.NewServer(t)
	h.Base = server.Base
	pages, _, err := page.New(h, who, Area(h, s))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("/", pages)
	server.Serve(t, page.Outer(h, mux))
	for _, lang := range page.Languages {
		tab := server.Tab(t)
		tab.Cookie("lang", lang)
		tab.Go("/system")
		tab.Axe()
		tab.Screenshot("system-" + lang)
	}
}
