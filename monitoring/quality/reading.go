package quality

import (
	"fmt"
	"sort"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// readingRules pass on what the reader of the file had to say.
var readingRules = []Rule{{
	ID: "reading.warning", Title: "Remarks of the reading",
	Why:      "What the reader had to guess or to pad can change answers.",
	Method:   "Remarks about identifying and free-text questions are counted and not shown.",
	Citation: project("house rule: nothing that was guessed stays unsaid"),
	check:    readingWarnings,
}}

// remarks is what the reader said, sorted by where it belongs.
type remarks struct {
	// byQuestion are remarks about answers that are no code or of no known
	// form; codes.unknown lists them.
	byQuestion map[string][]*fault.Fault
	// byHeader are remarks about columns that are no question; columns.unknown
	// lists them.
	byHeader []*fault.Fault
	others   []*fault.Fault
	withheld int // about questions that may hold personal data
	dropped  int // that the reader counted only
}

// newRemarks sorts the reader's warnings.
func (r *round) newRemarks() remarks {
	all := remarks{byQuestion: map[string][]*fault.Fault{}}
	if r.in.Warnings == nil {
		return all
	}
	all.dropped = r.in.Warnings.Dropped
	question := map[string]*instrument.Question{}
	unknown := map[string]bool{}
	if b := r.in.Binding; b != nil {
		for name, headers := range b.Columns {
			for _, h := range headers {
				question[h] = r.inst.Question(name)
			}
		}
		for _, h := range b.Unknown {
			unknown[h] = true
		}
	}
	for _, f := range r.in.Warnings.Faults {
		q := question[f.Place.Field]
		if q == nil {
			q = r.inst.Question(f.Place.Field)
		}
		switch {
		case q != nil && r.absent(q):
			// columns.missing has it.
		case unknown[f.Place.Field]:
			all.byHeader = append(all.byHeader, f)
		case q != nil && (q.Identifying || q.Kind == table.Text):
			all.withheld++
		case q != nil && f.Place.Row > 1 && r.outOfRange(q, f.Place.Row):
			// values.range has it.
		case q != nil && f.Place.Row > 1 && r.unreadable(q.Name):
			all.byQuestion[q.Name] = append(all.byQuestion[q.Name], f)
		default:
			all.others = append(all.others, f)
		}
	}
	return all
}

// outOfRange says whether the number in a row of the file breaks its range.
func (r *round) outOfRange(q *instrument.Question, fileRow int) bool {
	c := r.in.Table.Number(q.Name)
	if c == nil || q.Min == nil && q.Max == nil {
		return false
	}
	row := sort.Search(r.n, func(row int) bool { return r.fileRow(int32(row)) >= fileRow })
	return row < r.n && present(c, row) && (q.Min != nil && c.Values[row] < *q.Min || q.Max != nil && c.Values[row] > *q.Max)
}

// unreadable says whether a column holds an unreadable value.
func (r *round) unreadable(name string) bool {
	c := r.in.Table.Column(name)
	for row := range r.n {
		if c != nil && c.Missing(row) == table.Unreadable {
			return true
		}
	}
	return false
}

// readingBound is how many remarks become findings of their own.
const readingBound = 15

func readingWarnings(r *round, o *outcome) {
	all := r.remarks()
	for _, f := range all.others[:min(len(all.others), readingBound)] {
		finding := Finding{Severity: Note, Subject: f.Place.Field, Message: sentence(f.Message), Remedy: sentence(f.Remedy)}
		if f.Place.Row > 0 {
			finding.Rows, finding.Total = []int{f.Place.Row}, 1
		}
		if finding.Remedy == "" {
			finding.Remedy = "Nothing to do if this is as you meant it."
		}
		o.add(finding, nil)
	}
	if more := all.dropped + all.withheld + max(0, len(all.others)-readingBound); more > 0 {
		o.add(Finding{Severity: Note,
			Message: fmt.Sprintf("The reader has %s that %s not shown here", count(more, "more remark", "more remarks"), verb(more, "is", "are")),
			Remedy:  "Mend what is shown, then check again."}, nil)
	}
}
