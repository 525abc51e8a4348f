package quality

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/monitoring/instrument"
)

// Description is a rule as data, for people who set thresholds.
type Description struct {
	ID         string                 `json:"id"`
	Title      string                 `json:"title"`
	Why        string                 `json:"why"`
	Method     string                 `json:"method,omitempty"`
	Citation   instrument.Citation    `json:"citation"`
	Thresholds []ThresholdDescription `json:"thresholds,omitempty"`
}

// ThresholdDescription is a threshold under its full name.
type ThresholdDescription struct {
	Name    string  `json:"name"` // as in Options.Thresholds
	Default float64 `json:"default"`
	Unit    string  `json:"unit"`
	Meaning string  `json:"meaning"`
}

// Describe lists the rules in the order of the report.
func Describe() []Description {
	var list []Description
	for _, rule := range Rules() {
		d := Description{ID: rule.ID, Title: rule.Title, Why: rule.Why, Method: rule.Method, Citation: rule.Citation}
		for _, t := range rule.Thresholds {
			d.Thresholds = append(d.Thresholds, ThresholdDescription{rule.ID + "." + t.Name, t.Default, t.Unit, t.Meaning})
		}
		list = append(list, d)
	}
	return list
}

// WriteRules writes the rules for a terminal of 100 columns.
func WriteRules(w io.Writer) error {
	var b strings.Builder
	block := func(lead, text string) {
		for i, l := range wrapText(lead+text, 94) {
			if i > 0 && lead != "" {
				l = "  " + l
			}
			b.WriteString("    " + l + "\n")
		}
	}
	for _, d := range Describe() {
		fmt.Fprintf(&b, "%s  %s\n", d.ID, d.Title)
		block("", d.Why)
		if d.Method != "" {
			block("", d.Method)
		}
		for _, t := range d.Thresholds {
			block("--set ", fmt.Sprintf("%s=%s (%s): %s", t.Name, strconv.FormatFloat(t.Default, 'f', -1, 64), t.Unit, t.Meaning))
		}
		block("Source: ", fmt.Sprintf("%s (%s). %s.", d.Citation.Authority, d.Citation.Date, sentence(d.Citation.Source)))
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
