package instrument

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode"

	"waymark/stats/table"
)

// TestBuiltinFolders checks that the list of built-in instruments and the
// embedded folders are the same.
func TestBuiltinFolders(t *testing.T) {
	entries, err := fs.ReadDir(embedded, ".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		folders = append(folders, e.Name())
	}
	if !slices.Equal(folders, Builtin()) || len(folders) == 0 {
		t.Errorf("folders %v, list %v", folders, Builtin())
	}
}

// eachBuiltin runs a test on every built-in instrument.
func eachBuiltin(t *testing.T, f func(t *testing.T, in *Instrument)) {
	t.Helper()
	for _, id := range Builtin() {
		t.Run(id, func(t *testing.T) { f(t, mustLoad(t, id)) })
	}
}

// briefLanguages are the languages of what briefs print: the texts of
// instrument.yaml are in these, the questionnaire is in more.
var briefLanguages = []string{"en", "fr", "ar"}

// complete checks that a text is there in some languages, each in its script.
func complete(t *testing.T, languages []string, what string, text Text) {
	t.Helper()
	for _, lang := range languages {
		s := text[lang]
		if strings.TrimSpace(s) == "" {
			t.Errorf("%s has no text in %s", what, lang)
			continue
		}
		letters := strings.ContainsFunc(reference().ReplaceAllString(s, ""), unicode.IsLetter)
		arabic := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
		if letters && arabic != rightToLeft[lang] {
			t.Errorf("%s in %s is %q", what, lang, s)
		}
	}
	if len(text) != len(languages) {
		t.Errorf("%s has %d languages, want %d", what, len(text), len(languages))
	}
}

func TestBuiltinTexts(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		if !slices.Equal(in.Languages, []string{"en", "fr", "ar", "prs", "ps", "ur", "fa"}) {
			t.Errorf("languages %v", in.Languages)
		}
		complete(t, briefLanguages, "the title", in.Title)
		for _, q := range in.Questions {
			if !q.Metadata && q.Type != "calculate" {
				complete(t, in.Languages, "question "+q.Name, q.Label)
			}
			if len(q.Hint) > 0 {
				complete(t, in.Languages, "the hint of "+q.Name, q.Hint)
			}
		}
		for name, label := range in.Silent {
			if name != "audit" {
				complete(t, in.Languages, name, label)
			}
		}
		for list, choices := range in.Lists {
			for _, c := range choices {
				complete(t, in.Languages, "choice "+list+"/"+c.Name, c.Label)
			}
		}
		for _, g := range in.Groups {
			complete(t, briefLanguages, "group "+g.ID, g.Label)
			for _, b := range g.Bands {
				complete(t, briefLanguages, "band "+g.ID+"/"+b.Code, b.Label)
			}
		}
		for _, i := range in.Indicators {
			complete(t, briefLanguages, "indicator "+i.ID, i.Label)
			complete(t, briefLanguages, "the sentence of "+i.ID, i.Sentence)
			for lang, s := range i.Sentence {
				if strings.HasSuffix(s, ".") || unicode.IsUpper([]rune(s)[0]) {
					t.Errorf("the sentence of %s in %s does not read after \"people\": %q", i.ID, lang, s)
				}
			}
		}
		for _, e := range in.Exclusions {
			complete(t, briefLanguages, "exclusion "+e.ID, e.Label)
			complete(t, briefLanguages, "why of "+e.ID, e.Why)
		}
	})
}

// TestBuiltinLabelsAreDistinct keeps label headers unambiguous: no two
// questions share a label, no two choices of a list do.
func TestBuiltinLabelsAreDistinct(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		for _, lang := range in.Languages {
			seen := map[string]string{}
			for _, q := range in.Questions {
				if key := labelKey(q.Label[lang]); key != "" {
					if seen[key] != "" {
						t.Errorf("%s: %s and %s have one label", lang, seen[key], q.Name)
					}
					seen[key] = q.Name
				}
			}
		}
		for list, choices := range in.Lists {
			seen := map[string]string{}
			for _, c := range choices {
				for _, label := range c.Label {
					key := labelKey(label)
					if other := seen[key]; other != "" && other != c.Name {
						t.Errorf("list %s: %s and %s share the label %q", list, other, c.Name, label)
					}
					seen[key] = c.Name
				}
			}
		}
	})
}

func TestBuiltinCitations(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		check := func(what string, c Citation) {
			if c.Authority == "" || c.Source == "" || c.Date == "" {
				t.Errorf("%s has an empty citation: %+v", what, c)
			}
		}
		check("the instrument", in.Citation)
		for _, i := range in.Indicators {
			check("indicator "+i.ID, i.Citation)
		}
		for _, e := range in.Exclusions {
			check("exclusion "+e.ID, e.Citation)
		}
	})
}

// TestBuiltinWhere: where it happened is asked if, and only if, the answer
// before was yes.
func TestBuiltinWhere(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		places := 0
		for _, q := range in.Questions {
			stem, ok := strings.CutSuffix(q.Name, "_where")
			if !ok {
				continue
			}
			places++
			if want := fmt.Sprintf("${%s} = 'yes'", stem); q.Relevant != want {
				t.Errorf("%s is relevant if %q, want %q", q.Name, q.Relevant, want)
			}
			if i := in.Indicator(stem); i == nil || i.Place != q.Name || q.List != "country" {
				t.Errorf("%s is the place of no indicator, or no country", q.Name)
			}
		}
		if places < 5 {
			t.Errorf("%d questions on the place", places)
		}
	})
}

// TestBuiltinFamily: the question on the family is asked only if every own
// question that "at least one" counts was answered no.
func TestBuiltinFamily(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		own := in.Indicator("at_least_one").Of
		terms := make([]string, len(own))
		for i, id := range own {
			terms[i] = fmt.Sprintf("${%s} = 'no'", id)
		}
		if got, want := in.Question("family_any").Relevant, strings.Join(terms, " and "); got != want {
			t.Errorf("family_any is relevant if %q, want %q", got, want)
		}
		if f := in.Indicator("family_only"); !slices.Equal(f.UnlessAny, own) || f.Experience != Family {
			t.Errorf("family_only: %+v", f)
		}
		for _, id := range own {
			if i := in.Indicator(id); i.Experience != Own {
				t.Errorf("%s is of kind %s and counts in at_least_one", id, i.Experience)
			}
		}
	})
}

// TestBuiltinMissing: every yes/no question takes don't know and refused, and
// no level stands for a missing answer by name only.
func TestBuiltinMissing(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		for list, choices := range in.Lists {
			if slices.Contains([]string{"point", "route", "ready", "language", "service", "ending"}, list) {
				continue // what the enumerator knows
			}
			got := map[string]table.Missing{}
			for _, c := range choices {
				got[c.Name] = c.Missing
			}
			if got["dk"] != table.DontKnow || got["refused"] != table.Refused {
				t.Errorf("list %s does not take don't know and refused: %v", list, got)
			}
		}
	})
}

// TestForm2016 holds the questions of the form of 2016 to the facts of the
// survey: six proxy questions, five of own experience, the exclusions in order.
func TestForm2016(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	var order []string
	for _, q := range in.Questions {
		if q.Group == "module" && q.List == "yes_no" {
			order = append(order, q.Name)
		}
	}
	if want := []string{"unpaid_work", "forced_work", "job_offer", "marriage_offer", "held", "organs_awareness", "family_any"}; !slices.Equal(order, want) {
		t.Errorf("the module asks %v", order)
	}
	if i := in.Indicator("at_least_one"); !slices.Equal(i.Of, order[:5]) || i.AtLeast != 1 {
		t.Errorf("at_least_one: %+v", i)
	}
	if i := in.Indicator("at_least_two"); !slices.Equal(i.Of, order[:5]) || i.AtLeast != 2 {
		t.Errorf("at_least_two: %+v", i)
	}
	if i := in.Indicator("organs_awareness"); i.Experience != Awareness {
		t.Errorf("organs_awareness is of kind %s", i.Experience)
	}
	var rules []string
	for _, e := range in.Exclusions {
		rules = append(rules, e.ID+" "+e.Missing)
	}
	if want := []string{"repeat keep", "consent exclude", "age exclude"}; !slices.Equal(rules, want) {
		t.Errorf("exclusions %v", rules)
	}
	if b := in.Exclusions[2].Below; b == nil || *b != 14 {
		t.Error("the age rule does not exclude under 14")
	}
	for list, want := range map[string][]string{
		"transit_time": {"under_2_weeks", "2_weeks_3_months", "3_6_months", "6_12_months", "over_12_months"},
		"cost":         {"nothing", "under_1000", "1000_2500", "2500_5000", "over_5000"},
		"route":        {"EMR", "CMR", "WMR"},
	} {
		if got := answers(in.Lists[list]); !slices.Equal(got, want) {
			t.Errorf("list %s has %v, want %v", list, got, want)
		}
	}
}

// TestForm2017: four indicators, violence beside them, no awareness question.
func TestForm2017(t *testing.T) {
	in := mustLoad(t, "fms-2017")
	if want := []string{"unpaid_work", "forced_work", "marriage_offer", "held"}; !slices.Equal(in.Indicator("at_least_one").Of, want) {
		t.Errorf("at_least_one counts %v", in.Indicator("at_least_one").Of)
	}
	if in.Indicator("organs_awareness") != nil || in.Question("job_offer") != nil {
		t.Error("the form of 2017 asks of job offers or organs")
	}
	if v := in.Indicator("physical_violence"); v == nil || v.Experience != Own {
		t.Errorf("physical violence: %+v", v)
	}
}
