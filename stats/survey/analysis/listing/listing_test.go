package listing

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"waymark/stats/survey/analysis"
)

func rowOf(domain, level string, value, half float64) analysis.Row {
	n := math.NaN()
	r := analysis.Row{Variable: "y", Level: level, At: n, Value: value, SE: half / 2, Lo: value - half, Hi: value + half, LogSE: n, OddsRatio: n, OddsLo: n, OddsHi: n, Deff: n,
		T: n, Statistic: n, DF: n, DF2: n, P: n, PAdjusted: n, Base: 12345}
	if domain != "" {
		r.Domain = []analysis.Group{{Column: "g", Level: domain}}
	}
	return r
}

func sample() *analysis.Report {
	none := rowOf("third", "", math.NaN(), math.NaN())
	none.SE, none.NotEstimable = math.NaN(), "no one in the group has an answer"
	hostile := rowOf("=cmd|x\x1b[31m", "", 5, 1)
	open := rowOf("open", "", 7, 1)
	open.Hi = math.Inf(1)
	return &analysis.Report{Results: []analysis.Result{{Kind: "mean", Title: "mean of y", By: []string{"g"},
		Rows: []analysis.Row{rowOf("first", "", 6, 2), none, hostile, open}}}}
}

func TestNothingThatIsNotANumberLeaves(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample(), Source{Name: "d.csv"}, 0.95); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Form    int
		Results []struct{ Rows []map[string]any }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.Form != 1 {
		t.Fatalf("form %d, %v", got.Form, err)
	}
	rows := got.Results[0].Rows
	if v, there := rows[1]["estimate"]; !there || v != nil || rows[1]["not_estimable"] == "" {
		t.Errorf("what is not estimable is %v", rows[1])
	}
	if ci := rows[3]["ci"].([]any); ci[0] != 6.0 || ci[1] != nil {
		t.Errorf("an open interval is %v", ci)
	}
	b.Reset()
	if err := CSV(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || !strings.Contains(s, "'=cmd") || strings.Count(s, "\n") != 5 {
		t.Errorf("CSV is\n%s", s)
	}
}

func TestTextFitsAndSteersNothing(t *testing.T) {
	r := &sample().Results[0]
	tab := Tabulate(r, 0.95)
	var b bytes.Buffer
	tab.Text(&b, 60)
	Plot(&b, sample().Results, PlotOptions{Width: 60})
	for _, line := range strings.Split(b.String(), "\n") {
		if utf8.RuneCountInString(line) > 60 {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(line), line)
		}
		if strings.ContainsRune(line, '\x1b') {
			t.Errorf("steers the terminal: %q", line)
		}
	}
	for _, want := range []string{"not estimable", "no one in the group has an answer", "12,345"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing:\n%s", want, b.String())
		}
	}
}

func TestPlotInASCII(t *testing.T) {
	var b bytes.Buffer
	Plot(&b, sample().Results, PlotOptions{Width: 70, ASCII: true})
	for _, r := range b.String() {
		if r > 126 {
			t.Fatalf("%q is not ASCII:\n%s", r, b.String())
		}
	}
	for _, want := range []string{"|", "o", ">", "not estimable"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestMarkdownIsNotMarkup(t *testing.T) {
	r := &sample().Results[0]
	r.Rows[0].Domain[0].Level = "a|b <i> [x](y)"
	tab := Tabulate(r, 0.95)
	var b bytes.Buffer
	tab.Markdown(&b)
	if !strings.Contains(b.String(), `a\|b &lt;i> \[x](y)`) {
		t.Errorf("markdown is\n%s", b.String())
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]string{"1234": "1234", "12345.6": "12,345.6", "-1234567": "-1,234,567", "0.5": "0.5"} {
		if got := Thousands(in); got != want {
			t.Errorf("Thousands(%s) = %s, want %s", in, got, want)
		}
	}
	if probability(0.00001) != "<0.0001" || probability(math.NaN()) != "" || probability(0.04321) != "0.0432" {
		t.Error("p-values are written otherwise")
	}
}
