package lint

import "strings"

var labelDuplicate = Rule{
	ID: "label-duplicate", Severity: Advice,
	Finds:  "two questions of one group that read the same in one language",
	Why:    "an interviewer takes the second for the first and skips it; a codebook cannot tell them apart",
	Source: "XLSForm, survey sheet: the label is what the interviewer reads out",
	check: func(q *questionnaire, report report) {
		type key struct {
			parent         *row
			language, text string
		}
		first := map[key]*row{}
		for _, r := range q.rows {
			if !r.input() {
				continue
			}
			for _, tr := range translations(r.Label) {
				k := key{r.parent, tr.Language, strings.ToLower(strings.Join(strings.Fields(tr.Text), " "))}
				if k.text == "" || k.text == "-" {
					continue
				}
				if other := first[k]; other != nil && !exclusive(other, r) {
					report(q.placeIn("survey", r.Place.Row, "label", tr.Language), "say what sets the two apart",
						"questions %q (row %d) and %q read the same%s", other.Name, other.Place.Row, r.Name, inLanguage(tr.Language))
					break
				}
				first[k] = r
			}
		}
	},
}

// exclusive tells whether both questions have a condition, so that the same
// words may well be meant for different people.
func exclusive(a, b *row) bool { return a.Bind.Has("relevant") && b.Bind.Has("relevant") }
