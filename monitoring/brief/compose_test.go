package brief

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// analysisKeys are all keys that a number may carry.
func analysisKeys(a *monitoring.Analysis) map[string]bool {
	keys := map[string]bool{keyReceived: true, keyEligible: true}
	for _, f := range a.Findings {
		keys[f.Key] = true
	}
	for _, t := range a.Trends {
		keys[t.Key] = true
	}
	for _, t := range a.Tests {
		keys[t.Key] = true
	}
	for _, e := range a.Counts.Excluded {
		keys[keyExcluded+e.Rule] = true
	}
	for _, r := range a.Counts.EligibleByRoute {
		keys[keyEligible+"."+r.Code] = true
	}
	return keys
}

func TestEveryKeyIsInTheAnalysis(t *testing.T) {
	for name, a := range sampleAnalyses() {
		d, err := Compose(a, "en")
		if err != nil {
			t.Fatal(err)
		}
		known := analysisKeys(a)
		for _, key := range d.Keys() {
			if !known[key] {
				t.Errorf("%s: the document names %q, which is not in the analysis", name, key)
			}
		}
	}
}

func TestEveryFigureHasWordsAndData(t *testing.T) {
	for name, a := range sampleAnalyses() {
		for _, code := range Languages() {
			d, err := Compose(a, code)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range d.Figures() {
				if f.Title == "" || f.Description == "" || f.Data == nil || len(f.Data.Rows) == 0 || f.Drawing == nil {
					t.Errorf("%s %s: figure %s lacks a title, a description, its data or its drawing", name, code, f.ID)
					continue
				}
				if f.Drawing.Title != f.Title || f.Drawing.Description != f.Description {
					t.Errorf("%s %s: figure %s: the drawing has other words", name, code, f.ID)
				}
				if a.Synthetic != (f.Drawing.Badge != "") {
					t.Errorf("%s %s: figure %s: badge %q", name, code, f.ID, f.Drawing.Badge)
				}
			}
		}
	}
}

// outline is the structure of a document: ids of sections, tables and figures
// and the size of each block.
func outline(d *Document) []string {
	var out []string
	table := func(t *Table) {
		tags := ""
		for _, c := range t.Columns {
			tags += " " + c.HXL
		}
		out = append(out, "table "+t.ID+tags)
		for _, r := range t.Rows {
			keys := ""
			for _, c := range r {
				keys += " " + c.Key
			}
			out = append(out, "row"+keys)
		}
	}
	for _, s := range d.Sections {
		out = append(out, "section "+s.ID)
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case *Table:
				table(b)
			case *Figure:
				out = append(out, "figure "+b.ID)
				table(b.Data)
			case List:
				out = append(out, "list "+strings.Repeat("-", len(b)))
			}
		}
	}
	return out
}

func TestLanguagesHaveOneStructure(t *testing.T) {
	for name, a := range sampleAnalyses() {
		en, err := Compose(a, "en")
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range Languages() {
			d, err := Compose(a, code)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(outline(d), outline(en)) {
				t.Errorf("%s: the structure in %s differs from that in en", name, code)
			}
			if !slices.Equal(d.Keys(), en.Keys()) {
				t.Errorf("%s: the keys in %s differ from those in en", name, code)
			}
		}
	}
}

func TestIDsAreUniqueAndSafe(t *testing.T) {
	safe := regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	tag := regexp.MustCompile(`^#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*$`)
	for name, a := range sampleAnalyses() {
		d, err := Compose(a, "en")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		id := func(what, s string) {
			if !safe.MatchString(s) || seen[what+s] {
				t.Errorf("%s: the %s id %q is there twice or not safe", name, what, s)
			}
			seen[what+s] = true
		}
		for _, s := range d.Sections {
			id("section", s.ID)
		}
		for _, f := range d.Figures() {
			id("figure", f.ID)
		}
		for _, table := range d.Tables() {
			id("table", table.ID)
			tags := map[string]bool{}
			for _, c := range table.Columns {
				if !tag.MatchString(c.HXL) || tags[c.HXL] {
					t.Errorf("%s: table %s: the HXL tag %q is there twice or not valid", name, table.ID, c.HXL)
				}
				tags[c.HXL] = true
			}
			for i, r := range table.Rows {
				if len(r) != len(table.Columns) && !isGroupRow(table, r) {
					t.Errorf("%s: table %s: row %d has %d cells for %d columns", name, table.ID, i, len(r), len(table.Columns))
				}
			}
		}
	}
}

// forbidden are words that claim a cause, by language. "Design effect" is a
// term of the trade and does not.
var forbidden = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)\b(caus(e|es|ed|ing)|because|leads? to|led to|effects?( of)?|due to|owing to|results? in|resulted in|impact|driven by|explained by|thanks to|illegals?|victims?)\b`),
	"fr": regexp.MustCompile(`(?i)\b(causes?|causé|causer|à cause|parce que|grâce à|en raison|entraîn\w+|provoqu\w+|effets?|dû à|due à|mène à|conduit à|impact|victimes?|illéga\w+)\b`),
	"ar": regexp.MustCompile(`(بسبب|يسبب|تسبب|سببه|نتيجة ل|يؤدي إلى|تؤدي إلى|أدى إلى|أدت إلى|تأثير|ناجم عن|بفعل|ضحايا|ضحية)`),
}

// allowed are terms that hold a forbidden word and claim nothing.
var allowed = strings.NewReplacer("design effect", "", "Design effect", "", "effet de plan", "", "Effet de plan", "", "aucune incidence", "")

// prose is all text of a document that the composer wrote.
func prose(d *Document) []string {
	out := []string{d.Title, d.Subtitle, d.Footer, d.Synthetic}
	d.Runs(func(_ Block, p []Inline) { out = append(out, PlainText(p)) })
	for _, s := range d.Sections {
		out = append(out, s.Title)
	}
	for _, f := range d.Figures() {
		out = append(out, f.Title, f.Description)
	}
	for _, t := range d.Tables() {
		out = append(out, t.Caption)
		out = append(out, t.Notes...)
		for _, c := range t.Columns {
			out = append(out, c.Label)
		}
	}
	for i := range out {
		out[i] = lang.WithoutIsolates(out[i])
	}
	return out
}

func TestNoWordClaimsACause(t *testing.T) {
	for name, a := range sampleAnalyses() {
		for _, code := range Languages() {
			d, err := Compose(a, code)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range prose(d) {
				if hit := forbidden[code].FindString(allowed.Replace(text)); hit != "" {
					t.Errorf("%s %s: %q in %q", name, code, hit, text)
				}
			}
		}
	}
	for _, c := range catalogues(t) {
		p, err := lang.NewPrinter(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range c.Keys() {
			var args []lang.Arg
			for _, v := range c.Variables(key) {
				args = append(args, p.Count(v, 5))
			}
			if hit := forbidden[c.Lang].FindString(allowed.Replace(p.Text(key, args...))); hit != "" {
				t.Errorf("%s %s: %q", c.File, key, hit)
			}
		}
	}
}

// wordsInSentence is the most words of a sentence. Source: the house style,
// "under 25 words"; labels of the questionnaire may take it to 25.
const wordsInSentence = 25

var sentenceEnd = regexp.MustCompile(`[.;:?!]["”]?(\s|$)`)

func TestSentencesAreShort(t *testing.T) {
	for name, a := range sampleAnalyses() {
		d, err := Compose(a, "en")
		if err != nil {
			t.Fatal(err)
		}
		check := func(text string) {
			for _, s := range sentenceEnd.Split(text, -1) {
				if n := len(strings.Fields(s)); n > wordsInSentence {
					t.Errorf("%s: %d words: %s", name, n, s)
				}
			}
		}
		d.Runs(func(_ Block, p []Inline) { check(PlainText(p)) })
		for _, table := range d.Tables() {
			for _, n := range table.Notes {
				check(n)
			}
		}
	}
}

// TestSyntheticIsSaid looks for the label of made-up data, and that real data
// do not carry it.
func TestSyntheticIsSaid(t *testing.T) {
	a := sampleAnalysis()
	for _, code := range Languages() {
		d, err := Compose(a, code)
		if err != nil {
			t.Fatal(err)
		}
		if d.Synthetic == "" {
			t.Errorf("%s: no label", code)
		}
	}
	a.Synthetic = false
	d, err := Compose(a, "en")
	if err != nil {
		t.Fatal(err)
	}
	if d.Synthetic != "" || strings.Contains(strings.ToLower(strings.Join(prose(d), " ")), "synthetic example") {
		t.Error("real data are called synthetic")
	}
}

func TestPoolingIsSaid(t *testing.T) {
	d, err := Compose(pooledAnalysis(), "en")
	if err != nil {
		t.Fatal(err)
	}
	text := dump(d)
	for _, want := range []string{"Note: Only the items common to both forms are counted.", "2 files were put together: first.csv (questionnaire test-form, version 1) and second.csv (questionnaire test-form-2, version 2)."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the brief", want)
		}
	}
}

func TestUnknownLanguageIsAFault(t *testing.T) {
	_, err := Compose(sampleAnalysis(), "tlh")
	if err == nil || !strings.Contains(err.Error(), "ar, en, fr") {
		t.Errorf("got %v", err)
	}
}

// sampleAnalyses are the kinds of analysis that must compose, by name.
func sampleAnalyses() map[string]*monitoring.Analysis {
	return map[string]*monitoring.Analysis{
		"flow": sampleAnalysis(), "schools": schoolAnalysis(), "empty": emptyAnalysis(), "weighted": weightedAnalysis(), "pooled": pooledAnalysis(),
	}
}
