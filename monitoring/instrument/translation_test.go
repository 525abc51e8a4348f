package instrument

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/internal/fault"
)

var update = flag.Bool("update", false, "write the translations.csv of the built-in instruments anew")

// TestTranslationRecord: every text of a built-in instrument is there in every
// language, its status is recorded, and no line of the record points to
// nothing. After a change of text, run the test with -update: it writes the
// record anew and sets what changed back to "needs review".
func TestTranslationRecord(t *testing.T) {
	for _, id := range Builtin() {
		list, stale, err := Translations(id)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			var b bytes.Buffer
			if err := WriteTranslations(&b, list); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(id, translationsFile), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, f := range stale {
			t.Error(f)
		}
		for _, x := range list {
			if x.Status == TextMissing {
				t.Errorf("%s: the %s of %s has no text in %s", id, x.Column, x.Name, x.Language)
			}
		}
		var b bytes.Buffer
		if err := WriteTranslations(&b, list); err != nil {
			t.Fatal(err)
		}
		recorded, err := embedded.ReadFile(id + "/" + translationsFile)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), recorded) {
			have := strings.Split(string(recorded), "\n")
			for _, line := range strings.Split(b.String(), "\n") {
				if !slices.Contains(have, line) {
					t.Errorf("%s: the record lacks %q", id, line)
				}
			}
			t.Errorf("the record of %s is not that of its texts: run go test ./monitoring/instrument -run TestTranslationRecord -update", id)
		}
		if len(list) < 2000 {
			t.Errorf("%s has only %d texts", id, len(list))
		}
	}
}

// TestBuiltinNothingIsReviewedYet: the translations were made without a reader
// of the language. The day that one is reviewed, this test says so: change it.
func TestBuiltinNothingIsReviewedYet(t *testing.T) {
	for _, id := range Builtin() {
		list, _, err := Translations(id)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range Coverages(list) {
			want := string(TextNeedsReview)
			if i == 0 {
				want = string(TextSource)
			}
			if c.Word() != want || c.Missing != 0 || c.Texts < 300 {
				t.Errorf("%s: %+v is %s, want %s", id, c, c.Word(), want)
			}
		}
	}
}

// translated writes a small instrument with a record and lists its texts.
func translated(t *testing.T, survey, record string) ([]Translation, []*fault.Fault, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		surveyFile: survey, choicesFile: "list_name,name,label::English (en),label::Dari (prs)\nyn,yes,Yes,بلی\n",
		settingsFile: "form_id,default_language\nsmall,English (en)\n", translationsFile: record,
		definition: "id: small\nlanguages: [en, prs]\ncitation: {authority: A, source: S, date: '2026'}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Translations(dir)
}

const (
	recordHeader = "sheet,name,column,language,hash,status,checked_by_role,date\n"
	smallSurvey  = "type,name,label::English (en),label::Dari (prs),hint::English (en)\nselect_one yn,ok,All well?,خوب است؟,Ask kindly\n"
)

func TestTranslationStatus(t *testing.T) {
	hash := Translation{Text: "خوب است؟"}.hash()
	reviewed := "survey,ok,label,prs," + hash + ",reviewed,native speaker,2026-11-01\n"
	list, stale, err := translated(t, smallSurvey, recordHeader+reviewed+"survey,gone,label,prs,"+hash+",needs review,,\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) != 1 || stale[0].Place.Row != 3 || !strings.Contains(stale[0].Message, `"gone"`) {
		t.Errorf("a line that points to nothing: %v", stale)
	}
	var got []string
	for _, x := range list {
		got = append(got, x.Name+" "+x.Column+" "+x.Language+" "+string(x.Status)+x.CheckedByRole)
	}
	want := []string{"ok label en source", "ok label prs reviewednative speaker", "ok hint en source", "ok hint prs missing", "yn/yes label en source", "yn/yes label prs needs review",
		"small title en source"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	words := []string{}
	for _, c := range Coverages(list) {
		words = append(words, c.Language+" "+c.Word())
	}
	if !slices.Equal(words, []string{"en source", "prs incomplete"}) {
		t.Errorf("%v", words)
	}

	// The text changes: what was said of the old one no longer holds.
	list, _, err = translated(t, strings.Replace(smallSurvey, "خوب است؟", "همه خوب است؟", 1), recordHeader+reviewed)
	if err != nil {
		t.Fatal(err)
	}
	if list[1].Status != TextNeedsReview || list[1].CheckedByRole != "" || list[1].Date != "" {
		t.Errorf("a changed text is %+v", list[1])
	}
}

func TestTranslationRecordFaults(t *testing.T) {
	for record, says := range map[string]string{
		recordHeader + "survey,ok,label,prs,0,reviewed,native speaker,\n":                                         "no day of its review",
		recordHeader + "survey,ok,label,prs,0,reviewed,,2026-11-01\n":                                             "does not say who read it",
		recordHeader + "survey,ok,label,prs,0,source,,\n":                                                         "are its source",
		recordHeader + "survey,ok,label,prs,0,reviwed,,\n":                                                        "did you mean reviewed?",
		recordHeader + "survey,ok,label,prs,0,needs review,,\nsurvey,ok,label,prs,0,needs review,,\n":             "already has its line in row 2",
		"sheet,name,column,language,hash,checked_by_role,date\nsurvey,ok,label,prs,0,native speaker,2026-11-01\n": `no column "status"`,
	} {
		if _, _, err := translated(t, smallSurvey, record); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "translations.csv, row") {
			t.Errorf("%q: %v, want %q", record, err, says)
		}
	}
}

// FuzzTranslationRecord: whatever stands in the record, it is read or refused
// with a place, and what is written back is read again as the same.
func FuzzTranslationRecord(f *testing.F) {
	f.Add([]byte(recordHeader + "survey,ok,label,prs,0,needs review,,\n"))
	f.Add([]byte(recordHeader + "survey,ok,label,prs,e,reviewed,native speaker,2026-11-01\nsurvey,ok,label,en,0,source,,\n"))
	f.Add([]byte("sheet;name;column;language;hash;status;checked_by_role;date\n"))
	f.Add([]byte{0xff, '"', '\n'})
	src := &source{name: "x", stem: "x", files: map[string][]byte{}}
	texts := func() []Translation {
		return []Translation{{Sheet: "survey", Name: "ok", Column: "label", Language: "en", Text: "All well?", Status: TextSource},
			{Sheet: "survey", Name: "ok", Column: "label", Language: "prs", Text: "خوب است؟", Status: TextNeedsReview}}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, faults, stale := texts(), fault.NewList(maxFaults), fault.NewList(maxFaults)
		src.applyRecord(data, list, "en", faults, stale)
		if faults.Err() != nil {
			for _, x := range faults.Faults {
				if x.Place.File == "" || x.Message == "" {
					t.Errorf("a fault without place or message: %+v", x)
				}
			}
			return
		}
		var b bytes.Buffer
		if err := WriteTranslations(&b, list); err != nil {
			t.Fatal(err)
		}
		again := texts()
		src.applyRecord(b.Bytes(), again, "en", faults, stale)
		if faults.Err() != nil || !slices.Equal(list, again) {
			t.Errorf("%+v is read again as %+v: %v", list, again, faults.Err())
		}
	})
}
