package referral_test

import (
	"slices"
	"testing"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

var (
	states = []referral.State{referral.Begun, referral.Received, referral.Seen, referral.Asked, referral.Decided,
		referral.Draft, referral.Ready, referral.Sent, referral.Closed, referral.Erased}
	verbs = []referral.Verb{referral.Begin, referral.HandIn, referral.Take, referral.AskBack, referral.Reply, referral.Decide,
		referral.Freeze, referral.Thaw, referral.HandOver, referral.Close, referral.Reopen, referral.Assign, referral.Restrict,
		referral.Lift, referral.Propose, referral.Refuse, referral.BreakGlass}
)

// TestNothingIsDoneThatTheStateMachineDoesNotHave looks at every kind, state and verb.
func TestNothingIsDoneThatTheStateMachineDoesNotHave(t *testing.T) {
	open := 0
	for _, kind := range []referral.Kind{referral.Concern, referral.Case} {
		for _, state := range states {
			for _, verb := range verbs {
				in := slices.ContainsFunc(referral.Moves, func(m referral.Move) bool {
					return m.Kind == kind && m.Verb == verb && slices.Contains(m.From, state)
				})
				m := referral.Matter{Kind: kind, State: state, EraseAsked: 1, Restricted: verb == referral.Lift}
				if verb == referral.Propose {
					m.EraseAsked = 0
				}
				if m.Can(verb) != in {
					t.Errorf("a %s that is %s can %s: %v", kind, state, verb, !in)
				}
				if in {
					open++
				}
			}
		}
	}
	if open < 25 {
		t.Errorf("only %d ways are open: the lists of the test are not those of the package", open)
	}
}

// TestNothingIsDoneToWhatWasErased: no verb leads out of it.
func TestNothingIsDoneToWhatWasErased(t *testing.T) {
	for _, kind := range []referral.Kind{referral.Concern, referral.Case} {
		m := referral.Matter{Kind: kind, State: referral.Erased, ErasedAt: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)}
		f := &referral.File{Matter: m}
		for _, v := range verbs {
			if m.Can(v) {
				t.Errorf("an erased %s can %s", kind, v)
			}
		}
		if _, err := m.Break("an emergency", who()); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an erased %s can be broken open: %v", kind, err)
		}
		if _, err := f.Join(2, who()); err == nil {
			t.Errorf("an erased %s takes people into its team", kind)
		}
	}
}

func who() referral.Who {
	return referral.Who{By: audit.Actor{Kind: audit.Account, ID: 11, Via: "web"}, Agency: 21, At: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)}
}

// TestEveryMoveHasAnActorAndItsReason: what is recorded says who, from where, to
// where and why, and the audit has codes alone.
func TestEveryMoveHasAnActorAndItsReason(t *testing.T) {
	const reason = "canary-reason"
	for _, c := range []struct {
		name string
		do   func(reason string) (*referral.Change, error)
		verb referral.Verb
	}{
		{"decide", func(r string) (*referral.Change, error) {
			return file(referral.Concern, referral.Seen).Decide(referral.NoAction, r, time.Time{}, who())
		}, referral.Decide},
		{"reopen", func(r string) (*referral.Change, error) {
			return file(referral.Concern, referral.Decided).Reopen(r, who())
		}, referral.Reopen},
		{"thaw", func(r string) (*referral.Change, error) { return file(referral.Case, referral.Ready).Thaw(r, who()) }, referral.Thaw},
		{"assign", func(r string) (*referral.Change, error) {
			return file(referral.Case, referral.Sent).Assign(12, r, who())
		}, referral.Assign},
		{"restrict", func(r string) (*referral.Change, error) {
			return file(referral.Case, referral.Sent).Restrict(r, who())
		}, referral.Restrict},
		{"propose", func(r string) (*referral.Change, error) {
			return file(referral.Case, referral.Closed).ProposeErasure(r, who())
		}, referral.Propose},
		{"glass", func(r string) (*referral.Change, error) { return file(referral.Case, referral.Sent).Break(r, who()) }, referral.BreakGlass},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.do(" \n"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("without a reason: %v", err)
			}
			got, err := c.do(reason)
			if err != nil {
				t.Fatal(err)
			}
			var step referral.Step
			for _, p := range got.Put {
				if p.Kind == referral.PartStep {
					if err := p.Decode(&step); err != nil {
						t.Fatal(err)
					}
					if p.By != 11 || p.Agency != 21 {
						t.Errorf("the step is by %d of %d", p.By, p.Agency)
					}
					if p.Purpose != "" {
						t.Error("a reason is shared beyond those who work on the file")
					}
				}
			}
			if step.Verb != c.verb || step.Reason != reason || step.At.IsZero() {
				t.Errorf("the step is %+v", step)
			}
			if len(got.Entries) == 0 {
				t.Error("the audit has no entry")
			}
			for _, e := range got.Entries {
				if e.Actor.ID != 11 {
					t.Errorf("the entry is by %+v", e.Actor)
				}
				for k, v := range e.Detail {
					if v == reason {
						t.Errorf("the audit has the reason, as %s", k)
					}
				}
			}
		})
	}
}

func file(kind referral.Kind, state referral.State) *referral.File {
	return &referral.File{Matter: referral.Matter{ID: 1, Network: 2, Kind: kind, State: state, Agency: 21, Owner: 11}}
}

// TestWhoStandsHow: relations come from the row and from grants that are in force.
func TestWhoStandsHow(t *testing.T) {
	now := who().At
	m := &file(referral.Case, referral.Sent).Matter
	grants := []*referral.Grant{
		{Kind: referral.Team, Account: 12, From: now},
		{Kind: referral.Share, Agency: 22, Purposes: []referral.Purpose{referral.Health}, From: now, Until: now.Add(time.Hour)},
		{Kind: referral.Share, Agency: 23, Purposes: []referral.Purpose{referral.Legal}, From: now.Add(-2 * time.Hour), Until: now},
		{Kind: referral.Share, Agency: 24, Purposes: []referral.Purpose{referral.Legal}, From: now, Until: now.Add(time.Hour), Ended: now},
		{Kind: referral.Glass, Account: 13, From: now.Add(-referral.GlassFor + 1), Until: now.Add(1)},
		{Kind: referral.Glass, Account: 14, From: now},
	}
	for _, c := range []struct {
		name            string
		account, agency ids.ID
		want            referral.Standing
	}{
		{"owner", 11, 21, referral.Standing{Assigned: true, Agency: true, Of: 21}},
		{"owner who has left the agency", 11, 0, referral.Standing{}},
		{"owner who works for another agency now", 11, 25, referral.Standing{Of: 25}},
		{"team", 12, 21, referral.Standing{Assigned: true, Agency: true, Of: 21}},
		{"team who has left the agency", 12, 22, referral.Standing{Of: 22, Shared: []referral.Purpose{referral.Health}}},
		{"colleague", 15, 21, referral.Standing{Agency: true, Of: 21}},
		{"partner", 31, 22, referral.Standing{Of: 22, Shared: []referral.Purpose{referral.Health}}},
		{"partner whose share has run out", 32, 23, referral.Standing{Of: 23}},
		{"partner whose share was taken back", 33, 24, referral.Standing{Of: 24}},
		{"glass", 13, 21, referral.Standing{Agency: true, Glass: true, Of: 21}},
		{"glass without an end opens nothing", 14, 21, referral.Standing{Agency: true, Of: 21}},
		{"visitor", 0, 0, referral.Standing{}},
	} {
		got := referral.Stand(m, grants, c.account, c.agency, now)
		if got.Assigned != c.want.Assigned || got.Agency != c.want.Agency || got.Glass != c.want.Glass || got.Of != c.want.Of || !slices.Equal(got.Shared, c.want.Shared) {
			t.Errorf("%s stands as %+v, wanted %+v", c.name, got, c.want)
		}
	}
}

func TestReferencesAreReadAsPeopleTypeThem(t *testing.T) {
	m := &referral.Matter{ID: ids.New(), Kind: referral.Case}
	ref := m.Reference()
	for _, typed := range []string{ref, " " + ref + " ", string([]byte(ref)[2:]), "c" + ref[1:]} {
		if id, err := referral.ParseReference(typed); err != nil || id != m.ID {
			t.Errorf("%q is read as %v, %v", typed, id, err)
		}
	}
	for _, wrong := range []string{"", "C-", "C-1", "hello", ref + "0", "C-UUUU-UUUU-UUUUU"} {
		if id, err := referral.ParseReference(wrong); err == nil && id == m.ID {
			t.Errorf("%q is read as a reference", wrong)
		}
	}
}

func TestAMonthToAnswer(t *testing.T) {
	for asked, want := range map[string]string{"2026-01-31": "2026-02-28", "2024-01-30": "2024-02-29", "2026-03-04": "2026-04-04", "2026-12-31": "2027-01-31"} {
		at, err := time.Parse(time.DateOnly, asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := referral.RightDue(at).Format(time.DateOnly); got != want {
			t.Errorf("a month from %s ends on %s, not %s", asked, got, want)
		}
	}
}
