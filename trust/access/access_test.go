package access

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"waymark/internal/ids"
)

// TestPromise9AdministratorsReadNoAnswers: whatever other roles an administrator
// holds beside, and however well they signed in.
func TestPromise9AdministratorsReadNoAnswers(t *testing.T) {
	p := policies(t)
	answers := []Action{SubmissionRead, SubmissionReadPseudonymous, SubmissionReview, SubmissionEdit, ExportFull, ExportPseudonymous}
	// What belongs to referral alone has a test of its own below.
	survey := []Role{Administrator, Coordinator, DataOfficer, Reviewer, Analyst, Enumerator, Publisher, Auditor}
	for _, where := range []ids.ID{0, here} {
		for roles := range 1 << len(survey) {
			who := Principal{Account: me, Strong: true, Fresh: true, Members: []Membership{{where, Administrator}}}
			for i, r := range survey {
				if roles&(1<<i) != 0 {
					who.Members = append(who.Members, Membership{here, r})
				}
			}
			for _, a := range answers {
				if p.Allow(who, a, Resource{Programme: here, Proposer: another}) {
					t.Fatalf("an administrator with %v may %s", who.Members, a)
				}
			}
		}
	}
}

// TestPromise9AdministratorsReadNoMatters: the same for concerns, referrals and
// cases, however they stand to the matter beside.
func TestPromise9AdministratorsReadNoMatters(t *testing.T) {
	p := policies(t)
	check := func(who Principal, on Resource) {
		t.Helper()
		for _, a := range content {
			if p.Allow(who, a, on) {
				t.Fatalf("an administrator with %v may %s on %+v", who.Members, a, on)
			}
		}
	}
	for _, where := range []ids.ID{0, here} {
		admin := Membership{where, Administrator}
		for i, r := range every {
			for _, r2 := range every[i:] {
				who := Principal{Account: me, Strong: true, Fresh: true, Members: []Membership{admin, {here, r}, {here, r2}}}
				for _, mask := range []int{0, 1, 2, 4, 8, 3, 15, 32, 63} {
					check(who, related(mask))
				}
			}
		}
		who := Principal{Account: me, Strong: true, Fresh: true, Members: []Membership{admin}}
		for _, r := range Roles {
			who.Members = append(who.Members, Membership{here, r})
		}
		for mask := range 64 {
			check(who, related(mask))
		}
	}
}

// content are the actions that open, write or hand on what a matter holds.
var content = []Action{ConcernRead, ConcernDecide, ReferralWrite, ReferralSubmit, CaseRead, CaseWrite, CaseShare,
	CaseBreakGlass, CaseRights, CaseHistory}

// related is a matter in one of the 64 relations to who asks.
func related(mask int) Resource {
	bit := func(i int) bool { return mask>>i&1 != 0 }
	return Resource{Programme: here, Proposer: another, Assigned: bit(0), Agency: bit(1), Shared: bit(2), Glass: bit(3), Restricted: bit(4), Link: bit(5)}
}

// TestContentNeedsARelation says in other words, over every role and relation, what
// the policies say.
func TestContentNeedsARelation(t *testing.T) {
	p := policies(t)
	for _, role := range every {
		for mask := range 64 {
			on := related(mask)
			for _, strong := range []bool{false, true} {
				who := Principal{Account: me, Strong: strong, Fresh: true, Members: []Membership{{here, role}}}
				for _, a := range content {
					if !p.Allow(who, a, on) {
						continue
					}
					switch {
					case !strong:
						t.Errorf("%s may %s on a password alone", role, a)
					case role == Coordinator, role == Administrator, role == Auditor, role == Tour:
						t.Errorf("%s may %s", role, a)
					case !on.Assigned && !on.Agency && !on.Shared && !on.Glass:
						t.Errorf("%s may %s without a relation", role, a)
					case a == CaseRead && !on.Assigned && !on.Shared && !on.Glass:
						t.Errorf("%s reads a case of their agency that is not theirs", role)
					case a == CaseWrite && !on.Assigned && !on.Shared:
						t.Errorf("%s writes a case that is neither theirs nor shared", role)
					case on.Restricted && (a == CaseWrite || a == CaseShare || a == ReferralSubmit || a == CaseRead && !on.Assigned):
						t.Errorf("%s may %s though it is restricted", role, a)
					}
				}
			}
		}
	}
}

func TestCoordinatorsWhoKeepACaseMayRead(t *testing.T) {
	p := policies(t)
	who := Principal{Account: me, Strong: true, Members: []Membership{{here, Coordinator}, {here, Caseworker}}}
	if !p.Allow(who, CaseRead, Resource{Programme: here, Assigned: true}) {
		t.Error("a coordinator who is a caseworker may not read their own case")
	}
	if p.Allow(who, CaseRead, Resource{Programme: here}) {
		t.Error("a coordinator who is a caseworker reads a case of others")
	}
}

func TestVisitorsNeedALink(t *testing.T) {
	p := policies(t)
	for _, a := range Actions {
		for mask := range 64 {
			on := related(mask)
			want := a == Public || a == ConcernSend && on.Link
			if got := p.Allow(Principal{}, a, on); got != want {
				t.Errorf("a visitor, %s, %+v: %v", a, on, got)
			}
		}
	}
	if p.Allow(Principal{}, ConcernSend, Resource{Link: true}) {
		t.Error("a link opens something of no network")
	}
}

func TestRevokedRolesCountNoMore(t *testing.T) {
	p := policies(t)
	who := Principal{Account: me, Members: []Membership{{here, Reviewer}}}
	if !p.Allow(who, SubmissionRead, Resource{Programme: here}) {
		t.Fatal("a reviewer may not read")
	}
	who.Members = nil
	if p.Allow(who, SubmissionRead, Resource{Programme: here}) {
		t.Error("a decision outlived the role that it was made for")
	}
}

func TestUnknownsAreDenied(t *testing.T) {
	p := policies(t)
	who := Principal{Account: me, Strong: true, Fresh: true, Members: []Membership{{here, "owner"}, {here, ""}}}
	if p.Allow(who, ProgrammeView, Resource{Programme: here}) {
		t.Error("a role that does not exist opens a programme")
	}
	if p.Allow(who, "submission.steal", Resource{Programme: here}) || p.Declared("submission.steal") {
		t.Error("an action that does not exist is known")
	}
	for _, a := range Actions {
		if !p.Declared(a) {
			t.Errorf("%s is not declared", a)
		}
	}
}

func TestQuestionsFitTheirBits(t *testing.T) {
	if len(Actions) > 1<<roleBit {
		t.Errorf("%d actions do not fit in %d bits", len(Actions), roleBit)
	}
	if roleBit+len(every) > kindBit {
		t.Errorf("%d roles do not fit", len(every))
	}
	seen := map[Action]bool{}
	for _, a := range Actions {
		if seen[a] {
			t.Errorf("%s is twice in the list", a)
		}
		seen[a] = true
	}
}

func TestEveryRuleSaysWhy(t *testing.T) {
	names, err := fs.Glob(files, "policy/*.cedar")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d files of policies, %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		before := ""
		for line := range strings.Lines(string(text)) {
			if (strings.HasPrefix(line, "permit") || strings.HasPrefix(line, "forbid")) && !strings.HasPrefix(before, "//") {
				t.Errorf("%s has a rule without a reason above it", name)
			}
			before = line
		}
	}
}

func TestLoadReportsEveryFault(t *testing.T) {
	schema, err := files.ReadFile("policy/schema.cedarschema")
	if err != nil {
		t.Fatal(err)
	}
	all := "permit (principal, action in ["
	for i, a := range Actions {
		if i > 0 {
			all += ", "
		}
		all += fmt.Sprintf("Action::%q", a)
	}
	all += "], resource);"
	for _, c := range []struct{ name, policy, want string }{
		{"fine", all, ""},
		{"syntax", all + "permit (", "this is not Cedar"},
		{"role", all + `permit (principal in Role::"owner", action == Action::"home.view", resource);`, `there is no role "owner"`},
		{"action", all + `forbid (principal, action == Action::"home.burn", resource);`, `there is no action "home.burn"`},
		{"action in a condition", all + `forbid (principal, action, resource) unless { action == Action::"home.burn" };`, `there is no action "home.burn"`},
		{"person", all + `permit (principal == Account::"101", action == Action::"home.view", resource);`, "a policy names one Account"},
		{"fact", all + `permit (principal, action == Action::"home.view", resource) when { context.brave };`, "does not fit the schema"},
		{"fact of the other kind", all + `permit (principal, action == Action::"home.view", resource) when { resource.demo };`, "does not fit the schema"},
		{"nobody", strings.Replace(all, `, Action::"audit.read"`, "", 1), `"audit.read": no policy permits this action`},
		{"forbidden only", strings.Replace(all, `, Action::"audit.read"`, "", 1) + `forbid (principal, action == Action::"audit.read", resource);`, `"audit.read": no policy permits this action`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(fstest.MapFS{
				"all.cedar":          {Data: []byte(c.policy)},
				"schema.cedarschema": {Data: schema},
			})
			switch {
			case c.want == "" && err != nil:
				t.Fatal(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := load(fstest.MapFS{"schema.cedarschema": {Data: schema}}); err == nil {
		t.Error("no policies at all were accepted")
	}
}

func TestAllowByManyAtOnce(t *testing.T) {
	p := policies(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, r := range Roles {
				who := Principal{Account: me, Strong: true, Fresh: true, Members: []Membership{{here, r}}}
				for _, a := range Actions {
					first := p.Allow(who, a, Resource{Programme: here})
					if second := p.Allow(who, a, Resource{Programme: here}); first != second {
						t.Errorf("%s may %s: %v, then %v", r, a, first, second)
					}
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkAllow is of a decision made before, which nearly all are.
func BenchmarkAllow(b *testing.B) {
	p := policies(b)
	who := Principal{Account: me, Strong: true, Members: []Membership{{elsewhere, Analyst}, {here, Coordinator}}}
	for b.Loop() {
		if !p.Allow(who, SubmissionList, Resource{Programme: here}) {
			b.Fatal("denied")
		}
	}
}
