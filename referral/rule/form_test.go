package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/fault"
)

var today = Date{2026, 11, 30}

// code returns the breach of one question's values, or "".
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var f *fault.Fault
	if !errors.As(err, &f) || BreachOf(f) == nil {
		t.Fatalf("no breach behind %v", err)
	}
	return BreachOf(f).Code
}

func TestValuesOfEachKind(t *testing.T) {
	two := 2
	options := []*Option{{Value: "a"}, {Value: "b"}, {Value: "none", Exclusive: true}}
	long := strings.Repeat("é", 200)
	for _, c := range []struct {
		q      Question
		values []string
		want   string
	}{
		{Question{Kind: Choice, Options: options}, []string{"a"}, ""},
		{Question{Kind: Choice, Options: options}, []string{"c"}, "option"},
		{Question{Kind: Choice, Options: options}, []string{"a", "b"}, "one"},
		{Question{Kind: Choice, Options: options, Required: true}, nil, "required"},
		{Question{Kind: Choice, Options: options, Required: true}, []string{""}, "required"},
		{Question{Kind: Choice, Options: options}, []string{""}, ""},
		{Question{Kind: Choices, Options: options}, []string{"a", "b"}, ""},
		{Question{Kind: Choices, Options: options}, []string{"none"}, ""},
		{Question{Kind: Choices, Options: options}, []string{"a", "none"}, "exclusive"},
		{Question{Kind: Choices, Options: options}, []string{"a", "a"}, "twice"},
		{Question{Kind: Choices, Options: options}, []string{"a", ""}, "option"},
		{Question{Kind: Choices, Options: options}, []string{"a", "b", "c", "d"}, "several"},
		{Question{Kind: TextLine}, []string{long}, ""},
		{Question{Kind: TextLine}, []string{long + "x"}, "long"},
		{Question{Kind: TextLine, Max: 5}, []string{"123456"}, "long"},
		{Question{Kind: TextLine}, []string{"a\nb"}, "line"},
		{Question{Kind: TextLine}, []string{"a\u202eb"}, "control"},
		{Question{Kind: TextLine}, []string{"a\x00b"}, "control"},
		{Question{Kind: TextLine}, []string{"a\xffb"}, "control"},
		{Question{Kind: TextLine}, []string{"الطريق\u200f الأوسط"}, ""},
		{Question{Kind: Long}, []string{"a\r\n\tb"}, ""},
		{Question{Kind: Long}, []string{strings.Repeat("x", 4001)}, "long"},
		{Question{Kind: Place}, []string{"1 High Street\nLeeds"}, ""},
		{Question{Kind: Name}, []string{"Nguyễn Văn A"}, ""},
		{Question{Kind: DateKind}, []string{"2024-02-29"}, ""},
		{Question{Kind: DateKind}, []string{"2023-02-29"}, "date"},
		{Question{Kind: DateKind}, []string{"2023-2-9"}, "date"},
		{Question{Kind: DateKind}, []string{"2023-02"}, "date"},
		{Question{Kind: DateKind, Partial: true}, []string{"2023-02"}, ""},
		{Question{Kind: DateKind, Partial: true}, []string{"2023-13"}, "date"},
		{Question{Kind: DateKind, Partial: true}, []string{"2023"}, ""},
		{Question{Kind: DateKind, Partial: true, NotFuture: true}, []string{"2026-11"}, ""},
		{Question{Kind: DateKind, Partial: true, NotFuture: true}, []string{"2026-12"}, "future"},
		{Question{Kind: DateKind, NotFuture: true}, []string{"2026-11-30"}, ""},
		{Question{Kind: DateKind, NotFuture: true}, []string{"2026-12-01"}, "future"},
		{Question{Kind: DateKind}, []string{"2026-12-01"}, ""},
		{Question{Kind: DateKind}, []string{"1899-12-31"}, "early"},
		{Question{Kind: Month}, []string{"2026-11"}, ""},
		{Question{Kind: Month}, []string{"2026-11-30"}, "month"},
		{Question{Kind: Month}, []string{"2026-00"}, "month"},
		{Question{Kind: Number}, []string{"0"}, ""},
		{Question{Kind: Number}, []string{"-1"}, "number"},
		{Question{Kind: Number}, []string{"1.5"}, "number"},
		{Question{Kind: Number, Most: &two}, []string{"3"}, "number"},
		{Question{Kind: Number, Least: &two}, []string{"1"}, "number"},
		{Question{Kind: Phone}, []string{"+44 20 7946 0000"}, ""},
		{Question{Kind: Phone}, []string{"020 7946 0000 ext 12"}, ""},
		{Question{Kind: Phone}, []string{"ring me"}, "phone"},
		{Question{Kind: Phone}, []string{"- - - -"}, "phone"},
		{Question{Kind: Email}, []string{"name@example.org"}, ""},
		{Question{Kind: Email}, []string{"name@example"}, "email"},
		{Question{Kind: Email}, []string{"two@example.org, three@example.org"}, "email"},
		{Question{Kind: Country}, []string{"AL"}, ""},
		{Question{Kind: Country}, []string{"XX"}, ""},
		{Question{Kind: Country}, []string{"al"}, "country"},
		{Question{Kind: Country}, []string{"ZZ"}, "country"},
		{Question{Kind: Countries}, []string{"AL", "VN"}, ""},
		{Question{Kind: Countries}, []string{"AL", "AL"}, "twice"},
		{Question{Kind: Language}, []string{"vi"}, ""},
		{Question{Kind: Language}, []string{"zh-Hant"}, ""},
		{Question{Kind: Language}, []string{"Vietnamese"}, "language"},
		{Question{Kind: Files, Max: 2}, []string{"a1", "b2"}, ""},
		{Question{Kind: Files, Max: 2}, []string{"a1", "b2", "c3"}, "several"},
		{Question{Kind: Files}, []string{"../secret"}, "file"},
		{Question{Kind: Note, Required: true}, nil, ""},
	} {
		c.q.ID = "q"
		if got := code(t, c.q.Check(c.values, today)); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.q.Kind, c.values, got, c.want)
		}
	}
}

func TestBreachesNeverRepeatAnAnswer(t *testing.T) {
	p := uk(t)
	for _, q := range p.Referral.Questions() {
		for _, v := range []string{"CANARY\x01", strings.Repeat("CANARY", 1000), "CANARY"} {
			if err := q.Check([]string{v}, today); err != nil && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "CANARY") {
				t.Errorf("%s: %v", q.ID, err)
			}
		}
	}
	a := Answers{"CANARY": {"x"}, "name": {"CANARY"}, "under18": {"CANARY"}}
	if err := p.Referral.Check(a, today); err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("%v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", a, a, a, a); strings.Contains(s, "CANARY") {
		t.Errorf("answers print themselves: %s", s)
	}
}

func TestCheckTellsEverythingAtOnce(t *testing.T) {
	f := uk(t).Referral
	err := f.Check(Answers{"under18": {"no"}, "consent": {"yes"}, "channels": {"email"}, "contact-email": {"nowhere"}, "birth-date": {"2027-01-01"}, "nobody": {"x"},
		"notify-name": {"\x00"}}, today)
	var list *fault.List
	if !errors.As(err, &list) {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, one := range list.Faults {
		got[one.Place.Field] = BreachOf(one).Code
	}
	for id, want := range map[string]string{"contact-email": "email", "birth-date": "future", "contact-email-safe": "required", "name": "required",
		"reporting-region": "required", "consent-how": "required", "": "unknown"} {
		if got[id] != want {
			t.Errorf("%s: %q, want %q", id, got[id], want)
		}
	}
	if _, ok := got["notify-name"]; ok {
		t.Error("a question that is not asked is checked")
	}
	if _, ok := got["la-contacted"]; ok {
		t.Error("a question that is not asked is required")
	}
}

func TestEveryBreachIsMet(t *testing.T) {
	for code, s := range Breaches {
		if s.Message == "" || strings.HasSuffix(s.Message, ".") {
			t.Errorf("%s: %q", code, s.Message)
		}
	}
	f := breach("q", "long", "most", "7")
	if f.Message != "this is longer than 7 characters" || f.Place.Field != "q" {
		t.Errorf("%v", f)
	}
}

func TestPruneFollowsChains(t *testing.T) {
	f := uk(t).Referral
	a := Answers{"under18": {"no"}, "consent": {"yes"}, "channels": {"phone"}, "contact-phone": {"1"}, "name": {"A"}, "interpreter": {"yes"}, "interpreter-language": {"vi"}}
	kept, dropped := f.Prune(a)
	if len(dropped) != 0 || len(kept) != len(a) {
		t.Fatalf("dropped %v", dropped)
	}
	a["under18"] = []string{"yes"} // and with it consent, and what hangs on consent
	kept, dropped = f.Prune(a)
	if want := []string{"channels", "consent", "contact-phone"}; !slices.Equal(dropped, want) {
		t.Errorf("dropped %v, not %v", dropped, want)
	}
	if kept.One("name") != "A" || kept.One("interpreter-language") != "vi" {
		t.Errorf("a child's name is dropped")
	}
	for _, v := range [][]string{{"maybe"}, {"no", "yes"}, {""}, {}} {
		if kept, dropped := f.Prune(Answers{"under18": v, "consent": {"no"}}); len(kept) != 0 || len(dropped) != 2 {
			t.Errorf("%q counts as an age: %d kept, %v dropped", v, len(kept), dropped)
		}
	}
	kept["name"][0] = "B"
	if a.One("name") != "A" {
		t.Error("what is kept shares with what was given")
	}
}

func TestNextGoesThroughTheForm(t *testing.T) {
	for id, p := range pathways(t) {
		for _, f := range []*Form{p.Concern, p.Referral} {
			rapid.Check(t, func(rt *rapid.T) {
				a, done, order := Answers{}, map[string]bool{}, []string{}
				for q := f.Next(a, done); q != nil; q = f.Next(a, done) {
					if done[q.ID] || q.Bound != "" {
						rt.Fatalf("%s %s is asked twice or bound", id, q.ID)
					}
					done[q.ID] = true
					order = append(order, q.ID)
					if v := draw(rt, q, 0); v != nil {
						a[q.ID] = v
					}
					if len(order) > len(f.Questions()) {
						rt.Fatal("the form does not end")
					}
				}
				if kept, dropped := f.Prune(a); len(dropped) > 0 || len(kept) != len(a) {
					rt.Fatalf("%s: going forward dropped %v", id, dropped)
				}
				last := -1
				for _, q := range order {
					i := slices.Index(f.Questions(), f.Question(q))
					if i <= last {
						rt.Fatalf("%s comes after its place", q)
					}
					last = i
				}
			})
		}
	}
}

func TestConditions(t *testing.T) {
	a := Answers{"one": {"x"}, "many": {"p", "q"}, "empty": {""}}
	for _, c := range []struct {
		c    Condition
		want bool
	}{
		{nil, true},
		{Condition{{"one": {"x"}}}, true},
		{Condition{{"one": {"y", "x"}}}, true},
		{Condition{{"one": {"y"}}}, false},
		{Condition{{"one": {"x"}, "many": {"r"}}}, false},
		{Condition{{"one": {"y"}}, {"many": {"q"}}}, true},
		{Condition{{"none": {"x"}}}, false},
		{Condition{{"none": {Unanswered}}}, true},
		{Condition{{"empty": {Unanswered}}}, true},
		{Condition{{"empty": {Answered}}}, false},
		{Condition{{"one": {Unanswered}}}, false},
		{Condition{{"one": {Answered}}}, true},
		{Condition{{"one": {Unanswered, "x"}}}, true},
	} {
		if got := c.c.Holds(a); got != c.want {
			t.Errorf("%v: %t", c.c, got)
		}
	}
	yes := map[string][]string{"c": {"yes"}}
	for _, c := range []struct {
		c    Condition
		want bool
	}{
		{nil, false},
		{Condition{{"c": {"yes"}}}, true},
		{Condition{{"c": {"yes"}, "d": {"x"}}}, true},
		{Condition{{"c": {"yes", "no"}}}, false},
		{Condition{{"c": {Answered}}}, false},
		{Condition{{"c": {"yes"}}, {"d": {"x"}}}, false},
	} {
		if got := c.c.implies(yes); got != c.want {
			t.Errorf("%v implies: %t", c.c, got)
		}
	}
}

func TestDates(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(-700000, 700000).Draw(rt, "n")
		d := DateFromDays(n)
		if d.Days() != n {
			rt.Fatalf("%s is day %d, not %d", d, d.Days(), n)
		}
		m := rapid.IntRange(-4000, 4000).Draw(rt, "m")
		if e := d.Add(m); e.Sub(d) != m || (m > 0) != e.After(d) || (m < 0) != e.Before(d) {
			rt.Fatalf("%s + %d = %s", d, m, e)
		}
		if d.Year > 0 && d.Year < 9999 {
			if back, err := ParseDate(d.String()); err != nil || back != d {
				rt.Fatalf("%s reads as %s, %v", d, back, err)
			}
		}
	})
	for _, c := range []struct{ from, want string }{{"2008-02-29", "2026-03-01"}, {"2010-02-28", "2028-02-28"}, {"2008-12-31", "2026-12-31"}} {
		d, _ := ParseDate(c.from)
		if got := d.Anniversary(18).String(); got != c.want {
			t.Errorf("18 years after %s: %s", c.from, got)
		}
	}
	if DateFromDays(0).String() != "1970-01-01" || (Date{2026, 11, 30}).Weekday().String() != "Monday" {
		t.Error("the calendar is off")
	}
}
