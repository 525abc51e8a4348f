package form

import (
	"strconv"
	"sync"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/web/page"
)

// mostFindings are shown of one questionnaire.
const mostFindings = 300

var severityColours = map[lint.Severity]string{lint.Error: "red", lint.Warning: "orange", lint.Advice: "blue"}

// findingTable lists what the check of a questionnaire found, the gravest first.
// Messages are English, as those of the command line.
func findingTable(r *page.Request, found []lint.Finding) page.Table {
	t := page.Table{Caption: r.Text("form.findings"), Quiet: true, Head: []page.Head{
		{Text: r.Text("form.findings.severity")}, {Text: r.Text("form.findings.place")}, {Text: r.Text("form.findings.what")}}}
	for _, severity := range lint.Severities {
		for _, f := range found {
			if f.Severity != severity || len(t.Rows) >= mostFindings {
				continue
			}
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
				{Tags: []page.Tag{{Text: r.Text("form.severity." + string(severity)), Colour: severityColours[severity]}}},
				{Text: placeText(r, f)}, {Text: f.Message, Note: f.Remedy, Lang: "en"}}})
		}
	}
	return t
}

// placeText says where in the workbook: "survey, row 12, column C".
func placeText(r *page.Request, f lint.Finding) string {
	var parts []string
	if f.Place.Sheet != "" {
		parts = append(parts, f.Place.Sheet)
	}
	if f.Place.Row > 0 {
		parts = append(parts, r.Text("form.findings.row", "n", strconv.Itoa(f.Place.Row)))
	}
	switch {
	case f.Place.Column > 0:
		parts = append(parts, r.Text("form.findings.column", "name", columnName(f.Place.Column)))
	case f.Place.Field != "":
		parts = append(parts, f.Place.Field)
	}
	if len(parts) == 0 {
		return "–"
	}
	return r.Words().Join(parts...)
}

// columnName is the letters of a column as spreadsheets have them; 1 is A.
func columnName(n int) string {
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// countTags count findings by severity.
func countTags(r *page.Request, found []lint.Finding) []page.Tag {
	counts := map[lint.Severity]int{}
	for _, f := range found {
		counts[f.Severity]++
	}
	var tags []page.Tag
	for _, s := range lint.Severities {
		if counts[s] > 0 {
			tags = append(tags, page.Tag{Text: r.Text("form.count."+string(s), "n", counts[s]), Colour: severityColours[s]})
		}
	}
	return tags
}

func errorsIn(found []lint.Finding) int {
	n := 0
	for _, f := range found {
		if f.Severity == lint.Error {
			n++
		}
	}
	return n
}

// findingCache keeps what was found in the latest drafts: a large questionnaire
// takes a second to check, and a version never changes.
type findingCache struct {
	mu    sync.Mutex
	found map[ids.ID][]lint.Finding
}

const mostCached = 16

// of checks the source of a version again.
func (c *findingCache) of(r *page.Request, f *collection.Form, v *collection.Version) []lint.Finding {
	c.mu.Lock()
	found, ok := c.found[v.ID]
	c.mu.Unlock()
	if ok {
		return found
	}
	opt := draft.Options{FormID: f.FormID, Now: r.House.Now()}
	if v.PrivateKey != nil {
		// The key is ours, not one that the form brought.
		if form, err := xform.Parse(v.XForm); err == nil {
			opt.PublicKey = form.Submission["base64RsaPublicKey"]
		}
	}
	source, name := v.Source, v.SourceName
	if source == nil {
		source, name = v.XForm, "form.xml"
	}
	d, _ := draft.Make(source, name, opt) // what is wrong is among the findings
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil || len(c.found) >= mostCached {
		c.found = map[ids.ID][]lint.Finding{}
	}
	c.found[v.ID] = d.Findings
	return d.Findings
}
