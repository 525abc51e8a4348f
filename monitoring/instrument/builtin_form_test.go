package instrument

import (
	"slices"
	"strings"
	"testing"
)

// builtinRow finds a row of the survey sheet by name.
func builtinRow(t *testing.T, id, name string) map[string]string {
	t.Helper()
	book, err := XLSForm(id)
	if err != nil {
		t.Fatal(err)
	}
	s := book.Sheet("survey")
	for _, row := range s.Rows {
		cells := map[string]string{}
		for _, c := range row.Cells {
			cells[s.Header[c.Column]] = c.Text
		}
		if cells["name"] == name && !strings.HasPrefix(cells["type"], "end_") {
			return cells
		}
	}
	t.Fatalf("%s has no row %s", id, name)
	return nil
}

// beforeConsent is what may be asked before consent: who asks, when and where.
var beforeConsent = []string{"interview_date", "enumerator", "point", "point_location"}

// TestBuiltinConsentFirst: nothing about the person is asked before consent,
// and everything after it depends on consent.
func TestBuiltinConsentFirst(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		asked := false
		for _, q := range in.Questions {
			if q.Metadata || q.Type == "calculate" {
				continue
			}
			if q.Name == "consent" {
				asked = true
				continue
			}
			if !asked {
				if !slices.Contains(beforeConsent, q.Name) {
					t.Errorf("%s is asked before consent", q.Name)
				}
				continue
			}
			logic := q.Relevant
			for _, group := range strings.Split(q.Group, "/") {
				logic += " " + builtinRow(t, in.ID, group)["relevant"]
			}
			if !strings.Contains(logic, "${consent} = 'yes'") && q.Name != "finished" {
				t.Errorf("%s is asked without consent: %q", q.Name, logic)
			}
		}
	})
}

// TestBuiltinAgeRule: under 14, or of an age not known, nothing more is asked;
// the form says what to do instead.
func TestBuiltinAgeRule(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		if got := in.Question("eligible").Calculation; !strings.Contains(got, "${age} >= 14") || !strings.Contains(got, "${previous} != 'yes'") {
			t.Errorf("eligible is %q", got)
		}
		past := false
		for _, q := range in.Questions {
			if q.Group == "profile" && past && q.Name != "age_unknown" && !strings.HasPrefix(q.Relevant, "${eligible} = 'yes'") {
				t.Errorf("%s is asked if %q", q.Name, q.Relevant)
			}
			past = past || q.Name == "age"
		}
		for _, group := range []string{"journey", "safety", "module"} {
			if got := builtinRow(t, in.ID, group)["relevant"]; !strings.Contains(got, "${eligible} = 'yes'") {
				t.Errorf("%s is asked if %q", group, got)
			}
		}
		for name, want := range map[string]string{"end_under_14": "${age} < 14", "end_age_unknown": "${age} = '' and ${age_unknown} = 'OK'"} {
			if got := builtinRow(t, in.ID, name)["relevant"]; got != want {
				t.Errorf("%s is shown if %q, want %q", name, got, want)
			}
		}
	})
}

// TestBuiltinJourneyRepeat: the details of the journey are asked once for each
// country chosen, and never for "don't know".
func TestBuiltinJourneyRepeat(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		stage := builtinRow(t, in.ID, "stage")
		if stage["type"] != "begin_repeat" || !strings.Contains(stage["repeat_count"], "count-selected(${transit_countries})") || !strings.Contains(stage["repeat_count"], "'dk'") {
			t.Errorf("the repeat: %v", stage)
		}
		var inside []string
		for _, q := range in.Questions {
			if q.Repeat == "stage" {
				inside = append(inside, q.Name)
			}
		}
		if want := []string{"stage_country", "stage_name", "stage_time", "stage_means", "stage_cost", "stage_reason"}; !slices.Equal(inside, want) {
			t.Errorf("the repeat asks %v", inside)
		}
	})
}

// TestBuiltinExclusiveAnswers: "don't know" and "prefers not to answer" go
// with no other answer, and every question that has them is required.
func TestBuiltinExclusiveAnswers(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		several := 0
		for _, q := range in.Questions {
			refusable := slices.ContainsFunc(in.Lists[q.List], func(c Choice) bool { return c.Name == "refused" })
			if refusable && !q.Required {
				t.Errorf("%s may be left out without a word, though one can decline it", q.Name)
			}
			if q.Type == "select_multiple" && refusable {
				several++
				if !strings.Contains(q.Constraint, "selected(., 'refused')") || !strings.Contains(q.Constraint, "count-selected(.) > 1") {
					t.Errorf("%s takes a refusal beside other answers: %q", q.Name, q.Constraint)
				}
			}
		}
		if several < 3 {
			t.Errorf("%d questions take several answers", several)
		}
	})
}

// TestBuiltinPrivacy: no question asks who the person is; the trail of the
// phone holds neither place nor user nor answers; the name of an interview is
// made of the form, the point, the time and the enumerator's code.
func TestBuiltinPrivacy(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		for _, q := range in.Questions {
			if q.Type == "text" && !slices.Contains([]string{"enumerator", "enumerator_note"}, q.Name) {
				t.Errorf("%s takes free text", q.Name)
			}
			if slices.Contains([]string{"image", "audio", "video", "file", "phonenumber", "username", "email", "barcode"}, q.Type) {
				t.Errorf("%s is of type %s", q.Name, q.Type)
			}
		}
		if got := builtinRow(t, in.ID, "audit")["parameters"]; got != "identify-user=false track-changes=false" {
			t.Errorf("audit: %q", got)
		}
		book, err := XLSForm(in.ID)
		if err != nil {
			t.Fatal(err)
		}
		settings := book.Sheet("settings")
		name := settings.Rows[0].Get(slices.Index(settings.Header, "instance_name"))
		for _, m := range reference().FindAllStringSubmatch(name, -1) {
			if !slices.Contains([]string{"point", "interview_date", "start", "enumerator"}, m[1]) {
				t.Errorf("the name of an interview holds %s", m[1])
			}
		}
		if got := settings.Rows[0].Get(slices.Index(settings.Header, "version")); got != in.Version {
			t.Errorf("the settings have version %s, the instrument %s", got, in.Version)
		}
	})
}

// TestBuiltinCard: the card of services is shown at the end to everyone, and
// before the sensitive questions to whoever wants it, in the same words.
func TestBuiltinCard(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		end, now := builtinRow(t, in.ID, "card_end"), builtinRow(t, in.ID, "card_now_note")
		if end["relevant"] != "" || now["relevant"] != "${card_now} = 'yes'" {
			t.Errorf("the card is shown if %q and if %q", end["relevant"], now["relevant"])
		}
		for _, language := range in.Languages {
			if in.Silent["card_end"][language] != in.Silent["card_now_note"][language] {
				t.Errorf("the two cards differ in %s", language)
			}
		}
	})
}

// TestBuiltinExportsBind: the main file of an export of the form, with groups
// in the headers, notes and the count of the repeat, binds without a remark.
func TestBuiltinExportsBind(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, in *Instrument) {
		for _, sign := range []string{"-", "/"} {
			names := []string{"SubmissionDate", "meta-audit", "meta-instanceID", "meta-instanceName", "KEY", "SET-OF-stage",
				"intro" + sign + "safety_note", "closing" + sign + "card_end", "module" + sign + "module_note", "journey" + sign + "stage_count"}
			wanted := 0
			for _, q := range in.Questions {
				if q.Repeat == "" {
					wanted++
					names = append(names, strings.TrimPrefix(strings.ReplaceAll(q.Group, "/", sign)+sign+q.Name, sign))
				}
			}
			b := mustBind(t, in, names...)
			if len(b.Unknown) > 0 || len(b.Missing) > 0 || len(b.Needed) > 0 || len(b.Schema.Notes) > 0 {
				t.Errorf("with %q: unknown %v, missing %v, needed %v, notes %v", sign, b.Unknown, b.Missing, b.Needed, b.Schema.Notes)
			}
			for _, q := range in.Questions {
				if q.Repeat == "" && len(b.Columns[q.Name]) != 1 {
					t.Errorf("with %q: %s is fed by %v", sign, q.Name, b.Columns[q.Name])
				}
			}
			if wanted < 50 {
				t.Errorf("only %d questions", wanted)
			}
		}
	})
}
