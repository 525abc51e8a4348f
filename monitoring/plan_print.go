package monitoring

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/monitoring/instrument"
)

// scalar quotes a YAML scalar where a bare one would mean something else.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "", "yes", "no", "true", "false", "null", "on", "off", "y", "n", "~":
		return strconv.Quote(s)
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil || strings.ContainsAny(s, ":#{}[],&*!|>'\"%@` ") || s[0] == '-' || s[0] == '?' {
		return strconv.Quote(s)
	}
	return s
}

func none(s string) string {
	if s == "" {
		return "none"
	}
	return scalar(s)
}

// flow writes a list on one line.
func flow(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = scalar(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func writeText(b *strings.Builder, key string, t instrument.Text) {
	if len(t) == 0 {
		fmt.Fprintf(b, "%s: {}\n", key)
		return
	}
	fmt.Fprintf(b, "%s:\n", key)
	for _, lang := range sortedKeys(t) {
		fmt.Fprintf(b, "  %s: %s\n", lang, strconv.Quote(t[lang]))
	}
}

func crosses(list [][]string) string {
	parts := make([]string, len(list))
	for i, cross := range list {
		parts[i] = flow(cross)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func writeCrosses(b *strings.Builder, indent, key string, list [][]string) {
	if len(list) <= 2 {
		fmt.Fprintf(b, "%s%s: %s\n", indent, key, crosses(list))
		return
	}
	fmt.Fprintf(b, "%s%s:\n", indent, key)
	for _, cross := range list {
		fmt.Fprintf(b, "%s  - %s\n", indent, flow(cross))
	}
}

func writeMeasures(b *strings.Builder, measures []MeasurePlan) {
	if len(measures) == 0 {
		b.WriteString("measures: []\n")
		return
	}
	b.WriteString("measures:\n")
	for _, m := range measures {
		fmt.Fprintf(b, "  - {statistic: %s, variable: %s", m.Statistic, scalar(m.Variable))
		if m.Denominator != "" {
			fmt.Fprintf(b, ", denominator: %s", scalar(m.Denominator))
		}
		if m.Level != "" {
			fmt.Fprintf(b, ", level: %s", scalar(m.Level))
		}
		if m.Interval != "" {
			fmt.Fprintf(b, ", interval: %s", m.Interval)
		}
		fmt.Fprintf(b, ", by: %s}\n", crosses(m.By))
	}
}

func writeTests(b *strings.Builder, key string, n int, at func(int) (group, within string, indicators []string)) {
	if n == 0 {
		fmt.Fprintf(b, "%s: []\n", key)
		return
	}
	fmt.Fprintf(b, "%s:\n", key)
	for i := range n {
		group, within, indicators := at(i)
		fmt.Fprintf(b, "  - {group: %s", scalar(group))
		if within != "" {
			fmt.Fprintf(b, ", within: %s", scalar(within))
		}
		fmt.Fprintf(b, ", indicators: %s}\n", flow(indicators))
	}
}

// weightingYAML prints the weighting, or a commented example of one.
func weightingYAML(w *WeightingPlan) string {
	if w == nil {
		return `
# Weighting to outside totals, shown beside the unweighted figures. To use it,
# remove the # signs and name a file of counts (CSV, XLSX, Parquet, Stata or SPSS).
# weighting:
#   totals: detections.csv # path from this plan
#   count: n               # column with the counts
#   within: route          # weight each route by itself
#   margins: [nationality] # groups to agree with
#   columns: {nationality: nat} # where the totals name a group differently
#   codes: {route: {Central Mediterranean Route: CMR, Eastern Mediterranean Route: EMR}}
#   month: month           # count only months in which the route was interviewed
#   other: OTH             # takes levels with too few interviews
#   minimum_cell: 10       # fewest interviews that a level may stand on
` + exampleMethodYAML()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n# Weighting to outside totals, shown beside the unweighted figures.\nweighting:\n")
	fmt.Fprintf(&b, "  totals: %s\n  count: %s\n", scalar(w.Totals), scalar(w.Count))
	if w.Within != "" {
		fmt.Fprintf(&b, "  within: %s\n", scalar(w.Within))
	}
	fmt.Fprintf(&b, "  margins: %s\n", flow(w.Margins))
	if len(w.Columns) > 0 {
		fmt.Fprintf(&b, "  columns: %s\n", flowMap(w.Columns))
	}
	if len(w.Codes) > 0 {
		b.WriteString("  codes:\n")
		for _, group := range sortedKeys(w.Codes) {
			fmt.Fprintf(&b, "    %s: %s\n", scalar(group), flowMap(w.Codes[group]))
		}
	}
	if w.Month != "" {
		fmt.Fprintf(&b, "  month: %s\n", scalar(w.Month))
	}
	fmt.Fprintf(&b, "  other: %s\n  minimum_cell: %d\n", scalar(w.Other), w.MinimumCell)
	if len(w.Groups) > 0 {
		writeCrosses(&b, "  ", "groups", w.Groups)
	}
	w.methodYAML(&b)
	return b.String()
}

func flowMap(m map[string]string) string {
	parts := make([]string, 0, len(m))
	for _, k := range sortedKeys(m) {
		parts = append(parts, scalar(k)+": "+scalar(m[k]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
