package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func ids(list []Advice) []string {
	var ids []string
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestAdvice(t *testing.T) {
	p := uk(t)
	always := []string{"do-not-confront", "no-companion", "no-promise", "no-investigation"}
	for name, c := range map[string]struct {
		answers    Answers
		nation     string
		first      string
		has, hasnt []string
	}{
		"danger": {Answers{"danger": {"yes"}, "age": {"adult"}}, "england-wales", "call-999",
			[]string{"own-safety", "preserve"}, []string{"child-nrm", "ask-999"}},
		"a child in England": {Answers{"danger": {"no"}, "age": {"child"}}, "england-wales", "child-safeguarding-advice-ew",
			[]string{"child-nrm"}, []string{"adult-choice", "call-999", "child-safeguarding-advice-scotland"}},
		"a child in Scotland": {Answers{"danger": {"no"}, "age": {"child"}}, "scotland", "child-safeguarding-advice-scotland",
			[]string{"child-nrm"}, []string{"child-safeguarding-advice-ew", "child-safeguarding-advice-ni"}},
		"age unsure": {Answers{"danger": {"no"}, "age": {"unsure"}}, "northern-ireland", "child-safeguarding-advice-ni",
			[]string{"age-not-known", "child-nrm"}, nil},
		"six mattresses behind a car wash": {Answers{"danger": {"no"}, "age": {"adult"}, "themes": {"work"}, "signs-work": {"lab-sleeps-there", "lab-cash-site"}, "people": {"many"}}, "england-wales", "own-safety",
			[]string{"pass-on", "adult-choice", "others", "preserve"}, []string{"nothing", "other-help", "call-999"}},
		"an injury with a story that does not fit": {Answers{"danger": {"unsure"}, "age": {"adult"}, "signs-general": {"gen-injury"}}, "england-wales", "ask-999",
			[]string{"injury", "pass-on"}, []string{"call-999"}},
		"nothing": {Answers{"danger": {"no"}, "age": {"adult"}, "signs-general": {"none"}, "themes": {"none"}}, "england-wales", "manager",
			[]string{"nothing", "other-help"}, []string{"pass-on", "preserve", "adult-choice"}},
		"gone": {Answers{"danger": {"no"}, "age": {"adult"}, "signs-general": {"gen-threat"}, "still": {"gone"}, "told": {"police"}}, "scotland", "ask-999",
			[]string{"gone"}, []string{"manager"}},
	} {
		got := ids(p.Advise(c.answers, c.nation, today))
		if len(got) == 0 || got[0] != c.first {
			t.Errorf("%s: begins with %v, not %s", name, got, c.first)
		}
		for _, id := range append(always, c.has...) {
			if !slices.Contains(got, id) {
				t.Errorf("%s: lacks %s: %v", name, id, got)
			}
		}
		for _, id := range c.hasnt {
			if slices.Contains(got, id) {
				t.Errorf("%s: has %s", name, id)
			}
		}
	}
}

func TestAdviceGivesItsReasons(t *testing.T) {
	p := uk(t)
	list := p.Advise(Answers{"danger": {"no"}, "age": {"child"}, "themes": {"work"}, "signs-work": {"lab-bank", "lab-hours"}, "signs-child": {"child-missing"}}, "england-wales", today)
	reasons := map[string]string{}
	for _, a := range list {
		var r []string
		for _, one := range a.Reasons {
			if (one.Indicator != nil) != strings.HasPrefix(one.Question, "signs-") {
				t.Errorf("%s: %s has no indicator", a.ID, one.Value)
			}
			r = append(r, one.Question+"="+one.Value)
		}
		reasons[a.ID] = strings.Join(r, " ")
	}
	for id, want := range map[string]string{
		"child-nrm":       "age=child signs-child=child-missing",
		"papers":          "signs-work=lab-bank",
		"pass-on":         "signs-work=lab-hours signs-work=lab-bank signs-child=child-missing themes=work",
		"do-not-confront": "",
	} {
		if got, ok := reasons[id]; !ok || got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// TestAdviceAlwaysHelps: over all answers there is advice, danger comes first, a
// child is always safeguarded, levels are in order, and no number is a score.
func TestAdviceAlwaysHelps(t *testing.T) {
	p := uk(t)
	rapid.Check(t, func(rt *rapid.T) {
		a := Answers{}
		for _, q := range p.Concern.Questions() {
			if v := draw(rt, q, 0); v != nil {
				a[q.ID] = v
			}
		}
		nation := rapid.SampledFrom(p.nationIDs()).Draw(rt, "nation")
		list := p.Advise(a, nation, today)
		got := ids(list)
		last := 0
		for _, one := range list {
			level := slices.Index(levels, one.Level)
			if level < last {
				rt.Fatalf("%v are out of order", got)
			}
			last = level
			if one.Because.String() == "" || !one.For(nation) {
				rt.Fatalf("%s says no reason or is for another nation", one.ID)
			}
		}
		if len(list) < 4 {
			rt.Fatalf("only %v", got)
		}
		if a.One("danger") == "yes" && got[0] != "call-999" {
			rt.Fatalf("danger, and first comes %s", got[0])
		}
		if age := a.One("age"); (age == "child" || age == "unsure" || age == "several") && (!slices.ContainsFunc(got, func(id string) bool { return strings.HasPrefix(id, "child-safeguarding") }) || !slices.Contains(got, "child-nrm")) {
			rt.Fatalf("a child, and %v", got)
		}
		if strings.Contains(fmt.Sprint(got), "score") {
			rt.Fatal("a score")
		}
	})
}

func TestStepsAfterAReferral(t *testing.T) {
	p := uk(t)
	steps := func(outcome, nation string, a Answers) string {
		var ids []string
		for _, s := range p.OutcomeByID(outcome).Steps(a, nation) {
			ids = append(ids, s.ID)
		}
		return strings.Join(ids, " ")
	}
	for nation, want := range map[string]string{"england-wales": "child-safeguarding-ew child-guardian-ew", "scotland": "child-safeguarding-scotland child-guardian-scotland", "northern-ireland": "child-safeguarding-ni child-guardian-ni"} {
		if got := steps("nrm-child", nation, nil); !strings.HasPrefix(got, want+" child-not-alone") {
			t.Errorf("%s: %s", nation, got)
		}
	}
	if got := steps("nrm", "scotland", Answers{"support-wanted": {"no"}}); strings.Contains(got, "adult-tonight") || strings.Contains(got, "adult-police") {
		t.Errorf("who wants no support: %s", got)
	}
	if got := steps("notify", "england-wales", nil); !strings.HasPrefix(got, "notify-door") || strings.Contains(got, "scotland") {
		t.Errorf("notify: %s", got)
	}
}
