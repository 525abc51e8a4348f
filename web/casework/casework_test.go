package casework

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/internal/lang"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
	"waymark/trust/access"
	"waymark/trust/account"
	"waymark/web/matter"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var ctx = context.Background()

// site is the pages of cases over a made-up network, with the real policies.
type site struct {
	*referraltest.World
	t     testing.TB
	house *page.House
	kit   *matter.Kit
	uk    *rule.Pathway
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, World: referraltest.NewWorld(t, nil)}
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	s.house = pagetest.House(page.House{Collection: s.Collection, Accounts: s.Accounts, Policies: policies, Now: s.Time, Secret: referraltest.Secret})
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s.uk = all["uk"]
	if s.kit, err = matter.New(matter.Options{House: s.house, Store: s.Memory, Library: referral.NewLibrary(s.Memory, s.uk)}); err != nil {
		t.Fatal(err)
	}
	return s
}

// as is a client of somebody who is signed in; nil is a visitor.
func (s *site) as(a *account.Account) *pagetest.Client {
	s.t.Helper()
	if a != nil {
		var err error
		if a, err = s.Accounts.Account(ctx, a.ID); err != nil {
			s.t.Fatal(err)
		}
	}
	return pagetest.New(s.t, s.house, &pagetest.Person{Account: a, Session: page.Session{Strong: true, Fresh: true}}, matter.Area(), Area(s.house, s.kit))
}

// begin makes the case of a made-up person, which the caseworker keeps.
func (s *site) begin() ids.ID {
	s.t.Helper()
	n, err := s.Network(ctx, referraltest.Harbour)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.Make(referral.NewCase(referral.Starter{Network: n, Agency: s.Council, Rules: s.uk, Keep: s.Time().AddDate(0, 1, 0)}, s.Who(s.Caseworker, referraltest.Harbour)))
}

var hidden = regexp.MustCompile(`name="etag" value="([0-9-]+)"`)

// etag is the state that a form was shown for.
func etag(a *pagetest.Answer) string {
	if m := hidden.FindStringSubmatch(a.Body); m != nil {
		return m[1]
	}
	return ""
}

// date fills in the three fields of a date.
func date(v url.Values, name, iso string) url.Values {
	p := strings.Split(iso, "-")
	v.Set(name+"-year", p[0])
	v.Set(name+"-month", p[1])
	v.Set(name+"-day", p[2])
	return v
}

func TestWords(t *testing.T) {
	s := newSite(t)
	pagetest.CheckLanguages(t, Area(s.house, s.kit))
	words, err := lang.Load(files, "lang", "en")
	if err != nil {
		t.Fatal(err)
	}
	has := func(key string) {
		t.Helper()
		if !words.Has(key) {
			t.Errorf("there are no words %q", key)
		}
	}
	for _, k := range kinds {
		for _, word := range []string{".many", ".none", ".new", ".change"} {
			has(k.words() + word)
		}
		for _, f := range k.fields {
			has(k.words() + "." + f.name)
			for _, v := range f.values {
				has(k.words() + "." + f.name + "." + v)
			}
		}
	}
	for _, p := range referral.Purposes {
		has("casework.purpose." + string(p))
	}
	for _, x := range referral.Closings {
		has("casework.close.result." + string(x))
	}
	for _, v := range byHand {
		has("casework.do." + string(v))
		has("casework.do." + string(v) + ".what")
		has("casework.done." + string(v))
	}
	for _, k := range referral.RightKinds {
		has("casework.right.kind." + k)
	}
	for _, of := range []map[string][]string{referral.ServiceNext, referral.PartnerNext} {
		kind := "service"
		if _, ok := of["sent"]; ok {
			kind = "partner"
		}
		for _, list := range of {
			for _, st := range list {
				has("casework." + kind + ".state." + st)
			}
		}
	}
}

// TestACaseIsKept goes through what a caseworker writes, as their pages have it.
func TestACaseIsKept(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c := s.as(s.Caseworker)
	at := path(id)
	c.Get("/programmes/"+referraltest.Harbour.String()+"/cases").Want(t, 200, s.Row(id).Reference())
	for _, w := range []struct {
		kind string
		v    url.Values
	}{
		{"need", url.Values{"type": {"health"}, "urgency": {"now"}, "state": {"open"}, "text": {"needs a dentist"}}},
		{"person", date(url.Values{"role": {"person"}, "name": {"Nomen Nescio"}, "contact": {"by the library"}}, "born", "1999-2-3")},
		{"risk", date(date(url.Values{"area": {"debt"}, "level": {"high"}, "what": {"lenders call"}}, "date", "2026-3-4"), "review", "2026-3-20")},
		{"plan", date(url.Values{"word": {"bluebird"}}, "date", "2026-3-4")},
		{"task", date(url.Values{"kind": {"contact"}, "text": {"call the clinic"}}, "due", "2026-3-6")},
		{"note", url.Values{"text": {"a private note"}, "private": {"yes"}}},
		{"consent", date(url.Values{"scope": {"referral"}, "given": {"yes"}, "language": {"sq"}, "interpreter": {"professional"}, "how": {"spoken", "may-withdraw"}, "capacity": {"yes"}}, "date", "2026-3-4")},
		{"conference", date(url.Values{"agenda": {"housing\nhealth"}, "decisions": {"a flat is found"}, "present": {"Somebody, council"}, "what-1": {"ask for a flat"}, "who-1": {"Housing"}, "due-1": {"2026-03-10"}}, "date", "2026-3-4")},
	} {
		c.Get(at+"/new/"+w.kind).Want(t, 200)
		c.Post(at+"/new/"+w.kind, w.v).Want(t, 303)
	}
	c.Get(at).Want(t, 200, "needs a dentist", "call the clinic", "Housing: ask for a flat", "6 March 2026")
	c.Get(at+"?view=people").Want(t, 200, "Nomen Nescio", "3 February 1999", "lenders call", "bluebird")
	c.Get(at+"?view=partners").Want(t, 200, "a flat is found", "Somebody, council")
	c.Get(at+"?view=notes").Want(t, 200, "a private note", "Private")
	c.Get(at+"?view=rights").Want(t, 200, "To the referral")
	list := c.Get("/reminders").Want(t, 200, "Task", "6 March 2026", "Review of a risk")
	for _, told := range []string{"clinic", "lenders", "Nomen"} {
		if strings.Contains(list.Body, told) {
			t.Errorf("the list of reminders tells %q", told)
		}
	}
	for _, what := range []string{"dentist", "Nomen", "bluebird"} {
		if strings.Contains(list.Body, what) || strings.Contains(c.Get("/programmes/"+referraltest.Harbour.String()+"/cases").Body, what) {
			t.Errorf("a list tells %q", what)
		}
	}
}

// TestEveryFaultIsSaidAtOnce: a form that is wrong comes back with what was typed.
func TestEveryFaultIsSaidAtOnce(t *testing.T) {
	s := newSite(t)
	at := path(s.begin())
	wrong := s.as(s.Caseworker).Post(at+"/new/conference", date(url.Values{"due-2": {"soon"}}, "date", "2026-3-4"))
	wrong.Want(t, 422, "Action 2: by when")
	if n := strings.Count(wrong.Body, `href="#f-`); n != 1 || strings.Contains(wrong.Body, "[casework.") {
		t.Errorf("%d faults are linked, not 1: %.3000s", n, wrong.Body)
	}
	a := s.as(s.Caseworker).Post(at+"/new/risk", date(url.Values{"area": {"dragons"}, "what": {"typed already"}}, "date", "2026-13-40"))
	a.Want(t, 422, "typed already")
	if n := strings.Count(a.Body, `href="#f-`); n < 3 {
		t.Errorf("%d faults are linked, not 3", n)
	}
}

func TestAServiceIsOfferedAcceptedAndDelivered(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	c.Post(at+"/new/need", url.Values{"type": {"accommodation"}, "urgency": {"now"}, "state": {"open"}}).Want(t, 303)
	need := s.Whole(id).Of(referral.PartNeed)[0]
	c.Post(at+"/new/service?need="+need.ID.String(), url.Values{"need": {need.ID.String()}, "provider": {"Safe house"}}).Want(t, 303)
	for _, st := range []string{"accepted", "delivered"} {
		sv := s.Whole(id).Of(referral.PartService)[0]
		c.Post(partPath(id, sv.ID)+"/course", date(url.Values{"state": {"refused-twice"}, "etag": {"1"}}, "date", "2026-3-4")).Want(t, 422)
		form := c.Get(partPath(id, sv.ID)+"/course").Want(t, 200)
		c.Post(partPath(id, sv.ID)+"/course", date(url.Values{"state": {st}, "etag": {etag(form)}}, "date", "2026-3-4")).Want(t, 303)
	}
	c.Get(at).Want(t, 200, "Safe house", "Offered", "Accepted", "Delivered", "Accommodation")
}

// TestTwoPeopleAtOnceAreShownNeverOverwritten: what somebody else stored
// meanwhile stands beside what was typed.
func TestTwoPeopleAtOnceAreShownNeverOverwritten(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	c.Post(at+"/new/note", url.Values{"text": {"first words"}}).Want(t, 303)
	s.Make((&referral.File{Matter: *s.Row(id)}).Join(s.Colleague.ID, s.Who(s.Caseworker, referraltest.Harbour)))
	note := partPath(id, s.Whole(id).Of(referral.PartNote)[0].ID)
	other := s.as(s.Colleague)
	mine, theirs := c.Get(note).Want(t, 200, "first words"), other.Get(note).Want(t, 200)
	other.Post(note, url.Values{"text": {"their words"}, "etag": {etag(theirs)}}).Want(t, 303)
	clash := c.Post(note, url.Values{"text": {"my words"}, "etag": {etag(mine)}}).Want(t, 409, "their words", "my words")
	c.Get(at+"?view=notes").Want(t, 200, "their words")
	c.Post(note, url.Values{"text": {"both words"}, "etag": {etag(clash)}}).Want(t, 303)
	c.Get(at+"?view=notes").Want(t, 200, "both words")
}

func TestPartnersSeeWhatIsSharedForTheirPurposeAndNothingElse(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	c.Post(at+"/new/need", url.Values{"type": {"health"}, "urgency": {"now"}, "state": {"open"}, "text": {"a broken tooth"}}).Want(t, 303)
	c.Post(at+"/new/need", url.Values{"type": {"legal-counselling"}, "urgency": {"now"}, "state": {"open"}, "text": {"a lawyer"}}).Want(t, 303)
	c.Post(at+"/new/note", url.Values{"text": {"for the clinic"}, "purpose": {"health"}, "private": {"yes"}}).Want(t, 303)
	p := s.as(s.Partner)
	p.Get(at).Want(t, 404)
	c.Post(at+"/share", date(url.Values{"agency": {s.Charity.ID.String()}, "purpose": {"health"}, "text": {"Please see this person"}}, "until", "2026-4-4")).Want(t, 303)
	now := p.Get(at).Want(t, 200, "a broken tooth")
	for _, view := range views {
		body := p.Get(page.Path(at, "view", view)).Want(t, 200).Body
		if strings.Contains(body, "a lawyer") || strings.Contains(body, "for the clinic") {
			t.Errorf("the partner's view %s tells what is not for it", view)
		}
	}
	if !strings.Contains(now.Body, "not shown") {
		t.Error("the page does not say that something is hidden")
	}
	p.Get("/programmes/"+referraltest.Harbour.String()+"/cases?view=shared").Want(t, 200, s.Row(id).Reference())
	p.Get(at+"/share").Want(t, 404)
	for _, kept := range []string{"/event", "/new/person", "/new/plan", "/new/consent", "/new/conference", "/new/task"} {
		p.Get(at+kept).Want(t, 404)
	}
	p.Post(at+"/new/note", url.Values{"text": {"we have a chair free"}, "purpose": {"health"}}).Want(t, 303)
	c.Get(at+"?view=notes").Want(t, 200, "we have a chair free")
	asked := s.Whole(id).Of(referral.PartPartner)[0]
	if want := "2026-03-06"; asked.Due.Format(time.DateOnly) != want {
		t.Errorf("the partner has until %s, not %s", asked.Due.Format(time.DateOnly), want)
	}
	form := p.Get(partPath(id, asked.ID)+"/course").Want(t, 200)
	p.Post(partPath(id, asked.ID)+"/course", date(url.Values{"state": {"declined"}, "etag": {etag(form)}}, "date", "2026-3-4")).Want(t, 422)
	p.Post(partPath(id, asked.ID)+"/course", date(url.Values{"state": {"declined"}, "why": {"no room"}, "etag": {etag(form)}}, "date", "2026-3-4")).Want(t, 303)
	p.Get(at).Want(t, 404)
	c.Get(at+"?view=partners").Want(t, 200, "Declined", "no room")
}

func TestASharingEndsByItselfAndAtOnce(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, p, at := s.as(s.Caseworker), s.as(s.Partner), path(id)
	give := func() { // the last day counts
		c.Post(at+"/share", date(url.Values{"agency": {s.Charity.ID.String()}, "purpose": {"legal"}}, "until", s.Time().AddDate(0, 0, 1).Format("2006-1-2"))).Want(t, 303)
	}
	give()
	p.Get(at).Want(t, 200)
	s.Pass(49 * time.Hour)
	p.Get(at).Want(t, 404)
	give()
	p.Get(at).Want(t, 200)
	grants, err := s.Grants(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	c.Post(page.Path("/cases/{matter}/share/{grant}/end", "matter", id, "grant", grants[len(grants)-1].ID), nil).Want(t, 303)
	p.Get(at).Want(t, 404)
}

// TestPromise8BreakGlassDemandsAReasonExpiresAlertsAndIsReviewed is the whole course
// of an emergency.
func TestPromise8BreakGlassDemandsAReasonExpiresAlertsAndIsReviewed(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	at := path(id)
	s.as(s.Caseworker).Post(at+"/new/person", url.Values{"role": {"person"}, "name": {"Nomen Nescio"}}).Want(t, 303)
	other := s.as(s.Colleague)
	other.Get(at).Want(t, 404)
	other.Get(at+"/emergency").Want(t, 200)
	other.Post(at+"/emergency", url.Values{"reason": {"  "}}).Want(t, 422)
	other.Get(at).Want(t, 404)
	other.Post(at+"/emergency", url.Values{"reason": {"the hospital rings"}}).Want(t, 303)
	other.Get(at+"?view=people").Want(t, 200, "Nomen Nescio", "emergency")
	other.Post(at+"/new/note", url.Values{"text": {"no"}}).Want(t, 404)
	s.as(s.Caseworker).Get("/reminders").Want(t, 200, "Task")
	s.as(s.Caseworker).Get(at).Want(t, 200, "Opened in an emergency", "the hospital rings")
	grants, _ := s.Grants(ctx, id)
	review := page.Path("/cases/{matter}/emergencies/{grant}", "matter", id, "grant", grants[0].ID)
	other.Get(review).Want(t, 404)
	bo := s.as(s.Coordinator)
	bo.Get("/programmes/"+referraltest.Harbour.String()+"/emergencies").Want(t, 200, "Waits for review", review)
	shown := bo.Get(review).Want(t, 200, "the hospital rings")
	if strings.Contains(shown.Body, "Nomen") {
		t.Error("the review shows more than the reason")
	}
	bo.Get(at).Want(t, 404)
	bo.Post(review, url.Values{"verdict": {"not-justified"}}).Want(t, 303)
	other.Get(at).Want(t, 404)
	bo.Get("/programmes/"+referraltest.Harbour.String()+"/emergencies").Want(t, 200, "Reviewed")
	other.Post(at+"/emergency", url.Values{"reason": {"again"}}).Want(t, 303)
	other.Get(at).Want(t, 200)
	s.Pass(referral.GlassFor)
	other.Get(at).Want(t, 404)
}

// TestALeaversCasesGoOnWithoutBeingRead: the coordinator who hands them over can open
// none.
func TestALeaversCasesGoOnWithoutBeingRead(t *testing.T) {
	s := newSite(t)
	one, two := s.begin(), s.begin()
	bo := s.as(s.Coordinator)
	bo.Get(path(one)).Want(t, 404)
	at := "/programmes/" + referraltest.Harbour.String() + "/hand-over"
	bo.Get(at).Want(t, 200)
	bo.Post(at, url.Values{"from": {s.Caseworker.ID.String()}, "to": {s.Officer.ID.String()}, "reason": {"leaves"}}).Want(t, 422, "same agency")
	bo.Post(at, url.Values{"from": {s.Caseworker.ID.String()}, "to": {s.Colleague.ID.String()}, "reason": {"leaves"}}).Want(t, 303)
	for _, id := range []ids.ID{one, two} {
		s.as(s.Caseworker).Get(path(id)).Want(t, 404)
		s.as(s.Colleague).Get(path(id)+"?view=rights").Want(t, 200, "leaves")
	}
}

func TestErasureNeedsTwoPeopleAndLeavesAProof(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, bo, at := s.as(s.Caseworker), s.as(s.Coordinator), path(id)
	bo.Post(at+"/erase", url.Values{"sure": {"yes"}}).Want(t, 404)
	c.Post(at+"/erasure", url.Values{"reason": {"the person asks"}}).Want(t, 303)
	c.Post(at+"/erase", url.Values{"sure": {"yes"}}).Want(t, 404)
	bo.Get("/programmes/"+referraltest.Harbour.String()+"/erasures").Want(t, 200, s.Row(id).Reference())
	bo.Post(at+"/keep", url.Values{"reason": {"a court asks for it"}}).Want(t, 303)
	c.Get(at+"?view=rights").Want(t, 200, "a court asks for it")
	c.Post(at+"/erasure", url.Values{"reason": {"the court is done"}}).Want(t, 303)
	bo.Get(at+"/erase").Want(t, 200)
	bo.Post(at+"/erase", nil).Want(t, 422)
	bo.Post(at+"/erase", url.Values{"sure": {"yes"}}).Want(t, 303)
	c.Get(at).Want(t, 404)
	bo.Get(at+"/proof").Want(t, 200, "Fingerprint", s.Row(id).Print)
}

// TestConcernsAreErasedAsCasesAre: what a frontline worker handed in is kept for the time
// of the rules, and goes earlier if two people agree.
func TestConcernsAreErasedAsCasesAre(t *testing.T) {
	s := newSite(t)
	decided := func() ids.ID {
		id := s.Make(referral.NewConcern(s.Fire, s.uk.Version, s.Time().Add(24*time.Hour), []byte(ids.New().String()), referral.Who{By: account.Stranger, At: s.Time()}))
		c, _, err := s.Whole(id).SaveConcern(s.uk.Concern, rule.Answers{"danger": {"no"}, "age": {"adult"}, "words": {"typed"}}, referral.Who{By: account.Stranger, At: s.Time()})
		s.Make(c, err)
		s.Make(s.Whole(id).HandIn(s.uk, s.uk.Today("england-wales", s.Time()), s.Time().Add(time.Hour), []byte(ids.New().String()), referral.Who{By: account.Stranger, At: s.Time()}))
		who := s.Who(s.Contact, referraltest.Harbour)
		s.Make(s.Whole(id).Take(who))
		f := s.Whole(id)
		keep, err := f.Keep(s.uk, "england-wales", referral.KeepConcern, s.Time())
		if err != nil || keep.IsZero() {
			t.Fatalf("kept until %v, %v", keep, err)
		}
		return s.Make(f.Decide(referral.NoAction, "nothing there", keep, who))
	}
	asked, left := decided(), decided()
	at := func(id ids.ID) string { return matter.Path(s.Row(id)) }
	list := "/programmes/" + referraltest.Harbour.String() + "/erasures"
	contact, bo := s.as(s.Contact), s.as(s.Coordinator)
	s.as(s.Stranger).Get(at(asked)+"/erasure").Want(t, 404)
	contact.Get(at(asked)+"/erasure").Want(t, 200)
	contact.Post(at(asked)+"/erasure", url.Values{"reason": {"the person asks"}}).Want(t, 303)
	contact.Post(at(asked)+"/erase", url.Values{"sure": {"yes"}}).Want(t, 404)
	bo.Get(list).Want(t, 200, s.Row(asked).Reference())
	bo.Post(at(asked)+"/erase", url.Values{"sure": {"yes"}}).Want(t, 303)
	bo.Get(at(asked)+"/proof").Want(t, 200, s.Row(asked).Print)
	bo.Post(at(left)+"/erase", url.Values{"sure": {"yes"}}).Want(t, 404)
	s.Pass(345 * 24 * time.Hour)
	bo.Get(list).Want(t, 200, s.Row(left).Reference())
	s.Pass(30 * 24 * time.Hour)
	bo.Post(at(left)+"/erase", url.Values{"sure": {"yes"}}).Want(t, 303)
	if m := s.Row(left); m.State != referral.Erased {
		t.Errorf("it is %s", m.State)
	}
}

// TestWhoIsInNoAgencyHasNoList: a role alone shows no case of a network.
func TestWhoIsInNoAgencyHasNoList(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	if err := s.SetMember(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, referraltest.Harbour, s.Partner.ID, 0); err != nil {
		t.Fatal(err)
	}
	for _, view := range []string{"", "?view=all", "?view=closed"} {
		if a := s.as(s.Partner).Get("/programmes/"+referraltest.Harbour.String()+"/cases"+view).Want(t, 200); strings.Contains(a.Body, s.Row(id).Reference()) {
			t.Errorf("somebody of no agency is shown a case in %q", view)
		}
	}
}

// TestWhatThePersonMayAsk: a copy in their language, restriction, withdrawal.
func TestWhatThePersonMayAsk(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	c.Post(at+"/new/person", url.Values{"role": {"person"}, "name": {"Nomen Nescio"}}).Want(t, 303)
	c.Post(at+"/right", date(url.Values{"kind": {"access"}, "language": {"fr"}, "text": {"je veux lire"}}, "asked", "2026-1-31")).Want(t, 303)
	right := s.Whole(id).Of(referral.PartRight)[0]
	if right.Due.Format(time.DateOnly) != "2026-02-28" {
		t.Errorf("a month from 31 January ends on %s", right.Due.Format(time.DateOnly))
	}
	c.Get(at+"/held?lang=fr").Want(t, 200, `lang="fr"`, "Nomen Nescio")
	c.Get(at+"/held?lang=ar").Want(t, 200, `dir="rtl"`, "Nomen Nescio")
	c.Get(at+"/held?format=json").Want(t, 200, `"waymark-held-1"`, "Nomen Nescio")
	answer := page.Path("/cases/{matter}/right/{part}", "matter", id, "part", right.ID)
	form := c.Get(answer).Want(t, 200, "je veux lire")
	c.Post(answer, date(url.Values{"granted": {"yes"}, "answer": {"copy handed over"}, "etag": {etag(form)}}, "answered", "2026-3-4")).Want(t, 303)
	c.Get(answer).Want(t, 404)

	c.Get(at+"/state/restrict").Want(t, 200)
	c.Post(at+"/state/restrict", url.Values{"reason": {"the person asks"}}).Want(t, 303)
	c.Post(at+"/new/note", url.Values{"text": {"x"}}).Want(t, 404)
	c.Get(at).Want(t, 200, "nothing more be done")
	s.as(s.Colleague).Post(at+"/emergency", url.Values{"reason": {"let me"}}).Want(t, 422, "nothing more be done")
	s.as(s.Colleague).Get(at).Want(t, 404)
	c.Post(at+"/state/lift", url.Values{"reason": {"the person agrees"}}).Want(t, 303)
	c.Post(at+"/new/note", url.Values{"text": {"x"}}).Want(t, 303)

	c.Get(at+"/withdrawal").Want(t, 404)
	c.Post(at+"/new/consent", date(url.Values{"scope": {"referral"}, "given": {"yes"}, "language": {"fr"}, "interpreter": {"none"}, "how": {"spoken"}, "capacity": {"yes"}}, "date", "2026-3-4")).Want(t, 303)
	c.Post(at+"/withdrawal", date(url.Values{"language": {"fr"}, "interpreter": {"none"}, "how": {"spoken"}}, "date", "2026-3-4")).Want(t, 303)
	c.Get(at+"?view=rights").Want(t, 200, "Takes consent back")
}

func TestDecisionsStartClocks(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	c.Get(at+"/event").Want(t, 200)
	c.Post(at+"/event", date(url.Values{"name": {"reasonable-positive"}}, "date", "2026-3-5")).Want(t, 422, "after today")
	c.Post(at+"/event", date(url.Values{"name": {"referral-sent"}}, "date", "2026-3-2")).Want(t, 422)
	c.Post(at+"/event", date(url.Values{"name": {"reasonable-negative"}}, "date", "2026-3-2")).Want(t, 303)
	c.Get(at).Want(t, 200, "1 April 2026", "30 calendar days")
	if m := s.Row(id); m.Due.UTC().Format(time.DateOnly) != "2026-03-31" && m.Due.UTC().Format(time.DateOnly) != "2026-04-01" || m.DueRule != "reconsider-reasonable" {
		t.Errorf("the case is due %v by %q", m.Due, m.DueRule)
	}
	c.Get("/programmes/"+referraltest.Harbour.String()+"/cases").Want(t, 200, "1 April 2026")
}
