package rule

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"waymark/internal/fault"
)

// breakages are ways to break a sound pathway, each with the fault that says
// so. A breakage replaces old by new once in a file of the pathway; no old
// appends new, and no new takes the file away.
var breakages = []struct {
	name, pathway, file, old, new string
	want                          string
	at                            string // "file:row", of the fault
}{
	{"a key that rules lack", "it", "advice.yaml", "level: record", "levl: record", `advice it-quiet has no key "levl" (did you mean level?)`, "advice.yaml:17"},
	{"no citation", "it", "indicators.yaml", "    cite: {authority: law-228, section: article 1}\n", "", "indicator it-debt has no cite", "indicators.yaml:10"},
	{"an empty section", "it", "indicators.yaml", "section: article 1}", `section: ""}`, "cite has no section", "indicators.yaml:16"},
	{"an authority that is not among the sources", "it", "indicators.yaml", "{authority: law-228", "{authority: law-229", `there is no source "law-229" (did you mean law-228?)`, "indicators.yaml:10"},
	{"no day in force", "it", "retention.yaml", "    from: unknown\n", "", "retention it-case has no from", "retention.yaml:2"},
	{"a day that the calendar lacks", "uk", "clocks.yaml", "until: 2022-12-13", "until: 2022-13-12", "until is no day of the calendar", "clocks.yaml:29"},
	{"an end before the beginning", "uk", "outcomes.yaml", "from: 2015-11-01\n", "from: 2015-11-01\n    until: 2014-11-01\n", "the rule ends before it begins", "outcomes.yaml:97"},
	{"one id twice", "it", "advice.yaml", "id: it-quiet", "id: it-call", `the id "it-call" is there twice`, "advice.yaml:16"},
	{"an id that is none", "it", "advice.yaml", "id: it-quiet", "id: It Quiet", "the id of a rule is not one", "advice.yaml:16"},
	{"a nation that is none", "uk", "organisations.yaml", "nation: [scotland]", "nation: [scotlnd]", `there is no nation "scotlnd" (did you mean scotland?)`, "organisations.yaml:14"},
	{"no English", "it", "concern.yaml", "{en: What do you see?, it: Che cosa vedi?}", "{it: Che cosa vedi?}", "text has no text in en", "concern.yaml:28"},
	{"a language that is none", "it", "concern.yaml", "{en: In your own words, it:", "{en: In your own words, Italian words:", `"Italian words" is no language`, "concern.yaml:31"},
	{"a file that is missing", "it", "outcomes.yaml", "", "", "the file is missing", "outcomes.yaml:0"},
	{"a file that pathways lack", "it", "secrets.yaml", "", "a: b\n", "a pathway has no file of this name", "secrets.yaml:0"},
	{"no YAML", "it", "advice.yaml", "advice:", "advice: [", "the file cannot be read as YAML", ""},
	{"an alias", "it", "advice.yaml", "level: record", "level: *anchor", "level is not a text", "advice.yaml:17"},
	{"one key twice", "it", "advice.yaml", "level: record", "level: record\n    level: now", "", "advice.yaml:18"},
	{"a line that divides bundles", "it", "advice.yaml", "advice:", "# x\n-- a.yaml --\nadvice:", "a line may not look like -- name.yaml --", "advice.yaml:2"},
	{"a country that is none", "it", "pathway.yaml", "country: IT", "country: IX", "there is no such country", "pathway.yaml:0"},
	{"a zone that is none", "it", "pathway.yaml", "Europe/Rome", "Europe/Roma", `there is no time zone "Europe/Roma"`, "pathway.yaml:13"},
	{"an address that is none", "uk", "pathway.yaml", "https://www.legislation.gov.uk/ukpga/2015/30/contents", "http://example.org", "the address is not one", "pathway.yaml:15"},

	{"a kind that is none", "it", "referral.yaml", "kind: long", "kind: longer", `there is no kind "longer"`, "referral.yaml:32"},
	{"a choice without options", "it", "referral.yaml", "        list: yes-no\n", "", "a choice question has its answers in one of three ways", "referral.yaml:19"},
	{"a list that is not there", "it", "referral.yaml", "list: yes-no", "list: yes-or-no", `the form has no list "yes-or-no"`, "referral.yaml:19"},
	{"an option twice", "it", "referral.yaml", "- {value: no,", "- {value: yes,", `the option "yes" is there twice`, "referral.yaml:6"},
	{"a question twice", "it", "referral.yaml", "{id: needs,", "{id: name,", `the question "name" is there twice`, "referral.yaml:32"},
	{"a condition on a later question", "it", "referral.yaml", "when: {age: adult}", `when: {needs: "*"}`, "the question needs comes later", "referral.yaml:19"},
	{"a condition on itself", "it", "referral.yaml", "when: {age: adult}", "when: {agrees: yes}", "the question agrees comes later", "referral.yaml:19"},
	{"a section's condition on its own question", "it", "referral.yaml", "when: {agrees: no}", `when: {month: "*"}`, "the question month comes later", "referral.yaml:33"},
	{"a condition on an answer that is none", "it", "referral.yaml", "when: {age: adult}", "when: {age: grown-up}", `there is no answer to age "grown-up"`, "referral.yaml:19"},
	{"a condition on a question that is none", "it", "referral.yaml", "when: {age: adult}", "when: {years: adult}", `there is no question "years"`, "referral.yaml:19"},
	{"a condition on what a free answer says", "it", "referral.yaml", "{id: needs, kind: long,", "{id: needs, kind: long, when: {name: Anna},", "a condition on name can only ask whether there is an answer", "referral.yaml:32"},
	{"a question that nobody is asked", "it", "referral.yaml", "{id: needs, kind: long,", `{id: needs, kind: long, when: {age: adult, agrees: "-"},`, "no path asks the question needs", "referral.yaml:32"},
	{"a name that is not identifying", "it", "referral.yaml", "kind: name, identifying: true,", "kind: name,", "a name identifies a person", "referral.yaml:29"},
	{"indicators that nobody is asked about", "it", "concern.yaml", "        indicators: general\n", "        options: [{value: a, text: A}]\n", "no question of the concern asks about this indicator", "indicators.yaml:2"},
	{"advice on a tag that no indicator has", "it", "advice.yaml", "when: {danger: yes}", "when: {tag: strongest}", `there is no tag "strongest" (did you mean strong?)`, "advice.yaml:2"},
	{"a level that is none", "it", "advice.yaml", "level: record", "level: soon", `there is no level "soon"`, "advice.yaml:16"},

	{"an answer that leads nowhere", "it", "outcomes.yaml", "when: {age: [child, unsure]}\n    everything", "when: {age: [child]}\n    everything", "complete answers lead to no outcome: age unsure", "referral.yaml:1"},
	{"an outcome that nobody reaches", "it", "outcomes.yaml", "when: {age: [child, unsure]}\n    everything", "when: {age: [child, unsure, adult]}\n    everything", "no path leads to the outcome it-adult", "outcomes.yaml:16"},
	{"a protecting outcome without never", "it", "outcomes.yaml", "    never: {age: [child, unsure]}\n", "", "does not say who may never end in it", "outcomes.yaml:30"},
	{"a protecting outcome that carries everything", "it", "outcomes.yaml", "    carry:\n      - {question: month, as: month}\n      - {question: nationality}\n", "    everything: true\n", "protects a person and may not carry everything", "outcomes.yaml:30"},
	{"a name in a protecting outcome", "it", "outcomes.yaml", "- {question: nationality}", "- {question: name}", "name takes free text and may not leave with an outcome that protects", "outcomes.yaml:39"},
	{"free text in a protecting outcome", "it", "outcomes.yaml", "- {question: nationality}", "- {question: needs}", "needs takes free text and may not leave", "outcomes.yaml:39"},
	{"a day in a protecting outcome", "it", "outcomes.yaml", "- {question: nationality}", "- {question: landed}", "the day in landed may not leave", "outcomes.yaml:39"},
	{"a month of what is no date", "it", "outcomes.yaml", "- {question: nationality}", "- {question: nationality, as: month}", "nationality is no date", "outcomes.yaml:39"},
	{"a region that options lack", "it", "outcomes.yaml", "- {question: nationality}", "- {question: agrees, as: region}", "the option yes has no region", "referral.yaml:5"},
	{"a question carried that is none", "it", "outcomes.yaml", "- {question: nationality}", "- {question: nationalty}", `there is no question "nationalty" (did you mean nationality?)`, "outcomes.yaml:39"},
	{"a section missing from the list's order", "it", "outcomes.yaml", "order: [count]", "order: [person]", "the section count of month is not in the order", "outcomes.yaml:38"},
	{"a section missing from everything's order", "it", "outcomes.yaml", "order: [person, details]\n    cite: {authority: law-47", "order: [person]\n    cite: {authority: law-47", "the section details, which the outcome it-child carries, is not in the order", "outcomes.yaml:2"},

	{"a name without co-operation", "uk", "outcomes.yaml", "{question: notify-name, when: {cooperate: yes}}", "{question: notify-name}", "notify-name takes free text and may not leave", "outcomes.yaml:123"},
	{"a name with the wrong condition", "uk", "outcomes.yaml", "{question: notify-name, when: {cooperate: yes}}", "{question: notify-name, when: {cooperate: [yes, unsure]}}", "notify-name takes free text and may not leave", "outcomes.yaml:123"},
	{"a name with a way round the condition", "uk", "outcomes.yaml", "{question: notify-name, when: {cooperate: yes}}", "{question: notify-name, when: [{cooperate: yes}, {notify-gender: female}]}", "notify-name takes free text and may not leave", "outcomes.yaml:123"},
	{"a name when co-operation is not declared", "uk", "outcomes.yaml", "    cooperation: {cooperate: yes}\n", "", "notify-name takes free text and may not leave", "outcomes.yaml:122"},
	{"gender that identifies", "uk", "outcomes.yaml", "{question: notify-gender}", "{question: gender}", "gender may identify a person and may not leave", "outcomes.yaml:121"},
	{"a child of unknown age led nowhere", "uk", "outcomes.yaml", "when: {under18: [yes, unsure]}\n    everything", "when: {under18: [yes]}\n    everything", "complete answers lead to no outcome: under18 unsure", "referral.yaml:5"},
	{"a duty without its source", "uk", "organisations.yaml", "    notifyCite: {authority: msa, section: section 52}\n", "", "the duty to notify needs its own citation", "organisations.yaml:4"},

	{"a mark that lists do not know", "uk", "concern.yaml", "  urgent: {danger", "  urgnt: {danger", "there is no mark urgnt", "concern.yaml:1"},
	{"a mark on a question that is none", "uk", "concern.yaml", "  urgent: {danger", "  urgent: {dangr", `there is no question "dangr" (did you mean danger?)`, "concern.yaml:1"},
	{"known from a question that is none", "uk", "referral.yaml", "known: {question: words}", "known: {question: wrds}", "the concern has no question wrds", "referral.yaml:136"},
	{"a text known from a choice", "uk", "referral.yaml", "known: {question: words}", "known: {question: age}", "indicator-details cannot be known from age", "referral.yaml:136"},
	{"an answer known as one that is none", "uk", "referral.yaml", "child: yes, unsure: unsure}", "child: yes, unsure: maybe}", "under18 has no option maybe", "referral.yaml:46"},
	{"an event of an outcome that is none", "uk", "pathway.yaml", "outcomes: [notify]", "outcomes: [notfy]", "the event notification-sent names an outcome notfy", "pathway.yaml:58"},
	{"an event of an answer that is no date", "uk", "pathway.yaml", "question: birth-date", "question: name", "the event birth names no such question", "pathway.yaml:64"},
	{"an event set by nothing known", "uk", "pathway.yaml", "on: close", "on: closing", "the event case-closed is set by nothing known", "pathway.yaml:72"},

	{"a clock on an event that is none", "uk", "clocks.yaml", "trigger: referral-sent", "trigger: referal-sent", `there is no event "referal-sent" (did you mean referral-sent?)`, "clocks.yaml:4"},
	{"a clock without a number", "uk", "clocks.yaml", "    count: 5\n", "", "the clock has no number", "clocks.yaml:4"},
	{"two versions on one day", "uk", "clocks.yaml", "until: 2022-12-13", "until: 2022-12-14", "two versions of the clock recovery-period are in force on one day", "clocks.yaml:31"},
	{"a unit that is none", "uk", "clocks.yaml", "unit: working-days", "unit: work-days", `there is no unit "work-days"`, "clocks.yaml:4"},
	{"a length that is none", "it", "retention.yaml", "    years: 5\n", "", "the rule does not say how long", "retention.yaml:2"},
	{"two lengths", "it", "retention.yaml", "years: 5", "years: 5\n    days: 3", "the rule does not say how long", "retention.yaml:2"},
	{"a holiday on a Sunday", "uk", "holidays.yaml", "2022-01-03", "2022-01-02", "the holiday 2022-01-02 is on a weekend", "holidays.yaml:4"},
	{"a holiday of another year", "uk", "holidays.yaml", "2022-01-03", "2021-01-04", "the holiday 2021-01-04 is not in 2022", "holidays.yaml:4"},
	{"holidays out of order", "uk", "holidays.yaml", "[2022-01-03, 2022-04-15,", "[2022-04-15, 2022-01-03,", "are not in order", "holidays.yaml:4"},
	{"a year left out", "uk", "holidays.yaml", "- year: 2023", "- year: 2024", "the years of the holidays have a gap", "holidays.yaml:4"},
	{"two lists of one nation", "uk", "holidays.yaml", "nation: [scotland]", "nation: [england-wales]", "the nation england-wales has two lists of holidays", "holidays.yaml:21"},
}

func TestBrokenPathwaysAreRefused(t *testing.T) {
	for _, c := range breakages {
		t.Run(c.name, func(t *testing.T) {
			m := files(t, c.pathway)
			switch {
			case c.new == "" && c.old == "":
				delete(m, c.file)
			case c.old == "":
				m[c.file] = &fstest.MapFile{Data: []byte(c.new)}
			default:
				if !bytes.Contains(m[c.file].Data, []byte(c.old)) {
					t.Fatalf("%s does not hold %q", c.file, c.old)
				}
				m[c.file].Data = bytes.Replace(m[c.file].Data, []byte(c.old), []byte(c.new), 1)
			}
			_, err := Load(m)
			if err == nil {
				t.Fatal("the pathway loads")
			}
			var list *fault.List
			if !errors.As(err, &list) {
				t.Fatalf("not a list of faults: %v", err)
			}
			for _, f := range list.Faults {
				place := f.Place.File + ":" + itoa(f.Place.Row)
				message := f.Message
				if f.Remedy != "" {
					message += " (" + f.Remedy + ")"
				}
				if strings.Contains(message, c.want) && (c.at == "" || place == c.at) {
					return
				}
			}
			t.Errorf("want %s at %q; the faults are\n%v", c.want, c.at, err)
		})
	}
}

// TestAChildInAProtectingOutcomeIsRefused: the file would have to be wrong in two
// places at least, and the walk finds it however many there are.
func TestAChildInAProtectingOutcomeIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		pathway, want string
		edits         [][3]string // file, old, new
	}{
		"a child told apart too late": {"it", "the outcome it-count is reached where it may never be: age unsure", [][3]string{
			{"outcomes.yaml", "when: {age: [child, unsure]}\n    everything", "when: {age: child}\n    everything"},
			{"outcomes.yaml", "when: {age: adult, agrees: no}\n    never", "when: [{age: adult, agrees: no}, {age: unsure}]\n    never"}}},
		"a child asked for consent": {"uk", "the outcome notify is reached where it may never be: consent no, under18 unsure", [][3]string{
			{"outcomes.yaml", "when: {under18: [yes, unsure]}\n    everything", "when: {under18: yes}\n    everything"},
			{"outcomes.yaml", "when: {under18: no, consent: yes}\n", "when: {consent: yes}\n"},
			{"outcomes.yaml", "when: {under18: no, consent: no}\n", "when: {consent: no}\n"},
			{"referral.yaml", "    title: Consent\n    when: {under18: no}\n", "    title: Consent\n"}}},
		"age not asked": {"uk", "the outcome notify is reached where it may never be: consent no", [][3]string{
			{"outcomes.yaml", "when: {under18: no, consent: no}\n", "when: {consent: no}\n"},
			{"referral.yaml", "    title: Consent\n    when: {under18: no}\n", "    title: Consent\n    when: {under18: [no, \"-\"]}\n"}}},
	} {
		m := files(t, c.pathway)
		for _, e := range c.edits {
			if !bytes.Contains(m[e[0]].Data, []byte(e[1])) {
				t.Fatalf("%s does not hold %q", e[0], e[1])
			}
			m[e[0]].Data = bytes.Replace(m[e[0]].Data, []byte(e[1]), []byte(e[2]), 1)
		}
		if _, err := Load(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %s; the faults are\n%v", name, c.want, err)
		}
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	m := files(t, "it")
	m["advice.yaml"].Data = bytes.Replace(m["advice.yaml"].Data, []byte("level: record"), []byte("levle: record"), 1)
	m["outcomes.yaml"].Data = bytes.Replace(m["outcomes.yaml"].Data, []byte("question: nationality"), []byte("question: needs"), 1)
	m["retention.yaml"].Data = bytes.Replace(m["retention.yaml"].Data, []byte("    years: 5\n"), nil, 1)
	_, err := Load(m)
	var list *fault.List
	if !errors.As(err, &list) || list.Len() < 3 {
		t.Fatalf("%v", err)
	}
	have := map[string]bool{}
	for _, f := range list.Faults {
		have[f.Place.File] = true
		if f.Place.Row == 0 || f.Place.Column == 0 {
			t.Errorf("no row and column: %v", f)
		}
	}
	if len(have) != 3 {
		t.Errorf("faults of %d files: %v", len(have), err)
	}
}

func TestSizesAreBounded(t *testing.T) {
	for name, data := range map[string]string{
		"large":    "# " + strings.Repeat("x", maxFileBytes) + "\nadvice: []\n",
		"deep":     "advice: " + strings.Repeat("[", 50) + strings.Repeat("]", 50) + "\n",
		"indented": "advice:\n" + strings.Repeat(" ", 100) + "- a\n",
	} {
		m := files(t, "it")
		m["advice-more.yaml"] = &fstest.MapFile{Data: []byte(data)}
		if _, err := Load(m); err == nil {
			t.Errorf("%s: loads", name)
		}
	}
	m := files(t, "it")
	for i := range maxFiles {
		m["advice-"+itoa(i)+".yaml"] = &fstest.MapFile{Data: []byte("advice: []\n")}
	}
	if _, err := Load(m); err == nil {
		t.Error("too many files load")
	}
	m = files(t, "it")
	many := "lists:\n  long:\n"
	for i := range maxOptions + 1 {
		many += "    - {value: v" + itoa(i) + ", text: V}\n"
	}
	m["referral.yaml"].Data = bytes.Replace(m["referral.yaml"].Data, []byte("lists:\n"), []byte(many), 1)
	m["referral.yaml"].Data = bytes.Replace(m["referral.yaml"].Data, []byte("list: yes-no"), []byte("list: long"), 1)
	if _, err := Load(m); err == nil || !strings.Contains(err.Error(), "it may have 300") {
		t.Errorf("too many options: %v", err)
	}
}

// TestAWalkThatIsTooLargeIsRefused: thirty independent questions on which the
// last depends have 2^30 ways, which nobody may wait for.
func TestAWalkThatIsTooLargeIsRefused(t *testing.T) {
	m := files(t, "it")
	var b, when strings.Builder
	for i := range 30 {
		id := "q" + itoa(i)
		b.WriteString("      - {id: " + id + ", kind: choice, list: yes-no, text: Q}\n")
		when.WriteString(id + ": yes, ")
	}
	b.WriteString("      - {id: last, kind: long, text: Q, when: {" + strings.TrimSuffix(when.String(), ", ") + "}}\n")
	m["referral.yaml"].Data = append(m["referral.yaml"].Data, b.String()...)
	_, err := Load(m)
	if err == nil || !strings.Contains(err.Error(), "too many ways") {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(pathways(f)["it"].Bundle()) // the other is ten times as large, and slow to mutate
	f.Add([]byte("-- --"))
	f.Add([]byte("-- pathway.yaml --\nid: x\n"))
	f.Add([]byte("-- advice.yaml --\nadvice: [{id: a, when: {a: b}}]\n-- concern.yaml --\nsections: [{questions: [{}]}]\n"))
	f.Fuzz(func(t *testing.T, bundle []byte) {
		p, err := Parse(bundle)
		if err != nil {
			if p != nil {
				t.Fatal("a pathway and an error")
			}
			return
		}
		again, err := Parse(p.Bundle())
		if err != nil || again.Version != p.Version {
			t.Fatalf("the bundle of what was read does not read: %v", err)
		}
		for _, r := range p.Rules() {
			if r.Cite.Authority == "" || r.Cite.Section == "" {
				t.Fatal("a rule without citation")
			}
		}
		for _, o := range p.Outcomes {
			for _, c := range o.Carry {
				q := p.Referral.Question(c.Question)
				if o.Protects && len(c.When) == 0 && (q.Identifying || q.FreeText()) {
					t.Fatal("a protecting outcome carries what identifies")
				}
			}
		}
		for _, n := range p.Nations {
			p.Advise(Answers{}, n.ID, Date{})
		}
	})
}
