package casework

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/web/page"
)

// TestWhoLeavesTheAgencyLeavesItsCases: at the next request, and they go to nobody of
// the agency to which their keeper went.
func TestWhoLeavesTheAgencyLeavesItsCases(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, bo := s.as(s.Caseworker), s.as(s.Coordinator)
	c.Get(path(id)).Want(t, 200)
	if err := s.SetMember(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, referraltest.Harbour, s.Caseworker.ID, s.Police.ID); err != nil {
		t.Fatal(err)
	}
	c.Get(path(id)).Want(t, 404)
	at := "/programmes/" + referraltest.Harbour.String() + "/hand-over"
	bo.Post(at, url.Values{"from": {s.Caseworker.ID.String()}, "to": {s.Officer.ID.String()}, "reason": {"moved"}}).Want(t, 422, "same agency")
	if m := s.Row(id); m.Owner != s.Caseworker.ID {
		t.Fatal("a case of the council went to the police")
	}
	bo.Post(at, url.Values{"from": {s.Caseworker.ID.String()}, "to": {s.Colleague.ID.String()}, "reason": {"moved"}}).Want(t, 303)
	s.as(s.Colleague).Get(path(id)).Want(t, 200)
}

// TestAClosedCaseIsStillTakenBackAndReviewed: closing it ends no share and no duty to
// look at an emergency.
func TestAClosedCaseIsStillTakenBackAndReviewed(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, p, other, bo, at := s.as(s.Caseworker), s.as(s.Partner), s.as(s.Colleague), s.as(s.Coordinator), path(id)
	c.Post(at+"/share", date(url.Values{"agency": {s.Charity.ID.String()}, "purpose": {"legal"}}, "until", "2026-4-4")).Want(t, 303)
	other.Post(at+"/emergency", url.Values{"reason": {"the hospital rings"}}).Want(t, 303)
	c.Post(at+"/state/close", url.Values{"reason": {"all is done"}, "result": {"moved-on"}}).Want(t, 303)
	p.Get(at).Want(t, 200)
	grants, err := s.Grants(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if g.Kind == referral.Glass {
			bo.Post(page.Path("/cases/{matter}/emergencies/{grant}", "matter", id, "grant", g.ID), url.Values{"verdict": {"justified"}}).Want(t, 303)
			continue
		}
		c.Post(page.Path("/cases/{matter}/share/{grant}/end", "matter", id, "grant", g.ID), nil).Want(t, 303)
	}
	p.Get(at).Want(t, 404)
	if grants, _ = s.Grants(ctx, id); grants[1].Reviewed.IsZero() {
		t.Error("the emergency was not reviewed")
	}
	s.Pass(referral.GlassFor)
	other.Get(at).Want(t, 404)
	other.Post(at+"/emergency", url.Values{"reason": {"the hospital rings again"}}).Want(t, 303)
	other.Get(at).Want(t, 200)
}

// TestAPartnerTicksAndAddsNothingBeyondItsShare: what others are reminded of, and
// purposes that are not its own.
func TestAPartnerTicksAndAddsNothingBeyondItsShare(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, p, at := s.as(s.Caseworker), s.as(s.Partner), path(id)
	c.Post(at+"/new/risk", date(date(url.Values{"area": {"exploiters"}, "level": {"high"}, "what": {"they know the address"}}, "date", "2026-3-4"), "review", "2026-3-11")).Want(t, 303)
	c.Post(at+"/share", date(url.Values{"agency": {s.Charity.ID.String()}, "purpose": {"safety"}, "text": {"Please keep an eye"}}, "until", "2026-4-4")).Want(t, 303)
	risk, asked := s.Whole(id).Of(referral.PartRisk)[0], s.Whole(id).Of(referral.PartPartner)[0]
	if body := p.Get(at+"?view=people").Want(t, 200, "they know the address").Body; strings.Contains(body, risk.ID.String()+"/done") {
		t.Error("a partner is offered to tick what the caseworker is reminded of")
	}
	for _, part := range []ids.ID{risk.ID, asked.ID} {
		if a := p.Post(partPath(id, part)+"/done", nil); a.Code == 200 {
			t.Errorf("ticking is answered %d", a.Code)
		}
		if s.Whole(id).Part(part).Done {
			t.Errorf("a partner ticked a %s", s.Whole(id).Part(part).Kind)
		}
	}
	p.Post(at+"/new/note", url.Values{"text": {"for the lawyers"}, "purpose": {"legal"}}).Want(t, 422)
	p.Post(at+"/new/note", url.Values{"text": {"for safety"}, "purpose": {"safety"}}).Want(t, 303)
	p.Post(at+"/new/need", url.Values{"type": {"legal-counselling"}, "urgency": {"now"}, "state": {"open"}}).Want(t, 303)
	for _, part := range s.Whole(id).Of(referral.PartNeed) {
		if part.Purpose != "" {
			t.Errorf("a partner for safety wrote a need for %q", part.Purpose)
		}
	}
	c.Post(partPath(id, risk.ID)+"/done", nil).Want(t, 303)
	if !s.Whole(id).Part(risk.ID).Done {
		t.Error("the caseworker cannot tick it either")
	}
}

// TestATeamIsOfTheAgency: nobody else is put into it, not even for later.
func TestATeamIsOfTheAgency(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	for _, who := range []ids.ID{s.Partner.ID, s.Stranger.ID, 4711} {
		c.Post(at+"/share", url.Values{"do": {"team"}, "account": {who.String()}}).Want(t, 422)
	}
	c.Post(at+"/share", url.Values{"do": {"team"}, "account": {s.Colleague.ID.String()}}).Want(t, 303)
	if grants, _ := s.Grants(ctx, id); len(grants) != 1 {
		t.Errorf("there are %d grants", len(grants))
	}
	s.as(s.Colleague).Get(at).Want(t, 200)
}

// TestTheLastDayIsNotLate: neither of a date that binds nor of a share.
func TestTheLastDayIsNotLate(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, list := s.as(s.Caseworker), "/programmes/"+referraltest.Harbour.String()+"/cases"
	m := *s.Row(id)
	m.Due, m.DueRule = time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), "reconsideration"
	s.Make(&referral.Change{Matter: m, Row: true}, nil)
	if body := c.Get(list).Want(t, 200, "4 March 2026").Body; strings.Contains(body, "Overdue") {
		t.Error("it is late on its last day")
	}
	s.Pass(24 * time.Hour)
	c.Get(list).Want(t, 200, "Overdue")
	c.Post(path(id)+"/share", date(url.Values{"agency": {s.Charity.ID.String()}, "purpose": {"legal"}}, "until", "2026-3-20")).Want(t, 303)
	for _, at := range []string{"/share", "/held"} {
		if body := c.Get(path(id)+at).Want(t, 200, "20 March 2026").Body; strings.Contains(body, "21 March 2026") {
			t.Errorf("%s gives the share a day more than it has", at)
		}
	}
}

// TestNoIsNotRecordedBesideACheckedReferral: it would be sent all the same.
func TestNoIsNotRecordedBesideACheckedReferral(t *testing.T) {
	s := newSite(t)
	id := s.begin()
	c, at := s.as(s.Caseworker), path(id)
	record := func(given string) url.Values {
		return date(url.Values{"scope": {"referral"}, "given": {given}, "language": {"en"}, "interpreter": {"none"}, "how": {"spoken"}, "capacity": {"yes"}}, "date", "2026-3-4")
	}
	c.Post(at+"/new/consent", record("yes")).Want(t, 303)
	m := *s.Row(id)
	m.State, m.KeepUntil = referral.Ready, time.Time{} // as Freeze leaves it
	s.Make(&referral.Change{Matter: m, Row: true}, nil)
	c.Post(at+"/new/consent", record("no")).Want(t, 422, "withdrawn")
	c.Post(at+"/withdrawal", date(url.Values{"language": {"fr"}, "interpreter": {"none"}, "how": {"spoken"}}, "date", "2026-3-4")).Want(t, 303)
	if m := s.Row(id); m.State != referral.Draft || m.KeepUntil.IsZero() {
		t.Errorf("it is %s and kept until %s: a draft that nobody goes on with must end", m.State, m.KeepUntil)
	}
	c.Post(at+"/state/close", url.Values{"reason": {"all is done"}, "result": {"mistaken"}}).Want(t, 303)
	c.Post(at+"/state/reopen", url.Values{"reason": {"no mistake"}}).Want(t, 303)
	if m := s.Row(id); m.State != referral.Draft || m.KeepUntil.IsZero() {
		t.Errorf("it is %s and kept until %s after it was opened again", m.State, m.KeepUntil)
	}
}
