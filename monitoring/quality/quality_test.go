package quality

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

func TestReportDoesNotDependOnWorkers(t *testing.T) {
	var first *Report
	for _, workers := range []int{1, 2, 16} {
		s := newSample()
		s.leadingEnumerator()
		s.heap()
		s.copyAnswers(5, 6)
		in := s.input(t)
		in.Options.Workers = workers
		rep, err := Check(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = rep
		} else if !reflect.DeepEqual(first, rep) {
			t.Errorf("the report differs with %d workers", workers)
		}
	}
}

// secret texts stand in every place where a file may hold personal data; no
// output may hold them.
func TestNoOutputHoldsPersonalData(t *testing.T) {
	s := newSample()
	secrets := []string{"Amina", "Surname", "51.2345", "0044-20", "secret note"}
	for i, v := range s.rows {
		v.set("note", "Amina Surname, 0044-20-0000, secret note")
		if i%2 == 0 {
			v.set("enumerator", "Amina Surname")
		}
	}
	s.rows[5].set("point_location", "51.2345 0.1")
	s.rows[6].set("point_location", "Amina Surname")
	in := s.input(t)
	in.Warnings = fault.NewList(10)
	in.Warnings.Addf(fault.Invalid, fault.Place{Row: 4, Field: "note"}, "", `"secret note" is odd`)
	rep, err := Check(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Findings) == 0 {
		t.Fatal("nothing was found")
	}
	for name, data := range outputs(t, rep) {
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if !strings.HasPrefix(rep.Enumerators[len(rep.Enumerators)-1].Name, "no. 1 (first in row 2)") {
		t.Errorf("the enumerator with a name is %q", rep.Enumerators[len(rep.Enumerators)-1].Name)
	}
}

// A header may hold what would write over a terminal.
func TestControlCharactersAreReplaced(t *testing.T) {
	s := newSample()
	s.unknownColumns = []string{"a\x1b[2Jb"}
	for name, data := range outputs(t, s.check(t)) {
		if bytes.Contains(data, []byte{0x1b}) || bytes.Contains(data, []byte("u001b")) {
			t.Errorf("%s holds a control character", name)
		}
	}
}

func outputs(t *testing.T, rep *Report) map[string][]byte {
	t.Helper()
	page, err := rep.HTML()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := rep.CSV()
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := rep.WriteText(&text, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"html": page, "csv": rows, "json": data, "text": text.Bytes()}
}

func TestTextFitsTheTerminal(t *testing.T) {
	rep := spoiled(t)
	text := string(outputs(t, rep)["text"])
	for _, line := range strings.Split(text, "\n") {
		if utf8.RuneCountInString(line) > 100 {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Error("colour without being asked")
	}
	if !strings.HasPrefix(text, "SYNTHETIC DATA") {
		t.Error("the text does not say that the data are synthetic")
	}
	var b bytes.Buffer
	if err := rep.WriteText(&b, TextOptions{Color: true}); err != nil || !strings.Contains(b.String(), "\x1b[") {
		t.Error("no colour although asked", err)
	}
}

func TestCSVHasOneRowAFinding(t *testing.T) {
	rep := spoiled(t)
	rep.Findings[0].Subject = "=1+1"
	records, err := csv.NewReader(bytes.NewReader(outputs(t, rep)["csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(rep.Findings)+1 {
		t.Errorf("%d records for %d findings", len(records), len(rep.Findings))
	}
	if records[1][2] != "'=1+1" {
		t.Errorf("a formula was written as %q", records[1][2])
	}
}

// An instrument without roles is checked as far as it goes, and the report
// says what was not.
func TestWhatTheInstrumentLacksIsSaid(t *testing.T) {
	s := newSample()
	s.in.Roles = map[instrument.Role]string{}
	s.in.Indicators, s.in.Exclusions = nil, nil
	rep := s.check(t)
	skipped := map[string]string{}
	for _, o := range rep.Rules {
		skipped[o.Rule] = o.NotChecked
	}
	for rule, want := range map[string]string{
		"pattern.enumerator": "no role enumerator in the instrument", "clock.night": "no role start in the instrument",
		"place.far": "no role location in the instrument", "contradiction.family": "no indicator on family members is in the file",
		"exclusion.continued": "no question of an exclusion is in the file", "duplicate.near": "no role enumerator or point in the file",
		"date.outside": "no interview date or start in the file", "values.range": "",
	} {
		if skipped[rule] != want {
			t.Errorf("%s: %q, expected %q", rule, skipped[rule], want)
		}
	}
	outputs(t, rep)
}

func TestChecksWithoutAColumnSaySo(t *testing.T) {
	s := newSample()
	s.drop = []string{"enumerator", "start"}
	s.in.Roles[instrument.RoleAge] = "sex"
	rep := s.check(t)
	for _, o := range rep.Rules {
		switch o.Rule {
		case "clock.overlap":
			if o.NotChecked != "no column enumerator (role enumerator) in the file" {
				t.Errorf("%s: %q", o.Rule, o.NotChecked)
			}
		case "digits.whipple":
			if o.NotChecked != "column sex (role age) was read as category, not as number" {
				t.Errorf("%s: %q", o.Rule, o.NotChecked)
			}
		}
	}
}

func TestThresholds(t *testing.T) {
	s := newSample()
	in := s.input(t)
	in.Options.Thresholds = map[string]float64{"length.short.minutes": 20}
	rep, err := Check(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if found := findings(rep, "length.short"); len(found) == 0 || found[0].Total < 100 || len(found[0].Rows) != 20 {
		t.Errorf("with 20 minutes: %+v", found)
	}
	if rep.Limits["length.short.minutes"] != 20 {
		t.Error("the report does not give the threshold that was used")
	}
	in.Options.Thresholds = map[string]float64{"length.short.minuts": 20, "clock.night.from": -1}
	_, err = Check(t.Context(), in)
	var list *fault.List
	if !errors.As(err, &list) || list.Len() != 2 || fault.KindOf(err) != fault.Usage {
		t.Errorf("unknown and negative thresholds give %v", err)
	}
}

func TestFindingsNameWhoHoldsMostOfThem(t *testing.T) {
	s := newSample()
	for row := range 20 {
		s.rows[100+row].end = s.rows[100+row].start.Add(2 * time.Minute) // E02
	}
	s.rows[5].end = s.rows[5].start.Add(time.Minute)
	found := findings(s.check(t), "length.short")
	if len(found) == 0 || len(found[0].Details) != 1 || found[0].Details[0] != "20 of these 21 are by enumerator E02" {
		t.Errorf("found %+v", found)
	}
}

func TestCheckRefusesNothing(t *testing.T) {
	tab, err := table.New(table.NewNumber("age", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Check(t.Context(), &Input{Table: tab, Instrument: testInstrument()})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("an empty file gives %v", err)
	}
	_, err = Check(t.Context(), &Input{})
	if err == nil {
		t.Error("no table gives no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Check(ctx, newSample().input(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check gives %v", err)
	}
}

func TestProgressCountsEveryRule(t *testing.T) {
	in := newSample().input(t)
	last := 0
	in.Options.Progress = func(done, total int) {
		if done != last+1 || total != len(Rules()) {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	}
	if _, err := Check(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if last != len(Rules()) {
		t.Errorf("%d rules were reported", last)
	}
}

// Few interviews, odd values and missing columns must not stop a check.
func TestSmallRounds(t *testing.T) {
	for _, n := range []int{1, 2, 3, 25} {
		s := newSample()
		s.rows = s.rows[:n]
		s.rows[0].set("age", "")
		s.rows[0].set("interview_date", "")
		outputs(t, s.check(t))
	}
}
