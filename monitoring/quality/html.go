package quality

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed report.html.tmpl
var reportTemplate string

//go:embed report.css
var reportStyle string

var reportPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(reportTemplate))
})

// page is what the template shows. All decisions are made here.
type page struct {
	*Report
	Style   template.CSS
	First   []Finding // what to look at first
	Tiles   []tile
	Groups  []ruleGroup // rules with findings
	Quiet   []string    // rules that found nothing
	Methods []method
	Tables  []profileTable
}

// tile is one number of the summary.
type tile struct {
	Value, Label, Class string
}

// ruleGroup is one rule's section.
type ruleGroup struct {
	Anchor, Title, Why string
	Worst              Severity
	Notes              []string
	Findings           []findingRow
}

// findingRow is one row of a rule's table.
type findingRow struct {
	Finding
	RowList string
}

// method is one row of the list of checks.
type method struct {
	Anchor, Title, Method, Citation string
	Thresholds                      []string
	State                           string
}

// profileTable is the table of enumerators or points.
type profileTable struct {
	Anchor, Title, Head, Intro string
	Picture                    string // heading of the picture's column, or ""
	Measures                   []MeasureTitle
	Rows                       []profileRow
}

type profileRow struct {
	Name, Interviews, Eligible, PerDay, Minutes string
	Cells                                       []profileCell
	Picture                                     template.HTML
}

// profileCell is one share; Mark is "above" or "below" where it stands out.
type profileCell struct {
	Text, Mark string
}

// HTML is the report as one page in itself: no script, nothing loaded from
// elsewhere, readable on a phone, on paper and in the dark.
func (r *Report) HTML() ([]byte, error) {
	p := page{Report: r, Style: template.CSS(reportStyle)}
	p.First = r.Findings[:min(len(r.Findings), 5)]
	for len(p.First) > 0 && p.First[len(p.First)-1].Severity == Note {
		p.First = p.First[:len(p.First)-1]
	}
	for _, s := range Severities {
		p.Tiles = append(p.Tiles, tile{thousands(r.Counts[s]), verb(r.Counts[s], string(s), string(s)+"s"), string(s)})
	}
	p.Tiles = append(p.Tiles, tile{thousands(r.RowsFlagged), "of " + count(r.Interviews, "interview", "interviews") + " named", "rows"})
	rules := Rules()
	for i, o := range r.Rules {
		rule := rules[slices.IndexFunc(rules, func(x Rule) bool { return x.ID == o.Rule })]
		p.Methods = append(p.Methods, r.method(rule, o))
		switch {
		case o.NotChecked != "":
		case o.Findings == 0:
			p.Quiet = append(p.Quiet, o.Title)
		default:
			p.Groups = append(p.Groups, r.group(rule, r.Rules[i]))
		}
	}
	slices.SortStableFunc(p.Groups, func(a, b ruleGroup) int {
		return slices.Index(Severities, a.Worst) - slices.Index(Severities, b.Worst)
	})
	if len(r.Enumerators) > 0 {
		p.Tables = append(p.Tables, r.profileTable("enumerators", "Enumerators", "Enumerator", r.Enumerators))
	}
	if len(r.Points) > 0 {
		p.Tables = append(p.Tables, r.profileTable("points", "Points", "Point", r.Points))
	}
	var b bytes.Buffer
	if err := reportPage().Execute(&b, p); err != nil {
		return nil, fmt.Errorf("quality: the page could not be made: %w", err)
	}
	return b.Bytes(), nil
}

// anchor turns a rule's id into an HTML id.
func anchor(rule string) string { return "rule-" + strings.ReplaceAll(rule, ".", "-") }

// Anchor is the HTML id of the finding's rule.
func (f Finding) Anchor() string { return anchor(f.Rule) }

func (r *Report) group(rule Rule, o Outcome) ruleGroup {
	g := ruleGroup{Anchor: anchor(rule.ID), Title: rule.Title, Why: rule.Why, Notes: o.Notes, Worst: Note}
	for _, f := range r.Findings {
		if f.Rule != rule.ID {
			continue
		}
		if slices.Index(Severities, f.Severity) < slices.Index(Severities, g.Worst) {
			g.Worst = f.Severity
		}
		row := findingRow{Finding: f, RowList: f.RowText(len(f.Rows))}
		row.Message += fullStop(row.Message)
		row.Remedy += fullStop(row.Remedy)
		g.Findings = append(g.Findings, row)
	}
	return g
}

func (r *Report) method(rule Rule, o Outcome) method {
	c := rule.Citation
	m := method{Anchor: anchor(rule.ID), Title: rule.Title, Method: rule.Method,
		Citation: fmt.Sprintf("%s (%s). %s", c.Authority, c.Date, sentence(c.Source)) + "."}
	for _, t := range rule.Thresholds {
		value := r.Limits[rule.ID+"."+t.Name]
		line := fmt.Sprintf("%s.%s = %s %s: %s", rule.ID, t.Name, strconv.FormatFloat(value, 'f', -1, 64), t.Unit, t.Meaning)
		if value != t.Default {
			line += fmt.Sprintf("; the default is %s", strconv.FormatFloat(t.Default, 'f', -1, 64))
		}
		m.Thresholds = append(m.Thresholds, line)
	}
	switch {
	case o.NotChecked != "":
		m.State = "not checked: " + o.NotChecked
	case o.Findings == 0:
		m.State = "nothing found"
	default:
		m.State = count(o.Findings, "finding", "findings")
	}
	return m
}

func (r *Report) profileTable(id, title, head string, list []Profile) profileTable {
	t := profileTable{Anchor: id, Title: title, Head: head, Measures: r.Measures}
	h := r.headlineMeasure()
	if h >= 0 {
		t.Picture = fmt.Sprintf("%s, from 0%% to %s", r.Measures[h].Title, percent(pictureScale(list, h)))
	}
	t.Intro = "Shares of each one's interviews. A share in bold with “above” or “below” differs from the other interviews on the same routes by more than chance and ordinary differences explain."
	scale := pictureScale(list, h)
	if len(list) > pageProfiles {
		t.Intro += fmt.Sprintf(" Of %s, the %d that stand out or have most interviews are shown; the JSON output has all.", thousands(len(list)), pageProfiles)
		list = mostInterviews(list, pageProfiles)
	}
	for _, p := range list {
		row := profileRow{Name: p.Name, Interviews: thousands(p.Interviews), Eligible: thousands(p.Eligible), PerDay: fmt.Sprintf("%.1f", p.PerDay), Minutes: "–"}
		if p.MedianMinutes != nil {
			row.Minutes = fmt.Sprintf("%.0f", *p.MedianMinutes)
		}
		for i, m := range p.Measures {
			cell := profileCell{Text: "–"}
			if m.N > 0 {
				cell.Text = percent(m.Share)
			}
			if m.Flagged {
				cell.Mark = "above"
				if m.Share < m.Expected {
					cell.Mark = "below"
				}
			}
			row.Cells = append(row.Cells, cell)
			if i == h {
				row.Picture = dotInterval(m, scale)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
