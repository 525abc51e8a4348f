package retention

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/trust/audit"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var nobody = audit.Actor{Kind: audit.System, Via: "command"}

// accounts has two people.
type accounts struct{ account.Store }

const (
	first  = ids.ID(1 << 40)
	second = ids.ID(1<<40 + 1)
)

func (accounts) Accounts(context.Context, ids.ID) ([]*account.Account, error) {
	return []*account.Account{{ID: first, Name: "Synthetic First"}, {ID: second, Name: "Synthetic Second"}}, nil
}

func house(s *collectiontest.Store) *page.House {
	p, err := access.Load()
	if err != nil {
		panic(err)
	}
	return pagetest.House(page.House{Collection: s, Accounts: accounts{}, Policies: p})
}

type world struct {
	*collectiontest.Store
	t             *testing.T
	opt           Options
	round         *collection.Round
	first, second *pagetest.Client
}

func newWorld(t *testing.T, opt Options) *world {
	t.Helper()
	w := &world{Store: collectiontest.New(), t: t, opt: opt}
	p := &collection.Programme{Name: "Synthetic programme"}
	must(t, w.PutProgramme(context.Background(), nobody, p))
	w.round = &collection.Round{Programme: p.ID, Name: "Autumn 2016", To: "2016-11-11", State: collection.Closed}
	must(t, w.PutRound(context.Background(), nobody, w.round))
	w.first, w.second = w.client(first, access.Coordinator), w.client(second, access.Coordinator)
	return w
}

// client is of a person in a role, freshly signed in.
func (w *world) client(id ids.ID, role access.Role) *pagetest.Client {
	who := pagetest.Somebody(w.round.Programme, role)
	who.Account.ID = id
	return pagetest.New(w.t, house(w.Store), who, Area(house(w.Store), w.opt))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) at(path string) string {
	return page.Path("/rounds/{round}/retention"+path, "round", w.round.ID)
}

func (w *world) stored() *collection.Round {
	w.t.Helper()
	r, err := w.Round(context.Background(), w.round.ID)
	must(w.t, err)
	return r
}

// proposal is the newest.
func (w *world) proposal() *collection.Deletion {
	w.t.Helper()
	list, err := w.ListDeletions(context.Background(), w.round.ID)
	must(w.t, err)
	if len(list) == 0 {
		w.t.Fatal("no proposal")
	}
	return list[0]
}

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area(house(collectiontest.New()), Options{}))
}

func TestDate(t *testing.T) {
	w := newWorld(t, Options{})
	w.first.Get(w.at("")).Want(t, 200, "Not set", "No date")
	w.first.Get(w.at("/date")).Want(t, 200, "Last day on which answers are kept")
	day := func(etag, d, m, y string) *pagetest.Answer {
		return w.first.Post(w.at("/date"), url.Values{"etag": {etag}, "retain-day": {d}, "retain-month": {m}, "retain-year": {y}})
	}
	day("1", "2", "3", "2026").Want(t, 422, "choose a day from tomorrow on")
	day("1", "31", "2", "2027").Want(t, 422, "write a real date", `value="31"`)
	if a := day("1", "20", "3", "2026"); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.first.Get(w.at("")).Want(t, 200, "20 March 2026", "Due soon", "for 18 more days")
	day("1", "1", "1", "2030").Want(t, 409, "Someone else changed this", "20 March 2026", "1 January 2030", `name="etag" value="2"`)
	overview := page.Path("/programmes/{programme}/retention", "programme", w.round.Programme)
	w.first.Get(overview).Want(t, 200, "Due within 30 days", "Autumn 2016", "20 March 2026")
	if a := w.first.Post(w.at("/date"), url.Values{"etag": {"2"}}); a.Code != 303 || w.stored().Retain != "" {
		t.Errorf("the date was not taken away: %d %q", a.Code, w.stored().Retain)
	}
}

// TestTwoPeopleDelete: one proposes, the same may not approve, another does, and the
// proof is shown.
func TestTwoPeopleDelete(t *testing.T) {
	w := newWorld(t, Options{})
	w.first.Get(w.at("/propose")).Want(t, 200, "Propose to delete all answers of Autumn 2016")
	w.first.Post(w.at("/propose"), nil).Want(t, 422, "Reason: this must be filled in")
	if a := w.first.Post(w.at("/propose"), url.Values{"reason": {"End of the agreement"}}); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	w.first.Get(w.at("")).Want(t, 200, "Waits for approval", "End of the agreement", "Synthetic First", "Another coordinator must decide")
	if a := w.first.Get(w.at("/propose")); a.Code != 303 {
		t.Errorf("a second proposal is offered: %d", a.Code)
	}
	w.first.Post(w.at("/propose"), url.Values{"reason": {"again"}}).Want(t, 422, "a proposal waits already")
	approve := pathOf(w.proposal()) + "/approve"
	for _, path := range []string{approve, pathOf(w.proposal()) + "/refuse"} {
		if a := w.first.Get(path); a.Code != 404 {
			t.Errorf("the proposer sees %s: %d", path, a.Code)
		}
		if a := w.first.Post(path, url.Values{"sure": {"yes"}}); a.Code != 404 || w.proposal().Stage() != collection.DeletionProposed {
			t.Errorf("the proposer decided: %d, %s", a.Code, w.proposal().Stage())
		}
	}
	officer := w.client(ids.ID(7), access.DataOfficer)
	if a := officer.Post(approve, url.Values{"sure": {"yes"}}); a.Code != 404 {
		t.Errorf("a data officer approved: %d", a.Code)
	}
	w.second.Get(page.Path("/programmes/{programme}/retention", "programme", w.round.Programme)).Want(t, 200, "Proposals that wait", "Synthetic First")
	w.second.Get(w.at("")).Want(t, 200, "Approve and delete", "Refuse")
	w.second.Get(approve).Want(t, 200, "Reason given: End of the agreement", "the key that could open them is destroyed", "Delete for ever")
	w.second.Post(approve, nil).Want(t, 422, "I have read the reason")
	if a := w.second.Post(approve, url.Values{"sure": {"yes"}}); a.Code != 303 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	if w.stored().State != collection.Deleted {
		t.Fatal("the round was not deleted")
	}
	w.second.Get(w.at("")).Want(t, 200, "Carried out", "Deleted", "See the proof")
	w.first.Get(pathOf(w.proposal())+"/proof").Want(t, 200, "Interviews deleted", "12", "of these, approved", "c0ffee", "77", "Synthetic Second")
	json := w.first.Get(pathOf(w.proposal())+"/proof.json").Want(t, 200, `"submissions":12`)
	if !strings.HasPrefix(json.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the proof is no file to keep")
	}
	w.first.Get(w.at("/date")).Want(t, 404)
}

// TestApprovalNeedsAFreshProof: a browser that was left open is not enough.
func TestApprovalNeedsAFreshProof(t *testing.T) {
	w := newWorld(t, Options{})
	must(t, w.ProposeDeletion(context.Background(), audit.Actor{Kind: audit.Account, ID: first, Via: "web"}, &collection.Deletion{Round: w.round.ID, Reason: "x"}))
	who := pagetest.Somebody(w.round.Programme, access.Coordinator)
	who.Account.ID, who.Session.Fresh = second, false
	stale := pagetest.New(t, house(w.Store), who, Area(house(w.Store), Options{}))
	stale.Get(w.at("")).Want(t, 200, "Approve and delete")
	a := stale.Post(pathOf(w.proposal())+"/approve", url.Values{"sure": {"yes"}})
	if a.Code != 303 || !strings.HasPrefix(a.Location(), page.AgainPath) || w.proposal().Stage() != collection.DeletionProposed {
		t.Errorf("%d to %s, %s", a.Code, a.Location(), w.proposal().Stage())
	}
}

func TestRefusal(t *testing.T) {
	w := newWorld(t, Options{})
	must(t, w.ProposeDeletion(context.Background(), audit.Actor{Kind: audit.Account, ID: first, Via: "web"}, &collection.Deletion{Round: w.round.ID, Reason: "x"}))
	at := pathOf(w.proposal()) + "/refuse"
	w.second.Get(at).Want(t, 200, "The answers are kept.")
	if a := w.second.Post(at, nil); a.Code != 303 || w.proposal().Stage() != collection.DeletionRefused {
		t.Fatalf("%d %s", a.Code, w.proposal().Stage())
	}
	if a := w.second.Post(pathOf(w.proposal())+"/approve", url.Values{"sure": {"yes"}}); a.Code != 303 || w.stored().State == collection.Deleted {
		t.Fatalf("what was refused was approved: %d", a.Code)
	}
	w.second.Get(w.at("")).Want(t, 200, "Another person decided", "Refused", "Propose deletion")
	w.second.Get(pathOf(w.proposal())+"/proof").Want(t, 404)
}

// TestDeletionThatBrokeOffGoesOn: after an error the page offers to carry on.
func TestDeletionThatBrokeOffGoesOn(t *testing.T) {
	broken := true
	var w *world
	w = newWorld(t, Options{Start: func(ctx context.Context, by audit.Actor, id ids.ID) error {
		if broken {
			return errors.New("the line was cut")
		}
		_, err := w.DeleteRound(ctx, by, id, pagetest.Now)
		return err
	}})
	must(t, w.ProposeDeletion(context.Background(), audit.Actor{Kind: audit.Account, ID: first, Via: "web"}, &collection.Deletion{Round: w.round.ID, Reason: "x"}))
	w.second.Post(pathOf(w.proposal())+"/approve", url.Values{"sure": {"yes"}}).Want(t, 500, "Internal error")
	w.second.Get(w.at("")).Want(t, 200, "Approved, not finished", "Go on with the deletion")
	broken = false
	at := pathOf(w.proposal()) + "/go-on"
	w.second.Get(at).Want(t, 200, "what is gone stays gone")
	if a := w.second.Post(at, nil); a.Code != 303 || w.stored().State != collection.Deleted {
		t.Fatalf("%d %s", a.Code, w.stored().State)
	}
}

func TestOpenRoundIsNotDeleted(t *testing.T) {
	w := newWorld(t, Options{})
	r := w.stored()
	r.State = collection.Open
	must(t, w.PutRound(context.Background(), nobody, r))
	if a := w.first.Get(w.at("")).Want(t, 200, "once the round is closed"); strings.Contains(a.Body, "/propose") {
		t.Error("a deletion is offered while the round is open")
	}
	w.first.Post(w.at("/propose"), url.Values{"reason": {"x"}}).Want(t, 422, "still takes submissions")
}

func TestProposalOfAnotherRoundIsNotFound(t *testing.T) {
	w := newWorld(t, Options{})
	must(t, w.ProposeDeletion(context.Background(), audit.Actor{Kind: audit.Account, ID: first, Via: "web"}, &collection.Deletion{Round: w.round.ID, Reason: "x"}))
	other := &collection.Round{Programme: w.round.Programme, Name: "Other", State: collection.Closed}
	must(t, w.PutRound(context.Background(), nobody, other))
	at := page.Path("/rounds/{round}/retention/{deletion}/approve", "round", other.ID, "deletion", w.proposal().ID)
	if a := w.second.Post(at, url.Values{"sure": {"yes"}}); a.Code != 404 || w.proposal().Stage() != collection.DeletionProposed {
		t.Errorf("%d %s", a.Code, w.proposal().Stage())
	}
}

// TestTextsAreEscaped: whatever is typed comes back as text, on every page.
func TestTextsAreEscaped(t *testing.T) {
	for _, bad := range []string{`'; DROP TABLE deletion;--`, `{{.House.Secret}}`, `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</textarea><b>`} {
		w := newWorld(t, Options{})
		r := w.stored()
		r.Name = bad
		must(t, w.PutRound(context.Background(), nobody, r))
		answers := []*pagetest.Answer{w.first.Post(w.at("/propose"), url.Values{"reason": {strings.Repeat(bad, 200)}}),
			w.first.Post(w.at("/date"), url.Values{"etag": {bad}, "retain-day": {bad}, "retain-month": {bad}, "retain-year": {bad}}),
			w.first.Post(w.at("/propose"), url.Values{"reason": {bad}}), w.first.Get(w.at("")),
			w.second.Get(page.Path("/programmes/{programme}/retention", "programme", w.round.Programme)),
			w.second.Get(pathOf(w.proposal()) + "/approve"), w.second.Get(pathOf(w.proposal()) + "/refuse"),
			w.second.Post(pathOf(w.proposal())+"/approve", url.Values{"sure": {"yes"}}), w.second.Get(pathOf(w.proposal()) + "/proof")}
		for i, a := range answers {
			if a.Code >= 500 {
				t.Errorf("answer %d to %q: %d", i, bad, a.Code)
			}
			for _, never := range []string{"<script>alert", "<img src=x", "</textarea><b>", "kkkkkkkk"} {
				if strings.Contains(a.Body, never) {
					t.Errorf("answer %d to %q holds %q", i, bad, never)
				}
			}
		}
	}
}
