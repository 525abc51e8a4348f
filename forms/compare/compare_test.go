package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/xform"
)

func household(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "outline", "testdata", "household.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func compared(t *testing.T, old, new string) *Report {
	t.Helper()
	a, err := xform.Parse([]byte(old))
	if err != nil {
		t.Fatal(err)
	}
	b, err := xform.Parse([]byte(new))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Forms(a, b, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func lines(r *Report) string {
	var all []string
	for _, ch := range r.Changes {
		s := fmt.Sprintf("%s %s %s", ch.Level, ch.Kind, ch.Path)
		if ch.Was != "" {
			s += " was " + ch.Was
		}
		s += ": " + ch.What
		if ch.Old != "" || ch.New != "" {
			s += ": " + ch.Old + " → " + ch.New
		}
		if ch.Names != nil {
			s += " " + fmt.Sprint(ch.Names)
		}
		all = append(all, s)
	}
	return strings.Join(all, "\n")
}

func TestSameFormHasNoChanges(t *testing.T) {
	f := household(t)
	if r := compared(t, f, f); len(r.Changes) != 0 || len(r.Warnings) != 0 {
		t.Errorf("%s %v", lines(r), r.Warnings)
	}
	// Spaces, quotes and the way a path is written are no change.
	other := strings.NewReplacer(`relevant=" /data/consent ='yes'"`, `relevant="../consent = &quot;yes&quot;"`,
		`relevant=" ../name != ''"`, `relevant="/data/member/name!=''"`, "<!-- A synthetic", "<!-- Another").Replace(f)
	if r := compared(t, f, other); len(r.Changes) != 0 {
		t.Error(lines(r))
	}
}

func TestChanges(t *testing.T) {
	f := household(t)
	for _, c := range []struct {
		name    string
		replace []string
		want    string
	}{
		{"question added", []string{"<cost/>", "<cost/><tip/>", `<input ref="/data/cost">`, `<input ref="/data/tip"><label>Anything else</label></input><input ref="/data/cost">`},
			"adds added /data/tip: added (text)"},
		{"question removed", []string{"<food/>", "", `<bind nodeset="/data/food" type="decimal"/>`, "", `<input ref="/data/food"><label>Cost of food</label></input>`, ""},
			"breaking removed /data/food: removed (number): no new answers, the column ends"},
		{"renamed by its label", []string{"<food/>", "<meals/>", "/data/food", "/data/meals"},
			"breaking renamed /data/meals was /data/food: probably renamed: the column changes: food → meals"},
		{"renamed and used in logic", []string{"<consent/>", "<agrees/>", "/data/consent", "/data/agrees"},
			"breaking renamed /data/agrees was /data/consent: probably renamed: the column changes: consent → agrees"},
		{"type widened", []string{`nodeset="/data/age" type="int"`, `nodeset="/data/age" type="decimal"`},
			"meaning type /data/age: type changed; old values fit: whole number → number"},
		{"type narrowed", []string{`nodeset="/data/cost" type="decimal"`, `nodeset="/data/cost" type="int"`},
			"breaking type /data/cost: type changed; old values may not fit: number → whole number"},
		{"to text", []string{`nodeset="/data/dob" type="date"`, `nodeset="/data/dob" type="string"`},
			"meaning type /data/dob: type changed; old values fit: date → text"},
		{"choice removed", []string{`<item><name>truck</name><label>Truck</label></item>`, ""},
			"breaking choices /data/means: choices removed: old data may hold their codes: truck (Truck) [means main_means]"},
		{"choice added", []string{`<item><name>truck</name>`, `<item><name>bus</name><label>Bus</label></item><item><name>truck</name>`},
			"meaning choices /data/means: choices added: they could not be chosen before: bus (Bus) [means main_means]"},
		{"codes swapped", []string{"<name>boat</name>", "<name>x</name>", "<name>foot</name>", "<name>boat</name>", "<name>x</name>", "<name>foot</name>"},
			"breaking choices /data/means: codes stand for what other codes stood for: boat: “Boat” → “On foot”; foot: “On foot” → “Boat” [means main_means]"},
		{"choice reworded", []string{"<label>On foot</label>", "<label>On  foot, walking</label>"},
			"wording choices /data/means: choices reworded: foot: “On foot” → “On foot, walking” [means main_means]"},
		{"choice of another meaning", []string{"<label>Truck</label>", "<label>Plane</label>"},
			"meaning choices /data/means: codes kept under other labels: truck: “Truck” → “Plane” [means main_means]"},
		{"relevance", []string{`relevant=" /data/consent ='yes'"`, `relevant="/data/consent != 'no'"`},
			"meaning relevance /data/age: who is asked changed: “Do you agree to take part?” is “Yes” → “Do you agree to take part?” is not “No”"},
		{"relevance gone", []string{` relevant=" /data/consent ='yes'"`, ``},
			"meaning relevance /data/age: who is asked changed: “Do you agree to take part?” is “Yes” → everyone"},
		{"constraint", []string{`. &lt;= 120`, `. &lt; 100`},
			"meaning constraint /data/age: the rule for answers changed: the answer is between 0 and 120 → the answer is at least 0 and less than 100"},
		{"required", []string{` required="true()"`, ``},
			"meaning required /data/consent: whether an answer is required changed: always → not required"},
		{"calculation", []string{"&gt;= 18, 'adult'", "&gt;= 21, 'adult'"},
			"meaning calculation /data/adult: how the value is calculated changed: “adult” if “Age in years” is at least 18; otherwise “child” → “adult” if “Age in years” is at least 21; otherwise “child”"},
		{"filter", []string{"root/item[region =  /data/region ]", "root/item"},
			"meaning choice filter /data/district: which choices are offered changed: its region is the answer to “Region” → all"},
		{"filter column", []string{"<label>Upper</label><region>n</region>", "<label>Upper</label><region>s</region>"},
			"meaning choices /data/district: values that filters choose by changed: n1: region n → s"},
		{"label", []string{"<label>Cost of travel</label>", "<label>Cost of the travel</label>"},
			"wording wording /data/cost: question reworded: Cost of travel → Cost of the travel"},
		{"another question", []string{"<label>Cost of travel</label>", "<label>Debts in dollars</label>"},
			"meaning wording /data/cost: the question is another one by its words: Cost of travel → Debts in dollars"},
		{"translation", []string{"وسيلة السفر", "طريقة السفر"},
			"wording translation /data/means: question changed in Arabic (ar)"},
		{"choice's translation", []string{"لا أعرف", "لا أدري"},
			"wording choices /data/consent: choices changed in Arabic (ar): dk"},
		{"language removed", []string{"Arabic (ar)", "French (fr)"},
			"wording languages : languages removed: Arabic (ar)\nwording languages : languages added: French (fr)"},
		{"order", []string{`<input ref="/data/cost"><label>Cost of travel</label></input>`, "", `<input ref="/data/track">`, `<input ref="/data/cost"><label>Cost of travel</label></input><input ref="/data/track">`},
			"wording order /data/cost: asked at another point of the form"},
		{"id", []string{`id="household"`, `id="household2"`},
			"breaking id : the form's id changed: servers and phones take it for another form: household → household2"},
		{"repeat count", []string{` jr:count=" /data/household_size "`, ""},
			"meaning repeat count /data/member: how often it repeats changed: “People in the household” → as often as needed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			new := f
			for i := 0; i < len(c.replace); i += 2 {
				if !strings.Contains(new, c.replace[i]) {
					t.Fatalf("the form does not hold %s", c.replace[i])
				}
				new = strings.ReplaceAll(new, c.replace[i], c.replace[i+1])
			}
			r := compared(t, f, new)
			if got := lines(r); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if len(r.Warnings) != 1 && c.name != "id" {
				t.Errorf("no warning that the version is the same: %v", r.Warnings)
			}
		})
	}
}

func TestMovesAndRepeats(t *testing.T) {
	f := household(t)
	moved := strings.NewReplacer("<cost/>", "<money><cost/>", "<food/>", "<food/></money>", "/data/cost", "/data/money/cost", "/data/food", "/data/money/food",
		`version="3"`, `version="4"`).Replace(f)
	r := compared(t, f, moved)
	if got, want := lines(r), "breaking moved /data/money/cost was /data/cost: 2 questions moved: their columns change: the top of the form → money [cost food]"; got != want || len(r.Warnings) != 0 {
		t.Errorf("got\n%s\n%v", got, r.Warnings)
	}
	guarded := strings.Replace(moved, `<bind nodeset="/data/money/cost"`, `<bind nodeset="/data/money" relevant="/data/consent = 'yes'"/><bind nodeset="/data/money/cost"`, 1)
	if got, want := lines(compared(t, f, guarded)), "meaning relevance /data/money/cost was /data/cost: who is asked changed, by the groups around it: everyone → “Do you agree to take part?” is “Yes”"; !strings.Contains(got, want) {
		t.Errorf("got\n%s", got)
	}
	plain := strings.NewReplacer(`<repeat nodeset="/data/member" jr:count=" /data/household_size ">`, "", "</repeat>", "").Replace(f)
	if got := lines(compared(t, f, plain)); !strings.Contains(got, "breaking structure /data/member: the repeat is a plain group now: its table ends") {
		t.Errorf("got\n%s", got)
	}
}

func TestCounts(t *testing.T) {
	f := household(t)
	r := compared(t, f, strings.NewReplacer("<label>Truck</label>", "<label>Plane</label>", `nodeset="/data/cost" type="decimal"`, `nodeset="/data/cost" type="int"`).Replace(f))
	if r.Count(Breaks) != 1 || r.Count(Meaning) != 1 || r.Count(Wording) != 0 || r.Changes[0].Level != Breaks {
		t.Errorf("%v", r.Counts)
	}
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"night", "nacht", 0.25}, {"Age", "age?", 1}, {"", "", 1}, {"a", "b", 0}, {"context", "contact", 0.5}} {
		if got := similarity(c.a, c.b); got != c.want {
			t.Errorf("similarity(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
