package lang

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func folder(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for lang, text := range texts {
		fsys["words/"+lang+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func catalogue(t *testing.T, lang, text string) *Catalogue {
	t.Helper()
	c, err := Load(folder(map[string]string{lang: text}), "words", lang)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func printer(t *testing.T, lang, text string) *Printer {
	t.Helper()
	p, err := NewPrinter(catalogue(t, lang, text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestForms(t *testing.T) {
	// CLDR 32, table "Language Plural Rules", cardinal, whole numbers.
	want := map[string][]string{
		"en": {"one", "other"},
		"fr": {"one", "other"},
		"ar": {"zero", "one", "two", "few", "many", "other"},
		"ru": {"one", "few", "many", "other"},
	}
	for lang, forms := range want {
		if got := Forms(lang); !reflect.DeepEqual(got, forms) {
			t.Errorf("Forms(%s) = %v, want %v", lang, got, forms)
		}
	}
}

func TestFormOf(t *testing.T) {
	for _, c := range []struct {
		lang     string
		x        float64
		decimals int
		want     string
	}{
		{"en", 0, 0, "other"}, {"en", 1, 0, "one"}, {"en", 1, 1, "other"}, {"en", 2, 0, "other"},
		{"fr", 0, 0, "one"}, {"fr", 1, 0, "one"}, {"fr", 1.5, 1, "one"}, {"fr", 2, 0, "other"},
		{"ar", 0, 0, "zero"}, {"ar", 1, 0, "one"}, {"ar", 2, 0, "two"}, {"ar", 3, 0, "few"},
		{"ar", 11, 0, "many"}, {"ar", 99, 0, "many"}, {"ar", 100, 0, "other"}, {"ar", 103, 0, "few"},
	} {
		if got := formOf(c.lang, c.x, c.decimals); got != c.want {
			t.Errorf("formOf(%s, %v, %d) = %s, want %s", c.lang, c.x, c.decimals, got, c.want)
		}
	}
}

func TestPrinterPluralsAndMarks(t *testing.T) {
	p := printer(t, "en", `
people: {"0": "Nobody was interviewed.", one: "{n} person was interviewed.", other: "{n} people were interviewed."}
by.point: {count: points, one: "{n} interviews at {points} point", other: "{n} interviews at {points} points"}
`)
	for n, want := range map[int]string{0: "Nobody was interviewed.", 1: "1 person was interviewed.", 2: "2 people were interviewed.", 8475: "8,475 people were interviewed."} {
		if got := p.Text("people", p.Count("n", n)); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := p.Text("by.point", p.Count("n", 7), p.Count("points", 1)); got != "7 interviews at 1 point" {
		t.Errorf("counted by the wrong variable: %q", got)
	}
	parts := p.Parts("people", p.Count("n", 3).Marked("count.eligible"))
	want := []Part{{Text: "3", Mark: "count.eligible", Variable: "n"}, {Text: " people were interviewed."}}
	if !reflect.DeepEqual(parts, want) {
		t.Errorf("parts %+v, want %+v", parts, want)
	}
	if got := p.Text("people", p.Count("n", 9).Says("fewer than 10")); got != "fewer than 10 people were interviewed." {
		t.Error(got)
	}
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}

func TestPrinterIsLoudAboutWhatIsMissing(t *testing.T) {
	p := printer(t, "en", `greeting: "Hello {name}"`)
	p.Text("farewell")
	p.Text("greeting")
	err := p.Err()
	if err == nil || !strings.Contains(err.Error(), `"farewell"`) || !strings.Contains(err.Error(), "{name}") {
		t.Errorf("got %v", err)
	}
}

func TestArabicVariablesAreIsolated(t *testing.T) {
	p := printer(t, "ar", `share: "النسبة {pct} في {place}"`)
	got := p.Text("share", Text("pct", p.Percent(0.49, 0)), Text("place", "ليبيا"))
	if want := "النسبة \u206849%\u2069 في ليبيا"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := WithoutIsolates(got); got != "النسبة 49% في ليبيا" {
		t.Error(got)
	}
	if got := Isolate(Isolate("CMR")); got != "\u2068CMR\u2069" {
		t.Errorf("isolated twice: %q", got)
	}
}

func TestLocale(t *testing.T) {
	// Expected forms as in Unicode CLDR 44 for en, fr and ar with the Latin numbering system.
	type row struct{ whole, pct, tenth, first, day, list string }
	want := map[string]row{
		"en": {"8,475", "49%", "48.9%", "1 December 2015", "6 October 2016", "a, b and c"},
		"fr": {"8\u202f475", "49\u202f%", "48,9\u202f%", "1er décembre 2015", "6 octobre 2016", "a, b et c"},
		"ar": {"8,475", "49%", "48.9%", "1 ديسمبر 2015", "6 أكتوبر 2016", "a، b وc"},
	}
	for lang, w := range want {
		l, err := LocaleOf(lang)
		if err != nil {
			t.Fatal(err)
		}
		got := row{l.Whole(8475), l.Percent(0.489, 0), l.Percent(0.489, 1), l.Date("2015-12-01"), l.Date("2016-10-06"), l.List([]string{"a", "b", "c"})}
		if got != w {
			t.Errorf("%s: %+v, want %+v", lang, got, w)
		}
	}
	en, _ := LocaleOf("en")
	for in, want := range map[float64]string{0: "0", -1234.5: "−1,235", 999: "999", 1e6: "1,000,000", math.NaN(): "–", math.Inf(1): "–", 0.4: "0", -0.2: "0"} {
		if got := en.Decimal(in, 0); got != want {
			t.Errorf("Decimal(%v) = %q, want %q", in, got, want)
		}
	}
	if got := en.Percent(math.NaN(), 0); got != "–" {
		t.Errorf("Percent(NaN) = %q", got)
	}
	if got := en.Date("unknown"); got != "unknown" {
		t.Errorf("Date = %q", got)
	}
	if got := en.Month("2016-10"); got != "October 2016" {
		t.Errorf("Month = %q", got)
	}
	if got := en.List([]string{"a"}) + en.List(nil) + en.List([]string{"a", "b"}); got != "aa and b" {
		t.Errorf("List = %q", got)
	}
	if _, err := LocaleOf("tlh"); err == nil {
		t.Error("a language without a locale was accepted")
	}
}

func TestLoadReportsAllFaults(t *testing.T) {
	_, err := Load(folder(map[string]string{"en": `
a: "an {open"
b: "a close}"
c: {one: "one only"}
d: {several: "x", other: "y"}
e: 5
f: "{Bad}"
g: ""
`}), "words", "en")
	if err == nil {
		t.Fatal("no error")
	}
	for _, key := range []string{`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`, `"g"`} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%s is not reported in:\n%v", key, err)
		}
	}
	if _, err := Load(folder(map[string]string{"en": "a: x\na: y\n"}), "words", "en"); err == nil {
		t.Error("a key that is there twice was accepted")
	}
	if _, err := Load(folder(map[string]string{"en": "a: x"}), "words", "xx"); err == nil || !strings.Contains(err.Error(), "choose one of en") {
		t.Errorf("unknown language: %v", err)
	}
}

func TestCompareFindsEveryDifference(t *testing.T) {
	en := catalogue(t, "en", `
same: "x {a}"
only: "x"
vars: "x {a}"
count: {one: "{n} x", other: "{n} xs"}
none: {"0": "no x", one: "{n} x", other: "{n} xs"}
`)
	ar := catalogue(t, "ar", `
same: "س {a}"
vars: "س {b}"
count: {one: "س", other: "{n} س"}
none: {zero: "س", one: "س", two: "س", few: "{n} س", many: "{n} س", other: "{n} س"}
`)
	text := ""
	for _, f := range Compare(en, ar).Faults {
		text += f.Error() + "\n"
	}
	for _, want := range []string{
		`"only": the message is missing`, `"vars": the variables are {b}, in words/en.yaml {a}`,
		`"count": the plural form "zero" is missing`, `"count": the plural form "few" is missing`,
		`"none": differs from words/en.yaml in its form "0"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not found: %s\nin:\n%s", want, text)
		}
	}
	if n := Compare(en, en).Len(); n != 0 {
		t.Errorf("a catalogue differs from itself in %d places", n)
	}
}
