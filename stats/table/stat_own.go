package table

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strings"
)

// What the writers here leave in a file beside what other programs read, so
// that reading it again gives the same column: the column's name and label
// where the format has no room for them, its kind, its levels' codes, its HXL
// tag. Stata calls these characteristics, SPSS custom attributes. Their names
// have the prefix ownPrefix.
const (
	ownPrefix  = "waymark_"
	ownName    = "name"
	ownLabel   = "label"
	ownKind    = "kind"
	ownCodes   = "codes"
	ownOrdered = "ordered"
	ownHXL     = "hxl"
)

// maxOwn is the longest text that is left: Stata's bound is 67,784 bytes.
const maxOwn = 60_000

// joinCodes writes codes as one text without spaces, commas or quotes in them.
func joinCodes(levels []Level) string {
	parts := make([]string, len(levels))
	for i, l := range levels {
		parts[i] = url.QueryEscape(l.Code)
	}
	return strings.Join(parts, ",")
}

// splitCodes undoes joinCodes; nil if the text is none of its making.
func splitCodes(text string) []string {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ",")
	for i, p := range parts {
		code, err := url.QueryUnescape(p)
		if err != nil {
			return nil
		}
		parts[i] = code
	}
	return parts
}

// codes are the codes of the labelled numbers that are not missing values, in
// their order, or nil if the file has none that fit.
func (v *statVariable) codes() []string {
	codes := splitCodes(v.own[ownCodes])
	if len(codes) != len(v.levels) {
		return nil
	}
	seen := make(map[string]bool, len(codes))
	for _, c := range codes {
		if seen[c] {
			return nil
		}
		seen[c] = true
	}
	return codes
}

// settle puts the labels in order and takes what was left by the writers here.
func (v *statVariable) settle() {
	v.labels = slices.DeleteFunc(v.labels, func(l statLabel) bool { return math.IsNaN(l.value) || math.IsInf(l.value, 0) })
	slices.SortStableFunc(v.labels, func(a, b statLabel) int { return cmp.Compare(a.value, b.value) })
	v.labels = slices.CompactFunc(v.labels, func(a, b statLabel) bool { return a.value == b.value })
	for _, l := range v.labels {
		if v.declared == nil || !v.declared(l.value) {
			v.levels = append(v.levels, l)
		}
	}
	v.ordered = v.ordered || v.own[ownOrdered] != ""
	if name := v.own[ownName]; name != "" {
		v.name = name
	}
	if label, ok := v.own[ownLabel]; ok {
		v.label = label
	}
}
