package storedtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/handover"
	"waymark/referral/handover/handovertest"
	"waymark/referral/handover/post"
	"waymark/referral/rule"
	"waymark/store/storetest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/refer"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// officer is the account that the network of the store's tests has with the police.
const officer ids.ID = 41

var etagOn = regexp.MustCompile(`name="etag" value="([0-9-]+)"`)

// authority is a service over TLS that takes a key once.
func authority(t *testing.T) (*post.Service, *handovertest.Service) {
	t.Helper()
	fake := &handovertest.Service{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		receipt, err := fake.Send(r.Context(), r.Header.Get("Idempotency-Key"), body)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"receipt": receipt})
	}))
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	file := filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(file, []byte("synthetic-token"), 0o600))
	s, err := post.New(post.Options{URL: server.URL, TokenFile: file, TLS: &tls.Config{RootCAs: pool}})
	must(t, err)
	return s, fake
}

// TestAReferralOverTheStore: a child's referral with a document, from the first question
// to the service's receipt.
func TestAReferralOverTheStore(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) { flow(t, e) })
	}
}

func flow(t *testing.T, e storetest.Engine) {
	ctx := context.Background()
	db := e.NewPlace(t).Open(t)
	n := storetest.OpenNetwork(t, db)
	policies, err := access.Load()
	must(t, err)
	house := pagetest.House(page.House{Collection: db, Accounts: db, Policies: policies, Now: time.Now})
	all, err := rule.Builtin()
	must(t, err)
	library := referral.NewLibrary(n.Store, all["uk"])
	kit, err := matter.New(matter.Options{House: house, Store: n.Store, Library: library})
	must(t, err)
	who := &account.Account{ID: officer, Name: "Gil Synthetic", Lang: "en", State: account.Active, Members: []access.Membership{{Programme: n.Home, Role: access.Responder}}}
	c := pagetest.New(t, house, &pagetest.Person{Account: who, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), refer.Area(kit, refer.Options{Service: "uk"}))

	at := c.Post(refer.BeginPath(n.Home), nil).Location()
	given := map[string]url.Values{"reporting-region": {"q-reporting-region": {"london"}}, "under18": {"q-under18": {"unsure"}}, "la-contacted": {"q-la-contacted": {"no"}},
		"family": {"q-family": {"Nguyễn Tổng Hợp, synthetic"}}, "still-in": {"q-still-in": {"no"}}, "where": {"q-where": {"unknown"}}, "types": {"q-types": {"forced-work"}}, "cooperate": {"q-cooperate": {"no"}},
		"name": {"q-name": {"Synthetic Person"}}, "gender": {"q-gender": {"unknown"}}, "nationality": {"q-nationality": {"VN"}}, "interpreter": {"q-interpreter": {"no"}},
		"referrer-role": {"q-referrer-role": {"Officer"}}, "referrer-phone": {"q-referrer-phone": {"+44 7700 900456"}}, "uploads-about": {"q-uploads-about": {"The yard"}}}
	next := c.Get(at + "/next").Location()
	uploaded := false
	for asked := 0; next != at+"/check"; asked++ {
		if asked > 80 {
			t.Fatal("the questions do not end")
		}
		id := strings.TrimPrefix(next, at+"/questions/")
		shown := c.Get(next).Want(t, 200)
		if id == "uploads" && !uploaded {
			uploaded = true
			png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")
			c.Upload(next+"/files", url.Values{"title": {"The yard"}}, map[string]page.Upload{"file": {Name: "yard.png", Bytes: png}}).Want(t, 303)
			c.Upload(next+"/files", url.Values{"title": {"Again"}}, map[string]page.Upload{"file": {Name: "yard.png", Bytes: png}}).Want(t, 422, "there already")
			continue
		}
		v := url.Values{}
		for k, x := range given[id] {
			v[k] = x
		}
		if m := etagOn.FindStringSubmatch(shown.Body); m != nil {
			v.Set("etag", m[1])
		}
		next = c.Post(next, v).Want(t, 303).Location()
	}
	c.Post(at+"/check", nil).Want(t, 303)
	pdf := c.Get(at+"/papers/package.pdf").Want(t, 200)
	if !strings.HasPrefix(pdf.Body, "%PDF-") || uploaded == false {
		t.Errorf("%.20q", pdf.Body)
	}
	sent := c.Get(at+"/papers/package.json").Want(t, 200, `"outcome": "nrm-child"`, "Nguyễn Tổng Hợp", `"image/png"`).Body
	c.Post(at+"/send", nil).Want(t, 303)
	c.Get(at+"/package").Want(t, 200, "Waits")
	service, fake := authority(t)
	d := handover.Delivery{Store: n.Store, Library: library, Sender: service, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if r, err := d.Deliver(ctx); err != nil || r.Delivered != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	var m handover.Machine
	must(t, json.Unmarshal([]byte(sent), &m))
	if string(fake.Body(m.Key)) != sent {
		t.Error("the service has another package than was downloaded")
	}
	c.Get(at+"/package").Want(t, 200, "Delivered", "receipt-of-", "Handed over:")
	id, err := ids.Parse(strings.Split(at, "/")[2])
	must(t, err)
	history, err := n.MatterHistory(ctx, id)
	must(t, err)
	for _, x := range history {
		if b, _ := json.Marshal(x); strings.Contains(string(b), "Synthetic Person") || strings.Contains(string(b), "yard") {
			t.Errorf("the audit tells: %s", b)
		}
	}
}
