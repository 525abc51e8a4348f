package brief

import (
	"fmt"
	"strings"
	"testing"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// builtIn are the questionnaires whose labels and sentences must read well.
var builtIn = []string{"fms-2016", "fms-2017"}

// instrumentAnalysis makes up an analysis on a questionnaire that is built in:
// every indicator in every group that a brief divides by.
func instrumentAnalysis(t testing.TB, id string) *monitoring.Analysis {
	t.Helper()
	in, err := instrument.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	a := sampleAnalysis()
	a.Instrument, a.Findings, a.Trends, a.Tests = in, nil, nil, nil
	a.Plan = monitoring.DefaultPlan(in)
	a.Counts.Excluded = nil
	for i, e := range in.Exclusions {
		a.Counts.Excluded = append(a.Counts.Excluded, monitoring.Excluded{Rule: e.ID, Count: i, Missing: i, Kept: 2})
	}
	c, err := newComposer(a, "en")
	if err != nil {
		t.Fatal(err)
	}
	for k, i := range in.Indicators {
		share := func(g monitoring.Group, base int) {
			a.Findings = append(a.Findings, shareFinding(monitoring.SectionIndicator, i.ID, g, base*(k+1)/20, base))
		}
		share(parts(), 3000)
		for _, g := range a.Plan.Groups {
			for _, route := range []string{"EMR", "CMR"} {
				switch {
				case len(g) == 1 && g[0] == "route":
					share(parts("route", route), 1500)
				case len(g) == 2:
					codes, _ := c.levelOrder(g[1])
					for _, code := range codes {
						share(parts("route", route, g[1], code), 900/len(codes))
					}
				}
			}
			if len(g) == 1 && g[0] != "route" {
				share(parts(g[0], "yes"), 400)
				share(parts(g[0], "no"), 2600)
			}
		}
		ratio := sampleAnalysis().Findings
		for _, f := range ratio {
			if f.ID == "ratio.held" {
				f.ID, f.Key = "ratio."+i.ID, "ratio."+i.ID
				a.Findings = append(a.Findings, f)
			}
		}
		for _, route := range []string{"EMR", "CMR"} {
			a.Trends = append(a.Trends, monitoring.Trend{Key: fmt.Sprintf("trend.%s.%s", i.ID, route), ID: i.ID, Variable: "transit_time", Within: parts("route", route),
				OddsRatio: 1.3, Lo: 1.2, Hi: 1.4, P: 0.2})
		}
	}
	return a
}

// TestBuiltInInstrumentsReadWell composes briefs on the questionnaires that
// are built in, so that their sentences are held to the same rules as ours.
func TestBuiltInInstrumentsReadWell(t *testing.T) {
	for _, id := range builtIn {
		a := instrumentAnalysis(t, id)
		for _, code := range Languages() {
			d, err := Compose(a, code)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range prose(d) {
				if hit := forbidden[code].FindString(allowed.Replace(text)); hit != "" {
					t.Errorf("%s %s: %q in %q", id, code, hit, text)
				}
			}
			for _, line := range strings.Split(Headline(a, code), "\n") {
				if n := columns(line); n > terminalWidth {
					t.Errorf("%s %s: %d columns: %s", id, code, n, line)
				}
			}
			if code != "en" {
				continue
			}
			d.Runs(func(_ Block, p []Inline) {
				text := lang.WithoutIsolates(PlainText(p))
				for _, s := range sentenceEnd.Split(text, -1) {
					list := strings.Contains(s, ", ") && strings.Count(s, ",") > 4 // names in a row
					if n := len(strings.Fields(s)); n > wordsInSentence && !list {
						t.Errorf("%s: %d words: %s", id, n, s)
					}
				}
			})
		}
	}
}
