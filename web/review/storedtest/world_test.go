package storedtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
	"waymark/web/review"
)

func TestMain(m *testing.M) {
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

// world is a round of synthetic interviews in a real store.
type world struct {
	db        *store.DB
	programme *collection.Programme
	round     *collection.Round
	form      *collection.Form
	version   *collection.Version
	officers  [2]*account.Account
	phone     audit.Actor
	sender    ids.ID
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2016, 10, 6, 12, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{db: db, programme: &collection.Programme{Name: "Synthetic programme"}}
	system := audit.Actor{Kind: audit.System, Via: "command"}
	must(t, db.PutProgramme(ctx, system, w.programme))
	for i, name := range []string{"Synthetic Officer", "Synthetic Colleague"} {
		w.officers[i] = &account.Account{ID: ids.New(), Name: name, Email: fmt.Sprintf("officer%d@example.org", i), State: account.Active, Lang: "en",
			Members: []access.Membership{{Programme: w.programme.ID, Role: access.DataOfficer}}}
		must(t, db.AddAccount(ctx, system, w.officers[i]))
	}
	by := w.actor(0)
	w.round = &collection.Round{Programme: w.programme.ID, Name: "Synthetic round", State: collection.Open, Routes: []collection.Route{{Code: "CMR", Name: "Central"}, {Code: "EMR", Name: "Eastern"}}}
	must(t, db.PutRound(ctx, by, w.round))
	must(t, db.PutPoints(ctx, by, w.round.ID, []*collection.Point{{Code: "P1", Name: "Harbour", Route: "CMR"}, {Code: "P2", Name: "Border crossing", Route: "EMR"}}))
	e := &collection.FieldEnumerator{Round: w.round.ID, Code: "E07", Name: "Synthetic Enumerator"}
	must(t, db.PutEnumerator(ctx, by, e, bytes.Repeat([]byte("t"), 32)))
	w.sender, w.phone = e.ID, audit.Actor{Kind: audit.Enumerator, ID: e.ID, Via: "openrosa"}
	xform, err := os.ReadFile("../../../monitoring/collection/record/testdata/interview.xml")
	must(t, err)
	w.form = &collection.Form{Round: w.round.ID, FormID: "interview", Title: "Interview"}
	must(t, db.PutForm(ctx, by, w.form))
	address, size, hash, err := db.PutFile(ctx, w.round.ID, strings.NewReader("name,label\nLBY,Libya\nNER,Niger\n"), 1<<20)
	must(t, err)
	v := &collection.Version{Form: w.form.ID, Version: "2", Hash: "0f", XForm: xform, By: w.officers[0].ID,
		Files: []collection.FormFile{{Name: "countries.csv", Type: "text/csv", Size: size, Hash: hash, Address: address}}}
	must(t, db.PutDraft(ctx, by, v, 0))
	w.version, err = db.Publish(ctx, by, w.form.ID, v.ID, noon)
	must(t, err)
	return w
}

func (w *world) actor(n int) audit.Actor {
	return audit.Actor{Kind: audit.Account, ID: w.officers[n].ID, Via: "web"}
}

// client is a browser of one of the officers.
func (w *world) client(t testing.TB, n int) *pagetest.Client {
	t.Helper()
	policies, err := access.Load()
	must(t, err)
	h := pagetest.House(page.House{Collection: w.db, Accounts: w.db, Policies: policies})
	who := &pagetest.Person{Account: w.officers[n], Session: page.Session{Strong: true, Fresh: true}}
	return pagetest.New(t, h, who, review.Area(h, review.Options{}))
}

// document is a synthetic interview.
func document(n int, name string) string {
	return fmt.Sprintf(`<?xml version='1.0'?><data id="interview" version="2" xmlns:orx="http://openrosa.org/xforms"><start>2016-10-06T09:00:00.000+02:00</start><end>2016-10-06T09:31:00.000+02:00</end><deviceid>collect:synthetic</deviceid><today>2016-10-06</today><consent>yes</consent><person><full>%s</full><age>31</age><phone/><born/><sex>f</sex><greeting>Dear %s</greeting><group>adult</group></person><means>car boat</means><first>LBY</first><spot>35.5 12.6 0 5</spot><photo>form.png</photo><card/><trip><country>Niger</country><days>3</days><note/></trip><main>Niger</main><total>3</total><seen>2016-10-06T09:31:00.000+02:00</seen><orx:meta><orx:instanceID>%s</orx:instanceID><orx:instanceName>%s 2016-10-06</orx:instanceName></orx:meta></data>`, name, name, instance(n), name)
}

func instance(n int) string { return fmt.Sprintf("uuid:5d0c3f3e-0000-4000-8000-%012d", n) }

// arrive sends an interview with its picture.
func (w *world) arrive(t testing.TB, n int) ids.ID {
	t.Helper()
	address, size, _, err := w.db.PutFile(context.Background(), w.round.ID, strings.NewReader("\x89PNG\r\n\x1a\nsynthetic"), 1<<20)
	must(t, err)
	got, err := w.db.Arrive(context.Background(), w.phone, &collection.Arrival{Form: w.form.ID, Version: w.version.ID, Round: w.round.ID, InstanceID: instance(n), XML: []byte(document(n, "Amina Example")),
		Enumerator: w.sender, At: noon, Point: "P1", Route: "CMR", Day: fmt.Sprintf("2016-10-%02d", 1+n%31), Names: []string{"form.png"},
		Files: []collection.Attachment{{Name: "form.png", Type: "image/png", Size: size, Address: address, At: noon}}})
	must(t, err)
	return got.Submission
}

func (w *world) path(below string) string {
	return page.Path("/rounds/{round}"+below, "round", w.round.ID)
}

func sub(id ids.ID, below string) string {
	return page.Path("/submissions/{submission}"+below, "submission", id)
}
