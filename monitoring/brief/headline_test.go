package brief

import (
	"strings"
	"testing"

	"waymark/internal/lang"
)

func TestHeadlineFitsTheTerminal(t *testing.T) {
	for name, a := range sampleAnalyses() {
		for _, code := range Languages() {
			for _, line := range strings.Split(Headline(a, code), "\n") {
				if n := columns(line); n > terminalWidth {
					t.Errorf("%s %s: %d columns: %s", name, code, n, line)
				}
			}
		}
	}
}

func TestHeadlineShowsTheResult(t *testing.T) {
	got := Headline(sampleAnalysis(), "en")
	for _, want := range []string{
		"Synthetic example data: no real interviews", "71% [68–74]", "14% [13–16]", "8.2 [6.9–9.6]",
		"3,100 interviews received", "3,000 interviews analysed (Eastern Mediterranean 2,000 and Central Mediterranean 1,000)",
		"At least one experience: One year or more in another country", "66% [62–70]", "under 1%", "– (hidden)",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	schools := Headline(schoolAnalysis(), "en")
	for _, want := range []string{"Mean of “Score”", "662", "200 records received", "200 records analysed"} {
		if !strings.Contains(schools, want) {
			t.Errorf("%q is not in\n%s", want, schools)
		}
	}
	if strings.Contains(schools, "interview") || strings.Contains(schools, "route") {
		t.Errorf("a survey of schools speaks of interviews or routes:\n%s", schools)
	}
}

func TestHeadlineFallsBackToEnglish(t *testing.T) {
	if got, want := Headline(sampleAnalysis(), "tlh"), Headline(sampleAnalysis(), "en"); got != want {
		t.Error("an unknown language is not written in English")
	}
}

func TestColumnsCountsWhatIsSeen(t *testing.T) {
	for text, want := range map[string]int{"abc": 3, "é": 1, "e\u0301": 1, lang.Isolate("49%"): 3, "عملاً": 5 - 1 + 0} {
		if got := columns(text); got != want {
			t.Errorf("columns(%q) = %d, want %d", text, got, want)
		}
	}
}

// TestSchoolsNeverSpeakOfPeople reads the whole brief on a survey of schools.
func TestSchoolsNeverSpeakOfPeople(t *testing.T) {
	for code, words := range map[string][]string{
		"en": {"interview", "route", "people", "person", "journey"}, "fr": {"entretien", "route", "personne", "voyage"}, "ar": {"مقابل", "طريق ", "أشخاص", "رحلة"},
	} {
		d, err := Compose(schoolAnalysis(), code)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range prose(d) {
			for _, w := range words {
				if strings.Contains(strings.ToLower(text), w) {
					t.Errorf("%s: %q in %q", code, w, text)
				}
			}
		}
	}
}
