package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// badColumns adds to a row of testdata/design/design.csv (of 192) what goes wrong
// in surveys. The file's row is one more than the row.
func badColumns(row int, cells []string) string {
	weight := func(bad string, rows ...int) string {
		for _, r := range rows {
			if r == row {
				return bad
			}
		}
		return cells[5]
	}
	lone := cells[1]
	if cells[0] == "s3" {
		lone = "p1"
	}
	return strings.Join(append(cells[:9:9], weight("0", 1, 2, 3), weight("-2", 8, 10), weight("", 12), "0", "1.5", lone, fmt.Sprintf("k%d", row)), ",")
}

// writeBad writes synthetic data with such columns, copied to hold so many
// rows, and drafts their instrument, in which a third level of group is known
// that nobody has.
func writeBad(t *testing.T, dir string, rows int) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "design", "design.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")[1:]
	out := []string{"stratum,psu,hh,npsu,nhh,w,score,group,yes,wzero,wneg,wmiss,wnone,small,lone,many"}
	for i := range rows {
		out = append(out, badColumns(i+1, strings.Split(lines[i%len(lines)], ",")))
	}
	files := map[string]string{
		"bad.csv":     strings.Join(out, "\n"),
		"far.csv":     "group,n\none,100\ntwo,900\n",
		"other.csv":   "group,n\nfour,100\nfive,900\n",
		"minus.csv":   "group,n\none,100\ntwo,-3\n",
		"words.csv":   "group,n\none,many\ntwo,3\n",
		"nothing.csv": "group,n\none,0\ntwo,0\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, "instrument", "init", filepath.Join(dir, "bad.csv"), "--out", filepath.Join(dir, "drafted"))
	choices := filepath.Join(dir, "drafted", "choices.csv")
	text, err := os.ReadFile(choices)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(choices, append(text, "group,three,three,\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
}

const soundDesign = "{weights: w, strata: stratum, clusters: [psu], nest: true}"

// badPlans are plans that a file or its totals cannot follow, or follow in a
// way that is stated: what must be said, and whether a brief is made.
var badPlans = []struct {
	name, design, more string
	made               bool
	says               []string
	never              string
}{
	{name: "zero weights", design: "{weights: wzero, strata: stratum, clusters: [psu], nest: true}", made: true, says: []string{`"base":189`}},
	{name: "negative weights", design: "{weights: wneg, strata: stratum}", says: []string{`bad.csv, row 9, "wneg": the weight -2 cannot be used`, `bad.csv, row 11, "wneg"`}, never: "data row"},
	{name: "missing weights", design: "{weights: wmiss, strata: stratum}", says: []string{`bad.csv, row 13, "wmiss": the weight is missing`}, never: "data row"},
	{name: "no weight", design: "{weights: wnone}", says: []string{"bad.csv: the design has no row with a weight above zero"}},
	{name: "one PSU", design: "{weights: w, strata: stratum, clusters: [lone], nest: true}", says: []string{"bad.csv: at stage 1 these strata have only one PSU", `"s3"`, "remove, certainty, adjust or average"}, never: `"s4"`},
	{name: "small population", design: "{weights: w, strata: stratum, clusters: [psu], fpc: [small], nest: true}", says: []string{`bad.csv, "small": stratum "s1" has 1.5 in its population and 2 in the sample at stage 1`, `stratum "s8"`}},
	{name: "clusters across strata", design: "{weights: w, strata: stratum, clusters: [psu]}", says: []string{`bad.csv, "psu": cluster "p1" is in two strata, "s1" and "s2" (set nest`}},
	{name: "margin out of reach", design: soundDesign, more: "weighting: {totals: far.csv, count: n, margins: [group], method: logit, lower: 0.9, upper: 1.1}",
		says: []string{`far.csv, "group: one": no weights meet the totals: with these bounds this one is at least 366, and 100 is asked for`, `"group: two"`}},
	{name: "trimmed too far", design: soundDesign, more: "weighting: {totals: far.csv, count: n, margins: [group], trim: {upper: 1.01, keep_margins: true}}", says: []string{"far.csv: calibrating and trimming do not come together"}},
	{name: "totals of others", design: soundDesign, more: "weighting: {totals: other.csv, count: n, margins: [group]}", made: true, says: []string{`other.csv, "group": no level of this margin is both in the totals and in 10 interviews or more`}},
	{name: "negative total", design: soundDesign, more: "weighting: {totals: minus.csv, count: n, margins: [group]}", says: []string{`minus.csv, row 3, "n": the count is negative`}},
	{name: "a total in words", design: soundDesign, more: "weighting: {totals: words.csv, count: n, margins: [group]}", says: []string{`words.csv, row 2, "n": the count is not a number`}},
	{name: "totals of nothing", design: soundDesign, more: "weighting: {totals: nothing.csv, count: n, margins: [group]}", made: true, says: []string{"nothing.csv: the totals match no interview"}},
	{name: "a level nobody has", design: soundDesign, more: "compare: [{group: group, of: one, against: three}]", made: true, says: []string{"mean.score.group-two"}, never: "group-three"},
	{name: "an unknown level", design: soundDesign, more: "compare: [{group: group, of: one, against: four}]", says: []string{`plan.yaml, row 3, column 44, "four": group has no such level`}},
	{name: "very many levels", design: soundDesign, more: "groups: [[many]]", made: true, says: []string{`bad.csv, "many": the group has 1200 levels, and a brief shows at most 1000`}, never: "many-k1"},
}

// TestBadDesignsAreExplained makes briefs by plans that cannot be followed: each
// is refused by file, row, column, stratum or margin, or done as documented,
// and no NaN reaches the output.
func TestBadDesignsAreExplained(t *testing.T) {
	few, lots := t.TempDir(), t.TempDir()
	writeBad(t, few, 192)
	writeBad(t, lots, 1200)
	for _, c := range badPlans {
		t.Run(c.name, func(t *testing.T) {
			dir, by := few, "[group]"
			if c.name == "very many levels" {
				dir, by = lots, "[many]"
			}
			text := fmt.Sprintf("design: %s\nmeasures: [{statistic: mean, variable: score, by: [[], %s]}]\n%s\nminimum_base: 2\nmask_below: 1\n", c.design, by, c.more)
			plan := filepath.Join(dir, "plan.yaml")
			if err := os.WriteFile(plan, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			folder := filepath.Join(t.TempDir(), "out")
			code := run(t.Context(), []string{"brief", filepath.Join(dir, "bad.csv"), "--instrument", filepath.Join(dir, "drafted"), "--plan", plan, "--out", folder, "--format", "json"}, strings.NewReader(""), &out, &out)
			said := out.String()
			if (code == 0) != c.made {
				t.Errorf("exit code %d; a brief is made: %t\n%s", code, c.made, said)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %s:\n%s", want, said)
				}
			}
			if c.never != "" && strings.Contains(said, c.never) || strings.Contains(said, "NaN") || strings.Contains(said, "Inf") {
				t.Errorf("says %q, NaN or Inf:\n%s", c.never, said)
			}
		})
	}
}
