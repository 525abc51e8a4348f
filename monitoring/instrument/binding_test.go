package instrument

import (
	"slices"
	"strings"
	"testing"

	"waymark/stats/table"
)

func mustLoad(t testing.TB, id string) *Instrument {
	t.Helper()
	in, err := Load(id)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func mustBind(t testing.TB, in *Instrument, names ...string) *Binding {
	t.Helper()
	b, err := in.Bind(table.Header{Names: names})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestHeaders has headers as exports write them, and the field that each is
// read as. "" means that the column is skipped quietly, "?" that it is unknown.
func TestHeaders(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	tests := []struct {
		name    string
		headers []string
		fields  []string
	}{
		{"names, as in the example round", []string{"start", "interview_date", "age", "held", "held_where", "_uuid", "_submission_time"},
			[]string{"start", "interview_date", "age", "held", "held_where", "_uuid", "_submission_time"}},
		{"KoboToolbox, XML values, groups with /", []string{"start", "end", "today", "deviceid", "intro/point", "intro/_welcome_note", "profile/age", "module/held", "module/held_where", "formhub/uuid", "__version__", "meta/instanceID", "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "_index"},
			[]string{"start", "end", "today", "deviceid", "point", "", "age", "held", "held_where", "", "", "", "", "_uuid", "_submission_time", "", "", "", "", "", ""}},
		{"KoboToolbox, labels in French", []string{"start", "end", "Quel âge avez-vous, en années ?", "Sexe", "Par quels pays êtes-vous passé(e) ?", "Par quels pays êtes-vous passé(e) ?/Turquie", "Par quels pays êtes-vous passé(e) ?/Libye", "Où avez-vous été retenu(e) ?", "_id", "_uuid"},
			[]string{"start", "end", "age", "sex", "transit_countries", "", "", "held_where", "", "_uuid"}},
		{"KoboToolbox, labels with groups", []string{"About the person/How old are you, in years?", "The journey/Which countries did you pass through?/Turkey", "The journey/Which countries did you pass through?/Libya"},
			[]string{"age", "transit_countries", "transit_countries"}},
		{"KoboToolbox, position in parts beside the whole", []string{"age", "point_location", "_point_location_latitude", "_point_location_longitude", "_point_location_altitude", "_point_location_precision"},
			[]string{"age", "point_location", "", "", "", ""}},
		{"ODK Central, CSV", []string{"SubmissionDate", "start", "end", "intro-interview_date", "intro-point_location-Latitude", "intro-point_location-Longitude", "intro-point_location-Altitude", "intro-point_location-Accuracy", "profile-age", "module-held", "meta-instanceID", "meta-instanceName", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"},
			[]string{"_submission_time", "start", "end", "interview_date", "point_location_latitude", "point_location_longitude", "", "", "age", "held", "_uuid", "", "", "", "", "", "", "", "", "deviceid", "", ""}},
		{"ODK Central, split options, groups left out", []string{"transit_countries", "transit_countries/TUR", "transit_countries/LBY", "age"},
			[]string{"transit_countries", "", "", "age"}},
		{"split options with /", []string{"journey/transit_countries/TUR", "journey/transit_countries/LBY", "journey/transit_countries/refused"},
			[]string{"transit_countries", "transit_countries", "transit_countries"}},
		{"split options with .", []string{"transit_countries.TUR", "transit_countries.LBY"}, []string{"transit_countries", "transit_countries"}},
		{"split options with spaces and labels", []string{"transit_countries - Turkey", "transit_countries - Côte d’Ivoire"}, []string{"transit_countries", "transit_countries"}},
		{"split options with labels after /", []string{"transit_countries/Turkey", "transit_countries/ليبيا"}, []string{"transit_countries", "transit_countries"}},
		{"groups with . and :", []string{"profile.age", "module:held", "data/module/held_where"}, []string{"age", "held", "held_where"}},
		{"Aggregate", []string{"meta:instanceID", "profile:age", "KEY"}, []string{"_uuid", "age", ""}},
		{"OData", []string{"__id", "__system/submissionDate", "profile/age"}, []string{"_uuid", "_submission_time", "age"}},
		{"Arabic labels with direction marks", []string{"\u200fالجنس\u200f", "كم عمرك بالسنوات؟"}, []string{"sex", "age"}},
		{"HTML, spacing and letter case", []string{"<b>How  old</b> are you,&nbsp;in years?", "SEX", "Held"}, []string{"age", "sex", "held"}},
		{"label:: before the label", []string{"label::How old are you, in years?", "sex"}, []string{"age", "sex"}},
		{"byte order mark", []string{"\ufeffage", "sex"}, []string{"age", "sex"}},
		{"columns that are no question", []string{"age", "held_wher", "colour"}, []string{"age", "?", "?"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := mustBind(t, in, tt.headers...)
			if len(b.Schema.Targets) != len(tt.headers) {
				t.Fatalf("%d targets for %d columns", len(b.Schema.Targets), len(tt.headers))
			}
			for i, target := range b.Schema.Targets {
				got := ""
				switch {
				case target.Field >= 0:
					got = b.Schema.Fields[target.Field].Name
				case slices.Contains(b.Unknown, cleanHeader(tt.headers[i])):
					got = "?"
				}
				if got != tt.fields[i] {
					t.Errorf("%q is read as %q, want %q", tt.headers[i], got, tt.fields[i])
				}
			}
		})
	}
}

func TestSplitOptionsKeepTheirLevel(t *testing.T) {
	b := mustBind(t, mustLoad(t, "fms-2016"), "transit_countries/LBY", "transit_countries/Turkey")
	f := b.Schema.Fields[0]
	for i, want := range []string{"LBY", "TUR"} {
		if got := f.Levels[b.Schema.Targets[i].Option].Code; got != want {
			t.Errorf("column %d is the option %s, want %s", i+1, got, want)
		}
	}
}

func TestSuggestion(t *testing.T) {
	b := mustBind(t, mustLoad(t, "fms-2016"), "age", "module/held_wher")
	for _, n := range b.Schema.Notes {
		if n.Place.Column == 2 && strings.Contains(n.Remedy, "held_where") {
			return
		}
	}
	t.Errorf("no note suggests held_where: %v", b.Schema.Notes)
}

// TestUnknownOption: an option that the list does not have is told, unless the
// whole answer is in a column of its own.
func TestUnknownOption(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	b := mustBind(t, in, "age", "transit_countries/LBY", "transit_countries/QQQ")
	if len(b.Unknown) != 1 || !strings.Contains(b.Schema.Notes[0].Message, "looks like an option of transit_countries") {
		t.Errorf("unknown %v, notes %v", b.Unknown, b.Schema.Notes)
	}
	b = mustBind(t, in, "age", "transit_countries", "transit_countries/LBY", "transit_countries/QQQ")
	if len(b.Unknown) != 0 || len(b.Skipped) != 2 {
		t.Errorf("unknown %v, skipped %v", b.Unknown, b.Skipped)
	}
}

func TestMissingQuestions(t *testing.T) {
	b := mustBind(t, mustLoad(t, "fms-2016"), "age", "consent", "previous", "unpaid_work")
	for _, want := range []string{"held", "held_where", "enumerator_note"} {
		if !slices.Contains(b.Missing, want) {
			t.Errorf("%s is not among the missing questions", want)
		}
	}
	if !slices.Contains(b.Needed, "held") || slices.Contains(b.Needed, "enumerator_note") {
		t.Errorf("needed: %v", b.Needed)
	}
	if slices.Contains(b.Missing, "start") || !slices.Contains(b.Needed, "start") {
		t.Errorf("start is filled in by the phone and plays a role: missing %v, needed %v", b.Missing, b.Needed)
	}
}

func TestAmbiguousHeaders(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	_, err := in.Bind(table.Header{Names: []string{"a/age", "b/age"}})
	if err == nil || !strings.Contains(err.Error(), "are all the question age") {
		t.Errorf("two columns for one question: %v", err)
	}
	b := mustBind(t, in, "age", "How old are you, in years?")
	if b.Schema.Targets[0].Field != 0 || b.Schema.Targets[1].Field != -1 || len(b.Unknown) != 1 {
		t.Errorf("a name is surer than a label: %+v, unknown %v", b.Schema.Targets, b.Unknown)
	}
	if _, err := in.Bind(table.Header{Names: []string{"api00", "stype"}}); err == nil || !strings.Contains(err.Error(), "no column is a question") {
		t.Errorf("another survey: %v", err)
	}
}

func TestExtraFields(t *testing.T) {
	b, err := mustLoad(t, "fms-2016").Bind(table.Header{Names: []string{"age", "Stratum", "weight"}},
		table.Field{Name: "stratum", Kind: table.Category, Open: true}, table.Field{Name: "weight", Kind: table.Number}, table.Field{Name: "psu", Kind: table.Text})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Unknown) != 0 || len(b.Columns["stratum"]) != 1 || len(b.Columns["weight"]) != 1 || b.Columns["psu"] != nil {
		t.Errorf("columns %v, unknown %v", b.Columns, b.Unknown)
	}
}

func TestField(t *testing.T) {
	in := mustLoad(t, "fms-2016")
	f := in.Field(in.Question("held"))
	if len(f.Levels) != 2 || f.MissingCodes["dk"] != table.DontKnow || f.MissingCodes["Préfère ne pas répondre"] != table.Refused {
		t.Errorf("held: %+v", f)
	}
	if f.Aliases["Oui"] != "yes" || f.Aliases["نعم"] != "yes" || f.Aliases["No"] != "" {
		t.Errorf("aliases of held: %v", f.Aliases)
	}
	if f := in.Field(in.Question("nationality")); f.Aliases["Côte d’Ivoire"] != "CIV" || f.Aliases["Côte d'Ivoire"] != "CIV" {
		t.Errorf("both apostrophes stand for CIV: %v, %v", f.Aliases["Côte d’Ivoire"], f.Aliases["Côte d'Ivoire"])
	}
	if f := in.Field(in.Question("age")); f.Min == nil || *f.Min != 0 || *f.Max != 110 || f.MissingCodes["-99"] != table.Refused {
		t.Errorf("age: %+v", f)
	}
	if !in.Field(in.Question("transit_time")).Ordered || in.Field(in.Question("reason")).Ordered {
		t.Error("time in transit has an order, the reason has none")
	}
}
