package setuptest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/sealed"
	"waymark/internal/ids"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web"
	"waymark/web/enumerator"
	"waymark/web/fill"
	"waymark/web/form"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/programme"
	"waymark/web/retention"
	"waymark/web/webtest"
)

func TestMain(m *testing.M) { webtest.Main(m) }

var system = audit.Actor{Kind: audit.System, Via: "command"}

// world is a server with two coordinators and an administrator; sign-in is left out.
type world struct {
	*testing.T
	db     *store.DB
	server *webtest.Server
	who    *pagetest.Person
	people map[string]*account.Account
	tokens []string // of phones, as they were made
}

// Wrap implements page.Sessions.
func (w *world) Wrap(next http.Handler) http.Handler { return next }

// Identify implements page.Sessions: whoever is named by become.
func (w *world) Identify(r *http.Request) (*account.Account, page.Session, error) {
	a, err := w.db.Account(r.Context(), w.who.Account.ID)
	return a, w.who.Session, err
}

func (w *world) become(name string) {
	w.who = &pagetest.Person{Account: w.people[name], Session: page.Session{Strong: true, Fresh: true}}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	place := storetest.SQLite.NewPlace(t)
	w := &world{T: t, db: place.Open(t), server: webtest.NewServer(t), people: map[string]*account.Account{}}
	for name, role := range map[string]access.Role{"administrator": access.Administrator, "coordinator": "", "second": ""} {
		a := &account.Account{ID: ids.New(), Name: "Synthetic " + name, Email: name + "@example.org", Lang: "en", State: account.Active}
		w.must(w.db.AddAccount(context.Background(), system, a))
		w.people[name] = a
		if role != "" {
			w.must(w.db.SetMember(context.Background(), system, a.ID, access.Membership{Role: role}, true))
		}
	}
	w.become("administrator")
	policies, err := access.Load()
	w.must(err)
	h := pagetest.House(page.House{Collection: w.db, Accounts: w.db, Policies: policies, Base: w.server.Base,
		Log: slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	newToken := func() (string, []byte) {
		token, hash := openrosa.NewToken()
		w.tokens = append(w.tokens, token)
		return token, hash
	}
	handler, _, err := web.Handler(h, web.Options{Sessions: w, Mounts: w.phones(), Areas: []page.Area{
		programme.Area(h), retention.Area(h, retention.Options{}),
		form.Area(h, form.Options{NewToken: newToken, QR: openrosa.QR, Browser: fill.TestLink,
			Settings: func(base, token, project string) (string, error) {
				return openrosa.Settings(base, token, openrosa.Phone{Name: project, Draft: true})
			},
			NewKey: func() (string, []byte, error) {
				k, err := sealed.NewKeyPair()
				if err != nil {
					return "", nil, err
				}
				return k.Public, k.Private, nil
			}}),
		enumerator.Area(h, enumerator.Options{NewToken: newToken, QR: openrosa.QR, Browser: fill.Link,
			Settings: func(base, token, project, code, lang string) (string, error) {
				return openrosa.Settings(base, token, openrosa.Phone{Name: project, Code: code, Lang: lang})
			}}),
	}})
	w.must(err)
	w.server.Serve(t, handler)
	return w
}

// phones is the protocol over the same store.
func (w *world) phones() map[string]http.Handler {
	h := openrosa.New(openrosa.Options{Store: w.db, Base: w.server.Base, Log: slog.New(slog.DiscardHandler),
		May: func(context.Context, ids.ID, ids.ID, string) bool { return true }})
	return map[string]http.Handler{openrosa.KeyPath: h, openrosa.TestPath: h}
}

// member gives a person a role in a programme.
func (w *world) member(name string, programme ids.ID, role access.Role) {
	w.Helper()
	w.must(w.db.SetMember(context.Background(), system, w.people[name].ID, access.Membership{Programme: programme, Role: role}, true))
}

// testLog writes the server's log into the test's.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(string(p))
	return len(p), nil
}

var _ io.Writer = testLog{}

// attached is a file of testdata for the browser to choose.
func attached(t *testing.T, name string) string {
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
