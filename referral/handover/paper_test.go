package handover

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"waymark/referral/rule"
)

var update = flag.Bool("update", false, "write the golden files anew")

// version is of the rules, which changes with every word of theirs.
var version = regexp.MustCompile(`\d{4}\.\d+(\+|&#43;)[0-9a-f]{12}`)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = version.ReplaceAll(got, []byte("VERSION"))
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is another now; go test -update writes it anew. It is:\n%s", file, got)
	}
}

// packages are the three ways in which a referral ends, and the notification of who
// co-operates.
var packages = map[string]func() rule.Answers{
	"nrm": adult, "nrm-child": child,
	"notify":             func() rule.Answers { return without("no") },
	"notify-cooperating": func() rule.Answers { return without("yes") },
}

func sheet(t *testing.T, a rule.Answers) *Sheet {
	t.Helper()
	b := begin(t)
	pack := b.freeze(t, a)
	s, err := Compose(b.uk, pack, about())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPapersAsTheyWere(t *testing.T) {
	for name, answers := range packages {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			pack := b.freeze(t, answers())
			s, err := Compose(b.uk, pack, about())
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".html", s.HTML())
			golden(t, name+".json", s.JSON())
			steps, err := Steps(b.uk, pack, about())
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".steps.html", steps.HTML())
		})
	}
	c, err := Consent(consent("yes"), about())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "consent.html", c.HTML())
}

func TestTheSamePackageHasTheSameBytes(t *testing.T) {
	b := begin(t)
	pack := b.freeze(t, adult())
	var first [][]byte
	for range 5 {
		s, err := Compose(b.uk, pack, about())
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := s.PDF()
		if err != nil {
			t.Fatal(err)
		}
		all := [][]byte{s.HTML(), s.JSON(), pdf}
		if first == nil {
			first = all
		}
		for i, x := range all {
			if !bytes.Equal(x, first[i]) {
				t.Fatalf("paper %d has other bytes the second time", i)
			}
		}
	}
}

// read asks poppler for the text and the number of pages of a PDF, as an oracle that
// knows nothing of how it was made.
func read(t *testing.T, pdf []byte) (text, info string) {
	t.Helper()
	for _, program := range []string{"pdftotext", "pdfinfo"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is needed to read PDFs: install poppler-utils", program)
		}
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	meta, err := exec.Command("pdfinfo", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), string(meta)
}

var spaces = regexp.MustCompile(`\s+`)

func flat(s string) string { return spaces.ReplaceAllString(s, "") }

func TestPDFHoldsAllThatWasAnswered(t *testing.T) {
	s := sheet(t, adult())
	pdf, err := s.PDF()
	if err != nil {
		t.Fatal(err)
	}
	text, info := read(t, pdf)
	have := flat(text)
	looked := 0
	for _, section := range s.Sections {
		for _, i := range section.Items {
			for _, v := range append([]string{section.Title, i.Label}, i.Values...) {
				ready, _ := set(v)
				for _, word := range strings.Fields(ready) { // a line may break, and a page
					if looked++; !strings.Contains(have, word) {
						t.Errorf("%q of %q is not in the PDF", word, i.Label)
					}
				}
			}
		}
	}
	if looked < 300 {
		t.Errorf("only %d words were looked at", looked)
	}
	pages := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(info)
	if len(pages) < 2 || pages[1] == "1" {
		t.Fatalf("the pages are not counted: %s", info)
	}
	for n := 1; fmt.Sprint(n) != pages[1]; n++ {
		if want := flat(fmt.Sprintf("Page %d of %s", n, pages[1])); !strings.Contains(have, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, want := range []string{"NguyễnThịTổngHợp", "МарияиΓεώργιος", "[Arabicscript:seetheHTMLversion]", "Partofthisisinascript"} {
		if !strings.Contains(have, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if !strings.Contains(streams(pdf), "+44 7700 900123") {
		t.Error("what stands in a PDF is not found in its streams: the tests of notifications would prove nothing")
	}
	for _, never := range []string{"Nguy", "Gil", "Synthetic", "900123", "Hải"} {
		if strings.Contains(info, never) {
			t.Errorf("the metadata holds %q:\n%s", never, info)
		}
	}
	if !strings.Contains(info, "Title:") || !strings.Contains(info, "A4") {
		t.Errorf("metadata: %s", info)
	}
}

func TestSet(t *testing.T) {
	for in, want := range map[string]string{
		"Hello":                 "Hello",
		"Nguyễn Thị":            "Nguyễn Thị",
		"محمد علي":              "[Arabic script: see the HTML version]",
		"Name: محمد (Mohammed)": "Name: [Arabic script: see the HTML version] (Mohammed)",
		"आशा, then नाम":         "[Devanagari script: see the HTML version], then [Devanagari script: see the HTML version]",
		"a\u202eb\u200fc":       "abc",
		"line\nnext":            "line\nnext",
		"smile \U0001F600 here": "smile [Other signs: see the HTML version] here",
		"ሰላም":                   "[Ethiopic script: see the HTML version]",
		"Ελένη, Ђорђе, Łukasz, Հայ, ქა": "Ελένη, Ђорђе, Łukasz, Հայ, ქა",
	} {
		got, all := set(in)
		if got != want || all == strings.Contains(want, "see the HTML") {
			t.Errorf("%q is set as %q, all %v", in, got, all)
		}
	}
}

// streams are the contents of a PDF as a reader sees them, uncompressed, with the text
// that stands in UTF-16 beside it.
func streams(pdf []byte) string {
	all := string(pdf)
	for _, m := range regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`).FindAllSubmatch(pdf, -1) {
		if z, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			if b, err := io.ReadAll(z); err == nil {
				all += string(b)
			}
		}
	}
	return all + strings.ReplaceAll(all, "\x00", "")
}

func TestPromise6PapersOfANotificationHoldNothingThatWasTyped(t *testing.T) {
	uk := begin(t).uk
	for _, cooperate := range []string{"no", "unsure"} {
		a := without(cooperate)
		for _, q := range uk.Referral.Questions() {
			if q.FreeText() && q.Kind != rule.Files {
				a[q.ID] = []string{canary(q)}
			}
		}
		a["birth-date"] = []string{"1987-06-05"}
		b := begin(t)
		pack := b.freeze(t, a)
		s, err := Compose(b.uk, pack, about())
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := s.PDF()
		if err != nil {
			t.Fatal(err)
		}
		steps, err := Steps(b.uk, pack, about())
		if err != nil {
			t.Fatal(err)
		}
		text, info := read(t, pdf)
		for name, paper := range map[string]string{"HTML": string(s.HTML()), "JSON": string(s.JSON()), "PDF": text + info, "streams": streams(pdf), "steps": string(steps.HTML())} {
			if len(paper) < 500 {
				t.Fatalf("%s is %d bytes", name, len(paper))
			}
			for _, q := range uk.Referral.Questions() {
				if q.Bound != "" && !q.Identifying { // the organisation itself
					continue
				}
				for _, v := range a[q.ID] {
					if (q.FreeText() || q.Identifying) && len(v) > 6 && strings.Contains(paper, v) {
						t.Errorf("%s holds the answer to %s", name, q.ID)
					}
				}
			}
			if strings.Contains(paper, "CANARY") || strings.Contains(paper, "canary.") || strings.Contains(paper, "June 1987") {
				t.Errorf("%s holds what was typed", name)
			}
			if name == "HTML" && !strings.Contains(paper, "holds nothing that identifies the person") {
				t.Error("the notification does not say what it is")
			}
		}
	}
}

func canary(q *rule.Question) string {
	switch q.Kind {
	case rule.Phone:
		return fmt.Sprintf("+44 7700 9%05d", len(q.ID)*7919%100000)
	case rule.Email:
		return "canary." + q.ID + "@example.org"
	}
	return "CANARY " + q.ID
}

func TestAPackageThatWasAlteredMakesNothing(t *testing.T) {
	b := begin(t)
	pack := b.freeze(t, without("no"))
	altered := *pack
	altered.Values = rule.Answers(pack.Values).Clone()
	altered.Values["name"] = []string{"Synthetic"}
	if _, err := Compose(b.uk, &altered, about()); err == nil {
		t.Error("a value that was added is composed")
	}
	other := *pack
	other.Rules = "another"
	if _, err := Compose(b.uk, &other, about()); err == nil {
		t.Error("other rules are taken")
	}
	none := about()
	none.Files = nil
	b = begin(t)
	if _, err := Compose(b.uk, b.freeze(t, adult()), none); err == nil {
		t.Error("a document that is not there is left out in silence")
	}
}

func TestMachineForm(t *testing.T) {
	s := sheet(t, adult())
	var m Machine
	if err := json.Unmarshal(s.JSON(), &m); err != nil {
		t.Fatal(err)
	}
	if m.Format != Format || m.Version != Version || m.Outcome != "nrm" || m.Key != "synthetic-key-1" || len(m.Files) != 1 || m.Files[0].SHA256 == "" || m.Values["name"][0] != "Nguyễn Thị Tổng Hợp" {
		t.Errorf("%+v", m)
	}
	if strings.Contains(string(s.HTML()), "<b>محمد") {
		t.Error("what was typed is markup")
	}
	if h := string(s.HTML()); strings.Contains(h, "<script") || strings.Contains(h, "http://") || strings.Contains(h, "https://") {
		t.Error("the page reaches out")
	}
}
