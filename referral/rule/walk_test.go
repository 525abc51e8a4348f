package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWalk goes every way through every form of every built-in pathway: each
// ends, in exactly one outcome where the form has outcomes, every question is
// asked on some way, and who is a child never ends where a person is not named.
func TestWalk(t *testing.T) {
	var b strings.Builder
	for _, id := range []string{"it", "uk"} {
		p := pathways(t)[id]
		for _, f := range []*Form{p.Concern, p.Referral} {
			w, err := p.Walk(f)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s: %d questions, %.0f paths in %d states, the longest asks %d\n", id, f.ID, len(f.Questions()), w.Paths, w.States, w.Longest)
			for _, q := range f.Questions() {
				if !slices.Contains(w.Asked[""], q.ID) {
					t.Errorf("%s: nothing leads to %s", id, q.ID)
				}
			}
			if f != p.Referral {
				continue
			}
			reached := map[string]int{}
			for _, e := range w.Ends {
				if !e.Complete {
					continue
				}
				holding := 0
				for _, o := range p.Outcomes {
					if o.When.Holds(e.Answers) {
						holding++
					}
				}
				if holding != 1 || e.Outcome == "" {
					t.Errorf("%s: %s leads to %d outcomes", id, e.Answers.words(), holding)
				}
				reached[e.Outcome]++
			}
			for _, o := range p.Outcomes {
				if reached[o.ID] == 0 {
					t.Errorf("%s: nothing leads to %s", id, o.ID)
				}
				fmt.Fprintf(&b, "  %s asks %s\n", o.ID, strings.Join(w.Asked[o.ID], " "))
			}
		}
	}
	golden(t, "walk.txt", b.String())
}

// TestNoChildReachesNotify does not trust the walk: it answers every question
// of the form with something, asked or not, and gives the questions on which the
// outcome could hang every combination of values, none and nonsense included.
func TestNoChildReachesNotify(t *testing.T) {
	p := uk(t)
	full := Answers{}
	for _, q := range p.Referral.Questions() {
		full[q.ID] = []string{"stale"}
		if len(q.Options) > 0 {
			full[q.ID] = []string{q.Options[len(q.Options)-1].Value}
		}
	}
	control := []string{"under18", "under18-then", "consent", "cooperate", "la-contacted", "notify-reason"}
	values := make([][]string, len(control))
	for i, id := range control {
		values[i] = []string{"", "nonsense"}
		for _, o := range p.Referral.Question(id).Options {
			values[i] = append(values[i], o.Value)
		}
	}
	seen := map[string]int{}
	var try func(i int)
	try = func(i int) {
		if i < len(control) {
			for _, v := range values[i] {
				if full[control[i]] = []string{v}; v == "" {
					delete(full, control[i])
				}
				try(i + 1)
			}
			return
		}
		o := p.Outcome(full)
		if o == nil {
			seen[""]++
			return
		}
		seen[o.ID]++
		age := full.One("under18")
		switch {
		case o.ID == "notify" && (age != "no" || full.One("consent") != "no"):
			t.Fatalf("age %q and consent %q end in notify", age, full.One("consent"))
		case (age == "yes" || age == "unsure") && o.ID != "nrm-child":
			t.Fatalf("age %q ends in %s", age, o.ID)
		case o.ID == "nrm" && full.One("consent") != "yes":
			t.Fatalf("consent %q ends in nrm", full.One("consent"))
		}
		if age != "no" {
			if _, err := p.Carry("notify", full); err == nil {
				t.Fatal("a notification was made of a child's answers")
			}
		}
	}
	try(0)
	for _, id := range []string{"", "nrm-child", "nrm", "notify"} {
		if seen[id] == 0 {
			t.Errorf("no combination ends in %q", id)
		}
	}
}

// TestTheThreeContinuations: what follows consent, in the order of the table in
// the facts about the national form.
func TestTheThreeContinuations(t *testing.T) {
	p := uk(t)
	after := func(a Answers) string {
		var ids []string
		on := false
		for _, q := range p.Referral.Asked(a) {
			if q.Section == "consent" || q.Section == "person" || q.Section == "notify" {
				on = true
			}
			if on && !strings.HasPrefix(q.ID, "consent") {
				ids = append(ids, q.ID)
			}
		}
		return strings.Join(ids, " ")
	}
	person := "name other-names birth-date gender has-children nationality second-nationality interpreter communication-needs home-office-reference"
	for name, c := range map[string]struct {
		answers Answers
		want    string
	}{
		"adult who consents": {Answers{"under18": {"no"}, "consent": {"yes"}},
			"support-wanted channels " + person + " decision-to referrer-name referrer-role referrer-phone uploads"},
		"child": {Answers{"under18": {"yes"}, "consent": {"no"}},
			person + " referrer-name referrer-role referrer-phone uploads"},
		"age unsure": {Answers{"under18": {"unsure"}},
			person + " referrer-name referrer-role referrer-phone uploads"},
		"adult who does not": {Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {"no"}},
			"notify-reason notify-gender notify-nationality"},
		"adult who does not, unsure about police": {Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {"unsure"}},
			"notify-reason notify-gender notify-nationality"},
		"adult who does not and co-operates": {Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {"yes"}},
			"notify-reason notify-gender notify-nationality notify-name notify-phone notify-email"},
		"not yet asked": {Answers{"under18": {"no"}}, ""},
	} {
		if got := after(c.answers); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	p := uk(b)
	for b.Loop() {
		if _, err := p.Walk(p.Referral); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	bundle := uk(b).Bundle()
	for b.Loop() {
		if _, err := Parse(bundle); err != nil {
			b.Fatal(err)
		}
	}
}
