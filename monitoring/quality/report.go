package quality

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/stats/table"
)

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	// Error: the data contradict themselves or a rule that protects people;
	// settle it before anything is published.
	Error Severity = "error"
	// Warning: likely to matter; look at it.
	Warning Severity = "warning"
	// Note: good to know.
	Note Severity = "note"
)

// Severities from the gravest.
var Severities = []Severity{Error, Warning, Note}

// Finding is one thing to look at.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// Subject is the column, enumerator or point that the finding is about, or "".
	Subject string `json:"subject,omitempty"`
	Message string `json:"message"` // one sentence
	Remedy  string `json:"remedy"`  // what to do
	// Rows are row numbers of the file, from 1, in order; bounded.
	Rows []int `json:"rows,omitempty"`
	// Total rows concerned, listed or not; where there are no rows, the
	// columns or people that the finding is about.
	Total int `json:"total"`
	// Details are short lines about single rows or pairs; bounded.
	Details []string `json:"details,omitempty"`
}

// Outcome says what became of one rule.
type Outcome struct {
	Rule     string `json:"rule"`
	Title    string `json:"title"`
	Findings int    `json:"findings"`
	// NotChecked says why the rule did not run; "" if it did.
	NotChecked string `json:"not_checked,omitempty"`
	// Notes of a rule that ran: what it left out, or measures of interest.
	Notes []string `json:"notes,omitempty"`
}

// Report is what a check found. It holds no interview.
type Report struct {
	File       string           `json:"file,omitempty"`
	SHA256     string           `json:"sha256,omitempty"`
	Synthetic  bool             `json:"synthetic"`
	Instrument string           `json:"instrument"`
	Title      string           `json:"instrument_title"`
	Version    string           `json:"instrument_version"`
	Lang       string           `json:"lang"` // of labels; sentences are in English
	Interviews int              `json:"interviews"`
	Eligible   int              `json:"eligible"`
	First      string           `json:"first_day,omitempty"` // ISO day of the first interview
	Last       string           `json:"last_day,omitempty"`
	Counts     map[Severity]int `json:"counts"` // findings by severity
	// RowsFlagged counts the interviews named by at least one error or warning
	// about rows.
	RowsFlagged int       `json:"rows_flagged"`
	Findings    []Finding `json:"findings"`
	Rules       []Outcome `json:"rules"`
	Enumerators []Profile `json:"enumerators,omitempty"`
	Points      []Profile `json:"points,omitempty"`
	// Measures names the columns of the profiles, in their order.
	Measures []MeasureTitle `json:"measures,omitempty"`
	// Limits are the thresholds used, by name.
	Limits map[string]float64 `json:"thresholds"`
}

// Worst returns the gravest severity found, or "" if nothing was found.
func (r *Report) Worst() Severity {
	for _, s := range Severities {
		if r.Counts[s] > 0 {
			return s
		}
	}
	return ""
}

// outcome gathers what one rule finds.
type outcome struct {
	ctx      context.Context
	rule     string
	max      int
	fileRow  func(row int32) int
	whom     func(rows []int32) string
	findings []Finding
	skipped  string
	notes    []string
	flagged  []int32 // table rows of errors and warnings
	dropped  int     // findings beyond findingBound
}

// findingBound is how many findings one rule may list.
const findingBound = 60

// finish says how many findings were left out.
func (o *outcome) finish() {
	if o.dropped > 0 {
		last := o.findings[len(o.findings)-1]
		o.findings = append(o.findings, Finding{Rule: o.rule, Severity: last.Severity, Total: o.dropped,
			Message: fmt.Sprintf("%s of this kind %s not listed", count(o.dropped, "more finding", "more findings"), verb(o.dropped, "is", "are")),
			Remedy:  "Mend the first ones, then check again."})
	}
}

// skip says that the rule could not run.
func (o *outcome) skip(reason string) { o.skipped = reason }

// note adds a remark about a rule that ran.
func (o *outcome) note(text string) { o.notes = append(o.notes, text) }

// add keeps a finding about rows (table rows, ascending; may be nil). The
// finding's own Total is kept if it is set and there are no rows.
func (o *outcome) add(f Finding, rows []int32) {
	f.Rule = o.rule
	f.Subject, f.Message, f.Remedy = printable(f.Subject), printable(f.Message), printable(f.Remedy)
	if rows != nil {
		f.Total = len(rows)
		for _, row := range rows[:min(len(rows), o.max)] {
			f.Rows = append(f.Rows, o.fileRow(row))
		}
		if f.Severity != Note {
			o.flagged = append(o.flagged, rows...)
		}
		if by := o.whom(rows); by != "" && !strings.HasSuffix(by, " "+f.Subject) {
			f.Details = append([]string{by}, f.Details...)
		}
	}
	if len(o.findings) >= findingBound {
		o.dropped++
		return
	}
	if len(f.Details) > o.max {
		f.Details = f.Details[:o.max:o.max]
	}
	for i, line := range f.Details {
		f.Details[i] = printable(line)
	}
	o.findings = append(o.findings, f)
}

// report puts the outcomes together.
func (r *round) report(rules []Rule, outcomes []*outcome) *Report {
	in := r.in.Instrument
	rep := &Report{
		File: printable(r.in.Source.Name), SHA256: r.in.Source.SHA256, Synthetic: r.in.Synthetic,
		Instrument: in.ID, Title: in.Title.In(r.lang), Version: in.Version, Lang: r.lang,
		Interviews: r.n, Counts: map[Severity]int{}, Limits: r.limits,
	}
	for _, ok := range r.eligible {
		if ok {
			rep.Eligible++
		}
	}
	rep.First, rep.Last = r.span()
	flagged := make([]bool, r.n)
	for i, o := range outcomes {
		rep.Rules = append(rep.Rules, Outcome{Rule: rules[i].ID, Title: rules[i].Title,
			Findings: len(o.findings), NotChecked: o.skipped, Notes: o.notes})
		for _, f := range o.findings {
			rep.Counts[f.Severity]++
		}
		for _, row := range o.flagged {
			if !flagged[row] {
				flagged[row] = true
				rep.RowsFlagged++
			}
		}
	}
	for _, s := range Severities {
		for _, o := range outcomes {
			for _, f := range o.findings {
				if f.Severity == s {
					rep.Findings = append(rep.Findings, f)
				}
			}
		}
	}
	if r.in.Options.Scope == EachInterview {
		return rep
	}
	rep.Enumerators, rep.Points = r.enumerators(), r.points()
	if len(rep.Enumerators)+len(rep.Points) > 0 {
		rep.Measures = r.measureTitles()
	}
	return rep
}

// span is the first and last day of the interviews, or "" and "".
func (r *round) span() (string, string) {
	lo, hi, any := int32(0), int32(0), false
	for _, d := range r.day {
		if d == noDay {
			continue
		}
		if !any || d < lo {
			lo = d
		}
		if !any || d > hi {
			hi = d
		}
		any = true
	}
	if !any {
		return "", ""
	}
	days := table.NewDate("", []int32{lo, hi}, nil)
	return days.Text(0), days.Text(1)
}

// sorted returns rows in order without repeats.
func sorted(rows []int32) []int32 {
	slices.Sort(rows)
	return slices.Compact(rows)
}
