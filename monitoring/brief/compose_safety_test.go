package brief

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
)

// Numbers that must never reach a reader: the estimate and count of findings
// that are not shown, and those of masked counts.
const (
	secretShare  = 0.7318642 // of a finding that is not shown
	secretMasked = 0.0427315 // of a finding whose count is masked
	secretCount  = 731       // of a finding that is not shown
	secretFew    = 7         // masked
)

// guarded hides every second finding and masks every fifth.
func guarded() *monitoring.Analysis {
	a := sampleAnalysis()
	for i := range a.Findings {
		f := &a.Findings[i]
		switch {
		case f.Section == monitoring.SectionCompare:
			if i%2 == 0 {
				f.NotShown, f.Estimate, f.Lo, f.Hi = "not estimable", secretShare, secretShare, secretShare
			}
		case i%2 == 0:
			f.NotShown, f.Estimate, f.Lo, f.Hi, f.N, f.MaskN = "base", secretShare, secretShare, secretShare, secretCount, false
		case i%5 == 0:
			f.NotShown, f.Estimate, f.Lo, f.Hi, f.N, f.MaskN = "", secretMasked, secretMasked, secretMasked, secretFew, true
		}
	}
	for i := range a.Trends {
		a.Trends[i].NotShown, a.Trends[i].OddsRatio = "base", secretShare
	}
	for i := range a.Tests {
		a.Tests[i].NotShown, a.Tests[i].Statistic = "base", secretShare
	}
	return a
}

func TestWithheldNumbersAreNowhere(t *testing.T) {
	for _, code := range Languages() {
		d, err := Compose(guarded(), code)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range d.Tables() {
			for _, row := range table.Rows {
				for _, c := range row {
					switch v := c.Value.(type) {
					case float64:
						if math.Abs(v-secretShare) < 1e-9 || math.Abs(v-secretMasked) < 1e-9 {
							t.Errorf("%s: table %s holds %v under %q", code, table.ID, v, c.Text)
						}
					case int:
						if v == secretCount || v == secretFew {
							t.Errorf("%s: table %s holds the count %d under %q", code, table.ID, v, c.Text)
						}
					}
				}
			}
		}
		text := dump(d)
		for _, f := range d.Figures() {
			text += words(f.Drawing)
		}
		text += Headline(guarded(), code)
		for _, secret := range []string{"73%", "73.2%", "73,2", "4.3%", "4,3\u202f%", "0.73", " 731 "} {
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s: %q is in …%s…", code, secret, text[max(0, i-120):min(len(text), i+40)])
			}
		}
	}
}

// words is all text of a drawing.
func words(d *figure.Drawing) string {
	var b strings.Builder
	for _, s := range d.Shapes {
		switch s := s.(type) {
		case figure.Label:
			fmt.Fprintln(&b, s.Text)
		case figure.Point:
			fmt.Fprintln(&b, s.Tip)
		}
	}
	return b.String()
}

// TestRatioDoesNotTellAMaskedShare divides what is printed.
func TestRatioDoesNotTellAMaskedShare(t *testing.T) {
	d, err := Compose(sampleAnalysis(), "en") // "organs" has 8 people on one route
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range d.Tables() {
		if !strings.HasPrefix(table.ID, "ratios-") {
			continue
		}
		for _, row := range table.Rows {
			if row[0].Text == "organs" && row[2].Value != nil {
				t.Errorf("the ratio %v stands beside %q and %q", row[2].Value, row[5].Text, row[6].Text)
			}
		}
	}
}

// TestTotalDoesNotTellAMaskedCount subtracts, in every table with routes and
// everyone side by side, what is printed.
func TestTotalDoesNotTellAMaskedCount(t *testing.T) {
	a := sampleAnalysis()
	d, err := Compose(a, "en")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, table := range d.Tables() {
		if !strings.HasPrefix(table.ID, "profile-") && !strings.HasPrefix(table.ID, "place-") && table.ID != "key-figures" {
			continue
		}
		for _, row := range table.Rows {
			masked, known := 0, 0
			for _, c := range row[1:] {
				switch {
				case strings.HasPrefix(c.Text, "fewer than") || table.ID == "key-figures" && strings.HasPrefix(c.Text, "under"):
					masked++
				case c.Value != nil:
					known++
				}
			}
			if masked == 1 && len(row) == len(table.Columns) {
				checked++
				if last := row[len(row)-1]; last.Value != nil && table.Columns[len(row)-1].Label == "Everyone" || known > 2 {
					t.Errorf("table %s: %q: one count is masked and the total stands beside it: %+v", table.ID, row[0].Text, row)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no masked count was found")
	}
}

// TestMapBoundsMaskedTotals looks at a country whose total leaves a masked
// count out.
func TestMapBoundsMaskedTotals(t *testing.T) {
	d, err := Compose(sampleAnalysis(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Figures() {
		if strings.HasSuffix(f.ID, "-map") {
			if text := words(f.Drawing); !strings.Contains(text, "more than 640") || !strings.Contains(text, "150") {
				t.Errorf("the map says\n%s", text)
			}
			return
		}
	}
	t.Error("there is no map")
}
