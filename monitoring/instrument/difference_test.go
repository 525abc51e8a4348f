package instrument

import (
	"slices"
	"strings"
	"testing"
)

func TestDiffOfTheBuiltinForms(t *testing.T) {
	d := Diff(mustLoad(t, "fms-2016"), mustLoad(t, "fms-2017"))
	want := map[string]string{
		"unpaid_work": Comparable, "forced_work": Comparable, "marriage_offer": Comparable, "held": Comparable,
		"job_offer": OnlyFirst, "organs_awareness": OnlyFirst, "physical_violence": OnlySecond, "children_any": OnlySecond,
		// Five items against four: never one measure.
		"at_least_one": NotComparable, "at_least_two": NotComparable,
		// Asked of people without any of five, or of four.
		"family_only": NotComparable, "transit_over_6_months": Comparable,
	}
	for _, c := range d.Indicators {
		if c.Verdict != want[c.ID] {
			t.Errorf("%s is %q (%s), want %q", c.ID, c.Verdict, c.Why, want[c.ID])
		}
		if (c.Why == "") != (c.Verdict == Comparable) {
			t.Errorf("%s is %s, why: %q", c.ID, c.Verdict, c.Why)
		}
		delete(want, c.ID)
	}
	if len(want) > 0 {
		t.Errorf("no verdict on %v", want)
	}
	kinds := map[string]string{}
	for _, q := range d.Questions {
		kinds[q.Name] = q.Kind
	}
	for name, kind := range map[string]string{"job_offer": OnlyFirst, "physical_violence_where": OnlySecond, "family_any": Changed} {
		if kinds[name] != kind {
			t.Errorf("question %s: %q, want %q", name, kinds[name], kind)
		}
	}
	// The list of what may have happened to a family member follows the module.
	for _, c := range d.Codes {
		if c.List != "experience" || c.Code != "job_offer" && c.Code != "physical_violence" {
			t.Errorf("a code differs: %+v", c)
		}
	}
	if len(d.Codes) != 2 {
		t.Errorf("%d codes differ, want 2", len(d.Codes))
	}
}

func TestCommonItems(t *testing.T) {
	a, b := mustLoad(t, "fms-2016"), mustLoad(t, "fms-2017")
	p := Common(a, b)
	if want := []string{"unpaid_work", "forced_work", "marriage_offer", "held"}; !slices.Equal(p.Items, want) {
		t.Errorf("common items %v, want %v", p.Items, want)
	}
	if !slices.Equal(p.OnlyA, []string{"job_offer"}) || len(p.OnlyB) != 0 {
		t.Errorf("only in the first %v, in the second %v", p.OnlyA, p.OnlyB)
	}
	for _, lang := range []string{"en", "fr", "ar"} {
		s := p.Sentence(lang)
		for _, id := range p.Items {
			if !strings.Contains(s, a.Label(id, lang)) {
				t.Errorf("%s: %q does not name %s", lang, s, id)
			}
		}
	}
	i := p.AtLeast(1)
	if i == nil || i.AtLeast != 1 || len(i.Of) != 4 || i.Citation.Authority == "" {
		t.Errorf("pooled indicator: %+v", i)
	}
	if p.AtLeast(5) != nil || p.AtLeast(0) != nil {
		t.Error("an indicator that cannot be reached was made")
	}
}

func TestDiffIsEmptyForOneForm(t *testing.T) {
	for _, id := range Builtin() {
		d := Diff(mustLoad(t, id), mustLoad(t, id))
		if len(d.Questions)+len(d.Codes) > 0 {
			t.Errorf("%s differs from itself: %+v", id, d)
		}
		for _, c := range d.Indicators {
			if c.Verdict != Comparable {
				t.Errorf("%s, %s: %s", id, c.ID, c.Why)
			}
		}
	}
}

func TestDiffSeesWordingCodesAndMeaning(t *testing.T) {
	a, b := mustLoad(t, "fms-2016"), mustLoad(t, "fms-2016")
	b.Question("held").Label["en"] = "Were you locked in?"
	b.Indicator("unpaid_work").Yes = []string{"yes", "no"}
	b.Lists["sex"] = b.Lists["sex"][1:]
	d := Diff(a, b)
	verdicts := map[string]string{}
	for _, c := range d.Indicators {
		verdicts[c.ID] = c.Verdict
	}
	if verdicts["held"] != Reworded || verdicts["unpaid_work"] != NotComparable || verdicts["at_least_one"] == Comparable {
		t.Errorf("verdicts: %v", verdicts)
	}
	if len(d.Codes) != 1 || d.Codes[0].Code != "female" || d.Codes[0].Kind != OnlyFirst {
		t.Errorf("codes: %v", d.Codes)
	}
	if len(d.Questions) != 1 || !strings.Contains(d.Questions[0].What[0], "Were you locked in?") {
		t.Errorf("questions: %v", d.Questions)
	}
}
