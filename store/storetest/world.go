package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// Officer and Coordinator act in the tests; Phone is a phone.
var (
	Officer     = audit.Actor{Kind: audit.Account, ID: 11, Via: "web"}
	Coordinator = audit.Actor{Kind: audit.Account, ID: 12, Via: "web"}
	Phone       = audit.Actor{Kind: audit.Visitor, Via: "openrosa"}
)

// Noon is when things happen in the tests.
var Noon = time.Date(2016, 10, 6, 12, 0, 0, 0, time.UTC)

// World is a small programme, all of it synthetic.
type World struct {
	DB         *store.DB
	Programme  *collection.Programme
	Round      *collection.Round
	Points     []*collection.Point
	Form       *collection.Form
	Version    *collection.Version
	Enumerator *collection.FieldEnumerator
}

// NewWorld makes one in a store.
func NewWorld(t testing.TB, db *store.DB) *World {
	t.Helper()
	ctx := context.Background()
	w := &World{DB: db}
	w.Programme = &collection.Programme{Name: "Synthetic programme"}
	must(t, db.PutProgramme(ctx, Officer, w.Programme))
	w.Round = &collection.Round{Programme: w.Programme.ID, Name: "Autumn 2016", State: collection.Open,
		Routes: []collection.Route{{Code: "CMR", Name: "Central"}, {Code: "EMR", Name: "Eastern"}}}
	must(t, db.PutRound(ctx, Officer, w.Round))
	for i, route := range []string{"CMR", "CMR", "EMR"} {
		w.Points = append(w.Points, &collection.Point{Code: fmt.Sprintf("P%d", i+1), Name: "Synthetic point", Route: route})
	}
	must(t, db.PutPoints(ctx, Officer, w.Round.ID, w.Points))
	w.Form, w.Version = w.AddForm(t, "fms", "1")
	w.Enumerator = &collection.FieldEnumerator{Round: w.Round.ID, Code: "E07", Name: "Synthetic person"}
	must(t, db.PutEnumerator(ctx, Officer, w.Enumerator, []byte(w.Round.ID.String()+strings.Repeat("t", 19))))
	return w
}

// AddForm publishes a form of one version.
func (w *World) AddForm(t testing.TB, formID, version string) (*collection.Form, *collection.Version) {
	t.Helper()
	ctx := context.Background()
	f := &collection.Form{Round: w.Round.ID, FormID: formID, Title: "Synthetic form"}
	must(t, w.DB.PutForm(ctx, Officer, f))
	v := w.Publish(t, f, version)
	f, err := w.DB.Form(ctx, f.ID)
	must(t, err)
	return f, v
}

// Publish publishes a version of a form.
func (w *World) Publish(t testing.TB, f *collection.Form, version string) *collection.Version {
	t.Helper()
	ctx := context.Background()
	v := &collection.Version{Form: f.ID, Version: version, Hash: "0f", XForm: []byte("<h:html/>"), By: Officer.ID}
	must(t, w.DB.PutDraft(ctx, Officer, v, 0))
	v, err := w.DB.Publish(ctx, Officer, f.ID, v.ID, Noon)
	must(t, err)
	return v
}

// Document is a synthetic submission of about 3 kB.
func Document(instance string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<data xmlns:orx="http://openrosa.org/xforms" id="fms" version="1"><orx:meta><orx:instanceID>%s</orx:instanceID></orx:meta>`, instance)
	for i := range 80 {
		fmt.Fprintf(&b, "<question_%02d>answer %d of %s</question_%02d>", i, i, instance[max(0, len(instance)-8):], i)
	}
	b.WriteString("</data>")
	return b.Bytes()
}

// Arrival is a submission of an instance.
func (w *World) Arrival(instance string) *collection.Arrival {
	return &collection.Arrival{Form: w.Form.ID, Version: w.Version.ID, Round: w.Round.ID, InstanceID: instance, XML: Document(instance),
		At: Noon, Point: "P1", Route: "CMR", Day: "2016-10-06", Enumerator: w.Enumerator.ID}
}

// Arrive sends it.
func (w *World) Arrive(t testing.TB, a *collection.Arrival) *collection.Arrived {
	t.Helper()
	got, err := w.DB.Arrive(context.Background(), Phone, a)
	must(t, err)
	return got
}

// Etag is the present one of a submission.
func (w *World) Etag(t testing.TB, id ids.ID) int64 {
	t.Helper()
	s, err := w.DB.Submission(context.Background(), id)
	must(t, err)
	return s.Etag
}

// All lists every submission of the round.
func (w *World) All(t testing.TB, f collection.Filter) []*collection.Submission {
	t.Helper()
	f.Round, f.Limit = w.Round.ID, 500
	page, err := w.DB.ListSubmissions(context.Background(), f)
	must(t, err)
	if page.More {
		t.Fatal("there are more than a page")
	}
	return page.Rows
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			t.Fatalf("%s: %v (cause %v)", f.Kind, err, f.Cause)
		}
		t.Fatal(err)
	}
}

// kind checks what sort of fault an error is.
func kind(t testing.TB, what string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: got %v (%v), want a fault of kind %s", what, err, fault.KindOf(err), want)
	}
}

func scope(round ids.ID) vault.Scope { return vault.Scope("round-" + round.String()) }
