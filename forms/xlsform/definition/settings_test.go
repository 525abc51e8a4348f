package definition

import (
	"fmt"
	"testing"
)

func TestSettings(t *testing.T) {
	form := sound(t, survey("type | name | label", "text | a | A")+
		sheet("settings", "Form Title | form_id | version | default_language | style | namespaces | attribute::x:y | submission_url | auto_send | client_editable | allow_choice_duplicates | name | prefix | delimiter | sms_keyword",
			"T | i | 7 | fr | pages | x=\"urn:x\" | z | https://example.org | true | yes | yes | root | p | d | s"))
	want := Settings{Title: "T", ID: "i", Version: "7", Style: "pages", Namespaces: `x="urn:x"`, SubmissionURL: "https://example.org",
		AutoSend: "true", ClientEditable: true, AllowChoiceDuplicates: true, Prefix: "p", Delimiter: "d",
		Attributes: []Attr{{"x:y", "z"}}, SMS: []Attr{{"sms_keyword", "s"}}}
	if got := fmt.Sprintf("%+v", form.Settings); got != fmt.Sprintf("%+v", want) {
		t.Errorf("%s", got)
	}
	if form.DefaultLanguage != "fr" || form.Name != "root" || form.Root.Name != "root" {
		t.Errorf("%s, %s", form.DefaultLanguage, form.Name)
	}
}

func TestSettingsThatAreNotGiven(t *testing.T) {
	form := sound(t, survey("type | name | label", "text | a | A"))
	if s := form.Settings; s.ID != "data" || s.Title != "data" || form.DefaultLanguage != "default" {
		t.Errorf("%+v", s)
	}
}

func TestSettingsOnTheSurveySheet(t *testing.T) {
	form := sound(t, survey("type | name | label", "form_id | f1 | ", "form_title | My form | ", "text | a | A"))
	if s := form.Settings; s.ID != "f1" || s.Title != "My form" || names(form.Root) != "a meta" {
		t.Errorf("%+v, %s", s, names(form.Root))
	}
}

func TestTwoNamesOfTheID(t *testing.T) {
	form := sound(t, survey("type | name | label", "text | a | A")+sheet("settings", "form_id | id_string", "one | two"))
	if form.Settings.ID != "one" || len(form.Warnings) != 1 {
		t.Errorf("%s, %v", form.Settings.ID, form.Warnings)
	}
	rejects(t, []rejection{
		{"title twice", survey("type | name | label", "text | a | A") + sheet("settings", "form_title | set_form_title", "a | b"), []string{"settings 1 2: two names"}},
		{"name", survey("type | name | label", "text | a | A") + sheet("settings", "name", "a b"), []string{"settings 2 1: cannot name"}},
	})
}

func TestFlat(t *testing.T) {
	form := sound(t, survey("type | name | label | relevant", "begin group | g | G | 1 = 1", "text | a | A | 2 = 2", "text | b | B | ",
		"begin group | h | H | 3 = 3", "text | c | C | 4 = 4", "end group | | | ", "end group | | | ")+sheet("settings", "flat", "yes"))
	for want, path := range map[string][]string{"1 = 1 and (2 = 2)": {"g", "a"}, "1 = 1": {"g", "b"}, "1 = 1 and (3 = 3) and (4 = 4)": {"g", "h", "c"}} {
		if got := child(t, form, path...).Bind.Get("relevant"); got != want {
			t.Errorf("%v: %q", path, got)
		}
	}
	if !child(t, form, "g").Flat || child(t, form, "meta").Flat {
		t.Error("the wrong groups are flat")
	}
}
