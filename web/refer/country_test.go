package refer

import (
	"strings"
	"testing"

	"waymark/referral"
	"waymark/referral/referraltest"
	"waymark/referral/rule"
)

// TestAnotherCountryIsAFolder: the pages ask and send what the rules of another country
// say, with no code that knows of it. The example of Italy is walked to its three ends.
func TestAnotherCountryIsAFolder(t *testing.T) {
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		outcome string
		given   map[string][]string
		asked   string
		sent    []string // what the package holds
		kept    []string // what it must not hold
	}{
		{"it-child", map[string][]string{"age": {"unsure"}, "name": {canary + " name"}, "language": {"ti"}, "landed": {"2026-3-1"}}, "age name language landed needs", []string{canary + " name", "2026-03-01"}, nil},
		{"it-adult", map[string][]string{"age": {"adult"}, "agrees": {"yes"}, "name": {canary + " name"}, "landed": {"2026-3-1"}}, "age agrees name language landed needs", []string{canary + " name"}, nil},
		{"it-count", map[string][]string{"age": {"adult"}, "agrees": {"no"}, "nationality": {"ER"}}, "age agrees month nationality", []string{`"ER"`}, []string{canary}},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			s := newSite(t, "", Options{})
			s.uk = all["it"]
			s.kit.Library = referral.NewLibrary(s.Memory, all["it"])
			n, err := s.Network(ctx, referraltest.Harbour)
			s.must(err)
			n.Pathway, n.Nation, n.Version = "it", "italy", all["it"].Version
			s.must(s.PutNetwork(ctx, s.Who(s.Coordinator, referraltest.Harbour).By, n))
			officer := s.as(s.Officer)
			id, at := s.drafted(officer)
			if got := strings.Join(s.walk(officer, at, c.given), " "); got != c.asked {
				t.Errorf("asked %s, wanted %s", got, c.asked)
			}
			officer.Get(at+"/check").Want(t, 200, "112")
			officer.Post(at+"/check", nil).Want(t, 303)
			if m := s.Row(id); m.Outcome != c.outcome || m.Child != (c.outcome == "it-child") && all["it"].Referral.Marks[rule.MarkChild] != nil {
				t.Errorf("the row is %+v", m)
			}
			pack := officer.Get(at+"/papers/package.json").Want(t, 200, c.sent...)
			for _, x := range c.kept {
				if strings.Contains(pack.Body, x) {
					t.Errorf("the package holds %q", x)
				}
			}
			officer.Get(at+"/package").Want(t, 200, "These rules are an example")
			officer.Get(at+"/papers/package.pdf").Want(t, 200)
		})
	}
}
